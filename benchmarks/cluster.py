"""The same articles by processes of this machine and by a Dask cluster: rows, and CPU seconds.

    python -m benchmarks.cluster [--articles 200] [--workers 1,2,4] [--kill] [--folder /tmp/c]

Scheduler and workers, of one thread each, are processes of their own, started for each run and
started again when they end, as Compose does. Counted is the CPU of all of them and of the run, from
when the workers wait for work to the published snapshot, loading of the model in each worker
included; what it took to start them is told beside it. Efficiency is what as many processes of
`LocalPool` take, by that. `--kill` kills a worker and the scheduler once each on the way.

Texts are those of `training/corpus`, then of the gold sets where they are, 32 a file; beyond their
number (1,368 with these) halves of two are put together.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.digests import day_of, digests_of, total
from benchmarks.parses import ROOT, records

_TEXTS = ROOT / "training" / "corpus" / "texts"
_GOLD = ("dates", "entities", "event_identity", "places", "running")
_A_FILE = 32
_TICKS = os.sysconf("SC_CLK_TCK")
_CALM = {"DASK_CONFIG": str(ROOT / "docs" / "dask.yaml")}
THREADS = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS"), "1")


def articles(count: int) -> Iterator[dict[str, str]]:
    """Articles as records, the same ones each time: of all files in turn, then of the gold sets."""
    files = [path.read_text("utf-8").split("=== ")[1:] for path in sorted(_TEXTS.glob("*.txt"))]
    held = [
        _of_corpus(file[n]) for n in range(max(map(len, files))) for file in files if n < len(file)
    ]
    held += _of_gold({record["text"] for record in held})
    for number in range(count):
        record = held[number % len(held)]
        if turn := number // len(held):
            other = held[(number * 7 + turn) % len(held)]
            own, others = (one["text"].split("\n\n") for one in (record, other))
            text = "\n\n".join(own[: len(own) // 2 + 1] + others[len(others) // 2 :])
            record = record | {"text": text, "title": f"{record['title']}{' again' * turn}"}
        yield record | {"id": f"{record['id']}-{turn}"}


def _of_corpus(article: str) -> dict[str, str]:
    head, _, text = article.partition("\n\n")
    key, *fields = head.splitlines()
    found = dict(field.split(": ", 1) for field in fields)
    return {
        "id": key, "published": found["date"], "text": text.strip(),
        "source": found["source"], "title": found["title"],
    }  # fmt: skip


def _of_gold(met: set[str]) -> Iterator[dict[str, str]]:
    """Texts of the gold sets, where they are, that were not `met`."""
    for name in _GOLD:
        for number, record in enumerate(records(f"{name}_dev.jsonl")):
            if record["text"] not in met:
                met.add(record["text"])
                yield {
                    "id": f"{name}-{number}", "published": day_of(record).isoformat(),
                    "text": record["text"], "source": record.get("source") or name,
                    "title": record.get("title") or record["text"].split("\n")[0][:60],
                }  # fmt: skip


def write(folder: Path, count: int) -> None:
    """Some articles a file, as JSON lines."""
    folder.mkdir(parents=True)
    held = list(articles(count))
    for first in range(0, count, _A_FILE):
        lines = [json.dumps(record) for record in held[first : first + _A_FILE]]
        (folder / f"{first:06d}.jsonl").write_text("\n".join(lines), "utf-8")


class Cluster:
    """A scheduler and workers as processes, started again when they end."""

    def __init__(self, folder: Path, workers: int) -> None:
        self.folder = folder
        self.address = f"tcp://127.0.0.1:{_free_port()}"
        self.ended = 0.0  # CPU seconds of what is no more
        self.stopping = False
        quiet = ["--no-dashboard", "--host", "127.0.0.1"]
        at = ["--port", self.address.rsplit(":", 1)[-1]]
        commands = {"scheduler": ["scheduler", *at, *quiet]} | {
            f"worker-{n}": [
                "worker",
                self.address,
                "--nthreads",
                "1",
                "--memory-limit",
                "0",
                *quiet,
            ]
            for n in range(workers)
        }
        self.commands = commands
        self.processes = {name: self._start(name) for name in commands}
        self.keeper = threading.Thread(target=self._keep, daemon=True)
        self.keeper.start()

    def _start(self, name: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "dask", *self.commands[name]],
                env={**os.environ, **_CALM, **THREADS, "PYTHONPATH": str(ROOT)},
                cwd=self.folder, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def _keep(self) -> None:
        while not self.stopping:
            for name, process in self.processes.items():
                if process.poll() is not None and not self.stopping:
                    self.processes[name] = self._start(name)
            time.sleep(0.5)

    def kill(self, name: str) -> None:
        """At once, with all its children."""
        process = self.processes[name]
        self.ended += cpu(process.pid)
        os.killpg(process.pid, signal.SIGKILL)

    def cpu(self) -> float:
        """Seconds of a processor, of all there are and those that were killed."""
        return self.ended + sum(cpu(process.pid) for process in self.processes.values())

    def wait(self) -> float:
        """Until all workers are there. Returns the CPU seconds that took."""
        from distributed import Client

        with Client(self.address, timeout=120, set_as_default=False) as client:
            if workers := len(self.processes) - 1:
                client.wait_for_workers(workers, timeout=300)
        return self.cpu()

    def close(self) -> None:
        """End them all."""
        self.stopping = True
        self.keeper.join()
        for sign in (signal.SIGTERM, signal.SIGKILL):
            for process in reversed(self.processes.values()):
                if process.poll() is None:
                    os.killpg(process.pid, sign)
            for process in self.processes.values():
                try:
                    process.wait(15)
                except subprocess.TimeoutExpired:
                    continue


def _free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def cpu(pid: int) -> float:
    """CPU seconds of a process, of its children and of those that ended before them."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()
        children = [
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text("ascii").split()
        ]
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return sum(map(int, fields[11:15])) / _TICKS + sum(map(cpu, children))


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[Cluster]:
    """For the length of a `with`."""
    held = Cluster(folder, workers)
    try:
        yield held
    finally:
        held.close()


