"""Finding and reading files: remote ones are tried again, known ones are not read for nothing."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import fsspec
import pytest
from typer.testing import CliRunner

from flows.commands.cli import app
from flows.resources.settings import settings
from flows.resources.version import Extractor
from flows.run import landing, watch
from flows.run.ledger import Ledger
from flows.run.watch import new_files
from transforms.readers import Limits
from warehouse import snapshots
from warehouse.errors import DatelineError
from warehouse.store import open_reader


class Flaky(fsspec.AbstractFileSystem):  # type: ignore[misc]  # it has no types
    """A file system whose reads raise `failures` in turn before they succeed."""

    protocol = "flaky"
    cachable = False
    failures: list[Exception] = []  # noqa: RUF012  (set by each test)
    reads = 0

    def _open(self, path: str, mode: str = "rb", **_: Any) -> io.BytesIO:
        type(self).reads += 1
        if self.failures:
            raise self.failures.pop(0)
        return io.BytesIO(b"date 2026-01-01 The minister met his colleague.")

    def info(self, path: str, **_: Any) -> dict[str, Any]:
        return {"name": path, "size": 47, "type": "file"}


class DriverError(Exception):
    """What a driver raises that knows nothing of OSError."""


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    fsspec.register_implementation("flaky", Flaky, clobber=True)
    monkeypatch.setattr(Flaky, "reads", 0)
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    yield slept


FOUND = landing.Found("flaky://bucket/a.txt", None, True)


@pytest.mark.parametrize("error", [OSError("connection reset"), DriverError("503 slow down")])
def test_a_passing_failure_is_tried_again(
    error: Exception, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Flaky, "failures", [error, error])
    assert landing.read_bytes(FOUND, Limits()).startswith(b"date 2026")
    assert Flaky.reads == 3
    assert pauses == [0.5, 1.0]


def test_after_the_last_try_the_file_is_named(
    pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Flaky, "failures", [DriverError("503 slow down")] * 9)
    with pytest.raises(landing.LandingError, match=r"flaky://bucket/a\.txt: .*503 slow down"):
        landing.read_bytes(FOUND, Limits())
    assert Flaky.reads == 3


@pytest.mark.parametrize("error", [FileNotFoundError("gone"), PermissionError("no")])
def test_a_lasting_failure_is_not_tried_again(
    error: Exception, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Flaky, "failures", [error] * 9)
    with pytest.raises(landing.LandingError):
        landing.read_bytes(FOUND, Limits())
    assert (Flaky.reads, pauses) == (1, [])


def test_a_look_reads_only_what_was_touched(
    tmp_path: Path, run_pipeline: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = tmp_path / "inbox"
    (inbox / "below").mkdir(parents=True)
    story = "date 2026-03-02\n\nKenya accused Uganda on Monday of closing the border at Malaba.\n"
    files = [inbox / "a.txt", inbox / "below" / "b.txt"]
    for number, file in enumerate(files):
        file.write_text(story + f"Part {number}.\n", "utf-8")
    time.sleep(0.2)
    run_pipeline(tmp_path / "w.duckdb", [str(inbox)])
    options = settings(warehouse=tmp_path / "w.duckdb")
    read: list[str] = []
    real = landing.read_bytes

    def noted(found: landing.Found, limits: Limits) -> bytes:
        read.append(found.source_uri)
        return real(found, limits)

    monkeypatch.setattr(landing, "read_bytes", noted)
    assert new_files(options, [str(inbox)]) == 0 and read == []
    before = files[1].stat()
    files[1].write_text(files[1].read_text("utf-8").replace("Kenya", "Sudan"), "utf-8")
    os.utime(files[1], ns=(before.st_atime_ns, before.st_mtime_ns))  # as `cp --preserve` does
    assert new_files(options, [str(inbox)]) == 1 and read == [files[1].as_posix()]


def test_what_another_extractor_refused_is_new(
    tmp_path: Path, run_pipeline: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "undated.txt").write_text("The minister met his colleague in the capital.")
    time.sleep(0.2)
    run_pipeline(tmp_path / "w.duckdb", [tmp_path / "in"])
    options, paths = settings(warehouse=tmp_path / "w.duckdb"), [str(tmp_path / "in")]
    assert watch.look(options, paths).known == {"refused before": 1}
    monkeypatch.setattr(watch, "extractor", lambda _: Extractor("a later one"))
    assert watch.look(options, paths).new == 1
    assert watch.nothing_new(options, paths) is None


def test_a_run_that_broke_off_or_an_older_schema_is_no_nothing(
    tmp_path: Path, run_pipeline: Any
) -> None:
    """What a run has to put right is something new, also where every file is known."""
    file = tmp_path / "a.txt"
    file.write_text("date 2026-03-02\n\nKenya accused Uganda on Monday of closing the border.\n")
    run_pipeline(tmp_path / "w.duckdb", [file])
    options = settings(warehouse=tmp_path / "w.duckdb")
    found = watch.nothing_new(options, [str(file)])
    assert found is not None and found[0].known == {"unchanged": 1}
    newest = snapshots.latest(options.warehouse)
    assert newest is not None
    untold = "INSERT INTO alert_log VALUES ('w', 'e', 'webhook', 'r', now()::TIMESTAMP, NULL)"
    running, older = "UPDATE runs SET status = 'running'", "UPDATE schema_version SET views = 'x'"
    for change in (running, older, untold):
        kept = newest.read_bytes()
        with duckdb.connect(str(newest)) as con:
            con.execute(change)
        assert watch.nothing_new(options, [str(file)]) is None
        newest.write_bytes(kept)
    file.write_text(file.read_text() + "More.\n")
    assert watch.nothing_new(options, [str(file)]) is None


@pytest.mark.parametrize("held", [[], [".hidden"], ["sub/"]])
def test_an_empty_inbox_makes_no_warehouse(tmp_path: Path, held: list[str]) -> None:
    """The first run of a project, before anything is put there."""
    (tmp_path / "in" / "sub").mkdir(parents=True)
    for name in held:
        if not name.endswith("/"):
            (tmp_path / "in" / name).write_text("x")
    options = settings(warehouse=tmp_path / "w.duckdb")
    assert watch.nothing_new(options, [str(tmp_path / "in")]) == (watch.Look(), 0)
    done = CliRunner().invoke(
        app, ["run", str(tmp_path / "in"), "--warehouse", str(options.warehouse)]
    )
    assert (done.exit_code, done.stdout) == (0, f"nothing to read: no files in {tmp_path / 'in'}\n")
    assert not options.warehouse.exists()
    (tmp_path / "in" / "sub" / "a.txt").write_text("x")
    assert watch.nothing_new(options, [str(tmp_path / "in")]) is None


def test_a_file_that_cannot_be_read_is_told_each_time(tmp_path: Path, run_pipeline: Any) -> None:
    inbox = tmp_path / "in"
    inbox.mkdir()
    (inbox / "gone.txt").symlink_to(inbox / "nowhere")
    run_pipeline(tmp_path / "w.duckdb", [inbox])
    options = settings(warehouse=tmp_path / "w.duckdb")
    assert watch.nothing_new(options, [str(inbox)]) is None
    assert new_files(options, [str(inbox)]) == 0  # but it starts no scheduled run


def test_known_files_are_not_read_again_beside_new_ones(
    tmp_path: Path, run_pipeline: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = tmp_path / "in"
    inbox.mkdir()
    story = "date 2026-03-02\n\nKenya accused Uganda on Monday of closing the border. {}\n"
    for name in ("a", "b", "c"):
        (inbox / f"{name}.txt").write_text(story.format(name))
    time.sleep(0.2)
    run_pipeline(tmp_path / "w.duckdb", [inbox])
    (inbox / "d.txt").write_text(story.format("d"))
    (inbox / "c.txt").touch()
    read: list[str] = []
    real = landing.read_bytes

    def noted(found: landing.Found, limits: Limits) -> bytes:
        read.append(Path(found.source_uri).name)
        return real(found, limits)

    monkeypatch.setattr(landing, "read_bytes", noted)
    again = run_pipeline(tmp_path / "w.duckdb", [inbox])
    assert (read, again.articles) == (["c.txt", "d.txt"], 1)
    assert again.files == {"unchanged": 3, "loaded": 1} and again.unchanged == 3
    reader = open_reader(tmp_path / "w.duckdb")
    rows = reader.execute(
        "SELECT parse_filename(source_uri, true), status, format, article_count FROM files "
        "ORDER BY 1"
    ).fetchall()
    reader.close()
    assert rows == [("a", "loaded", "text", 1), ("b", "loaded", "text", 1),
                    ("c", "unchanged", "text", 1), ("d", "loaded", "text", 1)]  # fmt: skip


def test_what_is_new_is_looked_up_without_a_scan(
    tmp_path: Path, run_pipeline: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A column is scanned once a run; after that only what may be known asks the tables."""
    story = "date 2026-03-02\n\nKenya accused Uganda on Monday of closing the border. {}\n"
    for folder, names in (("old", "ab"), ("new", "cdefgh")):
        (tmp_path / folder).mkdir()
        for name in names:
            (tmp_path / folder / f"{name}.txt").write_text(story.format(name))
    run_pipeline(tmp_path / "w.duckdb", [tmp_path / "old"])
    asked: list[str] = []
    real = Ledger.one

    def noted(self: Ledger, sql: str, values: Any) -> Any:
        asked.append(sql)
        return real(self, sql, values)

    monkeypatch.setattr(Ledger, "one", noted)
    assert run_pipeline(tmp_path / "w.duckdb", [tmp_path / "new"]).articles == 6
    assert asked == []
    (tmp_path / "old" / "a.txt").write_text(story.format("More."))
    assert run_pipeline(tmp_path / "w.duckdb", [tmp_path / "old"]).articles == 1
    assert asked


