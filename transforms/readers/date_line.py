"""The day of publication that a text gives on a line of its own, above its first sentence.

"3 March 2026", "Example Wire | Tuesday, March 3, 2026 | 10:15 GMT", "By Ana Ruiz – 3 March 2026",
"BRUSSELS, 3 March 2026 (Wire) — The …"; below the text only behind a word that says what it is
("Published: 3 March 2026"). A day inside a headline or a sentence is no such line. What stands
beside the day is in `lexicons/readers/date_line.tsv`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from transforms import published
from transforms.lexicons.loader import table
from transforms.readers.bylines import has_lead, names_in

_DAY = (
    r"(?:\d{1,2}(?:st|nd|rd|th|er|º)?\.?[ -](?:of |de )?[^\W\d_]{3,12}\.?,?[ -](?:de |del )?\d{4}"
    r"|[^\W\d_]{3,12}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}"
    r"|\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:?\d{2})?"
    r"|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[/.]\d{1,2}[/.]\d{4}"
    r"|\d{4} ?[年년] ?\d{1,2} ?[月월] ?\d{1,2} ?[日일])"
)
_CLOCK = (
    r"\d{1,2}[:.h]\d{2}(?::\d{2})?(?: ?[ap]\.?m\b\.?)?"
    r"(?: ?\(?(?:Z|[A-Z]{2,5})?(?:[+-]\d{1,2}(?::?\d{2})?)?\)?)?"
)
_NAME = r"(?:[A-Z][\w.'’&-]*|of|the|de|la)"  # a word of a place or a paper
_PARTS = re.compile(r"\s*[|•·—–\t]\s*|\s+-\s+")
_PLACE = rf"(?P<place>[A-Z][\w.'’&-]*(?: {_NAME}){{0,4}}(?:, [A-Z][\w.'’ ]{{1,30}})?), "
_BEGINS = re.compile(  # "BRUSSELS, 3 March 2026 (Wire) — The"
    rf"(?=[A-Z]){_NAME}(?: {_NAME}){{0,3}}(?:, [A-Z][\w.'’ ]{{1,30}})?,? (?P<day>{_DAY})"
    r"(?: ?\([^()\n]{2,40}\))? ?(?:—|–|--|-|:) ?(?=\S)"
)
_GAP = re.compile(r"[^\S\t]+")
_LINES = 8  # above the text
_BELOW = 4
_LONGEST = 120  # characters of such a line
_SENTENCE = re.compile(r"[.!?][”\"’']?\Z")


@dataclass(slots=True)
class Dated:
    """What the lines say; `used` are those that say nothing else and go from the text."""

    published: str | None = None
    modified: str | None = None
    authors: list[str] = field(default_factory=list)
    used: list[int] = field(default_factory=list)


@cache
def _entries(kind: str) -> str:
    rows = table("readers/date_line.tsv", ["kind", "entry"])
    for row in rows:
        if row["kind"] not in ("lead", "change", "weekday"):
            raise row.error(f"unknown kind {row['kind']!r}")
        try:
            re.compile(row["entry"])
        except re.error as error:
            raise row.error(f"no regular expression: {error}") from None
    return "|".join(row["entry"] for row in rows if row["kind"] == kind)


@cache
def _moment() -> re.Pattern[str]:
    """A part of a line that is a day, with what may stand before and behind it."""
    return re.compile(
        rf"(?:(?P<change>{_entries('change')})|(?P<lead>{_entries('lead')}))?"
        rf"[ :]*(?:(?:on|at|le|am|el|il)\b )?{_said()}",
        re.I,
    )


@cache
def _placed() -> re.Pattern[str]:
    """A day behind a place or a paper's name; in both only the name's capitals matter."""
    return re.compile(rf"{_PLACE}(?i:{_said()})")


def _said() -> str:
    return (
        rf"(?P<said>(?:{_CLOCK},? )?(?:(?:{_entries('weekday')})\.?,? )?(?P<day>{_DAY})"
        rf"(?:,? (?:at )?{_CLOCK})?)"
    )


@cache
def _clock() -> re.Pattern[str]:
    return re.compile(rf"(?:at )?{_CLOCK}", re.I)


def _plain(line: str) -> str:
    return _GAP.sub(" ", line).strip()


def _part(text: str, *, first: bool) -> re.Match[str] | None:
    """The day that is all of a part of a line, but for a place or paper before it.

    In the first line that has two words at most: a headline may end with a day, too.
    """
    found = _moment().fullmatch(text) or _placed().fullmatch(text)
    if found is None or (first and len(found.groupdict().get("place", "").split()) > 2):
        return None
    return found if published.parse(found["said"]) else None


def is_date_line(line: str) -> bool:
    """Whether a line is a day, with a byline, a paper's name, a time at most."""
    return _line(_plain(line), first=False) is not None


def _line(line: str, *, first: bool) -> tuple[Dated, bool] | None:
    """(what a line says, whether it says nothing else), None where no part of it is a day."""
    if not line or len(line) > _LONGEST or not any(c.isdigit() for c in line):
        return None
    found, alone, said = Dated(), True, ""
    parts = [part for part in _PARTS.split(line) if part]
    for part in parts:
        if match := _part(part, first=first):
            said = match["said"]
            if match.groupdict().get("change"):
                found.modified = found.modified or said
            else:
                found.published = found.published or said
            alone = alone and "place" not in match.groupdict()
        elif found.published and _clock().fullmatch(part):
            found.published += f" {part}"
        elif has_lead(part):
            found.authors = names_in(part)
        elif _SENTENCE.search(part) or len(part.split()) > 6:
            return None
        else:
            alone = False
    return (found, alone) if found.published or found.modified else None


def dated(lines: Sequence[str]) -> Dated:
    """When the text of these lines was published and changed, as its own lines say it."""
    found, seen = Dated(), 0
    for at, raw in enumerate(lines):
        line = _plain(raw)
        if not line:
            continue
        seen += 1
        if held := _line(line, first=seen == 1):
            _take(found, *held, at)
        elif begins := _BEGINS.match(line[:_LONGEST]):
            if found.published is None and published.parse(begins["day"]):
                found.published = begins["day"]
            break
        if seen == _LINES or len(line) > _LONGEST or (
            _SENTENCE.search(line) and len(line.split()) > 7
        ):  # fmt: skip
            break
    below = [at for at, line in enumerate(lines) if line.strip()][-_BELOW:]
    for at in below:
        match = _moment().fullmatch(_plain(lines[at])) if found.published is None else None
        if match and match["lead"] and published.parse(match["said"]):
            found.published = match["said"]
            found.used.append(at)
    return found


def _take(found: Dated, held: Dated, alone: bool, at: int) -> None:
    found.published = found.published or held.published
    found.modified = found.modified or held.modified
    found.authors = found.authors or held.authors
    if alone:
        found.used.append(at)
