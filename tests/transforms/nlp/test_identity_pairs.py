"""Identity on pairs of short reports written for the tests: read, extracted and compared."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from benchmarks.event_groups import figures, told
from benchmarks.event_pairs import judged, pairs, plain, reports, same_figures
from benchmarks.parses import parses
from transforms.lexicons.loader import Row
from transforms.nlp.extract import Resources
from transforms.nlp.identity.assign import assign

CASES = Path(__file__).parents[2] / "cases" / "identity_pairs.tsv"
COLUMNS = ("label", "kind", "first_day", "first", "second_day", "second")
LEAST = 48  # of 62 pairs; in most of the rest the reader sees no event at the bracketed word
KINDS = Path(__file__).parents[2] / "cases" / "identity_kinds.tsv"
LEAST_OF_KINDS = 45  # of 56; of seven of the rest no event is told at the bracketed words
LEAST_PRECISION, LEAST_F1 = 0.95, 0.88  # of the pairs that `make evaluate` scores


@pytest.mark.parametrize(("path", "least"), [(CASES, LEAST), (KINDS, LEAST_OF_KINDS)])
def test_pairs_of_reports_are_one_event_or_two(
    path: Path, least: int, resources: Resources
) -> None:
    """Rewrites, follow-ups, denials and new tolls are one event; others are another, as are
    days, people, towns and countries that two reports name otherwise."""
    cases = judged(pairs(path, COLUMNS), resources)
    wrong = [
        f"line {case.pair.line}: {case.pair['kind']} ({case.pair['label']})"
        for case in cases
        if not (case.right and case.told)
    ]
    assert len(cases) - len(wrong) >= least, wrong


def test_pairs_of_the_benchmark_keep_their_score(resources: Resources) -> None:
    """Generic parties, several outlets and days, bulletins: seldom one where they are two."""
    rows = pairs()
    assert Counter(row["part"] for row in rows) == {"kept": 60, "tuned": 60}
    cases = judged(rows, resources)
    precision, _, f1 = same_figures(cases)
    wrong = [f"line {c.pair.line}: {c.pair['kind']}" for c in cases if c.same and not c.right]
    assert precision >= LEAST_PRECISION and f1 >= LEAST_F1, wrong


LEAST_OF_GROUPS = {"kept": 0.8, "tuned": 0.66}


def test_groups_of_the_benchmark_keep_their_score(resources: Resources) -> None:
    """Bulletins of several towns, donors, tolls and near-copies, assigned in one batch."""
    held = told(resources)
    for part, least in LEAST_OF_GROUPS.items():
        chosen = [one for one in held if one[0]["part"] == part]
        ids = assign([report for _, (keys, _) in chosen for report in keys])
        assert figures(chosen, ids)[2] >= least, part


ACT_AND_TOLL = Path(__file__).parents[2] / "cases" / "act_and_toll.tsv"
LEAST_OF_TOLLS = 35  # of 39


def test_an_act_and_its_toll_are_one(resources: Resources) -> None:
    """Told by one sentence or two outlets; police of two countries act apart."""
    rows = pairs(ACT_AND_TOLL, ("label", "kind", "day", "first", "second"))
    wrong = [f"line {row.line}: {row['kind']}" for row in rows if not _is_right(row, resources)]
    assert len(rows) - len(wrong) >= LEAST_OF_TOLLS, wrong


def _is_right(row: Row, resources: Resources) -> bool:
    texts = [row["first"]] if row["second"] == "=" else [row["first"], row["second"]]
    sides = [
        reports(text, row["day"], number, parse, resources)
        for number, (text, parse) in enumerate(
            zip(texts, parses([plain(t) for t in texts], label="tolls"), strict=True)
        )
    ]
    ids = assign([report for keys, _ in sides for report in keys])
    meant = [{ids[key] for key in mentions} for _, mentions in sides]
    if len(meant) == 1:  # both brackets stand in one article
        return len(meant[0]) == (1 if row["label"] == "same" else 2)
    return bool(meant[0] and meant[1]) and bool(meant[0] & meant[1]) == (row["label"] == "same")
