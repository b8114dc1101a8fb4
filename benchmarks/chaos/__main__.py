"""`python -m benchmarks.chaos [PART …]`: prints one table; exit status 1 when something is wrong.

python -m benchmarks.chaos --kills 60 --mutants 2000 --seed 1
python -m benchmarks.chaos bombs disks
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from benchmarks.chaos.disks import disks
from benchmarks.chaos.inputs import bombs, mutated
from benchmarks.chaos.kills import kills
from benchmarks.chaos.process import HANG_SECONDS, Row

PARTS = ("kills", "disks", "mutants", "bombs")


def main() -> int:
    """Run the parts; 1 when something is wrong."""
    parser = argparse.ArgumentParser(prog="benchmarks.chaos", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], metavar="PART")
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--mutants", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--patience", type=float, default=HANG_SECONDS, help="seconds; more where others compute"
    )
    given = parser.parse_args()
    began = time.monotonic()
    rows = []
    with tempfile.TemporaryDirectory(prefix="chaos-") as name:
        for row in _rows(given, Path(name)):
            rows.append(row)
            print(_line(row), flush=True)
    print("\n" + "\n".join(table(rows)))
    bad = [row for row in rows if row.fault]
    minutes = (time.monotonic() - began) / 60
    print(f"\n{len(rows) - len(bad)} of {len(rows)} good, {minutes:.0f} minutes, seed {given.seed}")
    return 1 if bad else 0


def _rows(given: argparse.Namespace, folder: Path) -> Iterator[Row]:
    parts = given.parts or PARTS
    makers = {
        "kills": lambda here: kills(here, given.kills, given.seed, given.patience),
        "disks": lambda here: disks(here, given.patience),
        "mutants": lambda here: mutated(here, given.mutants, given.seed, given.patience),
        "bombs": lambda here: bombs(here, given.patience),
    }
    for part in parts:
        here = folder / part
        here.mkdir()
        yield from makers[part](here)


def table(rows: list[Row]) -> list[str]:
    """Lines of a Markdown table."""
    head = ["| what | | tries | good | slowest, s | largest process, MB | fault |"]
    return [*head, "|---|---|---:|---:|---:|---:|---|", *map(_line, rows)]


def _line(row: Row) -> str:
    return (
        f"| {row.part} | {row.what} | {row.tries} | {row.good} | {row.seconds:.1f} | "
        f"{row.peak_mb:,} | {row.fault or '–'} |"
    )


if __name__ == "__main__":
    sys.exit(main())
