"""What one batch costs in a small warehouse and in a large one: CPU seconds of the writer.

    python -m benchmarks.growth 1800 100000 250000 [--folder /tmp/growth] [--keep]

Warehouses are built by replication: some two hundred texts are read once by the real pipeline, and
their rows copied under ids of their own, each copy in a week of its own, with the block keys of
that week and its own bands. Countries and governments stay one entity in all copies, as they do in
the news; other entities grow as the number of texts to the power of .65. One batch of 256 other
texts, all of one week, is then loaded with default settings; what the workers made of it is
recorded, so that only the writer is measured. `--week N` puts N of the articles in the batch's own
week. Texts are those of the gold files, where present, and the example articles.

December 2026, DuckDB 1.5.5, two cores without VNNI, quiet (another run of the same took a fifth
less, so read the ratio):

    CPU seconds of the writer        1,800   252,000
      clusters                        0.17      0.49
      entities                        0.15      0.22
      identify                        4.51      9.94
      events                          0.38      1.70
      check                           0.53      0.38
      load                            1.36      5.77
    batch                             7.96     19.46
    finish                            1.61      0.38
    publish, wall                     1.63      0.16
    peak MiB                           664       689

The tables that are kept with each load are counted over 252,000 articles in 506 CPU seconds, within
160 MB. What is left to save there: the blocks of reports (88 a report, 1.2 GB, read whole: 1.4 to
2.2 seconds), COMMIT with its checkpoint 1.3, texts looked for in whole columns some 2.5.
"""

from __future__ import annotations

import argparse
import json
import pickle
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

from benchmarks.parses import GOLD, ROOT, records
from flows.resources.settings import settings
from flows.run import pipeline as running
from flows.run.files import Files
from flows.run.workers import LocalPool, extract
from warehouse import filling, store
from warehouse.connection import value
from warehouse.migrations import fills
from warehouse.schema import Origin, Table
from warehouse.tables import TABLES

BATCH = 256
_WORDS = 80  # a text of fewer is a sentence out of one
_WEEKS = 1000  # copies are spread over so many, the batch's in the middle
_AT_ONCE = 10_000  # articles in one INSERT
_HEAPS = 0.65  # n copies hold n ** this times as many entities, as names grow with texts (Heaps)
_DAY = "2026-03-{:02d}"
# Columns that hold an id, of the copy's own; in `_SHARED` tables and of shared entities as it was.
_IDS = ("_id", "joins", "content_sha256", "sha256", "key")
_AS_THEY_ARE = ("place_id", "run_id", "flow_run_id", "kb_id", "quarantine_id")
_SHIFTED = ("published_at", "published_on", "date_start", "date_end", "first_reported_at",
            "last_reported_at", "observed_on", "day")  # fmt: skip


def texts() -> list[str]:
    """Distinct texts of some length, in an order that mixes their sources."""
    found: dict[str, None] = {}
    for name in ("running_dev.jsonl", "places_dev.jsonl", "entities_dev.jsonl", "dates_dev.jsonl"):
        for record in records(name) if GOLD.exists() else []:
            found[record["text"]] = None
    for path in sorted((ROOT / "examples" / "articles").glob("*.txt")):
        found[path.read_text("utf-8", "replace")] = None
    kept = [text for text in found if len(text.split()) >= _WORDS]
    return sorted(kept, key=lambda text: hash_of(text))


def hash_of(text: str) -> str:
    """The same on every machine."""
    import hashlib

    return hashlib.sha256(text.encode()).hexdigest()


