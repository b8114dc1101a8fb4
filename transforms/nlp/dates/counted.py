"""Counts of units: "three years ago", "two days later", "a decade-long", "every week"."""

from __future__ import annotations

import datetime as dt

from transforms.lexicons.loader import word_set
from transforms.nlp.annotations import TimeMention
from transforms.nlp.dates import calendar as c
from transforms.nlp.dates.scan import NUMBER, YEAR, Scan, letter, period_value
from transforms.nlp.dates.tense import direction
from transforms.nlp.dates.words import leads

_AGES = frozenset(["old", "olds", "aged"])
_SPANNING = word_set("words/dates.tsv", "counted.spanning")
_AGO = word_set("words/dates.tsv", "counted.ago")
_WHOLE = frozenset(["first", "mere", "full", "final", "whole"])
_YEARS = {"CE": 100, "DE": 10}
_TIMES = frozenset(["once", "twice", "times", "percent", "%", "per"])
_EVERY = {"D": "P1D", "W": "P1W", "M": "P1M", "Y": "P1Y", "Q": "P3M", "TH": "PT1H", "TM": "PT1M",
          "WE": "P1WE", "F": "P2W", "DE": "P10Y"}  # fmt: skip


def every(s: Scan, at: int) -> TimeMention | None:
    """ "every week", "each Monday", "every two years", "twice a year" (from the article on)."""
    step = at + 1
    word = s.low(step)
    if word in s.units and s.units[word] in _EVERY and not word.endswith("s"):
        return s.plain(at, step + 1, "SET", _EVERY[s.units[word]])
    if (number := s.weekday_at(step)) is not None:
        return s.plain(at, step + 1, "SET", f"XXXX-WXX-{number}")
    if word in s.w["part"]:
        return s.plain(at, step + 1, "SET", f"XXXX-XX-XXT{s.w['part'][word]}")
    if word in s.w["season"]:
        return s.plain(at, step + 1, "SET", f"XXXX-{s.w['season'][word]}")
    if word == "other" and (unit := s.units.get(s.low(step + 1), "")) in ("D", "W", "M", "Y"):
        return s.plain(at, step + 2, "SET", f"P2{unit}")
    count, end = s.number(step)
    if count and s.low(end) in s.units:
        return s.plain(at, end + 1, "SET", period_value(count, s.units[s.low(end)]))
    return None


def per(s: Scan, at: int) -> TimeMention | None:
    """ "per day", "per annum"."""
    unit = "Y" if s.low(at + 1) == "annum" else s.units.get(s.low(at + 1), "")
    if unit not in ("D", "W", "M", "Y") or s.low(at + 1).endswith("s"):
        return None
    return s.plain(at, at + 2, "SET", _EVERY[unit])


_ALL = frozenset(["all", "entire", "whole"])


def entire(s: Scan, at: int) -> TimeMention | None:
    """ "all day", "an entire week", "the whole year": one of the unit."""
    step = at
    if s.low(at) in ("a", "an", "the", "this"):
        step += 1
    if s.low(step) not in _ALL or (s.low(step) == "all") != (step == at):
        return None
    unit = s.units.get(s.low(step + 1), "")
    if unit not in ("D", "W", "M", "Y", "WE", "DE", "CE") or s.low(step + 1).endswith("s"):
        return None
    value = "P1WE" if unit == "WE" else period_value("1", unit)
    return s.plain(at, step + 2, "DURATION", value)


def ranged(s: Scan, at: int) -> TimeMention | None:
    """The first number of "between 12 and 18 months", as long as the second's unit says."""
    number, end = s.number(at + 1)
    if number in (None, "X") or s.low(end) != "and":
        return None
    other, step = s.number(end + 1)
    unit = s.units.get(s.low(step), "")
    if other is None or not unit or _is_age(s, at, step + 1, False):
        return None
    return s.plain(at + 1, end, "DURATION", period_value(str(number), unit))


def repeated(s: Scan, at: int) -> TimeMention | None:
    """ "daily", "annual": words of repetition."""
    if s.low(at) == "weekends":
        free = s.parse.tags[at - 1] not in ("CD", "JJ") if at > s.start else True
        return s.plain(at, at + 1, "SET", _EVERY["WE"]) if free else None
    value = s.w["set"].get(s.low(at))
    if value is None or s.parse.pos[at] not in ("ADV", "ADJ"):
        return None
    return s.plain(at, at + 1, "SET", value)


