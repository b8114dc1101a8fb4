"""The same articles in a DuckDB file and in a lake: rows, processor seconds, ten analyst queries.

    python -m benchmarks.stores --lake ducklake:postgres:… --data s3://… [--inputs FOLDER]
        [--committers 2] [--kill] [--keep FOLDER]
    python -m benchmarks.stores --lake … --data … --rows WAREHOUSE

The articles are extracted once, into the file, and their batches kept. Committers, each a process,
then load these batches into the lake, which must be empty: each its share, in turns. With `--kill`
one of them ends amid its second transaction by a signal that it cannot catch, and what it had still
to do is done by a new one. Counted is the processor time of `Pipeline.load`, in all processes;
PostgreSQL's and the object store's are not.

With `--rows` nothing is extracted: the rows of a warehouse file (`benchmarks.synthetic`) are copied
into the lake, a file a table as after `maintain`, and the queries asked of both, with one thread
and with two.
"""

from __future__ import annotations

import argparse
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.analyst_queries import QUERIES, asked, measure
from benchmarks.digests import digest_of
from benchmarks.parses import ROOT
from flows.resources.settings import settings
from flows.run import pipeline as module
from flows.run.files import Files
from flows.run.pipeline import Pipeline
from warehouse import loading
from warehouse.dialects import quote
from warehouse.store import transaction
from warehouse.tables import CONTENT, PUBLIC, TABLES

BATCH = 32
_VOLATILE = {"run_id", "loaded_at", "seen_at"}
_KILLED_AT = 3  # time that a run writes its own row: at the start, in its first batch, its second


class Recorded:
    """Stands for a feed whose batches were made before."""

    paths = ("recorded",)

    def __init__(self, *_: Any, **__: Any) -> None:
        self.left_out, self.corrected, self.batch = Counter[str](), 0, self
        self.refused: set[str] = set()
        self.known = Counter[str]()
        self.number = 1

    @classmethod
    def of(cls, *_: Any, **__: Any) -> Recorded:
        """As of workers, of which there are none."""
        return cls()

    def stop(self) -> None:
        """Nothing runs."""

    close = stop


def record(path: Path, inputs: str, kept: Path) -> float:
    """Extract the inputs into a file and keep the batches. Returns processor seconds of loading."""
    pipeline = Pipeline(settings(warehouse=path, batch_size=BATCH), Files([inputs]))
    held, spent = [], 0.0
    for batch in pipeline.batches():
        held.append(pickle.dumps(batch))
        spent += _load(pipeline, batch)
    pipeline.finish()
    kept.write_bytes(pickle.dumps(held))
    return spent


def commit(address: str, data: str, kept: Path, share: int, of: int, kill: bool) -> float:
    """Load every `of`th batch, from the one numbered `share`. Returns processor seconds."""
    for name, stands in (("Feed", Recorded), ("open_pool", Recorded.of)):
        setattr(module, name, stands)
    if kill:
        die_in_the_second_transaction()
    options = settings(warehouse=address, lake_data=data, wait=600)
    pipeline = Pipeline(options, Recorded())  # type: ignore[arg-type]
    held = pickle.loads(kept.read_bytes())[share::of]
    spent = sum(_load(pipeline, pickle.loads(batch)) for batch in held)
    pipeline.finish()
    return spent


def _load(pipeline: Pipeline, batch: Any) -> float:
    used = time.process_time()
    pipeline.load(batch)
    return time.process_time() - used


def die_in_the_second_transaction() -> None:
    """End this process by a signal there, as nobody could foresee it."""
    write, calls = loading.write_run, []

    def write_run(*given: Any) -> None:
        calls.append(1)
        if len(calls) == _KILLED_AT:
            os.kill(os.getpid(), signal.SIGKILL)
        write(*given)

    setattr(loading, "write_run", write_run)  # noqa: B010  (mypy holds a function to its name)


def committers(args: argparse.Namespace, kept: Path) -> float:
    """Run them side by side; who is killed is followed by another. Returns processor seconds."""
    whole = [sys.executable, "-m", "benchmarks.stores", "--lake", args.lake, "--data", args.data]
    wanted = [
        [*whole, "--commit", str(kept), str(share), str(args.committers)]
        for share in range(args.committers)
    ]
    began = [
        subprocess.Popen([*line, *(["--kill"] if args.kill and not share else [])], cwd=ROOT,
                         stdout=subprocess.PIPE, text=True)
        for share, line in enumerate(wanted)
    ]  # fmt: skip
    spent = 0.0
    for process, line in zip(began, wanted, strict=True):
        said, _ = process.communicate()
        if process.returncode == -signal.SIGKILL:
            print("one committer was killed amid a transaction; another does its share")
            said = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        elif process.returncode:
            raise SystemExit(process.returncode)
        spent += float(said.split()[-1])
    return spent


