"""Expressions measured from publication or from the day in focus: "last week", "that day"."""

from __future__ import annotations

import datetime as dt

from transforms.lexicons.loader import word_list
from transforms.nlp.annotations import TimeMention
from transforms.nlp.dates import absolute as a
from transforms.nlp.dates import calendar as c
from transforms.nlp.dates import years as y
from transforms.nlp.dates.scan import Scan, back_from, letter, period_value
from transforms.nlp.dates.tense import direction

_SPAN_PREPOSITIONS = word_list("words/dates.tsv", "relative.span-prepositions")
_BOUND_PREPOSITIONS = word_list("words/dates.tsv", "relative.bound-prepositions")

_BESIDE = frozenset(["next", "following", "previous", "preceding", "coming"])
_HALFWAY = frozenset(["end", "beginning", "start", "middle", "midway"])


def modified(s: Scan, at: int) -> TimeMention | None:
    """ "early January", "the end of the year", "late last July", "earlier in the week"."""
    step = at + 1 if s.low(at) == "the" else at
    word = s.low(step)
    mod = s.w["mod"].get(word)
    if mod is None:
        return None
    end, of = step + 1, s.low(step + 1) == "of"
    if s.low(end) in ("-", "in", "on", "of", "through"):
        end += 1
    if word in _HALFWAY and not of and word != "midway":
        return None
    if end >= s.end:
        return None
    inner = (
        a.month(s, end) or directed(s, end) or y.season(s, end) or y.quarter(s, end)
        or y.year(s, end) or (a.weekday(s, end) if not of else None) or _deictic(s, end)
    )  # fmt: skip
    if inner is None or inner.start > end + 1:
        inner = _of_the(s, end)
    if inner is None or inner.timex_type not in ("DATE", "TIME"):
        return None
    inner.start = at
    if inner.date_start is not None and inner.date_end is not None and inner.timex_type == "DATE":
        whole = c.Period(inner.date_start, inner.date_end, inner.timex_value, inner.date_precision)
        bounded = _bounded(s, whole, word, mod)
        if bounded is not None:
            inner.date_start, inner.date_end = bounded.start, bounded.end
            inner.edtf = bounded.edtf
    return inner


def _deictic(s: Scan, at: int) -> TimeMention | None:
    """ "earlier today", "late yesterday"."""
    found = deictic(s, at)
    return found if found is not None and found.date_start is not None else None


