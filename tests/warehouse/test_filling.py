"""Tables that are kept with each load, filled in a warehouse made before there were any."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from benchmarks import synthetic
from tests.warehouse import known
from warehouse import filling, store
from warehouse.migrations import fills
from warehouse.tables import TABLES

EVENTS = 12_000


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slices of three keys."""
    slices = {name: dataclasses.replace(of, many=3) for name, of in filling.SLICED.items()}
    monkeypatch.setattr(filling, "SLICED", slices)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("name", filling.SLICED)
def test_slices_give_what_the_whole_gives(name: str, tmp_path: Path) -> None:
    """Also where the rows of an article lie in two places, as after it was read again."""
    con = store.open_writer(known.build(tmp_path / "w.duckdb"))
    for table in ("sentences", "event_participants"):
        con.execute(f"CREATE TEMP TABLE again AS FROM {table} ORDER BY rowid % 2, rowid")
        con.execute(f"DELETE FROM {table}")
        con.execute(f"INSERT INTO {table} FROM again")
        con.execute("DROP TABLE again")
    con.execute(f"DELETE FROM {name}")
    filling.fill(con, name)
    kept = con.execute(f"FROM {name} ORDER BY ALL").fetchall()
    assert kept and kept == con.execute(f"FROM ({fills()[name]}) ORDER BY ALL").fetchall()
    order = ", ".join(TABLES[name].order)
    lie = con.execute(f"SELECT {order} FROM {name} ORDER BY rowid").fetchall()
    assert lie == sorted(lie)
    con.close()


def test_memory_is_that_of_a_slice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists are held whatever DuckDB's limit: over all rows at once they break it."""
    path = tmp_path / "w.duckdb"
    synthetic.build(path, EVENTS)
    slices = {name: dataclasses.replace(of, many=200) for name, of in filling.SLICED.items()}
    monkeypatch.setattr(filling, "SLICED", slices)
    con = store.open_writer(path, memory_limit="40MB")
    for name in filling.SLICED:
        count = _count(con, name)
        con.execute(f"DELETE FROM {name}")
        filling.fill(con, name)
        assert _count(con, name) == count > EVENTS
    con.close()


def _count(con: Any, name: str) -> int:
    return int(con.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0])
