"""Days, weeks, months and years: arithmetic and the forms of TIMEX3 and EDTF."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from dataclasses import dataclass

from transforms.lexicons.loader import table

# Longest span, in days, a precision can stand for: ranges ("the past four months") are as exact as
# their unit. A year may stand for a decade or century.
LONGEST = {"day": 93, "week": 371, "month": 1_500, "quarter": 3_700, "year": 36_525}
_SEASONS = {"SP": (3, 5), "SU": (6, 8), "FA": (9, 11), "WI": (12, 2)}


@dataclass(frozen=True, slots=True)
class Period:
    """Days [start, end], both included, the TIMEX3 value, and how exact it is."""

    start: dt.date
    end: dt.date
    value: str
    precision: str  # day, week, month, quarter, year

    @property
    def edtf(self) -> str:
        """EDTF text: a day, month or year where it is one, else an interval of days."""
        if self.start == self.end:
            return self.start.isoformat()
        if self.precision == "month" and self == month(self.start.year, self.start.month):
            return f"{self.start:%Y-%m}"
        if self.precision == "year" and (self.start.month, self.start.day) == (1, 1):
            if self.start.year == self.end.year and (self.end.month, self.end.day) == (12, 31):
                return f"{self.start:%Y}"
            if (self.end.month, self.end.day) == (12, 31):
                return f"{self.start:%Y}/{self.end:%Y}"
        return f"{self.start.isoformat()}/{self.end.isoformat()}"


def precision_within(start: dt.date, end: dt.date, told: str) -> str:
    """The finest precision from `told` on that the span from `start` to `end` may have."""
    days = (end - start).days + 1
    order = list(LONGEST)
    if told not in order:
        return told
    return next((p for p in order[order.index(told) :] if days <= LONGEST[p]), order[-1])


def day(date: dt.date) -> Period:
    """One day."""
    return Period(date, date, date.isoformat(), "day")


def week(date: dt.date) -> Period:
    """The ISO week around a day."""
    start = date - dt.timedelta(days=date.weekday())
    year, number, _ = date.isocalendar()
    return Period(start, start + dt.timedelta(days=6), f"{year}-W{number:02d}", "week")


def weekend(date: dt.date) -> Period:
    """Saturday and Sunday of the week around a day."""
    start = date - dt.timedelta(days=date.weekday()) + dt.timedelta(days=5)
    year, number, _ = start.isocalendar()
    return Period(start, start + dt.timedelta(days=1), f"{year}-W{number:02d}-WE", "day")


def month(year: int, number: int) -> Period:
    """A month; `number` may lie outside 1…12 and carries over."""
    year, number = year + (number - 1) // 12, (number - 1) % 12 + 1
    last = monthrange(year, number)[1]
    return Period(
        dt.date(year, number, 1), dt.date(year, number, last), f"{year}-{number:02d}", "month"
    )


def quarter(year: int, number: int) -> Period:
    """A quarter; `number` may lie outside 1…4 and carries over."""
    year, number = year + (number - 1) // 4, (number - 1) % 4 + 1
    start, end = month(year, 3 * number - 2), month(year, 3 * number)
    return Period(start.start, end.end, f"{year}-Q{number}", "quarter")


def year(number: int) -> Period:
    """A year."""
    return Period(dt.date(number, 1, 1), dt.date(number, 12, 31), f"{number:04d}", "year")


def decade(first: int) -> Period:
    """Ten years from a year that ends in 0."""
    return Period(dt.date(first, 1, 1), dt.date(first + 9, 12, 31), f"{first // 10:03d}", "year")


def century(first: int) -> Period:
    """A hundred years from a year that ends in 00: "the 1800s"."""
    return Period(dt.date(first, 1, 1), dt.date(first + 99, 12, 31), f"{first // 100:02d}", "year")


def season(year_number: int, code: str) -> Period:
    """Spring, summer, autumn (FA) or winter, which ends in the next year."""
    first, last = _SEASONS[code]
    start = month(year_number, first).start
    end = month(year_number + (last < first), last).end
    return Period(start, end, f"{year_number}-{code}", "quarter")


def part(period: Period, which: str) -> Period:
    """Early, mid or late in a period: its first, middle or last third, same TIMEX3 value."""
    length = (period.end - period.start).days + 1
    third = max(1, length // 3)
    start = {
        "START": period.start,
        "MID": period.start + dt.timedelta(days=third),
        "END": period.end - dt.timedelta(days=third - 1),
    }[which]
    end = period.end if which == "END" else start + dt.timedelta(days=third - 1)
    return Period(start, end, period.value, period.precision)


def shift(date: dt.date, unit: str, count: int) -> Period:
    """`count` units from a day, as coarse as the unit: "three years ago" is a year."""
    if unit == "D":
        return day(date + dt.timedelta(days=count))
    if unit == "W":
        return week(date + dt.timedelta(weeks=count))
    if unit == "F":
        return week(date + dt.timedelta(weeks=2 * count))
    if unit == "WE":
        return weekend(date + dt.timedelta(weeks=count))
    if unit == "M":
        return month(date.year, date.month + count)
    if unit == "Q":
        return quarter(date.year, (date.month - 1) // 3 + 1 + count)
    years = {"Y": 1, "DE": 10, "CE": 100, "ML": 1000}[unit] * count
    return year(min(9998, max(1, date.year + years)))


def easter(number: int) -> dt.date:
    """Easter Sunday, Gregorian, by the anonymous algorithm (Meeus, Jones and Butcher)."""
    a, b, c = number % 19, number // 100, number % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    line = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * line) // 451
    months, days = divmod(h + line - 7 * m + 114, 31)
    return dt.date(number, months, days + 1)


def holidays() -> dict[str, str]:
    """Name → rule. Raises LexiconError where a rule cannot be read."""
    found = {}
    for row in table("dates/holidays.tsv", ["name", "rule"]):
        try:
            holiday(row["rule"], 2000)
        except (ValueError, KeyError):
            raise row.error(f"no rule: {row['rule']!r}") from None
        found[row["name"]] = row["rule"]
    return found


def holiday(rule: str, number: int) -> dt.date:
    """The day a rule names in a year."""
    if rule.startswith("easter"):
        return easter(number) + dt.timedelta(days=int(rule[6:]))
    if " " in rule:
        nth, name, which = rule.split()
        weekday = {"monday": 0, "thursday": 3, "sunday": 6, "friday": 4, "tuesday": 1}[name]
        whole = month(number, int(which))
        days = [
            whole.start + dt.timedelta(days=n) for n in range((whole.end - whole.start).days + 1)
        ]
        held = [d for d in days if d.weekday() == weekday]
        return held[int(nth) - 1] if int(nth) > 0 else held[int(nth)]
    return dt.date(number, int(rule[:2]), int(rule[3:]))
