"""The published data: the newest snapshot, which no run ever blocks."""

from __future__ import annotations

import contextlib
from pathlib import Path

from flows.resources.filters import ALL, Filter
from flows.resources.narrowing import narrow
from warehouse import snapshots, store
from warehouse.connection import Connection
from warehouse.errors import DatelineError, WarehouseBusy, WarehouseMissing


def reader(warehouse: Path, chosen: Filter = ALL) -> Connection:
    """A read-only connection to the newest snapshot, or to the warehouse when there is none, or
    when a retraction broke off that the snapshot does not know of.

    With a filter its tables and views hold the chosen events alone.

    Raises WarehouseMissing when there is neither, WarehouseBusy while the first run of all loads.
    """
    con = _newest(warehouse)
    if chosen:
        try:
            narrow(con, chosen)
        except BaseException:
            con.close()
            raise
    return con


def _newest(warehouse: Path) -> Connection:
    if snapshots.retraction(warehouse) is not None and warehouse.exists():
        with contextlib.suppress(WarehouseBusy):  # whoever writes there publishes it first
            return store.open_reader(warehouse)
    while True:
        snapshot = snapshots.latest(warehouse)
        if snapshot is None:
            break
        try:
            return store.open_reader(snapshot)
        except DatelineError:
            if snapshot.exists():  # else it was the oldest one kept, and a newer one took its place
                raise
    if not warehouse.exists():
        raise WarehouseMissing(
            "no warehouse here yet; `dateline run PATH` makes one", subject=str(warehouse)
        )
    return store.open_reader(warehouse)
