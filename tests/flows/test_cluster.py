"""The same rows by Dask: scheduler and workers are processes of this machine.

Some ten minutes of a processor, and the extra `cluster`, so it runs only when asked:

    DATELINE_TEST_CLUSTER=1 python -m pytest tests/flows/test_cluster.py
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks import cluster as bench
from benchmarks.digests import digests_of
from flows.resources.settings import Settings, settings
from flows.resources.version import Extractor
from flows.run import cluster, station, workers
from flows.run.pool import WorkerLost
from tests.flows.test_pool import length, never
from transforms.nlp.parsing.language import DEFAULT_MODEL
from warehouse.errors import DatelineError

pytestmark = pytest.mark.skipif(not os.environ.get("DATELINE_TEST_CLUSTER"), reason="when asked")
pytest.importorskip("distributed")

ARTICLES = 200


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cluster")


@pytest.fixture(scope="module")
def running(folder: Path) -> Iterator[bench.Cluster]:
    """One worker that waits for work."""
    (folder / "running").mkdir()
    with bench.cluster(folder / "running", 1) as held:
        held.wait()
        yield held


@pytest.fixture
def options(running: bench.Cluster, tmp_path: Path) -> Settings:
    return settings(warehouse=tmp_path / "w.duckdb", cluster=running.address)


@pytest.fixture(scope="module")
def wanted(folder: Path) -> dict[str, str]:
    """What processes of this machine make of the articles."""
    bench.write(folder / "raw", ARTICLES)
    assert (
        bench.run(folder / "local" / "w.duckdb", folder / "raw", DATELINE_PROCESSES="2").wait() == 0
    )
    found = digests_of(folder / "local" / "w.duckdb")
    assert found["table articles"].startswith(f"{ARTICLES} rows")
    return found


def wait(mark: str) -> workers.Extracted:
    """Takes for ever at the first call."""
    path = Path(mark)
    if not path.exists():
        path.touch()
        time.sleep(3600)
    return workers.Extracted({}, [], 1)


def start(options: Settings) -> cluster.DaskPool:
    made = cluster.open_pool(options, Extractor("x"), (), "run")
    assert isinstance(made, cluster.DaskPool)
    return made


def test_a_cluster_does_what_a_pool_does(options: Settings, tmp_path: Path) -> None:
    pool = start(options)
    try:
        assert pool.slots == 1
        jobs = [pool.submit(length, ["x" * n], str(tmp_path / "marks")) for n in range(3)]
        assert [job.result().words for job in jobs] == [0, 1, 2]
        with pytest.raises(TypeError):
            pool.submit(length, 1, 2).result()
        with pytest.raises(WorkerLost):
            pool.submit(never, attempts=2).result()
    finally:
        pool.close()
    assert list((tmp_path / "exchange").glob("*/*")) == []


def test_a_lost_scheduler_is_waited_for(
    running: bench.Cluster, options: Settings, tmp_path: Path
) -> None:
    """Its workers end, also in the midst of a task, and are started again by whoever keeps them."""
    pool = start(options)
    try:
        assert pool.submit(length, ["one"], str(tmp_path / "marks")).result().words == 3
        hanging = pool.submit(wait, str(tmp_path / "go"))
        while not (tmp_path / "go").exists():
            time.sleep(0.1)
        running.kill("scheduler")
        later = pool.submit(length, ["seven"], str(tmp_path / "marks"))
        assert (hanging.result().words, later.result().words) == (1, 5)
    finally:
        pool.close()


@pytest.mark.parametrize("name", ["code", "model", "Python", "polars"])
def test_another_version_is_refused_at_the_start(
    name: str, options: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = station.versions(DEFAULT_MODEL)
    monkeypatch.setattr(station, "versions", lambda _: {**real, name: "0"})
    with pytest.raises(DatelineError, match=rf"^tcp://\S+: has {name} \S+, the run 0; [^\n]*$"):
        start(options)


def test_no_scheduler_and_no_worker_are_told_in_a_line(
    options: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_FIRST", 2)
    monkeypatch.setattr(cluster, "_ANSWER", 1)
    nobody = options.model_copy(update={"cluster": "tcp://127.0.0.1:9"})
    with pytest.raises(DatelineError, match=r"^tcp://127.0.0.1:9: no scheduler answers[^\n]*$"):
        start(nobody)
    with bench.cluster(tmp_path, 0) as held:
        held.wait()
        idle = options.model_copy(update={"cluster": held.address})
        monkeypatch.setattr(cluster, "_ANSWER", 30)
        with pytest.raises(DatelineError, match=r"^tcp://\S+: no worker there within 2 seconds$"):
            start(idle)


def test_an_exchange_that_a_worker_does_not_see_is_told_in_a_line(
    options: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_place", lambda _: "memory://of-this-process")
    with pytest.raises(DatelineError, match=r"^tcp://\S+: does not see memory://[^\n]*EXCHANGE"):
        start(options)


def disturbed(folder: Path, count: int, *, kill: bool = False) -> tuple[dict[str, str], list[str]]:
    """Digests of a run by so many workers, and what was killed on the way."""
    warehouse = folder / f"dask-{count}-{kill}" / "w.duckdb"
    warehouse.parent.mkdir()
    with bench.cluster(warehouse.parent, count) as held:
        process = bench.run(warehouse, folder / "raw", DATELINE_CLUSTER=held.address)
        exchange = warehouse.parent / "exchange"
        killed = bench.disturb(held, exchange, process) if kill else []
        assert process.wait() == 0
    assert list(exchange.glob("*/*")) == []
    return digests_of(warehouse), killed


@pytest.mark.parametrize("count", [1, 2, 4])
def test_the_rows_are_those_of_one_machine(
    count: int, wanted: dict[str, str], folder: Path
) -> None:
    assert disturbed(folder, count)[0] == wanted


def test_a_killed_worker_and_scheduler_cost_time_alone(
    wanted: dict[str, str], folder: Path
) -> None:
    found, killed = disturbed(folder, 2, kill=True)
    assert killed == ["worker-0", "scheduler"]
    assert found == wanted


def test_a_cluster_of_this_machine(wanted: dict[str, Any], folder: Path) -> None:
    warehouse = folder / "here" / "w.duckdb"
    named = {"DATELINE_CLUSTER": "local", "DATELINE_PROCESSES": "2"}
    assert bench.run(warehouse, folder / "raw", **named).wait() == 0
    assert digests_of(warehouse) == wanted
