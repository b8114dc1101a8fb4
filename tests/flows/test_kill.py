"""A killed process leaves a warehouse that the next run makes equal to an undisturbed one."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests import here
from tests.conftest import EXAMPLES, PATIENCE, ROOT, content
from tests.flows.test_serve import until
from warehouse import snapshots
from warehouse.store import open_reader

STORIES = ("zamfara-abduction.txt", "hanoi-dialogue-wire.txt", "hanoi-dialogue-cut-tail.txt")

_DIE = """
import os, signal, sys
from pathlib import Path
from flows.run import pipeline as module
from flows.run.files import Files
from flows.run.pipeline import Pipeline
from flows.resources.settings import settings
from tests import here
from warehouse import copies, loading, publisher

def die(*_args, **_options):
    os.kill(os.getpid(), signal.SIGKILL)

def at_call(number, function):
    calls = []
    def wrapper(*args, **options):
        calls.append(1)
        if len(calls) == number:
            die()
        return function(*args, **options)
    return wrapper

pwrite, copy, copied = os.pwrite, copies.copy, []

def half(file, data, place):
    if len(data) > 3 * 4096 or copies.copy is copy:  # the headers of a database are written first
        pwrite(file, data[: len(data) // 2], place)
        die()
    return pwrite(file, data, place)

def half_a_renewal(source, target, spare=None):
    if spare:
        os.pwrite = half
    return copy(source, target, spare)

finish = Pipeline.finish

def finish_with_half_a_copy(self, error=None):
    os.pwrite = half
    return finish(self, error)

if __name__ == "__main__":
    point = sys.argv[3]
    if point == "before the first batch":
        Pipeline.load = die
    elif point == "settling the second batch":
        module.settle = at_call(2, module.settle)
    elif point == "inside the second transaction":
        loading.write_run = at_call(3, loading.write_run)  # the first is that of the start
    elif point == "after the last commit":
        Pipeline.finish = die
    elif point == "copying the snapshot":
        Pipeline.finish = finish_with_half_a_copy
    elif point == "renewing a snapshot":
        copies.copy, publisher._SHARE = half_a_renewal, 0
    options = settings(
        warehouse=sys.argv[1], processes=1, batch_size=2, keep_snapshots=2, publish_every=0.001
    )
    here.recall(sys.argv[4])
    with here.in_this_process():
        pipeline = Pipeline(options, Files([sys.argv[2]]))
        for batch in pipeline.batches():
            pipeline.load(batch)
        pipeline.finish()
"""
POINTS = {  # point → articles that are in the warehouse when the process is dead
    "before the first batch": 0,
    "settling the second batch": 2,
    "inside the second transaction": 2,
    "after the last commit": 3,
    "renewing a snapshot": 3,
    "copying the snapshot": 3,
}


@pytest.fixture(scope="module")
def stories(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stories")
    for name in STORIES:
        shutil.copy(EXAMPLES / name, folder)
    return folder


@pytest.fixture(scope="module")
def undisturbed(
    stories: Path, tmp_path_factory: pytest.TempPathFactory, run_pipeline: Any
) -> dict[str, list[Any]]:
    path = tmp_path_factory.mktemp("undisturbed") / "w.duckdb"
    run_pipeline(path, [stories], batch_size=2)
    return content(path)


@pytest.fixture(scope="module")
def read(undisturbed: dict[str, list[Any]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What was read and looked at for it, which those that are killed need not do again."""
    path = tmp_path_factory.mktemp("read") / "read.pickle"
    here.write_down(path)
    return path


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, prefect_home: Callable[[Path], Path]) -> Path:
    return prefect_home(tmp_path_factory.mktemp("kill") / "home")


def start(*args: object, **environment: str) -> subprocess.Popen[str]:
    """A process that knows no server, whichever one other tests of this session talk to."""
    outside = {name: value for name, value in os.environ.items() if name != "PREFECT_API_URL"}
    return subprocess.Popen(
        [sys.executable, *map(str, args)],
        cwd=ROOT,
        env={**outside, "PYTHONPATH": str(ROOT), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def count(warehouse: Path, sql: str) -> Any:
    reader = open_reader(warehouse)
    try:
        return reader.execute(sql).fetchall()
    finally:
        reader.close()


@pytest.mark.parametrize("point", POINTS)
def test_the_writing_process_is_killed(
    point: str, stories: Path, undisturbed: dict[str, list[Any]], read: Path, tmp_path: Path,
    run_pipeline: Any,
) -> None:  # fmt: skip
    script, path = tmp_path / "die.py", tmp_path / "w.duckdb"
    script.write_text(_DIE)
    process = start(script, path, stories, point, read)
    _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == -signal.SIGKILL, err
    assert count(path, "SELECT count(*) FROM articles") == [(POINTS[point],)]
    assert count(path, "SELECT status FROM runs") in ([("running",)], [("completed",)])
    run_pipeline(path, [stories])
    loaded = point == "copying the snapshot"  # then its run had ended, its files are unchanged
    wanted = {**undisturbed, "files": []} if loaded else undisturbed
    assert {**content(path), **({"files": []} if loaded else {})} == wanted
    last = count(path, "SELECT status FROM runs ORDER BY started_at")
    assert last == [("completed" if loaded else "crashed",), ("completed",)]
    newest = snapshots.latest(path)
    assert newest is not None and content(newest) == content(path)
    assert list(newest.parent.glob("*.part")) == []


def test_a_worker_process_is_killed(
    stories: Path, undisturbed: dict[str, list[Any]], tmp_path: Path
) -> None:
    from flows.resources.settings import settings
    from flows.run.files import Files
    from flows.run.pipeline import Pipeline
    from flows.run.workers import LocalPool

    path = tmp_path / "w.duckdb"
    pipeline = Pipeline(settings(warehouse=path, processes=1, batch_size=1), Files([str(stories)]))
    assert isinstance(pipeline.pool, LocalPool)
    killed = 0
    for batch in pipeline.batches():
        pipeline.load(batch)
        if not killed:
            for worker in list(pipeline.pool.executor._processes.values()):
                assert worker.pid is not None
                os.kill(worker.pid, signal.SIGKILL)
                killed += 1
    assert pipeline.finish().status == "completed"
    assert killed == 1
    assert content(path) == undisturbed


_SERVER_DIES = """
import sys
from pathlib import Path
from tests import here
from flows.commands import console
from flows.orchestration.server_process import ServerProcess
from flows.run.files import Files
from flows.run.pipeline import Pipeline
from flows.resources.settings import settings

servers = []
begin, load = ServerProcess.__init__, Pipeline.load

def remember(self, *args, **options):
    begin(self, *args, **options)
    servers.append(self)

def load_then_kill(self, batch):
    done = load(self, batch)
    if batch.number == 1:
        servers[0].process.kill()
    return done

if __name__ == "__main__":
    ServerProcess.__init__, Pipeline.load = remember, load_then_kill
    options = settings(warehouse=sys.argv[1], processes=1, batch_size=2)
    here.recall(sys.argv[3])
    with here.in_this_process():
        console.run_from_console(options, [sys.argv[2]], False)
"""


def test_the_server_is_killed(
    stories: Path, undisturbed: dict[str, list[Any]], read: Path, tmp_path: Path, home: Path
) -> None:
    """Another one takes over; the run does not notice, and the last one knows how it ended."""
    script, path = tmp_path / "die.py", tmp_path / "w.duckdb"
    script.write_text(_SERVER_DIES)
    process = start(script, path, stories, read, PREFECT_HOME=str(home))
    _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, err
    assert content(path) == undisturbed
    con = sqlite3.connect(home / "prefect.db")
    states = con.execute("SELECT state_name FROM flow_run").fetchall()
    con.close()
    assert states == [("Completed",)]


_HOLD = """
import time
from flows.orchestration import local_server
with local_server.api():
    print(local_server.serving[0], flush=True)
    time.sleep(3600)
"""


def test_a_local_server_ends_with_its_killed_parent(home: Path) -> None:
    process = start("-c", _HOLD, PREFECT_HOME=str(home))
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        with urllib.request.urlopen(f"{address}/health", timeout=PATIENCE) as answer:
            assert answer.status == 200
    finally:
        process.kill()
        process.wait()
    assert until(lambda: not answers(address), PATIENCE)


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/health", timeout=5):
            return True
    except OSError:
        return False