def write(folder: Path, bodies: list[str], days: int) -> None:
    """One JSONL file with an article a line, spread over so many days of March 2026."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [
        json.dumps(
            {"id": f"growth-{hash_of(body)[:16]}", "source": f"Source {n % 7}",
             "title": f"Story {hash_of(body)[:8]}",
             "published_at": _DAY.format(9 + n % days), "text": body}
        )
        for n, body in enumerate(bodies)
    ]  # fmt: skip
    (folder / "part.jsonl").write_text("\n".join(lines), "utf-8")


class Recording(LocalPool):
    """Keeps what the workers made of each chunk."""

    made: ClassVar[dict[tuple[str, ...], Any]] = {}

    def submit(self, call: Any, *args: Any, **options: Any) -> Any:
        job = super().submit(call, *args, **options)
        if call is not extract:
            return job
        keys, result = tuple(a.content_sha256 for a in args[0]), job.result

        def noted() -> Any:
            self.made[keys] = result()
            return self.made[keys]

        job.result = noted  # type: ignore[method-assign]
        return job


class Recorded(Recording):
    """Gives what was kept; reads files in this process."""

    def submit(self, call: Any, *args: Any, **options: Any) -> Any:
        if call is extract:
            made = self.made[tuple(a.content_sha256 for a in args[0])]
            return _Done(pickle.loads(made))
        return _Done(call(*args))


class _Done:
    def __init__(self, made: Any) -> None:
        self.result = lambda: made


def load(warehouse: Path, folder: Path, pool: type[LocalPool]) -> dict[str, Any]:
    """One run as the command makes it, without Prefect. Returns CPU seconds by stage."""
    setattr(running, "open_pool", lambda *given: pool.of(*given[:3]))  # noqa: B010
    stages: dict[str, float] = {}
    began = time.process_time()
    options = settings(warehouse=warehouse, batch_size=BATCH)
    options = options.model_copy(update={"publish_every": 0})  # once, however busy the machine is
    pipe = running.Pipeline(options, Files([str(folder)]))
    pipe.gate._prepare()
    stages["start"] = time.process_time() - began
    began = time.process_time()
    batches = list(pipe.batches())
    stages["ledger and reading"] = time.process_time() - began
    began = time.process_time()
    with _timed(stages):
        for batch in batches:
            pipe.load(batch)
    stages["batch"] = time.process_time() - began
    began = time.process_time()
    summary = pipe.finish()
    stages["finish"] = time.process_time() - began
    stages["publish, wall"] = summary.stages["publish"]
    stages["peak MiB"] = _peak()
    stages["articles"] = summary.articles
    stages["refused"] = summary.refused
    return stages


def _peak() -> float:
    """MiB. Not `ru_maxrss`, which begins with what the process held that started this one."""
    found = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text("utf-8"))
    assert found is not None
    return int(found[1]) / 1024


@contextmanager
def _timed(stages: dict[str, float]) -> Iterator[None]:
    """CPU seconds of the steps of a batch, by name."""
    from flows.run import settle as settling
    from warehouse import loading

    steps = [(settling, "_versions"), (settling, "_clusters"), (settling, "identify"),
             (settling, "_entities"), (settling, "_events"), (loading, "load"),
             (running.Pipeline, "_check")]  # fmt: skip
    kept = [(owner, name, getattr(owner, name)) for owner, name in steps if hasattr(owner, name)]

    def timed(name: str, function: Any) -> Any:
        def call(*args: Any, **options: Any) -> Any:
            began = time.process_time()
            try:
                return function(*args, **options)
            finally:
                key = f"  {name.lstrip('_')}"
                stages[key] = stages.get(key, 0.0) + time.process_time() - began

        return call

    for owner, name, function in kept:
        setattr(owner, name, timed(name, function))
    try:
        yield
    finally:
        for owner, name, function in kept:
            setattr(owner, name, function)


def grow(con: Any, base: Path, articles: int, week: int) -> int:
    """Add copies of the rows of `base` until there are `articles`. Returns how many there are."""
    con.execute(f"ATTACH '{base}' AS base (READ_ONLY)")
    con.execute("SET checkpoint_threshold = '100GB'")  # rows go to whole row groups, not to the log
    con.execute(
        "CREATE TEMP TABLE shared AS SELECT entity_id FROM base.entities "
        "WHERE entity_type IN ('country', 'government') OR kb_id IS NOT NULL"
    )
    con.execute(  # in the batch's week in the order of the ids, for who joins whom goes by that
        "CREATE TEMP MACRO own(id, c, week) AS substr(concat(CASE WHEN week = 0 THEN "
        "substr(id, 1, 8) ELSE '' END, to_hex(hash(id, c)), id), 1, length(id))"
    )
    con.execute(
        f"CREATE TEMP MACRO own_entity(id, c) AS CASE WHEN id IN (FROM shared) THEN id "
        f"ELSE own(id, floor(c ** {_HEAPS})::BIGINT, 1) END"
    )
    con.execute(  # the upper half of a key is a digest of kind and week
        "CREATE TEMP MACRO own_block(b, week) AS CASE WHEN week = 0 THEN b ELSE "
        "xor(b, (hash(week) & 2147483647)::BIGINT << 32) END"
    )
    many = int(value(con, "SELECT count(*) FROM base.articles"))
    begun = int(value(con, "SELECT count(*) FROM articles")) // many
    copies = max(begun, -(-articles // many))
    here = week // many
    step = max(1, _AT_ONCE // many)
    for first in range(begun, copies, step):
        last = min(first + step, copies)
        for table in TABLES.values():
            if _copied(table):
                con.execute(_copy(table, first, last, copies, here))
        con.execute("CHECKPOINT")
    con.execute(
        "UPDATE entity_tallies SET mentions = mentions * $n // $m, articles = articles * $n // $m "
        "WHERE entity_id IN (FROM shared)", {"n": copies, "m": begun},
    )  # fmt: skip
    return copies * many


def refill(con: Any) -> None:
    """What a load keeps is counted over the copies, as a migration does it."""
    for name in fills():
        con.execute(f"DELETE FROM {name}")
        filling.fill(con, name)
        con.execute("CHECKPOINT")


def _copied(table: Table) -> bool:
    if table.name in ("files", "change_log", "article_versions"):
        return True
    if table.name in fills():
        return False
    return table.origin in (Origin.ARTICLE, Origin.ROLLUP)


def _copy(table: Table, first: int, last: int, copies: int, here: int) -> str:
    columns = ", ".join(_column(name) for name in table.columns)
    numbers = (
        f"SELECT c, CASE WHEN c <= {here} THEN 0 ELSE (c * 7) % {_WEEKS} - {_WEEKS // 2} END "
        f"AS week FROM range({first}, {last}) r(c)"
    )
    where = ""
    if table.name in ("entities", "entity_tallies"):  # what is shared is there already
        where = "WHERE entity_id NOT IN (FROM shared)"
        numbers = (
            f"SELECT first AS c, 1 AS week, times FROM (SELECT min(c) AS first, count(*) AS times "
            f"FROM range({copies}) r(c) GROUP BY floor(c ** {_HEAPS})) "
            f"WHERE first >= {first} AND first < {last}"
        )
    rows = f"({numbers}) n, base.{table.name} b {where}"
    return f"INSERT INTO {table.name} SELECT {columns} FROM {rows}"


def _column(name: str) -> str:
    if name == "blocks":
        return "list_transform(blocks, lambda x: own_block(x, week))"
    if name == "band":
        return "xor(band, (hash(c) & 1099511627775)::BIGINT)"
    if name in ("first_week", "last_week"):
        return f"CASE WHEN {name} > 0 THEN {name} + week ELSE {name} END"
    if name in ("mentions", "articles"):  # of `entity_tallies`
        return f"{name} * times"
    if name == "changed_at":  # copies are loaded one after another
        return f"{name} - INTERVAL (10000 - c) MINUTE"
    if name in _SHIFTED:
        return f"{name} + INTERVAL (week * 7) DAY"
    if name in _AS_THEY_ARE or not name.endswith(_IDS):
        return name if name not in ("source_uri", "url") else f"concat({name}, '?', c)"
    return f"own_entity({name}, c)" if name.endswith("entity_id") else f"own({name}, c, week)"


def build(folder: Path, articles: int, week: int) -> Path:
    """The warehouse of so many articles, made from that of the base or the largest smaller one."""
    path = folder / f"w{articles}" / "w.duckdb"
    part = path.with_suffix(".part")
    path.parent.mkdir(exist_ok=True)
    made = [item for item in folder.glob("w*/w.duckdb") if 0 < int(item.parent.name[1:]) < articles]
    base = folder / "base" / "w.duckdb"
    begin = max(made, key=lambda item: int(item.parent.name[1:]), default=base)
    shutil.copy(base if week else begin, part)
    con = store.open_writer(part, memory_limit="3GB", threads=2)
    count = grow(con, base, articles, week)
    con.close()
    options = settings(warehouse=part)
    con = store.open_writer(part, memory_limit=options.memory_limit, threads=options.duckdb_threads)
    began = time.process_time()
    refill(con)
    used = time.process_time() - began
    con.close()
    part.replace(path)
    print(
        f"{count:,} articles, {path.stat().st_size / 1e9:.2f} GB, counted within "
        f"{options.memory_limit} in {used:.0f} CPU seconds",
        file=sys.stderr,
    )
    return path


def record(folder: Path) -> None:
    """Read the texts once: the base into a warehouse, the batch into a file."""
    bodies = texts()
    write(folder / "batch", bodies[:BATCH], 7)
    write(folder / "first", bodies[BATCH:], 7)
    (folder / "base").mkdir()
    load(folder / "base" / "w.duckdb", folder / "first", Recording)
    Recording.made = {}
    load(folder / "thrown-away.duckdb", folder / "batch", Recording)
    made = {keys: pickle.dumps(part) for keys, part in Recording.made.items()}
    (folder / "batch.pickle").write_bytes(pickle.dumps(made))


def main() -> None:
    """Build, measure each in a process of its own, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", nargs="*", type=int, default=[1800, 100_000, 250_000])
    parser.add_argument("--folder", type=Path, default=Path("/tmp/dateline-growth"))
    parser.add_argument("--week", type=int, default=0)
    parser.add_argument("--keep", action="store_true", help="keep the warehouses, and use those")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        Recorded.made = pickle.loads((given.folder / "batch.pickle").read_bytes())
        print(json.dumps(load(given.one, given.folder / "batch", Recorded)))
        return
    given.folder.mkdir(parents=True, exist_ok=True)
    if not (given.folder / "batch.pickle").exists():
        record(given.folder)
    columns = {}
    for count in given.articles:
        kept = given.folder / f"w{count}" / "w.duckdb"
        if not kept.exists():
            build(given.folder, count, given.week)
        trial = given.folder / "trial"
        shutil.rmtree(trial, ignore_errors=True)
        (trial / "w.snapshots").mkdir(parents=True)
        shutil.copy(kept, trial / "w.snapshots" / "000001.duckdb")  # the oldest becomes the newest
        for name in ("000002", "000003"):  # so that the run's start publishes none
            (trial / "w.snapshots" / f"{name}.duckdb").touch()
        (shutil.copy if given.keep else shutil.move)(kept, trial / "w.duckdb")
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.growth", "--one", str(trial / "w.duckdb"),
             "--folder", str(given.folder)], check=True, capture_output=True, text=True,
        )  # fmt: skip
        columns[count] = json.loads(done.stdout.splitlines()[-1])
        shutil.rmtree(trial)
    names = list(next(iter(columns.values())))
    print(f"{'CPU seconds of the writer':28}" + "".join(f"{n:>12,}" for n in columns))
    for name in names:
        print(f"{name:28}" + "".join(f"{c.get(name, 0):12.2f}" for c in columns.values()))
    if not given.keep:
        shutil.rmtree(given.folder)


if __name__ == "__main__":
    main()
