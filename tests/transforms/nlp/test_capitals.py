"""`tests/cases/capitals.tsv`: "in Ghana's capital", "the Turkish capital"."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from benchmarks.annotate import annotate, gazetteer
from tests.transforms.nlp.event_cases import parses_of
from transforms.nlp.places.capitals import METHOD

CASES = Path(__file__).parents[2] / "cases" / "capitals.tsv"
LINES = [line for line in CASES.read_text("utf-8").splitlines() if not line.startswith("#")]
TOWNS = [(row["text"], row["town"]) for row in csv.DictReader(LINES, delimiter="\t")]


@pytest.mark.parametrize(("text", "town"), TOWNS)
def test_a_capital_is_a_town(text: str, town: str) -> None:
    notes = annotate(parses_of([one for one, _ in TOWNS])[[t for t, _ in TOWNS].index(text)])
    told = [place for place in notes.places if place.method == METHOD]
    if town == "-":
        assert not told
        return
    assert [gazetteer().place(place.place_id or "").name for place in told] == [town]
    assert any(e.place is not None and notes.places[e.place] is told[0] for e in notes.events)
