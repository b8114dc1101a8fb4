"""Read-only snapshots: readers never wait for the writer and never block it.

DuckDB lets one process have a file open for writing, and then nobody else may even read. So a run
ends with a copy, and makes one now and then while it goes on: checkpoint, copy, fsync, rename.
Readers open the newest copy; one that is open stays valid after the next is published, for a file
that somebody has open is not written again. A copy is of a moment between two batches, so never of
half one. It costs by what changed: the oldest copy becomes the newest, see `warehouse.copies`.

A load that changed nothing makes no copy. What counts is the content: the change log's high-water
mark (every change of a content row is logged), the files and what became of them, the quarantine,
and the views. That one more run looked and found nothing (`runs`, `quality_results`, the time a
file was last seen) is no reason to copy gigabytes; it is published with the next change.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Any

import duckdb

from warehouse import copies
from warehouse.connection import Connection

_STATE = """
SELECT (SELECT (count(*), max(changed_at)) FROM change_log),
    (SELECT (count(*), bit_xor(hash(concat_ws('|', file_id, article_count,
        CASE status WHEN 'unchanged' THEN 'loaded' ELSE status END, error)))) FROM files),
    (SELECT (count(*), bit_xor(hash(concat_ws('|', quarantine_id, status)))) FROM quarantine),
    (SELECT max_by(views, version) FROM schema_version),
    (SELECT list(run_id ORDER BY run_id) FROM runs WHERE status = 'running')
"""


def folder_of(warehouse: Path) -> Path:
    """Where the snapshots of this warehouse lie."""
    return warehouse.parent / f"{warehouse.stem}.snapshots"


def published(warehouse: Path) -> list[Path]:
    """Snapshots, the newest first."""
    return sorted(folder_of(warehouse).glob("[0-9]*.duckdb"), reverse=True)


def latest(warehouse: Path) -> Path | None:
    """The newest snapshot, None when nothing was published yet."""
    found = published(warehouse)
    return found[0] if found else None


def begin_retraction(warehouse: Path, target: str) -> None:
    """Say, before it is committed, that something leaves the warehouse: until the next `publish`
    what is published may still hold it, also when this process is killed."""
    mark = _mark(warehouse)
    mark.parent.mkdir(parents=True, exist_ok=True)
    with mark.open("w", encoding="utf-8", errors="surrogateescape") as stream:
        stream.write(target)
        stream.flush()
        os.fsync(stream.fileno())
    copies.sync(mark.parent)


def retraction(warehouse: Path) -> str | None:
    """What is being retracted and not gone from the snapshots yet, None when nothing is."""
    try:
        return _mark(warehouse).read_text("utf-8", "surrogateescape")
    except FileNotFoundError:
        return None


def _mark(warehouse: Path) -> Path:
    return folder_of(warehouse) / "retracting"


def publish(con: Connection, warehouse: Path, *, keep: int, is_changed: bool | None = None) -> Path:
    """Copy the warehouse to a new snapshot, unless the last one says the same. Keeps `keep`; of two
    and more the oldest is made into the new one.

    Who knows that it `is_changed` since need not have it looked through. `con` is the writer's
    connection, outside a transaction. Returns the newest snapshot. After a retraction no older one
    stays.
    """
    retracted = retraction(warehouse) is not None
    con.execute("CHECKPOINT")
    folder = folder_of(warehouse)
    folder.mkdir(parents=True, exist_ok=True)
    for stray in folder.glob("*.part"):
        stray.unlink(missing_ok=True)
    before = published(warehouse)
    if before and not (is_changed or retracted) and _state(con) == _state_of(before[0]):
        target = before[0]
    else:
        number = int(before[0].stem) + 1 if before else 1
        target = folder / f"{number:06d}.duckdb"
        spare = before[keep - 1] if 1 < keep <= len(before) and not retracted else None
        copies.copy(warehouse, target, spare)
    for old in published(warehouse)[1 if retracted else keep :]:
        with contextlib.suppress(*(() if retracted else (OSError,))):
            old.unlink()
    _mark(warehouse).unlink(missing_ok=True)
    return target


def _state(con: Connection) -> Any:
    return con.execute(_STATE).fetchone()


def _state_of(snapshot: Path) -> Any:
    """What a snapshot says, None when it cannot be told: one of another version, or damaged."""
    try:
        with duckdb.connect(str(snapshot), read_only=True) as con:
            return _state(con)
    except duckdb.Error:
        return None
