"""One deed on one warehouse in a process of its own, to be killed: `deed NAME WAREHOUSE INPUTS`.

The deeds are those of the commands, without Prefect's server, whose start would be most of the
time.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable
from pathlib import Path

from flows.resources.settings import Settings, settings
from flows.run.pipeline import Pipeline

SPARE = "hanoi-dialogue-cut-tail.txt"  # what `retract` takes away


def run(options: Settings, inputs: Path) -> None:
    """`dateline run`."""
    from flows.run.files import Files

    pipeline = Pipeline(options, Files([str(inputs)]))
    for batch in pipeline.batches():
        pipeline.load(batch)
    pipeline.finish()


def publish(options: Settings, inputs: Path) -> None:
    """`dateline publish`, of a warehouse that has changed."""
    from flows.orchestration.publish import publish_snapshot

    publish_snapshot(options)


def maintain(options: Settings, inputs: Path) -> None:
    """`dateline maintain`, without Prefect's own record."""
    from flows.orchestration.maintain import expire_pages
    from flows.resources.writing import writing
    from warehouse import compaction

    with writing(options) as con:
        compaction.expire_changes(con, dt.datetime(2000, 1, 1))
        options.store.size(con)
    options.store.compact(memory_limit=options.memory_limit)
    options.store.expire(1)
    expire_pages(options, 1)


def retract(options: Settings, inputs: Path) -> None:
    """`dateline retract FILE`."""
    from flows.run.retract import retract as remove

    remove(options, str(inputs / SPARE))


def reextract(options: Settings, inputs: Path) -> None:
    """`dateline reextract`."""
    from flows.run.reextraction import Extraction, Spool
    from flows.run.stored import StoredArticles

    with Spool(options.warehouse.parent) as spool:
        pipeline = Pipeline(options, StoredArticles())
        Extraction(pipeline.batches(), pipeline.con, spool).compare(pipeline.log)
        for batch in spool.batches():
            pipeline.load(batch)
        pipeline.finish()


def migrate(options: Settings, inputs: Path) -> None:
    """What any command does first with a warehouse of an earlier version."""
    from warehouse.store import open_writer

    open_writer(options.warehouse).close()


DEEDS: dict[str, Callable[[Settings, Path], None]] = {
    deed.__name__: deed for deed in (run, publish, maintain, retract, reextract, migrate)
}

if __name__ == "__main__":
    name, warehouse, folder = sys.argv[1:]
    DEEDS[name](settings(warehouse=Path(warehouse), processes=1, batch_size=2), Path(folder))
