"""Where events are said to have been, with the packaged weights."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.annotate import annotate
from tests.transforms.nlp.event_cases import parses_of
from transforms.lexicons.loader import Row, parse_table
from transforms.nlp.parsing.parse import Parse
from transforms.nlp.places.choose import Signs, weights

PATH = Path(__file__).parents[2] / "cases" / "chosen_places.tsv"
CASES = list(parse_table(PATH.read_text("utf-8"), PATH.name, ("kind", "trigger", "place", "text")))


@pytest.fixture(scope="module")
def parsed() -> dict[str, Parse]:
    texts = [case["text"] for case in CASES]
    return dict(zip(texts, parses_of([t.replace(" | ", "\n") for t in texts]), strict=True))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['kind']}: {case['trigger']}")
def test_chosen_place(case: Row, parsed: dict[str, Parse]) -> None:
    parse = parsed[case["text"]]
    notes = annotate(parse)
    events = [e for e in notes.events if parse.lower[e.trigger_start] == case["trigger"]]
    assert events, "no event is told there"
    if not case["place"]:
        assert events[0].place is None
        return
    assert events[0].place is not None
    place = notes.places[events[0].place]
    assert parse.span_text(place.start, place.end).lower() == case["place"].lower()


def test_every_sign_has_a_weight() -> None:
    _, told = weights()
    assert told._fields == Signs._fields
    assert told.rule > 0 > told.rule_at_a_distance
