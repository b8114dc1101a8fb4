"""Extracting stored articles again and comparing the event reports with those that stand.

Everything is extracted first and kept in a folder; what is kept is loaded as any batch is.
"""

from __future__ import annotations

import pickle
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flows.resources.corrections import read_corrections
from flows.resources.settings import Settings
from flows.resources.snapshot import reader
from flows.resources.version import extractor
from flows.run.batch import Batch
from flows.run.cluster import REHEARSAL, open_pool
from flows.run.corrected import touched
from flows.run.feed import Feed
from flows.run.stored import StoredArticles, stale_articles
from flows.run.summary import Log, new_run_id
from warehouse.connection import Connection
from warehouse.wording import counted

_COMPARED = ("event_mode", "modality", "told", "event_date", "place_id", "attribution_entity_id")


@dataclass(slots=True)
class Comparison:
    """Event reports by type, as they stand and as they would stand."""

    articles: int = 0
    failed: int = 0
    before: Counter[str] = field(default_factory=Counter)
    after: Counter[str] = field(default_factory=Counter)
    gone: Counter[str] = field(default_factory=Counter)
    new: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)  # mode, modality, date, place, source

    def rows(self) -> list[dict[str, Any]]:
        """One row a type that has or had reports, the total last."""
        names = sorted(self.before | self.after)
        counters = {name: getattr(self, name) for name in ("before", "after", "gone", "new", "changed")}  # noqa: E501  # fmt: skip
        found = [
            {"type": kind, **{name: counts[kind] for name, counts in counters.items()}}
            for kind in names
        ]
        total = {"type": "all", **{name: counts.total() for name, counts in counters.items()}}
        return [*found, total]

    def lost_share(self) -> float:
        """The share of all reports by which they become fewer; 0 when they become more."""
        old = self.before.total()
        return max(0.0, (old - self.after.total()) / old) if old else 0.0

    def add(self, con: Connection, batch: Batch) -> None:
        """Count one extracted batch against what `con` holds of its articles."""
        fresh: dict[str, tuple[Any, ...]] = {}
        ids: list[str] = []
        for part in batch.parts:
            ids += part.frames["articles"]["article_id"].to_list()
            self.failed += len(part.errors)
            reports = part.frames["event_mentions"]
            for row in reports.select("event_mention_id", "event_type", *_COMPARED).iter_rows():
                fresh[row[0]] = row[1:]
        old = {
            row[0]: row[1:]
            for row in con.execute(
                f"SELECT event_mention_id, event_type, {', '.join(_COMPARED)} FROM event_mentions "
                "WHERE article_id IN (SELECT unnest(?))",
                [ids or [""]],
            ).fetchall()
        }
        self.articles += len(ids)
        self.before.update(row[0] for row in old.values())
        self.after.update(row[0] for row in fresh.values())
        self.gone.update(row[0] for key, row in old.items() if key not in fresh)
        self.new.update(row[0] for key, row in fresh.items() if key not in old)
        self.changed.update(row[0] for key, row in fresh.items() if key in old and old[key] != row)


class Spool:
    """Batches in a file of `folder` that has no name: however the process ends, no text stays."""

    def __init__(self, folder: Path) -> None:
        self.file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  (closed by `close`)

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def add(self, batch: Batch) -> None:
        """Keep a batch."""
        pickle.dump(batch, self.file)

    def batches(self) -> Iterator[Batch]:
        """What was kept, in order."""
        end = self.file.tell()
        self.file.seek(0)
        while self.file.tell() < end:
            yield pickle.load(self.file)


def sweep(folder: Path) -> None:
    """Delete folders of texts that a killed `reextract` of an earlier version left there."""
    for left in folder.absolute().glob("reextract-????????"):
        if left.is_dir() and all(re.fullmatch(r"\d{6}", item.name) for item in left.iterdir()):
            shutil.rmtree(left, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class Extraction:
    """Extracted batches, the rows they are compared with, and where the kept ones go, if any."""

    batches: Iterable[Batch]
    con: Connection
    spool: Spool | None = None

    def compare(self, log: Log) -> Comparison:
        """Extract every article, and keep the batches."""
        found = Comparison()
        for batch in self.batches:
            found.add(self.con, batch)
            if self.spool is not None:
                self.spool.add(batch)
            log.info(
                "Extracted batch %d, %s so far", batch.number, counted(found.articles, "article")
            )
        return found


@contextmanager
def rehearsal(options: Settings) -> Iterator[Extraction]:
    """What is stale, extracted on the published snapshot. Nothing can be written."""
    now = extractor(options)
    con = reader(options.warehouse)
    held = read_corrections(options.corrections_file)
    run_id = new_run_id()[0]
    pool = open_pool(options, now, held.lines(), f"{REHEARSAL}{run_id}")
    feed = Feed(
        StoredArticles(),
        con,
        pool,
        options=options,
        run_id=run_id,
        extractor=now,
        decisions=held.decisions,
    )
    try:
        yield Extraction(feed.batches(), con)
    finally:
        feed.stop()
        con.close()
        pool.close()


def count_stale(options: Settings) -> int:
    """How many published articles another extractor read, or people have corrected since.

    Raises WarehouseMissing.
    """
    decisions = read_corrections(options.corrections_file).decisions
    con = reader(options.warehouse)
    try:
        stale = stale_articles(con, extractor(options))
        return len({*stale} | touched(con, decisions))
    finally:
        con.close()
