"""`dateline compare gdelt`: GDELT 2.0 Events and ours, for the addresses that both have read.

An event of theirs and one of ours of one address are the same when they have one CAMEO root code,
or one quad class and a country in common; each is paired once, the likest first.
"""

from __future__ import annotations

import io
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from flows.resources.filters import ALL, Filter
from flows.resources.snapshot import reader
from transforms.articles import address, normal_url
from warehouse.connection import Connection
from warehouse.errors import DatelineError

# Of the 61 columns of GDELT 2.0 Events, by place, those that are compared.
_COLUMNS = {
    0: "id", 1: "day", 6: "actor1", 7: "country1", 16: "actor2", 17: "country2", 26: "code",
    28: "root", 29: "quad", 52: "place", 60: "url",
}  # fmt: skip
_WIDTH = 61
_OURS = """
    SELECT DISTINCT m.MentionIdentifier, e.GLOBALEVENTID, e.SQLDATE, e.Actor1Name,
        e.Actor1CountryCode, e.Actor2Name, e.Actor2CountryCode, e.EventCode, e.EventRootCode,
        e.QuadClass, e.ActionGeo_FullName
    FROM gdelt_mentions m JOIN gdelt_events e USING (GLOBALEVENTID)
    ORDER BY ALL
"""


@dataclass(frozen=True, slots=True)
class Coded:
    """One event as GDELT writes it."""

    url: str
    id: str
    day: str
    actor1: str
    country1: str
    actor2: str
    country2: str
    code: str
    root: str
    quad: str
    place: str

    @property
    def countries(self) -> frozenset[str]:
        """Countries of either actor."""
        return frozenset({self.country1, self.country2} - {""})


@dataclass(slots=True)
class Compared:
    """What came of it. `pairs` are (theirs, ours); addresses are counted, not listed."""

    urls: int = 0
    shared: int = 0
    pairs: list[tuple[Coded, Coded]] = field(default_factory=list)
    theirs: list[Coded] = field(default_factory=list)
    ours: list[Coded] = field(default_factory=list)

    def by_root(self) -> list[dict[str, Any]]:
        """Root code → events both, only we and only they have."""
        counts = (
            Counter(theirs.root for theirs, _ in self.pairs),
            Counter(event.root for event in self.ours),
            Counter(event.root for event in self.theirs),
        )
        roots = sorted(set().union(*counts), key=lambda root: -sum(c[root] for c in counts))
        names = ("both", "only ours", "only theirs")
        return [
            {"root": root, **{name: c[root] for name, c in zip(names, counts, strict=True)}}
            for root in roots
        ]

    def rows(self) -> Iterator[dict[str, Any]]:
        """One row a pair or lone event, for a file."""
        sides: list[tuple[str, Coded | None, Coded | None]] = [
            ("both", *pair) for pair in self.pairs
        ]
        sides += [("ours", None, event) for event in self.ours]
        sides += [("theirs", event, None) for event in self.theirs]
        for side, theirs, ours in sides:
            held = ours or theirs
            row: dict[str, str | None] = {"side": side, "url": held.url if held else None}
            for name in _COLUMNS.values():
                if name != "url":
                    row[f"gdelt_{name}"] = getattr(theirs, name) if theirs else None
                    row[f"dateline_{name}"] = getattr(ours, name) if ours else None
            yield row


def compare(warehouse: Path, files: Sequence[Path], chosen: Filter = ALL) -> Compared:
    """Compare the chosen events with the files' for the addresses of our articles.

    Raises DatelineError for what is no file of GDELT 2.0 Events.
    """
    con = reader(warehouse, chosen)
    try:
        read = _addresses(con)
        ours = _ours(con)
    finally:
        con.close()
    theirs: dict[str, list[Coded]] = defaultdict(list)
    for file in files:
        for event in _read(file):
            theirs[event.url].append(event)
    found = Compared(urls=len(theirs), shared=len(theirs.keys() & read))
    for url in sorted(theirs.keys() & read):
        _pair(found, theirs[url], ours.get(url, []))
    return found


def _addresses(con: Connection) -> set[str]:
    rows = con.execute("SELECT url FROM articles WHERE url IS NOT NULL").fetchall()
    return {normal_url(url) for (url,) in rows if address(url)}


def _ours(con: Connection) -> dict[str, list[Coded]]:
    found: dict[str, list[Coded]] = defaultdict(list)
    for url, *values in con.execute(_OURS).fetchall():
        if address(url):
            key = normal_url(url)
            found[key].append(Coded(key, *("" if v is None else str(v) for v in values)))
    return found


def _read(file: Path) -> Iterator[Coded]:
    try:
        data = file.read_bytes()
        if data.startswith(b"PK\x03\x04"):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                data = b"".join(archive.read(name) for name in archive.namelist())
    except zipfile.BadZipFile as error:
        raise DatelineError(f"no zip: {error}", subject=str(file)) from None
    width = data.partition(b"\n")[0].count(b"\t") + 1
    if width != _WIDTH:
        reason = f"{width} columns; a file of GDELT 2.0 Events has {_WIDTH}, separated by tabs"
        raise DatelineError(reason, subject=str(file))
    frame = pl.read_csv(
        data, separator="\t", has_header=False, quote_char=None, infer_schema=False,
        encoding="utf8-lossy", truncate_ragged_lines=True,
    )  # fmt: skip
    frame = frame.select(
        pl.col(frame.columns[at]).fill_null("").alias(name) for at, name in _COLUMNS.items()
    )
    for row in frame.iter_rows(named=True):
        if (url := address(row["url"])) is not None:
            yield Coded(**{**row, "url": normal_url(url)})


def _pair(found: Compared, theirs: list[Coded], ours: list[Coded]) -> None:
    scored = sorted(
        (-_likeness(one, other), i, j)
        for i, one in enumerate(theirs)
        for j, other in enumerate(ours)
        if _likeness(one, other)
    )
    left, right = set(range(len(theirs))), set(range(len(ours)))
    for _, i, j in scored:
        if i in left and j in right:
            left.remove(i)
            right.remove(j)
            found.pairs.append((theirs[i], ours[j]))
    found.theirs += [theirs[i] for i in sorted(left)]
    found.ours += [ours[j] for j in sorted(right)]


def _likeness(one: Coded, other: Coded) -> int:
    """0 for different events."""
    shared = len(one.countries & other.countries)
    if one.root == other.root:
        return 4 + shared + 2 * (one.code == other.code)
    return 1 + shared if one.quad == other.quad and shared else 0
