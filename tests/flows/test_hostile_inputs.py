"""One file must never stop a run: each of these once hung one, ended one, or took others along."""

from __future__ import annotations

import io
import json
import logging
import os
import socket
import tarfile
import time
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from flows.run import budget, workers
from flows.run.landing import Found, find, read_bytes
from transforms.articles import make_article
from transforms.readers import Limits, OverBudget, ReadError
from transforms.readers.fields import article

STORY = "date 2026-01-01\n\n{} recalled its ambassador to Haiti on Monday, the ministry said.\n"


def tar_of(name: bytes, data: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as archive:
        info = tarfile.TarInfo(name.decode("utf-8", "surrogateescape"))
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


# File → the byte with a flipped bit, what it then does to polars, the rule it is refused by.
FLIPPED = {
    "header.parquet": (5, "bad-parquet"),  # an error
    "panic.parquet": (139, "bad-parquet"),  # a PanicException, which is no Exception
    "abort.parquet": (248, "reader-crash"),  # 2 EB asked for: the process ends
    "footer.parquet": (-5, "bad-parquet"),  # an error
}


def parquet_of(state: str) -> bytes:
    row = {"title": f"Envoys of {state}", "date": "2026-01-01", "text": STORY.format(state)[17:]}
    out = io.BytesIO()
    pl.DataFrame([{"id": f"p-{number}", **row} for number in range(20)]).write_parquet(out)
    return out.getvalue()


def flipped(data: bytes, at: int) -> bytes:
    """The bytes with one bit of byte `at` turned."""
    held = bytearray(data)
    at %= len(data)
    held[at] ^= 1 << (at % 8)
    return bytes(held)


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory, run_pipeline: Any) -> dict[str, Any]:
    """A folder of such things and three good files, run once: what became of each file."""
    folder = tmp_path_factory.mktemp("hostile")
    inbox = folder / "inbox"
    inbox.mkdir()
    os.mkfifo(inbox / "pipe.txt")
    server = socket.socket(socket.AF_UNIX)
    here = Path.cwd()
    os.chdir(inbox)  # the address of a socket may have 108 bytes only
    server.bind("socket.txt")
    os.chdir(here)
    (inbox / "endless.txt").symlink_to("/dev/zero")
    (inbox / "loop.txt").symlink_to("loop.txt")
    (inbox / "gone.txt").symlink_to("nowhere")
    (inbox / "good.txt").write_text(STORY.format("Dominica"), "utf-8")
    (inbox / "member.tar").write_bytes(tar_of(b"caf\xe9.txt", STORY.format("Sudan").encode()))
    with open(os.fsencode(inbox) + b"/caf\xe9.txt", "wb") as stream:  # noqa: PTH123
        stream.write(STORY.format("Peru").encode())
    whole = parquet_of("Chad")
    (inbox / "whole.parquet").write_bytes(whole)
    for name, (at, _) in FLIPPED.items():
        (inbox / name).write_bytes(flipped(whole, at))
    # Workers of their own: some of these end the process that reads them.
    summary = run_pipeline(folder / "w.duckdb", [str(inbox)], processes=1)
    server.close()
    from warehouse.store import open_reader

    con = open_reader(folder / "w.duckdb")
    rows = con.execute(
        "SELECT f.source_uri, f.status, q.rule, f.article_count "
        "FROM files f LEFT JOIN quarantine q "
        "ON q.kind = 'file' AND (q.record->>'source_uri') = f.source_uri"
    ).fetchall()
    con.close()
    assert summary.status == "partial"
    return {Path(uri).name: (status, rule, count) for uri, status, rule, count in rows}


@pytest.mark.parametrize("name", ["pipe.txt", "socket.txt", "endless.txt"])
def test_what_is_no_file_is_named_and_not_opened(name: str, refused: dict[str, Any]) -> None:
    assert refused[name][:2] == ("quarantined", "not-a-file")


@pytest.mark.parametrize("name", ["loop.txt", "gone.txt"])
def test_links_to_nothing_are_refused(name: str, refused: dict[str, Any]) -> None:
    assert refused[name][:2] == ("quarantined", "unreadable")


@pytest.mark.parametrize("name", FLIPPED)
def test_a_flipped_bit_costs_its_parquet_file_alone(name: str, refused: dict[str, Any]) -> None:
    assert refused[name][:2] == ("quarantined", FLIPPED[name][1])


@pytest.mark.parametrize("name", ["good.txt", "caf\\xe9.txt", "member.tar"])
def test_the_others_are_loaded(name: str, refused: dict[str, Any]) -> None:
    assert refused[name] == ("loaded", None, 1)


