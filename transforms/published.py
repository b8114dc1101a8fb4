"""Dates of publication as files write them → UTC and precision. No guess is believed."""

from __future__ import annotations

import datetime as dt
import re
from email.utils import parsedate_to_datetime

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul",
         "august aug", "september sept sep", "october oct", "november nov", "december dec"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_DAY_MONTH = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?\.?\s+([A-Za-z]{3,9})\.?,?\s+(\d{4})")
_MONTH_DAY = re.compile(r"\b([A-Za-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_NUMBERS = re.compile(r"^(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?)?(Z)?$")
_IN_PATH = re.compile(
    r"(?<!\d)((?:19|20)\d{2})[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])(?!\d)"
)
_CLOCK = re.compile(r"\b(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([ap]\.?m\.?)?\s*(UTC|GMT|Z)?", re.I)
_EARLIEST = dt.date(1900, 1, 1)
_AHEAD = dt.timedelta(days=2)  # a day line and a wrong clock, no more


def parse(text: str) -> tuple[dt.datetime, str] | None:
    """(UTC without zone, `day` or `second`) of a written date; None when it says none.

    A time without a zone is taken as UTC. "24/02/2026" is day first, unless only month first
    makes a date.
    """
    text = text.strip()
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
            "second" if re.search(r"\d:\d", text) else "day"
        )
    except ValueError:
        pass
    try:
        return _utc(parsedate_to_datetime(text)), "second"
    except (ValueError, TypeError):
        pass
    return _worded(text)


def _worded(text: str) -> tuple[dt.datetime, str] | None:
    numbers = _NUMBERS.match(text)
    if numbers:
        first, second, year = (int(part) for part in numbers.groups())
        day, month = (first, second) if second <= 12 else (second, first)
    elif match := _DAY_MONTH.search(text):
        day, month, year = int(match[1]), _MONTHS.get(match[2].lower(), 0), int(match[3])
    elif match := _MONTH_DAY.search(text):
        day, month, year = int(match[2]), _MONTHS.get(match[1].lower(), 0), int(match[3])
    elif match := re.match(r"^(\d{4})[/.](\d{1,2})[/.](\d{1,2})", text):
        year, month, day = (int(part) for part in match.groups())
    else:
        return None
    clock = _CLOCK.search(text)
    parts = [year, month, day, 0, 0, 0]
    if clock and clock[5]:  # without a zone a clock time would only feign precision
        hour = (
            int(clock[1]) % 12 + 12 if (clock[4] or "").lower().startswith("p") else int(clock[1])
        )
        parts[3:] = [hour, int(clock[2]), int(clock[3] or 0)]
    return _moment(parts, bool(clock and clock[5]))


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
