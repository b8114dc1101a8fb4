"""`make evaluate`: score every gold set that is present and print one table a layer."""

from __future__ import annotations

import importlib
import sys
import time
from typing import Any

from benchmarks.parses import GOLD

SCORES = (
    ("running", "benchmarks.score_running"),
    ("entities", "benchmarks.score_entities"),
    ("actors", "benchmarks.score_actors"),
    ("own articles", "benchmarks.own_articles"),
    ("coreference", "benchmarks.score_coreference"),
    ("role phrases", "benchmarks.role_phrases"),
    ("cost of entities", "benchmarks.entity_cost"),
    ("events", "benchmarks.score_events"),
    ("seed article", "benchmarks.seed_events"),
    ("blind events", "benchmarks.score_blind"),
    ("everyday news", "benchmarks.everyday"),
    ("event identity", "benchmarks.score_identity"),
    ("event pairs", "benchmarks.event_pairs"),
    ("event groups", "benchmarks.event_groups"),
    ("dates", "benchmarks.score_dates"),
    ("places", "benchmarks.score_places"),
    ("html", "benchmarks.score_html"),
    ("near-duplicates", "benchmarks.score_near_duplicates"),
)


def main() -> int:
    """Print all scores. Gold that is absent is said so and skipped."""
    if not GOLD.exists():
        print(f"no gold data at {GOLD}: nothing to score")
        return 0
    wanted = set(sys.argv[1:])
    if unknown := wanted - {title for title, _ in SCORES}:
        print(f"no set {', '.join(sorted(unknown))}; there are {', '.join(t for t, _ in SCORES)}")
        return 2
    failed = 0
    for title, module in SCORES:
        if wanted and title not in wanted:
            continue
        began = time.perf_counter()
        print(f"\n== {title} ==")
        try:
            rows = importlib.import_module(module).score()
        except ModuleNotFoundError as error:
            print(f"no such score yet: {error}")
            failed += 1
            continue
        for row in rows or []:
            print(_line(row))
        print(f"({time.perf_counter() - began:.0f} s)")
    return 1 if failed else 0


def _line(row: Any) -> str:
    if isinstance(row, str):
        return row
    if isinstance(row, dict):
        return "  ".join(f"{key} {_value(value)}" for key, value in row.items())
    return "  ".join(_value(value) for value in row)


def _value(value: Any) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    sys.exit(main())
