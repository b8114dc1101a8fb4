"""Read-only snapshots: readers never wait for the writer and never block it.

DuckDB lets one process have a file open for writing, and then nobody else may even read. So
each load ends with a copy: checkpoint, copy, fsync, rename. Readers open the newest copy; one
that is open stays valid after the next is published, for the file it has is not written again.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path
from typing import Any


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


def publish(con: Any, warehouse: Path, *, keep: int) -> Path | None:
    """Copy the warehouse to a new snapshot, unless it equals the last one. Keeps `keep`.

    `con` is the writer's connection, outside a transaction. Returns the new snapshot's path.
    """
    con.execute("CHECKPOINT")
    folder = folder_of(warehouse)
    folder.mkdir(parents=True, exist_ok=True)
    for stray in folder.glob("*.part"):
        stray.unlink(missing_ok=True)
    before = published(warehouse)
    number = int(before[0].stem) + 1 if before else 1
    part = folder / f"{number:06d}.duckdb.part"
    shutil.copyfile(warehouse, part)
    with part.open("rb+") as handle:
        os.fsync(handle.fileno())
    target = folder / f"{number:06d}.duckdb"
    part.replace(target)
    for old in published(warehouse)[keep:]:
        with contextlib.suppress(OSError):
            old.unlink()
    return target
