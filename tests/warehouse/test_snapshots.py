"""Readers see one published state or the next, never wait, and nothing is copied for nothing."""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.conftest import PATIENCE, ROOT
from tests.warehouse import known
from warehouse import copies, snapshots, store
from warehouse.file_store import FileStore
from warehouse.publisher import Publisher

_READER = """
import json, sys, time
from pathlib import Path
from flows.resources.snapshot import reader
warehouse, stop = Path(sys.argv[1]), Path(sys.argv[2])
seen, waits = [], []
Path(sys.argv[3]).touch()
while not stop.exists() or len(seen) < 20:
    clock = time.monotonic()
    con = reader(warehouse)
    waits.append(time.monotonic() - clock)
    # Every round of the writer adds one row to each table, in one transaction.
    seen.append(con.execute(
        "SELECT (SELECT count(*) FROM events), (SELECT count(*) FROM change_log), "
        "(SELECT count(*) FROM event_participants) - 7").fetchone())
    con.close()
print(json.dumps({"seen": seen, "wait": max(waits)}))
"""


def _round(con: Any, number: int) -> None:
    """A small load: one event more, logged, with a party."""
    with store.transaction(con):
        con.execute(
            "INSERT INTO events SELECT * REPLACE (? AS event_id) FROM events LIMIT 1",
            [f"e{number}"],
        )
        con.execute(
            "INSERT INTO event_participants SELECT * REPLACE (? AS event_id) "
            "FROM event_participants LIMIT 1", [f"e{number}"],
        )  # fmt: skip
        con.execute(
            "INSERT INTO change_log VALUES (?, 'run', 'events', ?, 'insert')",
            [dt.datetime(2026, 4, 1) + dt.timedelta(seconds=number), f"e{number}"],
        )


