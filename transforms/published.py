"""Dates of publication as files write them → UTC and precision. No guess is believed."""

from __future__ import annotations

import datetime as dt
import re
from email.utils import parsedate_to_datetime
from functools import cache

from transforms.lexicons.loader import table

_DAY_MONTH = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th|er|º)?[.,]?(?:\s+|-|/)(?:of\s+|de\s+)?([^\W\d_]{3,12})\.?,?"
    r"(?:\s+|-|/)(?:de\s+|del\s+)?(\d{4}|\d{2}(?!\d|:))",
    re.I,
)
_MONTH_DAY = re.compile(
    r"\b([^\W\d_]{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(?:\d{1,2}:\d{2}(?::\d{2})?\s+"
    r"(?:[A-Z+\d:]+\s+)?)?(\d{4})\b"
)
_SIGNS = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]")
_YEAR_FIRST = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_NUMBERS = re.compile(r"^(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?)?(Z)?$")
_IN_PATH = re.compile(
    r"(?<!\d)((?:19|20)\d{2})[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])(?!\d)"
)
_CLOCK = re.compile(
    r"(?<![\d:])(\d{1,2})[:h](\d{2})(?::(\d{2}))?(?:\.\d+)?\s*([ap]\.?m\b\.?)?\s*\(?"
    r"(?:(Z\b|[A-Za-z]{2,4}\b)\s?|(?=[+-]\d))?([+-](?:\d{1,2}:\d{2}|\d{4}|\d{1,2}))?(?!\d)",
    re.I,
)
_LONGEST = 200  # characters of a written date
_EARLIEST = dt.date(1900, 1, 1)
_AHEAD = dt.timedelta(days=2)  # a day line and a wrong clock, no more


def parse(text: str) -> tuple[dt.datetime, str] | None:
    """(UTC without zone, `day` or `second`) of a written date; None when it says none.

    A time without a zone is taken as UTC. "24/02/2026" is day first, unless only month first
    makes a date.
    """
    try:
        return _parse(text[:_LONGEST])
    except (ValueError, OverflowError, TypeError, IndexError):  # the year 1 has no UTC east of it
        return None


def _parse(text: str) -> tuple[dt.datetime, str] | None:
    text = re.sub(r"\[[A-Za-z_/]+\]$", "", text.strip())  # Java adds "[Europe/London]"
    text = text.replace("\u2212", "-")
    compact = _COMPACT.match(text)
    if compact:
        return _moment(
            [int(part) if part else 0 for part in compact.groups()[:6]], bool(compact[4])
        )
    if re.fullmatch(r"\d{10}|\d{13}", text):
        seconds = int(text) / (1000 if len(text) == 13 else 1)
        return dt.datetime.fromtimestamp(seconds, dt.UTC).replace(tzinfo=None), "second"
    try:
        return _utc(dt.datetime.fromisoformat(text.replace(" UTC", "+00:00"))), (
            "second" if re.search(r"\d:\d|\dT\d", text) else "day"
        )
    except ValueError:
        pass
    found = _worded(text)
    if found is not None:
        return found
    try:
        return _utc(parsedate_to_datetime(text)), "second"
    except (ValueError, TypeError):
        return None


def _day(text: str) -> tuple[int, int, int] | None:
    """(year, month, day) of a day in words or numbers; the month is 0 where no word is one."""
    if numbers := _NUMBERS.match(text):
        first, second, year = (int(part) for part in numbers.groups())
        return (year, second, first) if second <= 12 else (year, first, second)
    if match := _SIGNS.search(text):
        return int(match[1]), int(match[2]), int(match[3])
    for pattern, day, month in ((_DAY_MONTH, 1, 2), (_MONTH_DAY, 2, 1)):
        at = 0
        while match := pattern.search(text, at):
            if number := _months().get(match[month].casefold()):
                year = int(match[3])
                if len(match[3]) == 2:
                    year += 2000 if year < 70 else 1900
                return year, number, int(match[day])
            at = match.start() + 1
    if match := _YEAR_FIRST.match(text):
        return int(match[1]), int(match[2]), int(match[3])
    return None


def _worded(text: str) -> tuple[dt.datetime, str] | None:
    written = _day(text)
    if written is None:
        return None
    clock = _CLOCK.search(text)
    ahead = _ahead(clock, written[1]) if clock else None
    if not clock or ahead is None:
        # without a zone a clock time would only feign precision
        return _moment([*written, 0, 0, 0], False)
    hour = int(clock[1])
    if clock[4]:
        hour = hour % 12 + (12 if clock[4].lower().startswith("p") else 0)
    minute, second = int(clock[2]), int(clock[3] or 0)
    if hour > 24 or minute > 59 or second > 60:  # 24:10 is the next day's, 23:59:60 a leap second
        return None
    found = _moment([*written, 0, 0, 0], True)
    if found is None:
        return None
    return found[0] + dt.timedelta(hours=hour, minutes=minute - ahead, seconds=second), found[1]


