"""Weeks of a month, and the last of its weekdays."""

from __future__ import annotations

import datetime as dt

from transforms.nlp.annotations import TimeMention
from transforms.nlp.dates import calendar as c
from transforms.nlp.dates.absolute import is_day, month
from transforms.nlp.dates.scan import Scan

_WEEK = 7
_WEEKS = 4  # full ones of a month


def week_of_month(s: Scan, at: int) -> TimeMention | None:
    """ "the first week of October", "the last two weeks of September 2024", "the second week of
    this month", "the last Friday of May"; the "first days" of a month are ten."""
    step = at + 1 if s.low(at) == "the" else at
    if s.low(step) == "week" and s.low(step + 1) == "of":
        return _week_of_day(s, at, step + 2)
    last = s.low(step) in ("last", "final")
    order = int(s.w["ordinal"].get(s.low(step)) or 0)
    if not (last or order):
        return None
    number, noun = s.number(step + 1)
    if number is None:
        number, noun = "1", step + 1
    if s.low(noun + 1) not in ("of", "in"):
        return None
    whole = _month(s, noun + 2)
    if whole is None or whole.date_start is None or whole.date_end is None:
        return None
    first, end, unit = whole.date_start, whole.date_end, s.low(noun)
    if last and noun == step + 1 and (weekday := s.weekday_at(noun)):
        day = end - dt.timedelta(days=(end.isoweekday() - weekday) % _WEEK)
        return s.date(at, whole.end, c.day(day), anchor=whole.anchor)
    if unit == "days" and noun == step + 1 and (last or order == 1):
        days = c.part(c.month(first.year, first.month), "END" if last else "START")
        return s.date(at, whole.end, days, anchor=whole.anchor)
    if unit == ("week" if noun == step + 1 else "weeks") and number.isdigit():
        weeks = int(number)
        if last and weeks <= _WEEKS:
            first = end - dt.timedelta(days=_WEEK * weeks - 1)
        elif order > 0 and weeks <= _WEEKS + 1 - order:
            first += dt.timedelta(days=_WEEK * (order - 1))
            end = first + dt.timedelta(days=_WEEK * weeks - 1)
        else:
            return None
        period = c.Period(first, end, whole.timex_value, "week")
        return s.date(at, whole.end, period, anchor=whole.anchor)
    return None


def _month(s: Scan, at: int) -> TimeMention | None:
    """A month by its name, or as seen from the day of publication."""
    if s.month_at(at):
        whole = month(s, at)
        return whole if whole is not None and whole.date_precision == "month" else None
    way = s.way_at(at)
    if way is None or s.low(at + 1) != "month" or s.published is None:
        return None
    return s.date(at, at + 2, c.shift(s.published, "M", way), anchor="publication")


def _week_of_day(s: Scan, at: int, day: int) -> TimeMention | None:
    """ "the week of March 9"."""
    dated = month(s, day) if s.month_at(day) or is_day(s, day) else None
    if dated is None or dated.date_precision != "day" or dated.date_start is None:
        return None
    return s.date(at, dated.end, c.week(dated.date_start), anchor=dated.anchor)
