"""Calendar dates: ISO days and weeks, months, weekdays, holidays."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache

from transforms.lexicons.loader import word_set
from transforms.nlp.annotations import TimeMention
from transforms.nlp.dates import calendar as c
from transforms.nlp.dates.scan import DAY, FOCUS_SENTENCES, YEAR, Scan
from transforms.nlp.dates.tense import direction

_YEARS_BACK = 12
_NEAR = 100  # days between publication and a weekday told with its number
_ISO = re.compile(r"(\d{4})-(?:W(\d\d)|(\d\d)(?:-(\d\d))?)(?:T[\d:.]+Z?)?(?![\d-])")
_SLASH = re.compile(r"(\d{1,2}) ?[/.] ?(\d{1,2}) ?[/.] ?(\d{4}|\d\d)(?![\d/.:]*\d)")
_DASHES = ("-", "–", "—")
_NO_HOLIDAY = word_set("words/dates.tsv", "absolute.no-holiday")


def iso(s: Scan, at: int) -> TimeMention | None:
    """ "2025-12-18", "2025-12", "2025-W51", "13/02/2026", "11/02/89"."""
    text, begin = s.parse.text, s.parse.starts[at]
    try:
        if match := _ISO.match(text, begin):
            year, week, month, day = match.groups()
            end = _tokens_to(s, at, match.end())
            if week:
                return s.date(at, end, c.week(dt.date.fromisocalendar(int(year), int(week), 1)))
            if day:
                return s.date(at, end, c.day(dt.date(int(year), int(month), int(day))))
            if 1 <= int(month) <= 12 and int(month) != int(year) % 100 + 1:
                return s.date(at, end, c.month(int(year), int(month)))
        if text.startswith("9/11", begin) and s.parse.ends[at] <= begin + 4:
            return s.date(at, _tokens_to(s, at, begin + 4), c.day(dt.date(2001, 9, 11)))
        if match := _SLASH.match(text, begin):
            if "." in match[0] and len(match[3]) < 4:
                return None
            first, second, year = match.groups()
            full = int(year) + (0 if len(year) == 4 else 1900 if int(year) > 40 else 2000)
            day_first = "." in match[0] or int(first) > 12
            month, day = (second, first) if day_first else (first, second)
            day_of = dt.date(full, int(month), int(day))
            return s.date(at, _tokens_to(s, at, match.end()), c.day(day_of))
    except ValueError:
        return None
    return None


def _tokens_to(s: Scan, at: int, end_char: int) -> int:
    while at < s.end and s.parse.starts[at] < end_char:
        at += 1
    return at


def month(s: Scan, at: int) -> TimeMention | None:
    """ "December", "Dec. 18, 2025", "18 December", "December 15-18", "the 18th of December"."""
    start, first, last = at, None, None
    number = s.month_at(at)
    if number is None:
        first, last, end = days_at(s, at)
        if first is None:
            return None
        step = end + 1 if s.low(end) == "of" else end
        number = s.month_at(step)
        if number is None:
            return None
        end = step + 1
        if s.low(at - 1) == "the":
            start = at - 1
    else:
        if s.is_name(at, ahead=False) or _is_first_name(s, at):
            return None
        first, last, end = days_at(s, at + 1)
    found_year: int | None
    end, found_year = s.year_behind(end)
    anchor = "none"
    if found_year is None and first is None:
        found_year = _year_of_day(s, end)
    if found_year is None and (number, first) == (9, 11) and _is_attack(s, end):
        found_year = 2001
    if found_year is None:
        anchor, found_year = "focus", _year_told(s, at, number)
    if found_year is None:
        anchor, found_year = "publication", year_for(s, at, number, first)
        if found_year is None:
            value = f"XXXX-{number:02d}" + (f"-{first:02d}" if first else "")
            return s.plain(start, end, "DATE", value)
    try:
        if first is None:
            return s.date(start, end, c.month(found_year, number), anchor=anchor)
        day = dt.date(found_year, number, first)
        if last:
            until = dt.date(found_year, number, last)
            period = c.Period(day, until, f"{day}/{until}", "day")
            return s.date(start, end, period, anchor=anchor)
        return s.date(start, end, c.day(day), anchor=anchor)
    except ValueError:
        return None


def _year_of_day(s: Scan, at: int) -> int | None:
    """ "one July day in 1994", "a January morning in 2011": the year, which is no part of it."""
    if s.low(at) in s.w["part"] or s.units.get(s.low(at)) in ("D", "W", "WE"):
        year = s.low(at + 2)
        if s.low(at + 1) in ("in", "of") and YEAR.match(year):
            return int(year)
    return None


_ATTACK = word_set("words/dates.tsv", "absolute.attack")


def _is_attack(s: Scan, at: int) -> bool:
    """Whether a bare "Sept. 11" is that of 2001."""
    return s.low(at) in _ATTACK


def _is_first_name(s: Scan, at: int) -> bool:
    """Whether "May" or "June" belongs to a person: "Theresa May", "June Smith"."""
    if s.low(at) not in ("may", "june", "april", "august", "march"):
        return False
    deps, heads, tags = s.parse.deps, s.parse.heads, s.parse.tags
    behind, before = at + 1 < s.end, at > s.start
    if behind and deps[at] == "compound" and heads[at] == at + 1 and tags[at + 1] == "NNP":
        return True
    if before and deps[at - 1] == "compound" and heads[at - 1] == at and tags[at - 1] == "NNP":
        return True
    return s.is_name(at, ahead=True)


def days_at(s: Scan, at: int) -> tuple[int | None, int | None, int]:
    """A day of the month or two ("15-18", "3 to 6"): (first, last, end)."""
    found = DAY.match(s.low(at))
    if not found or not 1 <= int(found[1]) <= 31 or s.low(at + 1) in s.w["measure"]:
        return None, None, at
    first, end = int(found[1]), at + 1
    joined = s.low(end) in _DASHES or (s.low(end) in ("to", "and", "through"))
    behind = DAY.match(s.low(end + 1)) if joined else None
    if behind and first < int(behind[1]) <= 31 and not are_apart(s, at):
        loose = s.low(end) not in _DASHES
        closed = s.parse.pos[end + 2] not in ("NOUN", "NUM") if end + 2 < s.end else True
        if (not loose or closed) and s.low(end + 2) not in s.w["measure"]:
            return first, int(behind[1]), end + 2
    return first, None, end


def are_apart(s: Scan, at: int) -> bool:
    """Two days with others between them, each told for itself: "28 and 30 March"."""
    if s.low(at + 1) not in ("and", "or") or s.low(at - 1) == "between":
        return False
    return is_day(s, at) and is_day(s, at + 2) and _number(s, at + 2) > _number(s, at) + 1


def _number(s: Scan, at: int) -> int:
    return int(s.low(at).rstrip("stndrh"))


def is_day(s: Scan, at: int) -> bool:
    """Whether a token is the number of a day of a month."""
    found = DAY.match(s.low(at))
    return found is not None and 1 <= int(found[1]) <= 31


def _year_told(s: Scan, token: int, number: int) -> int | None:
    """The year of a month that another date tells: one before it in the sentence ("on August 2,
    1990, and the war began Jan. 16"), of the same month some sentences before, or behind it
    ("Turkey on 4 April and Uzbekistan from 5-6 April 2016")."""
    if s.published is None:
        return None
    found: int | None = None
    if s.last is not None and s.sent - s.last[0] <= FOCUS_SENTENCES:
        told = s.last[1]
        if told.date_start and told.anchor != "publication" and told.date_precision != "year":
            same = number == told.date_start.month
            if same or s.last[0] == s.sent:
                found = told.date_start.year + (number < told.date_start.month)
    if found is None:
        found = _year_ahead(s, token, number)
    if found is None or (found, number) > (s.published.year, s.published.month):
        return None
    return found if direction(s.parse, token) < 0 else None


def _year_ahead(s: Scan, token: int, number: int) -> int | None:
    """The year behind the same month, later in the sentence."""
    for step in range(token + 1, s.end - 1):
        if s.month_at(step) == number and step > token + 1:
            return s.year_behind(days_at(s, step + 1)[2])[1]
    return None


def ordinal_day(s: Scan, at: int) -> TimeMention | None:
    """ "on the 13th": of the month in focus, or of that before when it lies ahead."""
    match = DAY.match(s.low(at))
    if not match or not match[2] or s.low(at - 1) != "the" or s.low(at - 2) != "on":
        return None
    base, anchor = s.near()
    if base is None or (at + 1 < s.end and s.parse.pos[at + 1] in ("NOUN", "PROPN", "ADJ")):
        return None
    try:
        day = dt.date(base.year, base.month, int(match[1]))
        if s.published and day > s.published and direction(s.parse, at) < 0:
            day = (day.replace(day=1) - dt.timedelta(days=1)).replace(day=day.day)
    except ValueError:
        return None
    return s.date(at - 1, at + 1, c.day(day), anchor=anchor)


def year_for(s: Scan, token: int, number: int, day: int | None) -> int | None:
    """The year of a month without one: by tense, else the nearest."""
    here = s.published
    if here is None:
        return None
    if number == here.month and day in (None, here.day):
        return here.year
    behind = (number, day or 0) < (here.month, here.day)
    past = here.year if behind else here.year - 1
    told = -2 if s.low(token - 1) == "since" else direction(s.parse, token)
    if told < -1:
        return past
    if told > 1:
        return past + 1
    ago = (here - dt.date(past, number, min(day or 15, 28))).days
    if told < 0:
        return past if ago < 270 else past + 1
    if told > 0:
        return past if ago < 170 else past + 1
    return past if ago < 200 else past + 1


def weekday(s: Scan, at: int) -> TimeMention | None:
    """ "Tuesday", "Mondays", "Friday, December 18", "the first Thursday of May"."""
    number = s.weekday_at(at)
    if number is None:
        name = s.low(at).removesuffix("s")
        if name in s.w["weekday"] and name != s.low(at) and s.parse.words[at][0].isupper():
            return s.plain(at, at + 1, "SET", f"XXXX-WXX-{s.w['weekday'][name]}")
        return None
    if s.is_name(at, ahead=True) or s.low(at + 1) in s.w["masthead"]:
        return None
    if s.low(at - 1) in s.w["dayname"] and s.parse.words[at - 1][0].isupper():
        return None  # "Good Friday", "Bloody Sunday"
    end = at + 1
    step = end + 1 if s.low(end) == "," else end
    if s.low(step) == "the" and is_day(s, step + 1) and not s.low(step + 1).isdigit():
        step += 1  # "Monday the 6th"
    if s.month_at(step) or (DAY.match(s.low(step)) and s.low(step)):
        dated = month(s, step)
        if dated is not None and dated.date_precision == "day":
            dated = _year_of_weekday(s, dated, number)
            dated.start = at
            return dated
    if s.low(at - 1) in s.w["ordinal"] and s.low(end) in ("in", "of"):
        return _nth(s, at, number)
    if is_day(s, step) and (numbered := _numbered(s, at, step, number)):
        return numbered
    return _of_week(s, at, end, number) or on_weekday(s, at, end, number, 0)


def _numbered(s: Scan, at: int, day: int, number: int) -> TimeMention | None:
    """ "Thursday 23": the nearest day of that number that is such a weekday."""
    if s.low(day - 1) == ",":
        return None
    step = day + 1
    if s.published is None or (step < s.end and s.parse.pos[step] in ("NOUN", "NUM", "ADJ")):
        return None  # "on Thursday 23 people were hurt"
    wanted = _number(s, day)
    days = [s.published + dt.timedelta(days=n) for n in range(-_NEAR, _NEAR + 1)]
    fit = [one for one in days if one.day == wanted and one.isoweekday() == number]
    if not fit:
        return None
    published = s.published
    near = min(fit, key=lambda one: abs((one - published).days))
    return s.date(at, step, c.day(near), anchor="publication")


def _year_of_weekday(s: Scan, dated: TimeMention, number: int) -> TimeMention:
    """ "Monday, Dec. 26" without a year: the last year before publication that has this weekday.

    Only where the year that tense and publication give has another weekday.
    """
    day = dated.date_start
    if day is None or dated.anchor != "publication" or day.isoweekday() == number:
        return dated
    for back in range(1, _YEARS_BACK):
        try:
            other = day.replace(year=day.year - back)
        except ValueError:  # 29 February
            continue
        if other.isoweekday() == number:
            return s.date(dated.start, dated.end, c.day(other), anchor=dated.anchor)
    return dated


def _of_week(s: Scan, at: int, end: int, number: int) -> TimeMention | None:
    """ "Tuesday of last week", "Friday next week"."""
    step = end + 1 if s.low(end) == "of" else end
    way = s.way_at(step)
    if way is None or s.low(step + 1) != "week" or s.published is None:
        return None
    monday = s.published + dt.timedelta(days=7 * way - s.published.weekday())
    day = monday + dt.timedelta(days=number - 1)
    return s.date(at, step + 2, c.day(day), anchor="publication")


def _nth(s: Scan, at: int, number: int) -> TimeMention | None:
    """ "the first Thursday of May"."""
    whole = month(s, at + 2) if s.month_at(at + 2) else None
    if whole is None or whole.date_start is None or whole.date_precision != "month":
        return None
    order = int(s.w["ordinal"][s.low(at - 1)])
    ahead = (number - whole.date_start.isoweekday()) % 7
    day = whole.date_start + dt.timedelta(days=ahead + 7 * (order - 1))
    if whole.date_end is None or day > whole.date_end:
        return None
    return s.date(at, whole.end, c.day(day), anchor=whole.anchor)


def on_weekday(s: Scan, start: int, end: int, number: int, way: int) -> TimeMention:
    """A weekday, `way` −1 last, 0 by tense, 1 next; a part of the day may follow."""
    part = s.w["part"].get(s.low(end)) if s.low(end) != "overnight" else None
    if part:
        end += 1
    if s.published is None:
        return s.plain(start, end, "DATE", f"XXXX-WXX-{number}")
    back = (s.published.isoweekday() - number) % 7
    told = 2 * way or (direction(s.parse, end - 1) if back else 0)
    if told > 0:
        date = s.published + dt.timedelta(days=7 - back)
    else:
        date = s.published - dt.timedelta(days=back or (7 if way else 0))
    value = f"{date}T{part}" if part else None
    kind = "TIME" if part else "DATE"
    return s.date(start, end, c.day(date), value, anchor="publication", kind=kind)


@cache
def _holidays() -> tuple[dict[str, str], frozenset[str]]:
    rules = c.holidays()
    return rules, frozenset(name.split()[0].split("'")[0].split("’")[0] for name in rules)


def holiday_starts() -> frozenset[str]:
    """First words of the holidays."""
    return _holidays()[1]


def holiday(s: Scan, at: int) -> TimeMention | None:
    """ "Christmas Day", "Easter 2024"; without a year the nearest by tense."""
    rules, starts = _holidays()
    if s.low(at) not in starts or not s.parse.words[at][0].isupper():
        return None
    for length in (4, 3, 2, 1):
        if at + length > s.end:
            continue
        name = s.parse.text[s.parse.starts[at] : s.parse.ends[at + length - 1]].lower()
        rule = rules.get(name.replace("’", "'"))
        if rule is None:
            continue
        if s.low(at + length) in _NO_HOLIDAY and s.parse.words[at + length][0].isupper():
            return None
        end, found = s.year_behind(at + length)
        if found is not None:
            return s.date(at, end, c.day(c.holiday(rule, found)))
        published = s.published
        if published is None:
            return s.plain(at, end, "DATE", "XXXX-XX-XX")
        options = [c.holiday(rule, published.year + n) for n in (-1, 0, 1)]
        way = s.way_at(at - 1)
        start = at if way is None else at - 1
        head = s.parse.head_of(at, at + length)
        told = 2 * way if way else direction(s.parse, head)
        if told and way != 0:
            options = [d for d in options if (d - published).days * told >= 0] or options
        near = min(options, key=lambda d: abs((d - published).days))
        return s.date(start, end, c.day(near), anchor="publication")
    return None