def test_what_dateline_keeps_beside_the_warehouse_is_no_article(tmp_path: Path) -> None:
    """`dateline run .` where the warehouse lies below that folder."""
    own = ["w.duckdb", "w.duckdb.wal", "w.snapshots/000001.duckdb", "w.serve.lock",
           "quality/20260102T030405-0a1b2c3d.html", "prefect-server.log"]  # fmt: skip
    others = ["inbox/a.txt", "quality/of-life.html", "v.duckdb", "w.txt"]
    for name in (*own, *others):
        path = tmp_path / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("date 2026-01-01 The minister met his colleague.")
    warehouse = tmp_path / "data" / "w.duckdb"

    def names(*paths: Path) -> list[str]:
        found = landing.find([str(path) for path in paths], warehouse=warehouse)
        return [os.path.relpath(landing.address(item), tmp_path / "data") for item in found]

    assert names(tmp_path) == sorted(others)
    assert names(warehouse) == ["w.duckdb"]  # named: refused, and said to be no text
    assert len(list(landing.find([str(tmp_path)]))) == len(own) + len(others)


@pytest.mark.parametrize("path", ["", " "])
def test_an_empty_path_is_not_this_folder(path: str) -> None:
    with pytest.raises(DatelineError, match="PATHS: an empty path"):
        landing.check([path])
