"""Rows of a CSV text, such that a damaged one costs only itself.

A cell in quotation marks may hold line breaks; one whose marks do not match would take the rows
behind it along. So a row is only read over several lines where its marks match exactly, and else
given up at the end of its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

_MOST = 500  # columns of a head whose marks do not match
_BREAK = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be read: the rule that refuses it, and why."""

    rule: str
    reason: str


@cache
def _cells(delimiter: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A cell of any row; and one of a line, whose marks may be wrong inside."""
    d = re.escape(delimiter)
    exact = (
        rf'[ ]*"((?:[^"]|"")*+)"[ ]*(?={d}|[\r\n]|\Z)|([^{d}\r\n"][^{d}\r\n]*|)(?={d}|[\r\n]|\Z)'
    )
    loose = rf'"(.*?)"(?={d}|\Z)|([^{d}]*)(?={d}|\Z)'
    return re.compile(exact), re.compile(loose)


def rows(text: str, delimiter: str, *, most: int) -> Iterator[list[str] | BadRow]:
    """The cells of each row; `most` is how many characters a row may have. Blank lines are none."""
    exact, loose = _cells(delimiter)
    at, width = 0, 0
    while at < len(text):
        found = _BREAK.search(text, at)
        end, after = (found.start(), found.end()) if found else (len(text), len(text))
        line = text[at:end]
        if not line.strip():
            at = after
            continue
        if '"' not in line:
            cells, upto = line.split(delimiter), after
        else:
            exactly, upto = _row(text, at, delimiter, exact)
            if exactly is not None and not (width and len(exactly) > width):
                cells = exactly
            else:
                # marks that do not match: the line alone, as well as it can be read
                cells, upto = _loose(line, loose, width or _MOST), after
                if width and (len(cells) != width or cells[-1].startswith('"')):
                    yield BadRow("bad-csv", "quotation marks that do not match")
                    at = after
                    continue
        if upto - at > most:
            yield BadRow("line-too-long", f"{upto - at:,} characters, no article has that")
        else:
            width = width or len(cells)
            yield cells
        at = upto


def _row(
    text: str, at: int, delimiter: str, exact: re.Pattern[str]
) -> tuple[list[str] | None, int]:
    """(cells, where the next row begins); None where the marks do not match."""
    cells: list[str] = []
    while True:
        match = exact.match(text, at)
        if match is None:
            return None, at
        quoted = match[1]
        cells.append(match[2] if quoted is None else quoted.replace('""', '"'))
        at = match.end()
        if at >= len(text):
            return cells, at
        if text[at] == delimiter:
            at += 1
            continue
        ended = _BREAK.match(text, at)
        return cells, ended.end() if ended else at


def _loose(line: str, loose: re.Pattern[str], most: int) -> list[str]:
    """The cells of a line, at most one more than `most`: each may be sought to the line's end."""
    cells: list[str] = []
    at = 0
    while len(cells) <= most:
        match = loose.match(line, at)
        if match is None:
            return cells
        cells.append(match[2] if match[1] is None else match[1].replace('""', '"'))
        at = match.end() + 1
        if at > len(line):
            break
    return cells
