"""What a load changes of earlier rows, and what of the file it writes anew for that."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import polars as pl

from tests.warehouse.row_groups import ROWS, first_segments
from warehouse import loading, store
from warehouse.tables import TABLES

_NOW = dt.datetime(2026, 3, 5)
_RUN = {f.name: None if f.nullable else 0 for f in TABLES["runs"].fields} | {
    "run_id": "r", "started_at": _NOW, "status": "running",
}  # fmt: skip
_FILLS = {"VARCHAR": "''", "VARCHAR[]": "[]", "BIGINT[]": "[]"}


def reports(con: Any) -> None:
    """Rows of `event_evidence`, each of an event of its own, that join nothing."""
    given = {"event_mention_id": "'m' || i", "event_id": "'e' || i", "article_id": "'a' || i"}
    kinds = con.execute(
        "SELECT column_name, data_type FROM duckdb_columns() "
        "WHERE table_name = 'event_evidence' ORDER BY column_index"
    ).fetchall()
    nullable = {field.name for field in TABLES["event_evidence"].fields if field.nullable}
    values = ", ".join(
        given.get(name, "NULL" if name in nullable else _FILLS.get(kind, "0"))
        for name, kind in kinds
    )
    con.execute(f"INSERT INTO event_evidence SELECT {values} FROM range({ROWS}) r(i)")
    con.execute("CHECKPOINT")


def test_a_report_that_moves_leaves_its_row_group_as_it_lies(tmp_path: Path) -> None:
    """Also one that moves and joins another in the same load."""
    con = store.open_writer(tmp_path / "w.duckdb")
    reports(con)
    before = first_segments(con, "event_evidence")
    moved = pl.DataFrame({"event_mention_id": ["m7", "m150000"], "event_id": ["e1", "e2"]})
    joined = pl.DataFrame({"event_mention_id": ["m7", "m9"], "joins": ["m1", None]},
                          schema={"event_mention_id": pl.String, "joins": pl.String})  # fmt: skip
    loading.load(con, loading.Load(moved=moved, relinked=joined), run=_RUN, now=_NOW)
    con.execute("CHECKPOINT")
    assert first_segments(con, "event_evidence") == before
    found = con.execute(
        "SELECT event_mention_id, event_id, joins FROM event_evidence "
        "WHERE event_mention_id IN ('m7', 'm8', 'm9', 'm150000') ORDER BY ALL"
    ).fetchall()
    assert found == [
        ("m150000", "e2", None), ("m7", "e1", "m1"), ("m8", "e8", None), ("m9", "e9", None),
    ]  # fmt: skip
    assert con.execute("SELECT count(*) FROM event_evidence").fetchone() == (ROWS,)
