"""What a run asks of its workers, by processes here; and the files between a run and a cluster."""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from flows.resources.settings import settings
from flows.resources.version import Extractor
from flows.run import cluster, landing, station, workers
from flows.run.exchange import Exchange
from flows.run.landing import Found
from flows.run.pool import WorkerLost
from tests.conftest import EXAMPLES
from transforms.readers import Limits
from warehouse.errors import DatelineError

DAY = dt.date(2026, 3, 6)


def once(mark: str) -> str:
    """Ends its process at the first call."""
    path = Path(mark)
    if not path.exists():
        path.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "done"


def never() -> None:
    """Ends its process at each call."""
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture(scope="module")
def pool() -> Iterator[workers.LocalPool]:
    held = workers.LocalPool(1, ("", Extractor(""), 0))  # no model: it has nothing to parse
    yield held
    held.close()


def test_a_pool_gives_values_errors_and_what_a_lost_worker_had(
    pool: workers.LocalPool, tmp_path: Path
) -> None:
    assert pool.slots == 1
    jobs = [pool.submit(pow, 2, power) for power in range(5)]
    assert [job.result() for job in jobs] == [1, 2, 4, 8, 16]
    with pytest.raises(ZeroDivisionError):
        pool.submit(divmod, 1, 0).result()
    assert pool.submit(once, str(tmp_path / "mark")).result() == "done"
    with pytest.raises(WorkerLost):
        pool.submit(never, attempts=1).result()
    assert pool.submit(pow, 3, 2).result() == 9


@pytest.fixture(params=["folder", "object store"])
def exchange(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Exchange]:
    held = Exchange(
        str(tmp_path / "run") if request.param == "folder" else f"memory://{tmp_path}/run"
    )
    held.make()
    yield held
    held.remove()


def read(names: list[str]) -> list[workers.FileRead]:
    """Files of the examples, read."""
    tasks = []
    for name in names:
        data = (EXAMPLES / name).read_bytes()
        tasks.append(workers.ReadTask(Found(f"/in/{name}", len(data)), data, len(data)))
    tasks.append(workers.ReadTask(Found("/in/no\udcff", 3), b"\0\1\2", 3))
    return workers.read_files(tasks, DAY, Limits())


def test_what_was_read_is_the_same_behind_the_exchange(exchange: Exchange) -> None:
    wanted = read(sorted(path.name for path in EXAMPLES.iterdir() if path.is_file()))
    assert sum(len(file.articles) for file in wanted) > 10
    assert sum(len(file.errors) for file in wanted) > 1
    exchange.answer("1", wanted)
    assert exchange.answered("1") == wanted
    exchange.answer("2", [])
    assert exchange.answered("2") == []