def test_a_reader_in_another_process_never_errs_and_sees_whole_states(tmp_path: Path) -> None:
    path = known.build(tmp_path / "w.duckdb")
    con = store.open_writer(path)
    snapshots.publish(con, path, keep=2)
    stop, ready = tmp_path / "stop", tmp_path / "ready"
    child = subprocess.Popen(
        [sys.executable, "-c", _READER, str(path), str(stop), str(ready)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        while not ready.exists() and child.poll() is None:
            time.sleep(0.02)
        for number in range(25):
            _round(con, number)
            snapshots.publish(con, path, keep=2)
    finally:
        con.close()
        stop.touch()
        out, err = child.communicate(timeout=PATIENCE)
    assert child.returncode == 0, err
    told = json.loads(out)["seen"]
    # Each answer is of one state: all three counts have moved alike, and never back.
    assert all(events == log == parties for events, log, parties in told)
    assert told == sorted(told)
    assert len({tuple(state) for state in told}) > 3, "the reader saw no state in between"


@pytest.fixture
def open_warehouse(tmp_path: Path) -> Any:
    path = known.build(tmp_path / "w.duckdb")
    con = store.open_writer(path)
    yield path, con
    con.close()


def test_nothing_is_copied_when_nothing_changed(open_warehouse: Any) -> None:
    path, con = open_warehouse
    first = snapshots.publish(con, path, keep=3)
    before = first.stat()
    # A run that found nothing new leaves only its own record.
    con.execute(
        "INSERT INTO runs SELECT * REPLACE ('again' AS run_id) FROM runs WHERE run_id = ?",
        [known.RUN],
    )
    assert snapshots.publish(con, path, keep=3) == first
    assert (first.stat().st_ino, first.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert snapshots.published(path) == [first]


@pytest.mark.parametrize(
    "change",
    [
        "INSERT INTO change_log VALUES ('2026-04-01', 'run', 'events', 'x', 'update')",
        "INSERT INTO files VALUES ('f', '/in/x', NULL, 1, NULL, 'quarantined', 0, 'bad', 'r', "
        "'2026-04-01')",
        "INSERT INTO quarantine VALUES ('q', 'r', 'file', NULL, '{}', 'rule', 'why', 'open', "
        "'2026-04-01')",
        "UPDATE schema_version SET views = 'others'",
    ],
    ids=["content", "files", "quarantine", "views"],
)
def test_every_change_that_shows_is_published(open_warehouse: Any, change: str) -> None:
    path, con = open_warehouse
    first = snapshots.publish(con, path, keep=3)
    con.execute(change)
    assert snapshots.publish(con, path, keep=3) != first
    assert len(snapshots.published(path)) == 2


def test_a_damaged_snapshot_is_replaced(open_warehouse: Any) -> None:
    path, con = open_warehouse
    first = snapshots.publish(con, path, keep=3)
    first.write_bytes(b"no database")
    second = snapshots.publish(con, path, keep=3)
    assert second != first
    duckdb.connect(str(second), read_only=True).close()


def test_only_so_many_are_kept_and_an_open_one_stays_readable(open_warehouse: Any) -> None:
    path, con = open_warehouse
    reader = duckdb.connect(str(snapshots.publish(con, path, keep=2)), read_only=True)
    for number in range(4):
        _round(con, number)
        snapshots.publish(con, path, keep=2)
    assert [item.stem for item in snapshots.published(path)] == ["000005", "000004"]
    assert reader.execute("SELECT count(*) FROM events").fetchone() == (3,)
    reader.close()


def test_what_a_killed_copy_left_is_removed(open_warehouse: Any) -> None:
    path, con = open_warehouse
    folder = snapshots.folder_of(path)
    folder.mkdir()
    (folder / "000007.duckdb.part").write_bytes(b"half")
    assert snapshots.publish(con, path, keep=2).name == "000001.duckdb"
    assert [item.name for item in folder.iterdir()] == ["000001.duckdb"]


def test_a_run_publishes_at_its_begin_if_nothing_is_there_and_then_in_turns(
    open_warehouse: Any,
) -> None:
    path, con = open_warehouse
    publisher = Publisher(FileStore(path), keep=3, every=0.01)
    publisher.begin(con)
    assert [item.stem for item in snapshots.published(path)] == ["000001"]
    Publisher(FileStore(path), keep=3, every=0.01).begin(con)
    assert len(snapshots.published(path)) == 1
    _round(con, 1)
    publisher.due = 0
    publisher.after_batch(con)
    assert len(snapshots.published(path)) == 2
    _round(con, 2)
    publisher.due = float("inf")
    publisher.after_batch(con)
    assert len(snapshots.published(path)) == 2


def test_a_run_that_ended_is_not_left_running_in_the_snapshot(open_warehouse: Any) -> None:
    path, con = open_warehouse
    con.execute("UPDATE runs SET status = 'running'")
    snapshots.publish(con, path, keep=3)
    con.execute("UPDATE runs SET status = 'completed'")
    snapshots.publish(con, path, keep=3)
    with duckdb.connect(str(snapshots.latest(path)), read_only=True) as reader:
        assert reader.execute("SELECT status FROM runs").fetchall() == [("completed",)]


def test_a_batch_that_is_being_read_puts_the_snapshot_off(open_warehouse: Any) -> None:
    path, con = open_warehouse
    publisher = Publisher(FileStore(path), keep=3, every=0.01)
    other = con.cursor()
    other.execute("SELECT e.event_id FROM events e, range(1_000_000)").fetchone()
    con.execute("UPDATE events SET confidence = 0.5")
    publisher.due = 0
    publisher.after_batch(con)
    assert snapshots.published(path) == []
    other.close()
    publisher.due = 0
    publisher.after_batch(con)
    assert len(snapshots.published(path)) == 1


def test_where_files_can_share_blocks_nothing_is_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As btrfs and XFS can; elsewhere the system says no, and the bytes are copied."""
    path = known.build(tmp_path / "w.duckdb")
    con = store.open_writer(path)

    def shared(target: int, request: int, source: int) -> int:
        os.sendfile(target, source, 0, os.fstat(source).st_size)
        return request

    monkeypatch.setattr(fcntl, "ioctl", shared)
    monkeypatch.setattr(os, "pwrite", None)  # calling it fails
    made = snapshots.publish(con, path, keep=2)
    con.close()
    with duckdb.connect(str(made), read_only=True) as reader:
        assert reader.execute("SELECT count(*) FROM events").fetchall() == [(3,)]


def _same_bytes(one: Path, other: Path) -> bool:
    return one.read_bytes() == other.read_bytes()


_CHANGES = (
    "INSERT INTO change_log SELECT '2026-04-01', 'run', 'events', range::VARCHAR, 'insert' "
    "FROM range(60_000)",
    "UPDATE change_log SET run_id = 'other' WHERE hash(key) % 50 = 0",
    "DELETE FROM change_log WHERE hash(key) % 7 = 0",
    "CREATE TABLE passing AS SELECT range AS i, random() AS x FROM range(300_000)",
    "DROP TABLE passing",
    "UPDATE events SET confidence = 0.5",
    "DELETE FROM change_log",
)


def test_the_oldest_copy_becomes_the_newest_at_the_cost_of_what_changed(
    open_warehouse: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, con = open_warehouse
    if copies.file_system(path) not in copies.LOCAL:
        pytest.skip("nobody knows here who has a file open")
    con.execute("CREATE TABLE large AS SELECT i, md5(i::VARCHAR) AS t FROM range(900_000) r(i)")
    made: list[int] = []
    copy = copies.copy
    monkeypatch.setattr(copies, "copy", lambda *files: made.append(copy(*files)))
    for change in ("UPDATE events SET confidence = 0.1", *_CHANGES):
        con.execute(change)
        oldest = [item.stat().st_ino for item in snapshots.published(path)[1:]]
        newest = snapshots.publish(con, path, keep=2, is_changed=True)
        assert _same_bytes(newest, path)
        assert not oldest or newest.stat().st_ino in oldest
    assert all(size > 8e6 for size in made[:2]), "the first copies are of all bytes"
    assert all(size < 4e6 for size in made[2:]), made


def test_a_copy_of_before_becomes_one_for_its_owner(tmp_path: Path) -> None:
    source, spare, target = (tmp_path / name for name in ("w", "old", "new"))
    source.write_bytes(b"new")
    spare.write_bytes(b"old")
    spare.chmod(0o644)
    before = os.umask(0o077)
    try:
        copies.copy(source, target, spare)
    finally:
        os.umask(before)
    assert target.read_bytes() == b"new" and target.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("how", ["open", "mapped", "linked", "other system"])
def test_a_copy_that_somebody_has_is_never_written_again(
    how: str, open_warehouse: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, con = open_warehouse
    first = snapshots.publish(con, path, keep=2)
    _round(con, 1)
    snapshots.publish(con, path, keep=2)
    before, script = first.read_bytes(), "import sys; held = open(sys.argv[1], 'rb')"
    if how == "mapped":
        script += "; import mmap; m = mmap.mmap(held.fileno(), 0, access=mmap.ACCESS_READ)"
        script += "; held.close(); held = m"
    if how == "linked":
        os.link(first, first.with_name("kept"))
    if how == "other system":
        monkeypatch.setattr(copies, "file_system", lambda _: "nfs4")
    script += "; print(flush=True); sys.stdin.read(); held.seek(0)"
    script += "; sys.stdout.buffer.write(held.read()); sys.stdout.flush()"
    other = subprocess.Popen(
        [sys.executable, "-c", script, str(first) if how in ("open", "mapped") else os.devnull],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert other.stdout is not None
    if how in ("open", "mapped", "linked", "other system"):
        other.stdout.readline()
    inode = first.stat().st_ino
    _round(con, 2)
    newest = snapshots.publish(con, path, keep=2)
    read, _ = other.communicate(b"")
    assert _same_bytes(newest, path)
    if how in ("open", "mapped"):
        assert read == before
    if how == "linked":
        assert first.with_name("kept").read_bytes() == before
    if how != "other system":  # there the number may be given again
        assert newest.stat().st_ino != inode


_DIES = """
import os, signal, sys
from pathlib import Path
from warehouse import snapshots, store
path, pwrite, calls = Path(sys.argv[1]), os.pwrite, []

def half(file, data, place):
    pwrite(file, data[: len(data) // 2], place)
    os.kill(os.getpid(), signal.SIGKILL)

con = store.open_writer(path)
con.execute("UPDATE events SET confidence = 0.2")
if sys.argv[2] == "headers":
    os.pwrite = half
else:
    os.pwrite = lambda *given: half(*given) if given[2] else pwrite(*given)
snapshots.publish(con, path, keep=2, is_changed=True)
"""


@pytest.mark.parametrize("where", ["headers", "blocks"])
def test_one_killed_while_it_renews_a_copy_leaves_the_newest(tmp_path: Path, where: str) -> None:
    path = known.build(tmp_path / "w.duckdb")
    con = store.open_writer(path)
    snapshots.publish(con, path, keep=2)
    _round(con, 1)
    newest = snapshots.publish(con, path, keep=2)
    con.close()
    before = newest.read_bytes()
    killed = subprocess.run([sys.executable, "-c", _DIES, str(path), where], cwd=ROOT)
    assert killed.returncode == -signal.SIGKILL
    assert snapshots.published(path) == [newest]
    assert newest.read_bytes() == before
    con = store.open_writer(path)
    assert con.execute("SELECT DISTINCT confidence FROM events").fetchall() == [(0.2,)]
    made = snapshots.publish(con, path, keep=2, is_changed=True)
    assert _same_bytes(made, path)
    assert sorted(item.name for item in made.parent.iterdir()) == [newest.name, made.name]
    con.close()


@pytest.mark.parametrize(
    "spare", [b"", b"no database", b"DUCK" * 9000, None], ids=["empty", "text", "magic", "other"]
)
def test_a_copy_of_anything_else_is_made_anew(
    spare: bytes | None, open_warehouse: Any, tmp_path: Path
) -> None:
    path, con = open_warehouse
    con.execute("CHECKPOINT")
    old = tmp_path / "old.duckdb"
    if spare is None:  # a database with blocks of another size
        duckdb.connect().execute(f"ATTACH '{old}' AS o (BLOCK_SIZE 16384)").execute(
            "CREATE TABLE o.t AS FROM range(100_000)"
        ).execute("DETACH o")
    else:
        old.write_bytes(spare)
    copies.copy(path, tmp_path / "new.duckdb", old)
    assert _same_bytes(tmp_path / "new.duckdb", path)
    assert not old.exists()


def test_who_knows_of_a_change_has_nothing_looked_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = known.build(tmp_path / "w.duckdb")
    con = store.open_writer(path)
    first = snapshots.publish(con, path, keep=3)
    assert snapshots.publish(con, path, keep=3) == first
    monkeypatch.setattr(snapshots, "_state", None)  # calling it fails
    assert snapshots.publish(con, path, keep=3, is_changed=True) != first
    con.close()


def test_the_ledger_leaves_no_answer_open(open_warehouse: Any) -> None:
    from flows.run.ledger import Ledger

    _, con = open_warehouse
    con.execute(
        "INSERT INTO article_versions SELECT range::VARCHAR, 'x', 'f', '/in/x', '', 'r', "
        "DATE '2026-04-01', 'v', 'r' FROM range(50_000)"
    )
    ledger = Ledger(con)
    assert ledger.has_read("f")
    con.execute("UPDATE article_versions SET rank = 'q'")
    con.execute("CHECKPOINT")  # raises while an older transaction goes on
    ledger.close()


_WRITER = """
import sys
from pathlib import Path
from warehouse import store
from warehouse.errors import WarehouseBusy
try:
    store.open_writer(Path(sys.argv[1])).close()
except WarehouseBusy:
    sys.exit(7)
"""


def test_the_writer_keeps_its_lock_when_it_publishes(open_warehouse: Any) -> None:
    path, con = open_warehouse
    for number in range(2):
        _round(con, number)
        snapshots.publish(con, path, keep=2)
        other = subprocess.run([sys.executable, "-c", _WRITER, str(path)], cwd=ROOT)
        assert other.returncode == 7, "another process could write beside us"
    con.close()
    other = subprocess.run([sys.executable, "-c", _WRITER, str(path)], cwd=ROOT)
    assert other.returncode == 0, "the lock outlives the connection"


def test_a_replaced_warehouse_is_copied_and_not_the_one_before(tmp_path: Path) -> None:
    path, later = known.build(tmp_path / "w.duckdb"), known.build(tmp_path / "later.duckdb")
    con = store.open_writer(path)
    snapshots.publish(con, path, keep=2)
    con.close()
    con = store.open_writer(later)
    _round(con, 1)
    con.execute("CHECKPOINT")
    con.close()
    later.replace(path)
    con = store.open_writer(path)
    with duckdb.connect(str(snapshots.publish(con, path, keep=2)), read_only=True) as reader:
        assert reader.execute("SELECT count(*) FROM events").fetchone() == (4,)
    con.close()
