"""The flow `reextract`: after a new model or lexicon, read again what another extractor read.

Texts are taken from the warehouse, not from raw files. Everything is extracted first and kept
in a temporary folder; the event reports of old and new are compared, shown, and only then
replaced, batch by batch as in any run.
"""

from __future__ import annotations

import pickle
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from flows.orchestration.prefect_setup import prepare

prepare()

from prefect import flow, get_run_logger, runtime, task  # noqa: E402
from prefect.cache_policies import NO_CACHE  # noqa: E402
from pydantic import Field  # noqa: E402

from flows.orchestration.ingest import figures, run  # noqa: E402
from flows.orchestration.parameters import (  # noqa: E402
    STEP_SECONDS,
    BatchSize,
    Processes,
    Wait,
    WarehousePath,
    described,
)
from flows.orchestration.webhook import tell  # noqa: E402
from flows.published.query import reader  # noqa: E402
from flows.resources.settings import Settings, settings  # noqa: E402
from flows.resources.version import extractor_version  # noqa: E402
from flows.run.feed import Batch, Feed  # noqa: E402
from flows.run.pipeline import Pipeline  # noqa: E402
from flows.run.stored import StoredFeed, stale_articles  # noqa: E402
from flows.run.workers import Pool  # noqa: E402
from warehouse.errors import DatelineError  # noqa: E402

_COMPARED = ("event_mode", "modality", "event_date", "place_id", "attribution_entity_id")


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

    def add(self, con: Any, batch: Batch) -> None:
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


class Reextraction(Pipeline):
    """A run over stored articles. `compare` extracts them; then it goes on as any run does."""

    def __init__(self, options: Settings, *, spool: Path) -> None:
        super().__init__(options, ["stored articles"], force=True)
        self.spool = spool
        self.kept: list[Path] = []

    def rehearse(self) -> None:
        """Start on the published snapshot, for a comparison only. Nothing can be written."""
        self.con = reader(self.options.warehouse)
        options = self.options
        self.pool = Pool(
            options.processes, (options.model, self.version, options.max_article_chars)
        )
        self.feed = self.make_feed()
        self.feed.start()

    def make_feed(self) -> Feed:
        """What another extractor read."""
        return StoredFeed(self, self.con, self.pool, stale_articles(self.con, self.version))

    def compare(self, *, keep: bool) -> Comparison:
        """Extract every article; `keep` spools the batches for loading."""
        found = Comparison()
        for batch in self.feed.batches():
            found.add(self.con, batch)
            if keep:
                path = self.spool / f"{batch.number:06d}"
                with path.open("wb") as stream:
                    pickle.dump(batch, stream)
                self.kept.append(path)
            self.log.info("Extracted batch %d, %d articles so far", batch.number, found.articles)
        return found

    def batches(self) -> Iterator[Batch]:
        """The batches that were compared."""
        self.gate.warm()
        for path in self.kept:
            with path.open("rb") as stream:
                yield pickle.load(stream)
            path.unlink()

    def close(self) -> None:
        """End a rehearsal."""
        self.feed.stop()
        self.con.close()
        self.pool.close()


_comparing: dict[str, Reextraction] = {}


@task(
    name="compare",
    task_run_name="compare old and new",
    cache_policy=NO_CACHE,
    persist_result=False,
    timeout_seconds=4 * STEP_SECONDS,
)
def compare(run_id: str, keep: bool) -> Comparison:
    """Extract, compare, and show the comparison in the log and as a table."""
    from prefect.artifacts import create_table_artifact

    pipeline, logger = _comparing[run_id], get_run_logger()
    with pipeline.logging_to(logger):
        found = pipeline.compare(keep=keep)
    for row in found.rows():
        if row["type"] != "all" and not (row["gone"] or row["new"] or row["changed"]):
            continue
        logger.info(
            "%s: %d event reports before, %d after (%d gone, %d new, %d changed)",
            row["type"], row["before"], row["after"], row["gone"], row["new"], row["changed"],
        )  # fmt: skip
    if found.failed:
        logger.warning("%d articles could not be extracted and stay as they are", found.failed)
    create_table_artifact(
        found.rows(), key="old-and-new", description="Event reports by type, before and after"
    )
    return found


@flow(name="reextract", validate_parameters=True, on_failure=[tell], on_crashed=[tell])
@described
def reextract(
    warehouse: WarehousePath = "data/dateline.duckdb",
    dry_run: Annotated[bool, Field(description="Only compare; change nothing")] = False,
    allow_loss: Annotated[
        float,
        Field(
            description="Replace nothing when more than this share of reports is lost", ge=0, le=1
        ),
    ] = 0.5,
    model: Annotated[str, Field(description="A spaCy pipeline; empty for the default")] = "",
    batch_size: BatchSize = 256,
    processes: Processes = 0,
    wait: Wait = 60,
) -> dict[str, Any]:
    """Read again the articles whose rows another extractor made."""
    logger = get_run_logger()
    options = settings(
        warehouse=warehouse, model=model or None, batch_size=batch_size,
        processes=processes or None, wait=wait,
    )  # fmt: skip
    stale = count_stale(options)
    logger.info("%d articles were read by another extractor", stale)
    if not stale:
        return {"status": "nothing stale", "comparison": []}
    with tempfile.TemporaryDirectory(prefix="reextract-", dir=options.warehouse.parent) as name:
        pipeline = Reextraction(options, spool=Path(name))
        _comparing[pipeline.run_id] = pipeline
        try:
            with pipeline.logging_to(logger):
                if dry_run:
                    pipeline.rehearse()
                else:
                    pipeline.flow_run_id = runtime.flow_run.id
                    pipeline.start()
            try:
                found = compare(pipeline.run_id, keep=not dry_run)
                if not dry_run and found.lost_share() > allow_loss:
                    raise DatelineError(
                        f"{found.lost_share():.0%} of the event reports would be lost, more than "
                        f"{allow_loss:.0%}; nothing was replaced",
                        subject="--allow-loss",
                    )
            except BaseException as error:
                if not dry_run:
                    pipeline.abandon(error)
                raise
            finally:
                if dry_run:
                    pipeline.close()
        finally:
            _comparing.pop(pipeline.run_id)
        rows = found.rows()
        if dry_run:
            return {"status": "compared", "articles": found.articles, "comparison": rows}
        return {**figures(run(pipeline, logger)), "comparison": rows}


def count_stale(options: Settings) -> int:
    """How many published articles another extractor read. Raises WarehouseMissing."""
    con = reader(options.warehouse)
    try:
        return len(stale_articles(con, extractor_version(options.model)))
    finally:
        con.close()
