"""When: temporal expressions of a text, their values, and the dates of events.

`find_times` gives every expression as a TIMEX3 value and an interval of days; `date_event`
says which of them dates an event by its clause and paragraph, `is_announced` whether one told in
the present is ahead, `choose_days` weighs those that the clause does not date. Pure; data in
`lexicons/dates` and `lexicons/event_dates.tsv`.
"""

from transforms.nlp.dates.attach import datable, date_event, is_announced
from transforms.nlp.dates.choose import choose_days
from transforms.nlp.dates.expressions import find_times

__all__ = ["choose_days", "datable", "date_event", "find_times", "is_announced"]