def digests(con: Any) -> dict[str, tuple[int, str]]:
    """(rows, digest of them) of each public table of content, and of `files`."""
    return {
        name: digest_of(con, name, [c for c in TABLES[name].columns if c not in _VOLATILE])
        for name in (table.name for table in PUBLIC)
        if name in {*CONTENT, "files"}
    }


def compare(file: Any, lake: Any) -> bool:
    """Print digests and queries side by side. True when all rows are the same."""
    ours, theirs = digests(file), digests(lake)
    print(f"\n{'table':20} {'rows':>8}  {'file':16}  {'lake':16}")
    for name, (rows, digest) in ours.items():
        note = "" if theirs[name] == (rows, digest) else f"  NOT THE SAME, {theirs[name][0]} rows"
        print(f"{name:20} {rows:8,}  {digest}  {theirs[name][1]}{note}")
    time_queries(file, lake)
    return ours == theirs


def time_queries(file: Any, lake: Any) -> None:
    """Print what each query takes of a processor on both."""
    values = asked(file, 0)
    print(f"\n{'query':28} {'file, ms':>9} {'lake, ms':>9} {'times':>6}   processor, warm")
    totals = [0.0, 0.0]
    for name, sql in QUERIES.items():
        both = [measure(con, sql.format(**values))[1] for con in (file, lake)]
        totals = [total + spent for total, spent in zip(totals, both, strict=True)]
        print(f"{name:28} {both[0]:9.1f} {both[1]:9.1f} {both[1] / both[0]:6.2f}")
    print(f"{'all':28} {totals[0]:9.1f} {totals[1]:9.1f} {totals[1] / totals[0]:6.2f}")


def copy(rows: Path, address: str, data: str) -> None:
    """Put the rows of a file into a new lake, and time the queries on both."""
    store = settings(warehouse=address, lake_data=data).store
    con = store.writer(memory_limit="4GB")
    con.execute(f"ATTACH {quote(str(rows))} AS old (READ_ONLY)")
    with transaction(con):
        for name in TABLES.keys() - {"schema_version"}:
            con.execute(f'INSERT INTO "{name}" FROM old."{name}"')
    store.publish(con, keep=1)
    con.close()
    file, lake = settings(warehouse=rows).store.reader(), store.reader()
    for threads in (1, 2):
        print(f"\n{threads} threads")
        for reader in (file, lake):
            reader.execute(f"SET threads = {threads}")
        time_queries(file, lake)


def main(given: Sequence[str] | None = None) -> bool:
    """True when the lake has the rows of the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lake", required=True)
    parser.add_argument("--data", default="")
    parser.add_argument("--inputs", default=str(ROOT / "examples" / "articles"))
    parser.add_argument("--committers", type=int, default=1)
    parser.add_argument("--kill", action="store_true")
    parser.add_argument("--keep", type=Path, help="a folder whose batches serve again")
    parser.add_argument("--rows", type=Path, help="a warehouse file whose rows are copied")
    parser.add_argument("--commit", nargs=3, help=argparse.SUPPRESS)
    args = parser.parse_args(given)
    if args.commit:
        kept, share, of = args.commit
        print(commit(args.lake, args.data, Path(kept), int(share), int(of), args.kill))
        return True
    if args.rows:
        copy(args.rows, args.lake, args.data)
        return True
    with tempfile.TemporaryDirectory() as passing:
        folder = args.keep or Path(passing)
        folder.mkdir(parents=True, exist_ok=True)
        path, kept = folder / "file.duckdb", folder / "batches.pkl"
        if not kept.exists():
            print(f"file: {record(path, args.inputs, kept):.1f} s of loading")
        print(f"lake: {committers(args, kept):.1f} s of loading, {args.committers} committers")
        file = settings(warehouse=path).store.reader()
        lake = settings(warehouse=args.lake, lake_data=args.data).store.reader()
        return compare(file, lake)


if __name__ == "__main__":
    sys.exit(not main())
