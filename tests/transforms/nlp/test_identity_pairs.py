"""Identity on pairs of short reports written for the tests: read, extracted and compared."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from benchmarks.event_pairs import judged, pairs, same_figures
from transforms.nlp.extract import Resources

CASES = Path(__file__).parents[2] / "cases" / "identity_pairs.tsv"
COLUMNS = ("label", "kind", "first_day", "first", "second_day", "second")
LEAST = 48  # of 62 pairs; in most of the rest the reader sees no event at the bracketed word
LEAST_PRECISION, LEAST_F1 = 0.85, 0.65  # of the pairs that `make evaluate` scores


def test_pairs_of_reports_are_one_event_or_two(resources: Resources) -> None:
    """Rewrites, follow-ups, denials and new tolls are one event; others are another."""
    cases = judged(pairs(CASES, COLUMNS), resources)
    wrong = [
        f"line {case.pair.line}: {case.pair['kind']} ({case.pair['label']})"
        for case in cases
        if not (case.right and case.told)
    ]
    assert len(cases) - len(wrong) >= LEAST, wrong


def test_pairs_of_the_benchmark_keep_their_score(resources: Resources) -> None:
    """Generic parties, several outlets and days, bulletins: seldom one where they are two."""
    rows = pairs()
    assert Counter(row["part"] for row in rows) == {"kept": 60, "tuned": 60}
    cases = judged(rows, resources)
    precision, _, f1 = same_figures(cases)
    wrong = [f"line {c.pair.line}: {c.pair['kind']}" for c in cases if c.same and not c.right]
    assert precision >= LEAST_PRECISION and f1 >= LEAST_F1, wrong
