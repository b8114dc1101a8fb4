"""A lake answers as a file does: rows, views, published versions, retraction, migrations, turns.

On an SQLite catalog and a folder where the extra `cluster` is installed; with
`DATELINE_TEST_CLUSTER=1` also on PostgreSQL and an S3 server, as processes.
"""

from __future__ import annotations

import gzip
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.conftest import ROOT
from tests.warehouse import known, lakes
from tests.warehouse.test_migrations import OLD
from warehouse import store
from warehouse.errors import DatelineError, WarehouseBusy, WarehouseMissing
from warehouse.file_store import FileStore
from warehouse.lake_layout import LAYOUTS
from warehouse.opening import store_at
from warehouse.tables import TABLES

pytest.importorskip("duckdb_extension_ducklake", reason="the extra `cluster`")
KINDS = ["sqlite", pytest.param("postgres", marks=pytest.mark.skipif(
    not lakes.WANTED, reason="DATELINE_TEST_CLUSTER=1"))]  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A lake that is not made yet: its address, where its rows go, and how to look into both."""

    address: Path
    data: str
    reach: str | None = None  # libpq's, of a server

    @property
    def store(self) -> Any:
        return store_at(self.address, self.data)

    def held(self) -> str:
        """All that lies in the catalog and in the data, as text."""
        if self.reach is None:
            files = [Path(str(self.address).rpartition(":")[2])]
            texts = [path.read_bytes().decode("utf-8", "replace") for path in files]
        else:
            dump = ["pg_dump", "--data-only", self.reach]
            texts = [subprocess.run(dump, capture_output=True, text=True, check=True).stdout]
        con = self.store.writer()
        found = con.execute(f"FROM glob('{self.data}/**/*.parquet')").fetchall()
        for (path,) in found:
            texts += [str(row) for row in con.execute(f"FROM '{path}'").fetchall()]
        con.close()
        return "\n".join(texts)


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[str, Any]]:
    if not lakes.WANTED:
        yield {}
        return
    with lakes.postgres() as reach, lakes.s3() as environment:
        yield {"reach": reach, "environment": environment}


@pytest.fixture(params=KINDS)
def place(
    request: Any, tmp_path: Path, servers: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> Place:
    if request.param == "sqlite":
        return Place(Path(f"ducklake:sqlite:{tmp_path}/l.sqlite"), str(tmp_path / "rows"))
    for name, text in servers["environment"].items():
        monkeypatch.setenv(name, text)
    name = f"d{abs(hash(request.node.name)) % 10**9}"
    subprocess.run(["psql", "-qc", f"CREATE DATABASE {name}", servers["reach"]], check=True)
    reach = servers["reach"].replace("dbname=news", f"dbname={name}")
    return Place(Path(f"ducklake:postgres:{reach}"), f"s3://news/{name}", reach)


@pytest.fixture
def lake(place: Place) -> Place:
    """One with the known rows, published."""
    with place.store.turn():
        con = place.store.writer()
        known.fill(con)
        place.store.publish(con, keep=3)
        con.close()
    return place


def answers(con: Any) -> dict[str, Any]:
    """Every row of every table and view, and of the macros of the known events."""
    views = [name[4:].removesuffix(".sql") for name, _ in store.views() if name[:3].isdigit()]
    names = [*TABLES.keys() - {"schema_version"}, *views]
    asked = {}
    for name in names:
        for form in (name, f"{name}('meet')", f"{name}('2026-01-01')", f"{name}('Park')"):
            try:
                asked[form] = con.execute(f"SELECT * FROM {form} ORDER BY ALL").fetchall()
                break
            except duckdb.Error:
                continue
    return asked


def test_rows_views_and_macros_are_those_of_a_file(lake: Place, tmp_path: Path) -> None:
    file, con = FileStore(known.build(tmp_path / "w.duckdb")).reader(), lake.store.reader()
    expected = answers(file)
    assert len(expected) > 40 and expected["event_details"]
    assert answers(con) == expected
    file.close()
    con.close()


def test_readers_see_what_is_published_and_keep_it(lake: Place) -> None:
    def count(con: Any) -> Any:
        return con.execute("SELECT count(*) FROM places").fetchall()[0][0]

    first = lake.store.reader()
    before = count(first)
    with lake.store.turn():
        con = lake.store.writer()
        con.execute("DELETE FROM places")
        other = lake.store.reader()
        assert count(con) == 0 < before == count(other)
        made = lake.store.publish(con, keep=3)
        assert lake.store.publish(con, keep=3) == made  # nothing was committed since
        con.close()
    newest = lake.store.reader()
    assert (count(first), count(newest)) == (before, 0)
    with pytest.raises(duckdb.Error):
        newest.execute("INSERT INTO places FROM places")
    for con in (first, other, newest):
        con.close()
    assert lake.store.expire(1) == 1


def test_after_a_retraction_nothing_is_left(lake: Place) -> None:
    from flows.resources.settings import settings
    from flows.run.retract import retract

    mark = "boom()"
    assert mark in lake.held()
    options = settings(warehouse=lake.address, lake_data=lake.data)
    removed = retract(options, "a2")
    assert removed["articles"] == 1
    assert mark not in lake.held()
    con = lake.store.reader()
    assert con.execute("SELECT article_id FROM articles ORDER BY 1").fetchall() == [
        ("a1",), ("a3",)]  # fmt: skip
    con.close()


def test_a_retraction_that_broke_off_is_read_and_finished(lake: Place) -> None:
    with lake.store.turn():
        con = lake.store.writer()
        lake.store.begin_retraction(con, "a\udcff")
        con.execute("DELETE FROM articles WHERE article_id = 'a2'")
        con.close()
    reader = lake.store.reader()
    assert reader.execute("SELECT count(*) FROM articles").fetchall() == [(2,)]
    reader.close()
    with lake.store.turn():
        con = lake.store.writer()
        assert lake.store.retraction(con) == "a\udcff" and not lake.store.is_published(con)
        lake.store.publish(con, keep=3)
        assert lake.store.retraction(con) is None and lake.store.is_published(con)
        con.close()


def test_an_old_schema_is_migrated_as_a_file_is(place: Place, tmp_path: Path) -> None:
    old = tmp_path / "old.duckdb"
    old.write_bytes(gzip.decompress(OLD.read_bytes()))
    con = place.store.writer()
    tables = "SELECT table_name FROM duckdb_tables() WHERE database_name = '{}'"
    for (name,) in con.execute(tables.format("lake")).fetchall():
        con.execute(f"DROP TABLE {name}")
    con.execute(f"ATTACH '{old}' AS old (READ_ONLY)")
    for (name,) in con.execute(tables.format("old")).fetchall():
        con.execute(f"CREATE TABLE {name} AS FROM old.{name}")
    con.close()
    migrated, file = place.store.writer(), store.open_writer(old)
    assert store.schema_version(migrated) == store.VERSION and store.is_current(migrated)
    names = [name for name in TABLES if name != "schema_version"]
    for name in names:
        listed = ", ".join(f'"{column}"' for column in TABLES[name].columns)
        asked = f"SELECT {listed} FROM {name} ORDER BY ALL"
        assert migrated.execute(asked).fetchall() == file.execute(asked).fetchall(), name
    migrated.close()
    file.close()


def test_what_is_rewritten_stays_the_same(lake: Place) -> None:
    with lake.store.turn():
        con = lake.store.writer()
        for number in range(4):
            con.execute(
                "INSERT INTO change_log SELECT now()::TIMESTAMP, 'r' || i, 't', ?, 'insert' "
                "FROM range(5) t(i)", [str(number)],
            )  # fmt: skip
        con.execute("DELETE FROM change_log WHERE run_id = 'r1'")
        before = answers(con)
        assert lake.store.size(con).free_share > 0
        con.close()
    lake.store.compact()
    con = lake.store.writer()
    assert answers(con) == before and lake.store.size(con).free_share == 0
    con.close()


@pytest.mark.parametrize("name", LAYOUTS)
def test_files_lie_in_the_order_of_what_is_looked_up(
    name: str, lake: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also those of a lake that was made before, once they are joined."""
    layout = LAYOUTS[name]
    first = lake.store.writer()
    first.execute(f'ALTER TABLE "{name}" RESET SORTED BY')
    first.execute(f'INSERT INTO "{name}" FROM (FROM "{name}" LIMIT 1)')
    first.close()
    lake.store.compact()
    con = lake.store.writer()
    said = con.execute(
        "SELECT value FROM ducklake_options('lake') WHERE option_name = 'parquet_row_group_size' "
        "AND scope_entry = ?", [f"main.{name}"],
    ).fetchall()  # fmt: skip
    assert said == [(str(layout.rows),)]
    files = con.execute(f"SELECT data_file FROM ducklake_list_files('lake', '{name}')").fetchall()
    assert len(files) == 1
    keys = con.execute(f"SELECT {', '.join(layout.order)} FROM '{files[0][0]}'").fetchall()
    con.close()
    assert keys == sorted(keys) and len(keys) > 1


def test_a_turn_ends_with_its_process(place: Place) -> None:
    script = (
        "import sys, time; from pathlib import Path; from warehouse.opening import store_at\n"
        "store = store_at(Path(sys.argv[1]))\n"
        "with store.turn(), store.present('r1'): print('has it', flush=True); time.sleep(600)"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", script, str(place.address)], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert other.stdout is not None and other.stdout.readline() == b"has it\n"
    with pytest.raises(WarehouseBusy), place.store.turn(wait=0.1):
        pass
    assert place.store.alive(["r1", "r2"]) == {"r1"}
    other.kill()
    other.wait()
    with place.store.turn(wait=60):
        assert place.store.alive(["r1", "r2"]) == set()
    other.stdout.close()


def test_no_lake_is_said_and_none_is_made(place: Place) -> None:
    assert not place.store.exists()
    with pytest.raises(WarehouseMissing):
        place.store.reader()
    assert not place.store.exists()


def test_credentials_stand_in_no_error_and_no_answer(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    if place.reach is None:
        pytest.skip("a folder asks for none")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "se'cret")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    with pytest.raises(DatelineError) as error:
        place.store.writer()
    assert "se'cret" not in str(error.value)
