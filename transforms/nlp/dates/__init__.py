"""When: temporal expressions of a text, their values, and the dates of events.

`find_times` gives every expression as a TIMEX3 value and an interval of days; `date_event`
decides which of them dates an event. Pure; data in `lexicons/dates`.
"""

from transforms.nlp.dates.attach import datable, date_event
from transforms.nlp.dates.expressions import find_times

__all__ = ["datable", "date_event", "find_times"]
