"""The published data: the newest snapshot, which no run ever blocks."""

from __future__ import annotations

from pathlib import Path

from flows.resources.filters import ALL, Filter
from flows.resources.narrowing import narrow
from warehouse.connection import Connection
from warehouse.opening import store_at


def reader(warehouse: Path, chosen: Filter = ALL) -> Connection:
    """A read-only connection to the newest snapshot, or to the warehouse when there is none, or
    when a retraction broke off that the snapshot does not know of.

    With a filter its tables and views hold the chosen events alone.

    Raises WarehouseMissing when there is neither, WarehouseBusy while the first run of all loads.
    """
    con = store_at(warehouse).reader()
    if chosen:
        try:
            narrow(con, chosen)
        except BaseException:
            con.close()
            raise
    return con