def _of_the(s: Scan, at: int) -> TimeMention | None:
    """ "(early in) the week", "(the end of) the year", "(earlier in) the day"."""
    step = at + 1 if s.low(at) in ("the", "each") else at
    unit = s.units.get(s.low(step), "")
    behind = s.w["mod"].get(s.low(at - 2)) == "END" or s.w["mod"].get(s.low(at - 1)) == "END"
    if unit not in ("Y", "M", "W", "D", "DE") or s.low(step).endswith("s") or s.published is None:
        return None
    base = s.focus if unit == "D" and s.focus else s.published
    anchor = "focus" if base is s.focus and unit == "D" else "publication"
    if unit == "DE":
        period = c.decade(base.year // 10 * 10)
    else:
        period = c.shift(base, unit, 0)
        late = period.end - (period.end - period.start) / 3
        if behind and unit in ("Y", "M") and late > s.published and direction(s.parse, step) < 0:
            period = c.shift(base, unit, -1)  # "peaked by the end of the year", told in spring
    return s.date(step, step + 1, period, anchor=anchor)


def _bounded(s: Scan, whole: c.Period, word: str, mod: str) -> c.Period | None:
    """The part of a period that a word like early or earlier leaves of it."""
    if whole.precision == "day":
        return None
    if word not in ("earlier", "later"):
        return c.part(whole, mod)
    if s.published is None or not whole.start < s.published <= whole.end:
        return None
    if word == "earlier":
        until = s.published - dt.timedelta(days=1)
        return c.Period(whole.start, until, whole.value, whole.precision)
    return c.Period(s.published, whole.end, whole.value, whole.precision)


def directed(s: Scan, at: int) -> TimeMention | None:
    """ "last week", "this year", "the past three years", "next Tuesday"."""
    start, step = at, at
    if s.low(at) in ("the", "these", "those") or (
        s.low(at) == "this" and s.low(at + 1) in ("past", "coming")
    ):
        step = at + 1
    word, way = s.low(step), s.way_at(step)
    if way is None or step + 1 >= s.end:
        return None
    if s.parse.pos[step] in ("VERB", "NOUN") and not (word == "following" and step > start):
        return None
    number, end = s.number(step + 1)
    if s.low(end) in ("-", "consecutive", "straight", "full"):
        end += 1
    if number is not None and s.low(end) in s.units:
        return _stretch(s, start, end, number, way)
    noun, end = s.low(step + 1), step + 2
    if noun in ("fiscal", "calendar", "school", "financial") and s.low(step + 2) == "year":
        noun, end = "year", step + 3
    if (weekday := s.weekday_at(step + 1)) is not None:
        return a.on_weekday(s, start, end, weekday, way)
    if noun in s.w["part"] and word in ("last", "this"):
        return _part_of_day(s, start, end, noun, word)
    if noun in s.w["season"]:
        return y.directed_season(s, start, end, noun, way)
    month = s.month_at(step + 1)
    if month is not None and s.published is not None:
        return _directed_month(s, start, step + 1, month, way)
    if noun in s.units:
        return _unit(s, start, end, word, noun, way)
    return None


def _stretch(s: Scan, start: int, end: int, number: str, way: int) -> TimeMention:
    """ "the past three weeks": a duration whose days are known."""
    unit = s.units[s.low(end)]
    value = period_value(number, unit)
    if s.published is not None and number != "X" and way:
        period = back_from(s.published, unit, float(number), way)
        if period is not None:
            return s.date(start, end + 1, period, value, anchor="publication", kind="DURATION")
    return s.plain(start, end + 1, "DURATION", value, "publication")


def _part_of_day(s: Scan, start: int, end: int, noun: str, word: str) -> TimeMention:
    if s.published is None:
        return s.plain(start, end, "TIME", "XXXX-XX-XX")
    day = s.published + dt.timedelta(days=-1 if word == "last" else 0)
    value = f"{day}T{s.w['part'][noun]}"
    return s.date(start, end, c.day(day), value, anchor="publication", kind="TIME")


def _directed_month(s: Scan, start: int, at: int, number: int, way: int) -> TimeMention | None:
    """ "last July", "this August 2"."""
    published = s.published
    dated = a.month(s, at)
    if published is None or dated is None:
        return None
    if dated.date_precision == "day" or dated.anchor == "none":
        dated.start = start
        return dated
    year = published.year
    if way < 0 and number >= published.month:
        year -= 1
    elif way > 0 and number <= published.month:
        year += 1
    return s.date(start, at + 1, c.month(year, number), anchor="publication")


def _unit(s: Scan, start: int, end: int, word: str, noun: str, way: int) -> TimeMention | None:
    unit, definite = s.units[noun], s.low(start) == "the"
    if unit.startswith("T"):
        if word in ("past", "last") and noun.endswith("s"):
            return s.plain(start, end, "DURATION", f"PTX{unit[1]}", "publication")
        if definite and word in ("past", "last", "next"):
            return s.plain(start, end, "DURATION", f"PT1{unit[1]}", "publication")
        return None
    if noun.endswith("s"):
        return s.plain(start, end, "DURATION", f"PX{letter(unit)}", "publication")
    if definite and unit == "DE":
        return s.plain(start, end, "DURATION", "P10Y", "publication")
    if unit == "D" and word in _BESIDE | {"past"}:
        return _beside(s, start, end, unit, way)
    if definite and word in _BESIDE and unit in ("W", "M", "Y"):
        return _beside(s, start, end, unit, way)
    if word == "past" and unit in ("Y", "M", "W", "DE"):
        if s.published is None:
            return s.plain(start, end, "DURATION", f"P1{letter(unit)}")
        period = back_from(s.published, unit, 1, -1)
        if period is not None:
            value = period_value("1", unit)
            return s.date(start, end, period, value, anchor="publication", kind="DURATION")
    if s.published is None:
        return s.plain(start, end, "DATE", "XXXX")
    if unit == "DE":
        first = s.published.year // 10 * 10 + 10 * way
        return s.date(start, end, c.decade(first), anchor="publication")
    if unit in ("CE", "ML"):
        return None
    if unit == "WE" and way == 0 and s.published.weekday() == 0 and direction(s.parse, end - 1) < 0:
        way = -1  # "this weekend", said on a Monday of what is past
    if unit == "WE" and way < 0 and s.published.weekday() >= 5:
        return s.date(start, end, c.weekend(s.published - dt.timedelta(7)), anchor="publication")
    return s.date(start, end, c.shift(s.published, unit, way), anchor="publication")


def _beside(s: Scan, start: int, end: int, unit: str, way: int) -> TimeMention:
    """ "the following day": beside the day in focus."""
    base, anchor = s.base(unit)
    if base is None or (anchor == "publication" and way > 0 and told_past(s, end - 1)):
        return s.plain(start, end, "DATE", "XXXX")
    return s.date(start, end, c.shift(base, unit, way), anchor=anchor)


def told_past(s: Scan, at: int) -> bool:
    """Whether the verb says that a token's day is past, so not later than publication."""
    return direction(s.parse, at) < -1


def focused(s: Scan, at: int) -> TimeMention | None:
    """ "that day", "the same month", "the weekend", "the next morning", "the day before"."""
    word = s.low(at)
    step = at + 1 if word in ("that", "the") else at
    if s.low(step) == "very":
        step += 1
    pointed = word == "that" or s.low(step) == "same"
    if s.low(step) == "same":
        step += 1
    noun, unit = s.low(step), s.units.get(s.low(step), "")
    if pointed:
        if noun not in s.w["part"] and unit not in ("D", "W", "M", "Y", "WE"):
            return None
        if noun.endswith("s"):
            return None
        base, anchor = s.near()
        if base is None:
            return None
        period = c.shift(base, unit or "D", 0)
        if noun in s.w["part"]:
            value = f"{base}T{s.w['part'][noun]}"
            return s.date(at, step + 1, period, value, anchor=anchor, kind="TIME")
        return s.date(at, step + 1, period, anchor=anchor)
    if word != "the":
        return None
    return _definite(s, at, step)


def _definite(s: Scan, at: int, step: int) -> TimeMention | None:
    noun = s.low(step)
    if noun in ("following", "next") and s.low(step + 1) in s.w["part"]:
        base, anchor = s.near()
        if base is None or (anchor == "publication" and told_past(s, step + 1)):
            return None
        day = base + dt.timedelta(days=1)
        value = f"{day}T{s.w['part'][s.low(step + 1)]}"
        return s.date(at, step + 2, c.day(day), value, anchor=anchor, kind="TIME")
    if noun == "weekend" and s.published is not None and s.low(at - 1) in _SPAN_PREPOSITIONS:
        ahead = direction(s.parse, step) > 0
        days = 0 if ahead or s.published.weekday() >= 5 else -7
        period = c.weekend(s.published + dt.timedelta(days=days))
        return s.date(at, step + 1, period, anchor="publication")
    if noun == "day" and s.low(step + 1) in ("before", "after"):
        beyond = {"yesterday": -2, "tomorrow": 2}.get(s.low(step + 2))
        if beyond is not None and s.published is not None:
            period = c.shift(s.published, "D", beyond)
            return s.date(at, step + 3, period, anchor="publication")
        way = -1 if s.low(step + 1) == "before" else 1
        closed = s.low(step + 2) in ("", ".", ",", "and", ";")
        if closed and s.focus is not None:
            return s.date(at, step + 2, c.shift(s.focus, "D", way), anchor="focus")
        return s.plain(at, step + 1, "DATE", "XXXX-XX-XX")
    if noun == "year" and s.low(at - 1) == "of" and s.published is not None and s.low(
        step + 1
    ) in ("", ".", ","):  # fmt: skip
        return s.date(at, step + 1, c.year(s.published.year), anchor="publication")
    if noun in s.w["part"] and s.low(step + 1) in ("before", "after"):
        if s.low(step + 2) not in ("", ".", ",", "and", ";") or s.focus is None:
            return None
        way = -1 if s.low(step + 1) == "before" else 1
        period = c.shift(s.focus, "D", way)
        value = f"{period.start}T{s.w['part'][noun]}"
        return s.date(at, step + 2, period, value, anchor="focus", kind="TIME")
    if noun in ("near", "distant", "immediate", "foreseeable") and s.low(step + 1) == "future":
        return s.plain(at, step + 2, "DATE", "FUTURE_REF")
    if noun in ("past", "future", "present") and s.parse.pos[step] == "NOUN":
        if s.low(step + 1) in s.units or s.low(step + 1) in ("-", "of", "tense"):
            return None
        bound = s.low(at - 1) in _BOUND_PREPOSITIONS
        return s.plain(at, step + 1, "DATE", f"{noun.upper()}_REF") if bound else None
    if noun in ("time", "moment") and s.low(at - 1) == "at" and s.low(step + 1) != "of":
        value = "PAST_REF" if noun == "time" else "PRESENT_REF"
        return s.plain(at - 1, step + 1, "DATE", value)
    return None


def at_present(s: Scan, at: int) -> TimeMention | None:
    """ "at present", "these days", "long ago"."""
    lead, value = {
        "present": ("at", "PRESENT_REF"), "days": ("these", "PRESENT_REF"),
        "ago": ("long", "PAST_REF"),
    }[s.low(at)]  # fmt: skip
    return s.plain(at - 1, at + 1, "DATE", value) if s.low(at - 1) == lead else None


def deictic(s: Scan, at: int) -> TimeMention | None:
    """ "today", "yesterday evening", "tonight", "now", "recently", "overnight"."""
    word = s.low(at)
    value = s.w["deictic"].get(word)
    if value is None:
        return _overnight(s, at) if word == "overnight" else None
    if word == "now" and s.low(at + 1) == "that" and s.parse.deps[at] in ("mark", "advcl"):
        return None
    if word == "soon" and ("as" in (s.low(at - 1), s.low(at + 1)) or s.low(at + 1) == "after"):
        return None
    if value.endswith("_REF"):
        return s.plain(at, at + 1, "DATE", value)
    if s.published is None:
        return s.plain(at, at + 1, "DATE", "XXXX-XX-XX")
    shift, _, part = value.partition("T")
    day = s.published + dt.timedelta(days=int(shift))
    end, tail = at + 1, s.w["part"].get(s.low(at + 1))
    if tail and not part and s.low(end) != "overnight":
        part, end = tail, end + 1
    text = f"{day}T{part}" if part else None
    kind = "TIME" if part else "DATE"
    return s.date(at, end, c.day(day), text, anchor="publication", kind=kind)


def _overnight(s: Scan, at: int) -> TimeMention | None:
    """The night before publication, or ahead of it."""
    if s.published is None or s.parse.pos[at] != "ADV":
        return None
    if direction(s.parse, at) > 1:
        days = s.published, s.published + dt.timedelta(days=1)
    else:
        days = s.published - dt.timedelta(days=1), s.published
    period = c.Period(*days, f"{days[0]}TNI", "day")
    return s.date(at, at + 1, period, anchor="publication", kind="TIME")
