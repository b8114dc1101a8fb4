"""A compacted file says the same, is smaller, and has its rows in order of time."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from tests.warehouse import known
from warehouse import compaction, store
from warehouse.tables import TABLES

CATALOGUE = (
    "SELECT table_name, column_name, data_type, is_nullable, comment FROM duckdb_columns() "
    "WHERE NOT internal ORDER BY ALL"
)


def rows(con: Any, sql: str) -> Any:
    return con.execute(sql).fetchall()


def test_rows_lie_in_order_and_nothing_else_changes(tmp_path: Path) -> None:
    path = known.build(tmp_path / "w.duckdb")
    con = store.open_writer(path)
    con.execute("INSERT INTO events SELECT * FROM events ORDER BY event_id DESC")
    con.execute(
        "UPDATE events SET event_id = event_id || rowid, date_start = date_start - rowid::INTEGER"
    )
    before = {name: rows(con, f'FROM "{name}" ORDER BY ALL') for name in TABLES}
    layout = rows(con, CATALOGUE)
    unsorted = rows(con, "SELECT date_start, event_id FROM events")
    con.close()
    compaction.compact(path)
    con = store.open_reader(path)
    assert {name: rows(con, f'FROM "{name}" ORDER BY ALL') for name in TABLES} == before
    assert rows(con, CATALOGUE) == layout
    lying = rows(con, "SELECT date_start, event_id FROM events")
    assert lying != unsorted
    assert lying == rows(
        con, "SELECT date_start, event_id FROM events ORDER BY date_start, event_id"
    )
    assert rows(con, "SELECT count(*) FROM asserted_events") == [(4,)]  # a view came along
    con.close()
    assert [item.name for item in tmp_path.iterdir()] == ["w.duckdb"]


@pytest.mark.parametrize("name", ["events", "event_reports"])
def test_a_large_table_is_sorted_in_parts(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where many rows have one value, or none; by a day and by a number."""
    monkeypatch.setattr(compaction, "_AT_ONCE", 1000)
    path = known.build(tmp_path / "w.duckdb")
    con = store.open_writer(path)
    first = TABLES[name].order[0]
    con.execute(f"INSERT INTO {name} SELECT t.* FROM {name} t, range(9)")
    con.execute(f"UPDATE {name} SET {first} = {first} - (rowid * 7 % 11)::INTEGER")
    if TABLES[name][first].nullable:
        con.execute(f"UPDATE {name} SET {first} = NULL WHERE rowid % 5 = 0")
    before = rows(con, f"FROM {name} ORDER BY ALL")
    con.close()
    compaction.compact(path)
    con = store.open_reader(path)
    assert rows(con, f"FROM {name} ORDER BY ALL") == before
    lying = rows(con, f"SELECT {first} FROM {name} ORDER BY rowid")
    assert lying == sorted(lying, key=lambda row: (row[0] is None, row[0]))
    con.close()


def test_only_the_last_change_of_a_row_is_kept_and_none_for_ever(tmp_path: Path) -> None:
    path = known.build(tmp_path / "w.duckdb")
    con = store.open_writer(path)
    con.execute("DELETE FROM change_log")
    con.execute(
        "INSERT INTO change_log SELECT day::TIMESTAMP, 'r', t, key, change FROM (VALUES "
        "('2024-01-01', 'events', 'old', 'insert'), ('2024-01-01', 'articles', 'gone', 'insert'), "
        "('2024-01-02', 'articles', 'gone', 'delete'), "
        "('2024-01-02', 'articles', 'back', 'delete'), "
        "('2026-02-01', 'articles', 'back', 'insert'), ('2026-02-01', 'events', 'e', 'insert'), "
        "('2026-02-02', 'events', 'e', 'update'), ('2026-02-03', 'events', 'e', 'update'), "
        "('2026-02-03', 'entities', 'e', 'insert')) v(day, t, key, change)"
    )
    asked = "FROM changes_since('2026-01-01') ORDER BY ALL"
    before = rows(con, asked)
    assert compaction.expire_changes(con, dt.datetime(2026, 1, 1)) == 5
    assert rows(con, asked) == before
    left = rows(con, "SELECT table_name, key, change FROM change_log ORDER BY ALL")
    con.close()
    assert left == [("articles", "back", "insert"), ("articles", "gone", "delete"),
                    ("entities", "e", "insert"), ("events", "e", "update")]  # fmt: skip


def test_deleted_rows_leave_no_room(tmp_path: Path) -> None:
    path = known.build(tmp_path / "w.duckdb")
    con = store.open_writer(path)
    con.execute(
        "INSERT INTO change_log SELECT now()::TIMESTAMP, 'r', 'events', "
        "sha256(range::VARCHAR), 'insert' FROM range(200_000)"
    )
    con.execute("CHECKPOINT")
    con.execute("DELETE FROM change_log WHERE run_id = 'r'")
    con.close()
    size = path.stat().st_size
    assert compaction.compact(path) > 0
    assert path.stat().st_size < size
