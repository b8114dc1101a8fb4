"""Keys that a batch refers to and that are already loaded, for the gate."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from warehouse import loading
from warehouse.connection import Connection
from warehouse.schema import Origin
from warehouse.tables import CONTENT, TABLES

_SHARED = [  # (table, column, table it refers to) that the gate may find in the warehouse
    (name, column, parent)
    for name in CONTENT
    for column, parent, _ in TABLES[name].references()
    if TABLES[parent].origin is Origin.SHARED
]


def known_keys(con: Connection, frames: Mapping[str, pl.DataFrame]) -> dict[str, set[str]]:
    """Of each table that articles share, those of its keys in the frames that are loaded."""
    known: dict[str, set[str]] = {}
    for table, column, parent in _SHARED:
        named = frames[table][column].drop_nulls()
        known.setdefault(parent, set()).update(named.to_list())
    for parent, ids in known.items():
        key = TABLES[parent].key[0]
        ids_frame = pl.DataFrame({"id": sorted(ids)}, schema={"id": pl.String})
        loading.stage(con, "s_known", ids_frame)
        found = con.execute(
            f"SELECT {key} FROM {parent} WHERE {key} IN (SELECT id FROM s_known)"
        ).fetchall()
        known[parent] = {row[0] for row in found}
    return known