def _ahead(clock: re.Match[str], month: int) -> int | None:
    """Minutes ahead of UTC that stand behind a clock time, None when no zone does."""
    if clock[6]:
        hours, _, rest = clock[6][1:].partition(":")
        if len(hours) == 4:
            hours, rest = hours[:2], hours[2:]
        minutes = int(hours) * 60 + int(rest or 0)
        return -minutes if clock[6][0] == "-" else minutes
    zone = _zones().get((clock[5] or "").upper())
    return zone[4 <= month <= 10] if zone else None


@cache
def _months() -> dict[str, int]:
    """Name of a month, folded → its number."""
    found: dict[str, int] = {}
    for row in table("readers/months.tsv", ["month", "names"]):
        for name in row["names"].split("|"):
            if found.setdefault(name.casefold(), int(row["month"])) != int(row["month"]):
                raise row.error(f"{name!r} stands twice")
    return found


@cache
def _zones() -> dict[str, tuple[int, int]]:
    """Name of a zone → minutes ahead of UTC, in winter and in summer."""
    found: dict[str, tuple[int, int]] = {}
    for row in table("readers/zones.tsv", ["zone", "minutes", "summer"]):
        if row["zone"] in found:
            raise row.error(f"{row['zone']} stands twice")
        try:
            found[row["zone"]] = int(row["minutes"]), int(row["summer"] or row["minutes"])
        except ValueError:
            raise row.error("minutes are whole numbers") from None
    return found


def _moment(parts: list[int], timed: bool) -> tuple[dt.datetime, str] | None:
    try:
        return dt.datetime(*parts), "second" if timed else "day"  # type: ignore[arg-type]
    except ValueError:
        return None


def _utc(moment: dt.datetime) -> dt.datetime:
    if moment.tzinfo is not None:
        moment = moment.astimezone(dt.UTC).replace(tzinfo=None)
    return moment


def in_path(text: str) -> dt.datetime | None:
    """The day in an address or file name (`/2026/04/14/`, `20260414-`), None without one."""
    match = _IN_PATH.search(text)
    if not match:
        return None
    found = _moment([int(part) for part in match.groups()] + [0, 0, 0], False)
    return found[0] if found else None


def doubt(moment: dt.datetime, today: dt.date) -> str | None:
    """Why a date is not believed, None when it is."""
    if moment.date() < _EARLIEST:
        return f"{moment:%Y-%m-%d} lies before 1900"
    if moment.date() > today + _AHEAD:
        return f"{moment:%Y-%m-%d} lies in the future"
    return None


_OFFSET = re.compile(r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)? ?(?:GMT|UTC)?([+-])(\d{2}):?(\d{2})\b")
_MINUTE = dt.timedelta(minutes=1)
_UTC = frozenset({"", "Z", "UT", "UTC", "GMT"})
_FARTHEST = 14 * 60  # minutes east; the west ends at twelve hours


def offset(text: str | None) -> int | None:
    """Minutes of the clock of a written time before UTC: "…T08:00:00+13:00" is 780.

    None where it names no zone, UTC, which is that of machines, or one that is nowhere.
    """
    text = (text or "")[:_LONGEST]
    found = _OFFSET.search(text)
    if found is None:
        return _offset_by_name(text)
    minutes = int(found[2]) * 60 + int(found[3])
    minutes = -minutes if found[1] == "-" else minutes
    return minutes if -_FARTHEST < minutes <= _FARTHEST else None


def _offset_by_name(text: str) -> int | None:
    """ "20:00:00 PDT" is -420."""
    clock, day = _CLOCK.search(text), _day(text)
    if not clock or clock[6] or not day or (clock[5] or "").upper() in _UTC:
        return None
    return _ahead(clock, day[1])


def on_clock_of(text: str, shown: str) -> str:
    """A written time of machines, in UTC, as the clock of the outlet has it where that is shown.

    "2026-05-13T21:30:00Z" beside "14 May 2026, 7:30 am AEST". Unchanged where they differ.
    """
    minutes, one, two = offset(shown), parse(text), parse(shown)
    if minutes is None or one is None or two is None or offset(text) is not None:
        return text
    if one[1] != "second" or abs(one[0] - two[0]) >= _MINUTE:
        return text
    zone = dt.timezone(dt.timedelta(minutes=minutes))
    return one[0].replace(tzinfo=dt.UTC).astimezone(zone).isoformat()
