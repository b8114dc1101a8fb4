"""Days of a month in a list that names the month once."""

from __future__ import annotations

from transforms.nlp.annotations import TimeMention
from transforms.nlp.dates import calendar as c
from transforms.nlp.dates.absolute import are_apart, days_at, is_day, month
from transforms.nlp.dates.scan import Scan


def day_of_list(s: Scan, at: int) -> TimeMention | None:
    """The "1" of "1, 2 and 3 October", the "7 and 8" of "October 6, 7 and 8"."""
    listed = _listed(s, at)
    if listed is None:
        return None
    behind, named = listed
    first, last, end = days_at(s, at)
    if first is None:
        return None
    if not behind:
        last, end = None, at + 1
    whole = month(s, named)
    if whole is None or whole.date_start is None:
        return None
    try:
        day = whole.date_start.replace(day=first)
        until = day.replace(day=last or first)
    except ValueError:
        return None
    period = c.Period(day, until, f"{day}/{until}", "day") if last else c.day(day)
    return s.date(at, end, period, anchor=whole.anchor)


def _listed(s: Scan, at: int) -> tuple[bool, int] | None:
    """Where the date stands that a list of days tells its month by, and whether it is before."""
    step = at
    while is_day(s, step) and (s.low(step + 1) == "," or are_apart(s, step)):
        step += 2
    if step > at and is_day(s, step):
        joined = s.low(step + 1) in ("and", "or") and is_day(s, step + 2)
        if s.month_at(step + 3 if joined else step + 1):
            return False, step
    step = at
    while is_day(s, step - 2) and (s.low(step - 1) == "," or are_apart(s, step - 2)):
        step -= 2
    if step == at or not s.month_at(step - 1):
        return None
    end = at
    while s.low(end + 1) == "," and is_day(s, end + 2):
        end += 2
    if s.low(end + 1) in ("and", "or") and is_day(s, end + 2):
        end += 2
    elif s.low(at - 1) == ",":
        return None
    closed = end + 1 >= s.end or s.parse.pos[end + 1] in ("PUNCT", "ADP", "SPACE", "CCONJ")
    return (True, step - 1) if closed else None