def run(warehouse: Path, folder: Path, **variables: str) -> subprocess.Popen[bytes]:
    """A run in a process of its own; it writes its CPU seconds beside the warehouse."""
    warehouse.parent.mkdir(parents=True, exist_ok=True)
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks.cluster", "--run", str(warehouse), str(folder)],
        env={**os.environ, **THREADS, **variables, "DATELINE_BATCH_SIZE": "64"}, cwd=ROOT,
    )  # fmt: skip


def _run(warehouse: Path, folder: Path) -> None:
    from flows.resources.settings import settings
    from flows.run.files import Files
    from flows.run.pipeline import Pipeline

    Pipeline(settings(warehouse=warehouse), Files([str(folder)])).whole()
    used = sum(
        usage.ru_utime + usage.ru_stime
        for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )
    warehouse.with_suffix(".cpu").write_text(str(used))


def disturb(
    held: Cluster,
    exchange: Path,
    process: subprocess.Popen[Any],
    numbers: tuple[int, int] = (4, 8),
) -> list[str]:
    """Kill a worker, later the scheduler, each in the midst of tasks: when those of these `numbers`
    were given. Returns what was killed."""
    killed = []
    for victim, number in zip(("worker-0", "scheduler"), numbers, strict=True):
        while process.poll() is None and not any(exchange.glob(f"*/*/{number:06d}.work")):
            time.sleep(0.02)
        if process.poll() is None:
            time.sleep(1)
            held.kill(victim)
            killed.append(victim)
    return killed


def rows(warehouse: Path | str) -> dict[str, str]:
    """Digests by table, but of `change_log`, which tells in what order batches were committed."""
    found = digests_of(Path(warehouse))
    return {name: digest for name, digest in found.items() if name != "table change_log"}


def main() -> int:
    """Prints a row a run; 1 when the rows of one differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=200)
    parser.add_argument("--workers", default="1,2,4")
    parser.add_argument("--local", default="", help="processes of LocalPool; those of --workers")
    parser.add_argument("--kill", action="store_true")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--run", nargs=2, type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        _run(*options.run)
        return 0
    place = options.folder or Path(tempfile.mkdtemp(prefix="dateline-cluster-"))
    place.mkdir(parents=True, exist_ok=True)
    workers = [int(count) for count in options.workers.split(",")]
    local = [int(count) for count in (options.local or options.workers).split(",")]
    write(place / "raw", options.articles)
    spent: dict[int, float] = {}
    wanted: dict[str, str] = {}
    differ = 0
    for count in local:
        warehouse = place / f"local-{count}" / "w.duckdb"
        began = time.monotonic()
        if run(warehouse, place / "raw", DATELINE_PROCESSES=str(count)).wait():
            return 1
        found = rows(warehouse)
        wanted = wanted or found
        differ += found != wanted
        spent[count] = float(warehouse.with_suffix(".cpu").read_text())
        print(f"LocalPool {count}: {spent[count]:.1f} CPU s, {time.monotonic() - began:.0f} s, "
              f"{len(found)} tables {total(found)}", flush=True)  # fmt: skip
    for count in workers:
        warehouse = place / f"dask-{count}" / "w.duckdb"
        warehouse.parent.mkdir(parents=True)
        began, killed = time.monotonic(), ""
        with cluster(warehouse.parent, count) as held:
            start = held.wait()
            process = run(warehouse, place / "raw", DATELINE_CLUSTER=held.address)
            if options.kill:
                killed = ", killed: " + " ".join(
                    disturb(held, warehouse.parent / "exchange", process)
                )
            if process.wait():
                return 1
            scheduler = cpu(held.processes["scheduler"].pid)
            own = float(warehouse.with_suffix(".cpu").read_text())
            used = held.cpu() - start + own
        found = rows(warehouse)
        differ += found != wanted
        for table in found:
            if found[table] != wanted[table]:
                print(f"  {table}: {found[table]}, LocalPool {wanted[table]}")
        share = f", efficiency {spent[count] / used:.2f}" if count in spent else ""
        print(f"Dask {count}: {used:.1f} CPU s{share}, {time.monotonic() - began:.0f} s, "
              f"{len(found)} tables {total(found)}{killed}; run {own:.1f}, scheduler and its start "
              f"{scheduler:.1f}, start of all {start:.1f}", flush=True)  # fmt: skip
    if not options.folder:
        shutil.rmtree(place)
    return int(differ > 0)


if __name__ == "__main__":
    sys.exit(main())
