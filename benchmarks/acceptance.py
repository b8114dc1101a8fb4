"""The same articles in a file by processes here, and in a lake by Dask and two committers.

    python -m benchmarks.acceptance [--articles 200] [--workers 1,2,4] [--kill] [--folder /tmp/a]

PostgreSQL, an S3 server, Dask's scheduler and its workers are processes of this machine. The file
is written by one run with `LocalPool`; each lake, a database and a prefix of its own, by two runs
at once, a half of the files each. Printed are a digest of each table, and whether it is the file's,
and the CPU seconds of committers, scheduler and workers. With `--kill` a worker, the scheduler and
a committer, amid its second transaction, are killed once each; another committer does what that one
had still to do.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks import cluster as bench
from benchmarks.digests import total
from benchmarks.parses import ROOT
from benchmarks.stores import die_in_the_second_transaction
from tests.warehouse import lakes

COMMITTERS = 2
_BATCH = {"DATELINE_BATCH_SIZE": "32"}


def run(warehouse: str, paths: list[Path], variables: dict[str, str], *, kill: bool = False) -> Any:
    """A run in a process of its own; it prints its CPU seconds and those of its children."""
    line = [sys.executable, "-m", "benchmarks.acceptance", "--run", warehouse, *map(str, paths)]
    env = {**os.environ, **bench.THREADS, **_BATCH, **variables}
    env |= {"ACCEPTANCE_KILL": "1"} if kill else {}
    return subprocess.Popen(line, env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def _run(warehouse: str, paths: list[str]) -> None:
    from flows.resources.settings import settings
    from flows.run.files import Files
    from flows.run.pipeline import Pipeline

    if os.environ.get("ACCEPTANCE_KILL"):
        die_in_the_second_transaction()
    Pipeline(settings(warehouse=warehouse, wait=600), Files(paths)).whole()
    print(sum(usage.ru_utime + usage.ru_stime for usage in map(
        resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))))  # fmt: skip


def spent(process: Any) -> float:
    """The CPU seconds of a run that ended well."""
    said, _ = process.communicate()
    if process.returncode:
        raise SystemExit(f"a run ended with status {process.returncode}")
    return float(said.split()[-1])


def lake(
    place: Path, reach: str, workers: int, paths: list[Path], kill: bool
) -> tuple[str, float, list[str]]:
    """Fill a new lake. Returns its address, CPU seconds, and what was killed on the way."""
    name = f"w{workers}{'k' * kill}"
    subprocess.run(["psql", "-qc", f"CREATE DATABASE {name}", reach], check=True)
    address = f"ducklake:postgres:{reach.replace('dbname=news', f'dbname={name}')}"
    folder = place / name
    folder.mkdir()
    killed: list[str] = []
    with bench.cluster(folder, workers) as held:
        start = held.wait()
        given = {
            "DATELINE_CLUSTER": held.address, "DATELINE_EXCHANGE": str(folder / "exchange"),
            "DATELINE_LAKE_DATA": f"s3://news/{name}",
        }  # fmt: skip
        shares = [paths[number::COMMITTERS] for number in range(COMMITTERS)]
        first = run(address, shares[0], given, kill=kill)
        others = [run(address, share, given) for share in shares[1:]]
        if kill:
            killed += bench.disturb(held, folder / "exchange", others[0], (1, 2))
            first.wait()
            if first.returncode != -signal.SIGKILL:
                raise SystemExit(f"the first committer was not killed: {first.returncode}")
            killed.append("committer")
            first = run(address, shares[0], given)
        own = sum(spent(process) for process in (first, *others))
        return address, held.cpu() - start + own, killed


def main(given: Sequence[str] | None = None) -> int:
    """Prints a table; 1 when rows of one lake are not the file's."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=200)
    parser.add_argument("--workers", default="1,2,4")
    parser.add_argument("--kill", action="store_true")
    parser.add_argument("--folder", type=Path, help="whose file serves again")
    parser.add_argument("--run", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args(given)
    if options.run:
        _run(options.run[0], options.run[1:])
        return 0
    place = options.folder or Path(tempfile.mkdtemp(prefix="dateline-acceptance-"))
    raw, file = place / "raw", place / "file" / "w.duckdb"
    place.mkdir(parents=True, exist_ok=True)
    if not raw.exists():
        bench.write(raw, options.articles)
    paths = sorted(raw.iterdir())
    if not file.exists():
        file.parent.mkdir()
        used = spent(run(str(file), paths, {"DATELINE_PROCESSES": "2"}))
        print(f"file, LocalPool of 2: {used:.1f} CPU s", flush=True)
    wanted, differ = bench.rows(file), 0
    with ExitStack() as servers:
        reach = servers.enter_context(lakes.postgres())
        os.environ.update(servers.enter_context(lakes.s3()))
        for count in map(int, options.workers.split(",")):
            began = time.monotonic()
            folder = Path(servers.enter_context(tempfile.TemporaryDirectory(dir=place)))
            address, used, killed = lake(folder, reach, count, paths, options.kill)
            found = bench.rows(address)
            for name, digest in found.items():
                same = "" if digest == wanted.get(name) else f"  NOT THE FILE'S {wanted.get(name)}"
                print(f"    {name.removeprefix('table '):22} {digest}{same}")
            differ += found != wanted
            print(
                f"lake, Dask of {count}, {COMMITTERS} committers: {used:.1f} CPU s, "
                f"{time.monotonic() - began:.0f} s, {len(found)} tables {total(found)} (file "
                f"{total(wanted)}), killed: {', '.join(killed) or 'nothing'}",
                flush=True,
            )
    if not options.folder:
        shutil.rmtree(place)
    return int(differ > 0)


if __name__ == "__main__":
    sys.exit(main())