def counted(s: Scan, at: int) -> TimeMention | None:
    """ "three years ago", "two days later", "a month", "90 days", "four-week"."""
    start = at
    if s.low(at) == "the" or (s.low(at) in ("a", "an") and s.low(at + 1) in _WHOLE):
        at += 1
    number: str | None
    if s.low(at) in _WHOLE:
        at += 1
        number, end = s.number(at)
        if number is None and s.low(start) in ("a", "an") and s.low(at) in s.units:
            number, end = "1", at
    else:
        number, end = s.number(at)
    if number is None:
        return _bare(s, at) if at == start else None
    hyphen = s.low(end) in ("-", "‑")
    if hyphen and at > start:
        start = at  # "the five-year plan", "its first three-month class"
    if hyphen and s.low(start) in ("a", "an") and s.low(start + 1) not in s.units:
        start += 1  # "a four-week closure"
    if hyphen:
        end += 1
    if s.low(end) in _SPANNING:
        end += 1
    noun = s.low(end)
    if noun not in s.units:
        return None
    unit = s.units[noun]
    if _is_age(s, start, end + 1, hyphen) or _is_fraction(s, at, end, unit):
        return None
    end += 1
    found = _rate(s, start, end, number, unit) or _placed(s, start, end, number, unit)
    if found is None:
        found = _within(s, start, end) or _duration(s, start, end, number, unit)
    if found.timex_type != "SET":
        _lead(s, found)
    return found


def _is_age(s: Scan, start: int, end: int, hyphen: bool) -> bool:
    behind = s.low(end + 1) if s.low(end) == "-" else s.low(end)
    if behind in _AGES or s.low(start - 1) in ("age", "ages", "aged"):
        return True
    if s.low(start - 1) == "-" and s.low(start - 2) == "sub":
        return True
    if s.low(end) == "of" and s.low(end + 1) == "age":
        return True
    return hyphen and s.low(end) == "-" and s.low(end + 1) in _AGES


def _is_fraction(s: Scan, at: int, end: int, unit: str) -> bool:
    """ "one quarter of donors", "a second", "one-quarter"."""
    if unit == "Q" and s.low(at) in ("a", "one", "three"):
        return True
    return unit == "TS" and s.low(end) == "second" and s.low(at) in ("a", "an", "one")


def _rate(s: Scan, start: int, end: int, number: str, unit: str) -> TimeMention | None:
    """ "six days a week", "$1 million a year": how often, not how long."""
    if s.low(start) not in ("a", "an") or number != "1" or end - start != 2:
        return None
    before = start - 1
    if s.low(end) in _AGO or before < s.start:
        return None
    if s.low(before) in ("once", "twice") and unit in _EVERY:
        return s.plain(before, end, "SET", _EVERY[unit])
    if (s.low(before) == "times" or s.low(before) in s.units) and unit in _EVERY:
        low = before - 1
        if s.low(low) in s.w["number"] or s.low(low) in s.w["vague"] or s.low(low).isdigit():
            return s.plain(low, end, "SET", _EVERY[unit])
    word, tag = s.low(before), s.parse.tags[before]
    if tag == "NNS" and unit.startswith("T"):
        return s.plain(start, end, "SET", f"PT1{unit[1]}")  # "kilometres an hour"
    if word in _TIMES or word in s.units or word.endswith("dollars") or NUMBER.match(word):
        return s.plain(start, end, "SET", _EVERY[unit]) if unit in _EVERY else None
    if tag == "CD" or (tag == "NNS" and s.parse.heads[end - 1] == before):
        return s.plain(start, end, "SET", _EVERY[unit]) if unit in _EVERY else None
    return None


def _within(s: Scan, start: int, end: int) -> TimeMention | None:
    """ "24 hours a day", "six days each week": how often again."""
    outer = s.units.get(s.low(end + 1), "")
    if s.low(end) not in ("a", "each", "every", "per") or outer not in _EVERY:
        return None
    if s.low(end + 1).endswith("s") or s.low(end + 2) in _AGO:
        return None
    return s.plain(start, end + 2, "SET", _EVERY[outer])


