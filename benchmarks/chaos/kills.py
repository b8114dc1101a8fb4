"""Random kills: a deed is killed at any moment, done again, and all tables are compared."""

from __future__ import annotations

import gzip
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.chaos.deed import DEEDS
from benchmarks.chaos.process import ROOT, Row, fault_of, follow, start
from tests.conftest import content
from warehouse import snapshots
from warehouse.store import open_reader, open_writer

STORIES = (
    "zamfara-abduction.txt", "hanoi-dialogue-wire.txt", "hanoi-dialogue-cut-tail.txt",
    "okavango-water-case.txt", "zamfara-pupils-freed.txt",
)  # fmt: skip


def kills(folder: Path, count: int, seed: int, patience: float) -> Iterator[Row]:
    """A row for each deed, of `count` kills in all."""
    rng = random.Random(seed)
    inputs = folder / "inputs"
    inputs.mkdir()
    for name in STORIES:
        shutil.copy(ROOT / "examples" / "articles" / name, inputs)
    bases = _bases(folder, inputs, patience)
    for number, name in enumerate(DEEDS):
        share = count // len(DEEDS) + (number < count % len(DEEDS))
        yield _row(name, bases[name], folder / name, inputs, share, rng, patience)


def _bases(folder: Path, inputs: Path, patience: float) -> dict[str, Path]:
    """Deed → the folder with the warehouse it begins with."""
    made = {name: folder / f"base-{name}" for name in DEEDS}
    for place in made.values():
        place.mkdir()
    loaded = made["retract"] / "w.duckdb"
    done = follow(start(["-m", "benchmarks.chaos.deed", "run", loaded, inputs]), 10 * patience)
    if done.code != 0:
        raise RuntimeError(done.out)
    for name in ("publish", "maintain", "reextract"):
        shutil.copytree(made["retract"], made[name], dirs_exist_ok=True)
    for name, sql in (
        ("publish", "INSERT INTO change_log SELECT now()::TIMESTAMP, run_id, 'x', 'y', 'update' FROM runs"),  # noqa: E501
        ("reextract", "UPDATE article_versions SET extractor_version = 'another 1'"),
        ("maintain", "CREATE TABLE ballast AS SELECT hash(range) AS x FROM range(1000000)"),
    ):  # fmt: skip
        con = open_writer(made[name] / "w.duckdb")
        con.execute(sql)
        con.execute("DROP TABLE IF EXISTS ballast")
        con.close()
    packed = ROOT / "tests" / "warehouse" / "version-1.duckdb.gz"
    (made["migrate"] / "w.duckdb").write_bytes(gzip.decompress(packed.read_bytes()))
    return made


def _row(
    name: str, base: Path, folder: Path, inputs: Path, count: int, rng: random.Random,
    patience: float,
) -> Row:  # fmt: skip
    row = Row("kill -9", name)
    command = ["-m", "benchmarks.chaos.deed", name]
    place = _copy(base, folder / "undisturbed")
    done = follow(start([*command, place, inputs]), 10 * patience)
    if done.code != 0:
        row.add(done, fault_of(done) or f"exit {done.code}")
        return row
    wanted, usual = _state(place), done.seconds
    for number in range(count):
        place = _copy(base, folder / str(number))
        moment = rng.uniform(0.2, 1.0) * usual
        follow(start([*command, place, inputs]), patience, kill_after=moment)
        fault = _readable(place)
        done = follow(start([*command, place, inputs]), 10 * patience)
        fault = fault or fault_of(done) or (f"exit {done.code}" if done.code else "")
        row.add(done, fault or _difference(wanted, place))
        shutil.rmtree(folder / str(number))
    return row


def _copy(base: Path, target: Path) -> Path:
    shutil.copytree(base, target)
    return target / "w.duckdb"


def _state(warehouse: Path) -> dict[str, Any]:
    """Every content row of the warehouse, and of what is published of it."""
    newest = snapshots.latest(warehouse)
    files = {"files"}  # how often a file was seen depends on how often it was tried
    return {
        "warehouse": {k: v for k, v in content(warehouse).items() if k not in files},
        "published": newest and {k: v for k, v in content(newest).items() if k not in files},
    }


def _readable(warehouse: Path) -> str:
    """What is published can be read at any moment, "" when so."""
    newest = snapshots.latest(warehouse)
    if newest is None:
        return ""
    try:
        con = open_reader(newest)
        con.execute("SELECT count(*) FROM articles").fetchall()
        con.close()
    except Exception as error:
        return f"published: {error}"
    return ""


def _difference(wanted: dict[str, Any], warehouse: Path) -> str:
    found = _state(warehouse)
    for where, tables in wanted.items():
        if (tables is None) != (found[where] is None):
            return f"{where}: there is {'none' if found[where] is None else 'one'}"
        for name, rows in (tables or {}).items():
            if rows != found[where][name]:
                return f"{where}.{name}: {len(rows)} rows, then {len(found[where][name])}"
    left = [path.name for path in warehouse.parent.rglob("*") if _is_left(path)]
    return f"left behind: {left[0]}" if left else ""


def _is_left(path: Path) -> bool:
    return path.suffix in (".part", ".compact") or path.name.startswith("reextract-")