def test_a_whole_parquet_file_beside_damaged_ones_is_loaded(refused: dict[str, Any]) -> None:
    assert refused["whole.parquet"] == ("loaded", None, 20)


def test_a_file_that_is_a_pipe_by_now_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    with pytest.raises(Exception, match="a named pipe"):
        read_bytes(Found(str(tmp_path / "a.txt"), 10), Limits())


def test_a_file_that_grows_beyond_the_limit_is_too_large(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"a" * 2000)
    with pytest.raises(Exception, match="more than") as caught:
        read_bytes(Found(str(tmp_path / "a.txt"), 10), Limits(max_file_bytes=1000))
    assert caught.value.rule == "too-large"  # type: ignore[attr-defined]


def test_a_name_that_is_no_utf8_is_found_again(tmp_path: Path) -> None:
    with open(os.fsencode(tmp_path) + b"/\xff.txt", "wb") as stream:  # noqa: PTH123
        stream.write(b"x")
    (found,) = find([str(tmp_path)])
    assert isinstance(found, Found) and found.source_uri.endswith("\\xff.txt")
    (again,) = find([found.source_uri])
    assert again == found


# Bounds of a worker


def test_time_is_bounded_where_a_library_swallows_errors() -> None:
    began = time.process_time()
    with pytest.raises(OverBudget, match="seconds"), budget.within(0.3, 2**30):
        while True:
            try:
                sum(range(10**5))
            except Exception:
                continue
    assert time.process_time() - began < 5


def test_no_lock_of_a_log_is_kept() -> None:
    """An error raised within `logging` left its lock taken: other threads waited for ever."""
    heard = []

    class Slow(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            end = time.process_time() + 0.4
            while time.process_time() < end:
                pass
            heard.append(record.getMessage())

    log = logging.Logger("of a test")
    log.addHandler(Slow())
    with pytest.raises(OverBudget, match="seconds"), budget.within(0.1, 2**30):
        log.warning("said")
        while True:
            pass
    assert heard == ["said"]


def test_memory_is_bounded() -> None:
    with pytest.raises(OverBudget, match="memory"), budget.within(60, 64 * 2**20):
        list(range(2**26))
    assert len(bytearray(100 * 2**20)) > 0  # and free again


def test_a_file_over_its_budget_costs_its_neighbours_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import datetime as dt

    def slow(*_: Any, **__: Any) -> Any:
        while True:
            pass

    monkeypatch.setattr(workers, "_BOUNDS", budget.Bounds(seconds=0.3))
    monkeypatch.setattr(
        "flows.run.workers.make_article",
        lambda raw, **options: slow() if "Chad" in raw.text else make_article(raw, **options),
    )
    tasks = []
    for state in ("Mali", "Chad", "Niger"):
        data = STORY.format(state).encode()
        tasks.append(workers.ReadTask(Found(f"{state}.txt", len(data)), data, len(data)))
    one, two, three = workers.read_files(tasks, dt.date(2026, 11, 30), Limits())
    assert [len(result.articles) for result in (one, two, three)] == [1, 0, 1]
    assert [error.rule for error in two.errors] == ["over-budget"]


class _Panic(BaseException):
    """As polars' PanicException: no Exception."""


def test_a_panic_costs_one_record(monkeypatch: pytest.MonkeyPatch) -> None:
    from transforms.readers import read

    lines = [json.dumps({"title": f"{n}", "date": "2026-01-01", "text": "x"}) for n in range(3)]

    def panics(record: Any, number: Any, mapping: Any) -> Any:
        if number == "2":
            raise _Panic("called `Option::unwrap()` on a `None` value")
        return article(record, number, mapping)

    monkeypatch.setattr("transforms.readers.records.article", panics)
    found = list(read("\n".join(lines).encode(), "a.jsonl"))
    assert [isinstance(item, ReadError) for item in found] == [False, True, False]
    assert found[1].record == "2"


def test_a_large_file_is_read_in_a_process_of_its_own(tmp_path: Path) -> None:
    import datetime as dt

    path = tmp_path / "a.txt"
    path.write_text(STORY.format("Mali"), "utf-8")
    tasks = [workers.ReadTask(Found(str(path), 9), None, 9)]
    tasks.append(workers.ReadTask(Found(str(tmp_path / "gone.txt"), 9), None, 9))
    one, two = workers.read_alone(tasks, dt.date(2026, 11, 30), Limits())
    assert len(one.articles) == 1 and [error.rule for error in two.errors] == ["unreadable"]