def _placed(s: Scan, start: int, end: int, number: str, unit: str) -> TimeMention | None:
    """A count that is measured from somewhere: ago, later, from now."""
    step = end + 1 if s.low(end) == "-" else end
    base: dt.date | None
    behind, base, anchor = s.low(step), s.published, "publication"
    if behind == "ago":
        way = -1
    elif behind in ("from", "after", "hence") and s.low(step + 1) in ("now", "today"):
        way, step = 1, step + 1
    elif behind in _AGO and not _compared(s, step):
        way = 1 if behind in ("later", "afterwards", "afterward") else -1
        base, anchor = s.base(unit)
        if way > 0 and anchor == "publication" and direction(s.parse, end - 1) < -1:
            base = None
    else:
        return None
    end = step + 1
    if number != "X" and unit in _YEARS and not float(number).is_integer():
        number, unit = str(float(number) * _YEARS[unit]), "Y"  # "half a century ago"
    if number == "X" or base is None or float(number) != int(float(number)):
        return s.plain(start, end, "DATE", "PAST_REF" if way < 0 else "FUTURE_REF")
    count = int(float(number))
    if unit.startswith("T"):
        days = way * count // 24 if unit == "TH" else 0
        period = c.shift(base, "D", days)
        return s.date(start, end, period, anchor=anchor, kind="TIME")
    try:
        return s.date(start, end, c.shift(base, unit, way * count), anchor=anchor)
    except (ValueError, OverflowError):
        return None


def _compared(s: Scan, at: int) -> bool:
    """ "two days earlier than planned", "two days before the vote": measured from elsewhere."""
    behind = s.low(at + 1)
    if s.low(at) == "before":
        return behind not in ("", ".", ",", "and", ";")
    return behind == "than"


def _duration(s: Scan, start: int, end: int, number: str, unit: str) -> TimeMention:
    """A length of time; "in two weeks", told ahead, also has its days."""
    value = period_value(number, unit)
    exact = number != "X" and unit in ("D", "W", "M", "Y", "F", "DE")
    if s.low(start - 1) == "in" and exact and s.published and direction(s.parse, end - 1) > 1:
        try:
            period = c.shift(s.published, unit, int(float(number)))
        except (ValueError, OverflowError):
            return s.plain(start, end, "DURATION", value)
        return s.date(start, end, period, value, anchor="publication", kind="DURATION")
    return s.plain(start, end, "DURATION", value)


def _bare(s: Scan, at: int) -> TimeMention | None:
    """ "for years", "hours earlier", "decades-long", "year-end", "a year-ago quarter"."""
    word = s.low(at)
    unit = s.units.get(word, "")
    if not unit:
        return None
    behind = s.low(at + 2) if s.low(at + 1) == "-" else s.low(at + 1)
    past_hyphen = at + (3 if s.low(at + 1) == "-" else 2)
    if unit == "Y" and word == "year" and behind == "end" and s.published:
        return s.date(at, past_hyphen, c.year(s.published.year), anchor="publication")
    if word == "year" and behind in ("ago", "earlier") and s.published:
        return s.date(at, past_hyphen, c.shift(s.published, "Y", -1), anchor="publication")
    if word == "weekend" and s.parse.deps[at] == "compound" and s.published:
        days = 0 if s.published.weekday() >= 5 else -7  # "the weekend attack"
        period = c.weekend(s.published + dt.timedelta(days=days))
        return s.date(at, at + 1, period, anchor="publication")
    if not word.endswith("s") or YEAR.match(s.low(at + 1)):
        return None
    if behind in ("ago", "earlier", "later") and s.low(past_hyphen) != "than":
        value = "FUTURE_REF" if behind == "later" else "PAST_REF"
        return s.plain(at, past_hyphen, "DATE", value)
    if behind in _AGES or unit in ("TS", "Q", "WE"):
        return None
    if (
        at > s.start
        and behind not in ("before", "after")
        and (
            s.parse.tags[at - 1] in ("NN", "NNP", "NNPS", "PRP$", "JJR", "VBG", "HYPH", "POS", "CD")
            or s.low(at - 1) in ("-", "these", "those", "early", "of")
            or (s.parse.tags[at - 1] == "JJ" and s.low(at - 1) != "many")
        )
    ):
        return None
    if s.is_name(at, ahead=False):
        return None
    return s.plain(
        at, at + 1, "DURATION", f"PTX{unit[1]}" if unit[0] == "T" else f"PX{letter(unit)}"
    )


def _lead(s: Scan, found: TimeMention) -> None:
    """Words like "about" and "more than" belong to the expression."""
    for length in (2, 1):
        at = found.start - length
        if at >= s.start and tuple(s.lower[at : found.start]) in leads():
            found.start = at
            return
