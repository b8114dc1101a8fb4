"""Hours and parts of a day: "10:30 a.m. on Friday", "noon", "the night of 4 May", "at dawn"."""

from __future__ import annotations

import re

from transforms.lexicons.loader import word_set
from transforms.nlp.annotations import TimeMention
from transforms.nlp.dates import absolute as a
from transforms.nlp.dates import calendar as c
from transforms.nlp.dates.scan import DAY, Scan

_CLOCK = re.compile(r"^(\d{1,2})(?:[:.](\d{2}))?(?::\d\d)?(a\.?m\.?|p\.?m\.?)?$", re.I)
_HUNDREDS = re.compile(r"^(\d\d)(\d\d)$")
_LASTED = re.compile(r"^(\d{1,2}):(\d\d):(\d\d)$")
_HOURS = {"midnight": "T24:00", "noon": "T12:00", "midday": "T12:00", "mid-day": "T12:00"}
_ZONES = word_set("words/dates.tsv", "clock.zones")
_BY_DAY = word_set("words/dates.tsv", "clock.by-day")
_AT_PART = word_set("words/dates.tsv", "clock.at-part")
_BARE = word_set("words/dates.tsv", "clock.bare")


def clock(s: Scan, at: int) -> TimeMention | None:
    """ "8 PM", "10:30 a.m. on Friday", "15:00 GMT Saturday", "2115 GMT", "noon"."""
    end = at + 1
    if (text := _HOURS.get(s.low(at))) is not None:
        return _at_hour(s, at, end, text)
    if (lasted := _LASTED.match(s.low(at))) and s.low(at - 1) == "in":  # a race
        hours, minutes, seconds = (int(part) for part in lasted.groups())
        return s.plain(at, end, "DURATION", f"PT{hours}H{minutes}M{seconds}S")
    match = _CLOCK.match(s.parse.words[at])
    if not match:
        match = _HUNDREDS.match(s.parse.words[at])
        if not match or s.w["clock"].get(s.low(end)) != "zone" or int(match[1]) > 24:
            return None
        return _at_hour(s, at, end + 1, f"T{match[1]}:{match[2]}")
    hour, minute = int(match[1]), match[2]
    half = {"a": 0, "p": 12}.get((match[3] or "x")[0].lower())
    behind = s.w["clock"].get(s.low(end), "")
    if half is None and behind.isdigit():
        half, end = int(behind), end + 1
        behind = s.w["clock"].get(s.low(end), "")
    if half is None and s.low(end) in ("o'clock", "o’clock"):
        half, end = 0, end + 1
    zone = behind == "zone"
    if zone:
        end += 1
    elif s.low(end) in _ZONES and (length := _zone(s, end)):
        zone, end = True, end + length
    if half is None and not zone and s.low(end) == "in" and s.low(end + 1) == "the":
        half = {"morning": 0, "afternoon": 12, "evening": 12}.get(s.low(end + 2))
        end += 3 if half is not None else 0
    if half is None and not (minute and (zone or s.w["bind"].get(s.low(at - 1)) == "hour")):
        return None
    if half is None and not zone and "." in s.parse.words[at]:
        return None
    if hour > 24 or (minute and int(minute) > 59):
        return None
    if half is not None and hour <= 12:
        hour = hour % 12 + half if s.low(end - 1) not in ("o'clock", "o’clock") else hour
    return _at_hour(s, at, end, f"T{hour:02d}:{minute or '00'}")


def _zone(s: Scan, at: int) -> int:
    """The tokens of "local time", "Eastern Standard Time"; 0 for none."""
    step = at + 1
    if s.low(step) in ("standard", "daylight", "mean", "summer"):
        step += 1
    return step + 1 - at if s.low(step) == "time" else 0


def _behind_brackets(s: Scan, end: int) -> int:
    """The token behind "(0300 GMT)", or behind the bracket that closes at `end`."""
    if s.low(end) == ")":
        return end + 1
    if s.low(end) == "(":
        for step in range(end + 1, end + 7):
            if s.low(step) == ")":
                return step + 1
    return end


def _at_hour(s: Scan, at: int, end: int, text: str) -> TimeMention | None:
    """A clock time with the day that follows it, or that in focus."""
    step = _behind_brackets(s, end)
    if s.low(step) in ("on", ","):
        step += 1
    dated: TimeMention | None = None
    number = s.weekday_at(step)
    if number or s.month_at(step):
        dated = a.weekday(s, step) if number else a.month(s, step)
    elif DAY.match(s.low(step)) and s.low(step - 1) in ("on", ","):
        dated = a.month(s, step)
    elif s.w["deictic"].get(s.low(end), "x").lstrip("-").isdigit() and s.published:
        shift = int(s.w["deictic"][s.low(end)])
        dated = s.date(end, end + 1, c.shift(s.published, "D", shift), anchor="publication")
    if dated is not None and dated.date_precision == "day" and dated.date_start is not None:
        dated.start, dated.timex_type = at, "TIME"
        dated.timex_value = f"{dated.date_start}{text}"
        if step > end + 1:
            dated.end = end  # the day behind a bracket is an expression of its own
        return dated
    return _in_focus(s, at, end, text)


def _in_focus(s: Scan, at: int, end: int, text: str) -> TimeMention | None:
    """A time of day without a day of its own: on the day in focus, else on none."""
    day, anchor = s.near()
    if day is None:
        return s.plain(at, end, "TIME", f"XXXX-XX-XX{text}")
    return s.date(at, end, c.day(day), f"{day}{text}", anchor=anchor, kind="TIME")


def in_words(s: Scan, at: int) -> TimeMention | None:
    """ "half past nine", "nine o'clock"."""
    half = s.low(at) == "half" and s.low(at + 1) == "past"
    number = s.w["number"].get(s.low(at + 2 if half else at), "")
    if not number.isdigit() or not 1 <= int(number) <= 12:
        return None
    if half:
        return _at_hour(s, at, at + 3, f"T{int(number):02d}:30")
    if s.low(at + 1) in ("o'clock", "o’clock"):
        return _at_hour(s, at, at + 2, f"T{int(number):02d}:00")
    return None


def part_of_day(s: Scan, at: int) -> TimeMention | None:
    """ "the night of 12 November", "in the morning", "at dawn", "at night", "dawn on Friday"."""
    step = at + 1 if s.low(at) == "the" else at
    mod = step + 1 if s.low(step) in ("early", "late") else step
    word = s.low(mod)
    part = s.w["part"].get(word)
    if part is None or word == "overnight" or word in _HOURS:
        return None
    end = mod + 1
    step_to = end + 1 if s.low(end) in ("of", "on") else end
    named = step_to > end or s.weekday_at(end) is not None
    if named and (dated := _dated(s, step_to)) is not None:
        dated.start, dated.timex_type = at, "TIME"
        dated.timex_value = f"{dated.date_start}T{part}"
        return dated
    before = s.low(at - 1)
    bare = word in _BARE and step == at and before in _AT_PART
    if not bare and not (step > at and before in _BY_DAY and s.low(end) not in ("of", "after")):
        return None
    return _in_focus(s, at, end, f"T{part}")


def _dated(s: Scan, at: int) -> TimeMention | None:
    """The day that begins at a token: a weekday or a day of a month."""
    found = a.weekday(s, at) if s.weekday_at(at) else a.month(s, at)
    fits = found is not None and found.date_precision == "day" and found.timex_type == "DATE"
    return found if fits else None
