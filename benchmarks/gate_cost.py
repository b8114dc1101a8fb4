"""What the quality gate costs: `python -m benchmarks.gate_cost WAREHOUSE [ARTICLES]`.

Takes the rows of a loaded warehouse, repeats them under new ids until a batch holds ARTICLES
articles (256), and prints the seconds of a check: the import, the first one, the median of five.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

import polars as pl

from expectations.gate import Gate
from warehouse.dialects import polars_schema
from warehouse.store import open_reader
from warehouse.tables import CONTENT, TABLES

_ROUNDS = 5


def batch(path: Path, articles: int) -> dict[str, pl.DataFrame]:
    """A batch of `articles` articles out of the warehouse's own, each copy with ids of its own."""
    con = open_reader(path)
    held = {
        name: con.execute(f"SELECT * FROM {name}").pl().cast(polars_schema(TABLES[name]))
        for name in CONTENT
    }
    con.close()
    copies = -(-articles // held["articles"].height)
    made = {}
    for name, rows in held.items():
        table = TABLES[name]
        # Ids and what refers to them; a run stands once, a place keeps its form.
        ids = {c for c in (table.key[0], "cluster_id", *(c for c, *_ in table.references()))
               if c in table.columns and c != "run_id"}  # fmt: skip
        made[name] = pl.concat(
            [rows.with_columns(pl.col(c) + f"-{n}" for c in ids) for n in range(copies)]
        )
    return made


def main() -> None:
    """Print the figures."""
    articles = int(sys.argv[2]) if len(sys.argv) > 2 else 256
    frames = batch(Path(sys.argv[1]), articles)
    gate = Gate()
    clock = time.perf_counter()
    gate._prepare()
    ready = time.perf_counter()
    spent = []
    for _ in range(_ROUNDS + 1):
        start = time.process_time()
        verdict = gate.check(frames, known={})
        spent.append(time.process_time() - start)
    rows = sum(frame.height for frame in frames.values())
    print(f"articles {frames['articles'].height:,}, rows {rows:,}")
    print(f"expectations {len(verdict.results)}, refused {len(verdict.refusals)}")
    print(f"import {ready - clock:.2f} s, first check {spent[0]:.2f} CPU s")
    print(f"check {statistics.median(spent[1:]):.2f} CPU s (median of {_ROUNDS})")


if __name__ == "__main__":
    main()