def test_what_was_extracted_is_the_same_behind_the_exchange(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    from transforms.nlp.parsing.language import DEFAULT_MODEL

    held = {"model": DEFAULT_MODEL, "extractor": Extractor("x"), "max_chars": 10_000}
    monkeypatch.setattr(workers, "_state", {**workers._state, **held})
    (file, *_) = read(["hanoi-dialogue-wire.txt"])
    foreign = dataclasses.replace(file.articles[0], article_id="other", language="fr")
    wanted = workers.extract([*file.articles, foreign])
    wanted.errors.append(("broken", 'ValueError: "ä" (x.py:1)'))
    assert wanted.frames["event_mentions"].height and wanted.frames["places"].height
    assert wanted.unread == Counter({"language fr": 1})
    exchange.answer("1", wanted)
    found = exchange.answered("1")
    assert (found.errors, found.words, found.unread) == (wanted.errors, wanted.words, wanted.unread)
    assert list(found.frames) == list(wanted.frames)
    for name, rows in wanted.frames.items():
        assert_frame_equal(found.frames[name], rows)


def test_an_answer_is_whole_or_none(exchange: Exchange) -> None:
    exchange.answer("1", read(["hanoi-dialogue-wire.txt"]))
    assert exchange.is_answered("1")
    exchange.remove("1/answer.json")
    assert not exchange.is_answered("1")
    assert exchange.runs() == ["1"]
    exchange.remove("1", "2")
    assert exchange.runs() == []


def test_only_what_the_run_wrote_is_unpickled(exchange: Exchange) -> None:
    sha = exchange.ask("1", (1, "two"))
    assert exchange.asked("1", sha) == (1, "two")
    exchange.ask("1", (1, "three"))
    with pytest.raises(DatelineError, match=r"1\.work: is not what the run wrote there"):
        exchange.asked("1", sha)


def test_a_late_answer_makes_no_folder_again(tmp_path: Path) -> None:
    exchange = Exchange(str(tmp_path / "run"))
    exchange.make()
    exchange.remove()
    with pytest.raises(FileNotFoundError):
        exchange.answer("1", [])
    assert not Path(exchange.folder).exists()


def test_what_killed_runs_left_is_deleted(tmp_path: Path) -> None:
    """But not what another run of the same exchange needs: of another warehouse, a rehearsal."""
    options = settings(warehouse=tmp_path / "w.duckdb", cluster="tcp://127.0.0.1:1")
    other = settings(warehouse=tmp_path / "v.duckdb", cluster="tcp://127.0.0.1:1")
    for chosen in (options, other):
        for run in (
            "20260301T000000-1",
            "rehearsal-20260301T000000-1",
            "rehearsal-99990101T000000-1",
        ):
            held = Exchange(f"{cluster._place(chosen)}/{run}")
            held.make()
            held.ask("000001", "text")
    cluster.sweep(options)
    kept = sorted(path.parent.name for path in (tmp_path / "exchange").glob("w-*/*/000001.work"))
    assert kept == ["rehearsal-99990101T000000-1"]
    assert len(list((tmp_path / "exchange").glob("v-*/*/000001.work"))) == 3
    found = landing.find([str(tmp_path)], warehouse=options.warehouse)
    assert not [item for item in found if "/w-" in landing.address(item)]


def length(texts: list[str], marks: str) -> workers.Extracted:
    """A call that leaves a mark."""
    with Path(marks).open("a") as file:
        file.write("called\n")
    return workers.Extracted({}, [], sum(map(len, texts)))


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """This process, as if it were a worker of a cluster."""

    class Held:
        @contextmanager
        def pool(self, *_: Any) -> Iterator[Any]:
            yield Held()

        def submit(self, call: Any, *args: Any, attempts: int) -> Any:
            value = call(*args)
            return type("Done", (), {"result": lambda self: value})()

    monkeypatch.setattr(station, "_station", Held)
    monkeypatch.setattr(station, "_here", lambda: "tcp://10.0.0.7:4000")
    monkeypatch.setattr(station, "versions", lambda model: {"Python": "3.12", "code": "1f"})


def test_a_task_that_is_given_twice_is_done_once(
    worker: None, exchange: Exchange, tmp_path: Path
) -> None:
    marks = tmp_path / "marks"
    work = exchange.ask("000001", (["four", "five!"], str(marks)))
    setup = exchange.ask("setup", ())
    task = station.Task(exchange.folder, "000001", length, setup, work, 3, "en", {"code": "1f"})
    for _ in range(2):
        assert station.perform(task) == f"{exchange.folder}/000001"
    assert exchange.answered("000001").words == 9
    assert marks.read_text() == "called\n"


def test_a_worker_of_another_version_refuses(worker: None, exchange: Exchange) -> None:
    task = station.Task(exchange.folder, "1", length, "", "", 3, "en", {"code": "2e"})
    with pytest.raises(DatelineError) as refused:
        station.perform(task)
    assert str(refused.value) == (
        "tcp://10.0.0.7:4000: has code 1f, the run 2e; "
        "all machines need the same Dateline, packages and Python"
    )


def test_a_changed_file_of_code_or_model_is_another_version(tmp_path: Path) -> None:
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "a.py").write_text("x = 1\n")
    before = station._digest(tmp_path)
    (tmp_path / "__pycache__" / "a.pyc").write_text("made")
    assert station._digest(tmp_path) == before
    (tmp_path / "a.py").write_text("x = 2\n")
    assert station._digest(tmp_path) != before


def test_a_cluster_without_its_extra_is_told_in_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> Any:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(cluster, "import_module", missing)
    options = settings(warehouse=tmp_path / "w.duckdb", cluster="tcp://127.0.0.1:1")
    with pytest.raises(DatelineError, match=r"DATELINE_CLUSTER: .*dateline\[cluster\]"):
        cluster.open_pool(options, Extractor("x"), (), "run")
    assert not (tmp_path / "exchange").exists()


def test_without_a_cluster_a_run_knows_no_dask_and_no_exchange(tmp_path: Path) -> None:
    options = settings(warehouse=tmp_path / "w.duckdb", processes=3)
    cluster.sweep(options)
    held = cluster.open_pool(options, Extractor("x"), (), "run")
    assert isinstance(held, workers.LocalPool) and held.slots == 3
    held.close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["scheduler:8786", "here", "ten machines"])
def test_what_is_no_address_of_a_cluster_is_refused(name: str) -> None:
    with pytest.raises(DatelineError, match=r"DATELINE_CLUSTER: .* is no address like tcp://"):
        settings(cluster=name)


def test_rows_of_one_article_need_no_file_for_an_empty_table(exchange: Exchange) -> None:
    exchange.answer("1", workers.Extracted({"places": pl.DataFrame()}, [], 0))
    held = exchange.fs.ls(f"{exchange.root}/1", detail=False)
    assert [Path(path).name for path in held] == ["answer.json"]


def test_workers_alone_learn_how_many_threads_they_have(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of this process, which other threads copy meanwhile, is not touched."""
    monkeypatch.delenv("MKL_NUM_THREADS", raising=False)
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    asked = [sys.executable, "-c", "import os; print(os.environ.get('MKL_NUM_THREADS'), "
             "os.environ.get('OMP_NUM_THREADS'))"]  # fmt: skip
    before = dict(os.environ)
    with workers.one_thread():
        assert dict(os.environ) == before
        assert subprocess.check_output(asked, text=True) == "1 1\n"
    assert subprocess.check_output(asked, text=True) == "None 7\n"
