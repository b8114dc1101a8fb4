"""Events in sentences written for the tests: type, modality, parties, source; and their form."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.given_spans import type_given_spans
from tests.transforms.nlp.event_cases import annotated, parses_of, plain
from transforms.lexicons.loader import Row, parse_table
from transforms.nlp.clauses.predicates import load_lexicon
from transforms.plover import quad_class

CASES = Path(__file__).parents[2] / "cases"
COLUMNS = ["sentence", "type", "modality", "initiators", "recipients", "source"]


def cases() -> list[Row]:
    """Rows of the case file."""
    return list(parse_table((CASES / "events.tsv").read_text("utf-8"), "events.tsv", COLUMNS))


def wanted(cell: str) -> set[str]:
    """Party texts of a cell."""
    return {plain(part) for part in cell.split(";") if part}


@pytest.fixture(scope="module", autouse=True)
def _parse_together() -> None:
    parses_of([row["sentence"] for row in cases()])


def test_content_of_an_agreement_is_no_event_of_its_own() -> None:
    """ "agreed to withdraw" tells of no withdrawal."""
    _, _, events = annotated("Israel agreed to withdraw its troops from Lebanon.")
    assert [event.event_type for event in events] == ["AGREE"]


def test_statement_without_act_gives_no_event() -> None:
    """Talk about the weather is a quotation at most."""
    _, _, events = annotated("The minister said that the harvest was good this year.")
    assert events == []


def test_event_carries_code_and_mode_of_its_sense() -> None:
    """The drafts have CAMEO codes; an air strike is ASSAULT aerial, quad class 4."""
    _, _, events = annotated("Saudi air strikes on the capital resumed.")
    assert events
    event = events[0]
    assert (event.event_type, event.event_mode, event.cameo_code) == ("ASSAULT", "aerial", "195")
    assert quad_class(event.event_type) == 4
    assert 0.0 < event.confidence < 1.0


def test_every_party_is_a_mention_and_every_trigger_a_span() -> None:
    """Indices of participants and triggers are valid, and the trigger lies in its sentence."""
    for row in cases():
        parse, layer, events = annotated(row["sentence"])
        for event in events:
            sentence = parse.sents[event.sent]
            assert sentence.start <= event.trigger_start < event.trigger_end <= sentence.end
            assert all(0 <= p.mention < len(layer.mentions) for p in event.participants)


def test_same_text_gives_same_events() -> None:
    """Nothing depends on earlier articles."""
    text = "Russia attacked Ukraine and invaded Georgia."
    first, second = annotated(text)[2], annotated(text)[2]
    assert first == second


def test_most_everyday_sentences_give_no_asserted_conflict() -> None:
    """At most 8 % of business, sport, weather and lifestyle sentences do."""
    lines = (CASES / "everyday_sentences.txt").read_text("utf-8").splitlines()
    texts = [line for line in lines if line and not line.startswith("#")]
    parses_of(texts)
    taken = [
        text
        for text in texts
        if any(
            e.modality == "asserted" and quad_class(e.event_type) >= 3 for e in annotated(text)[2]
        )
    ]
    assert len(texts) >= 200
    assert len(taken) <= 0.08 * len(texts), taken


def test_type_given_spans_does_not_abstain() -> None:
    """Given both spans, a type is found even without a matching sense."""
    parse = parses_of(["Russia attacked Ukraine and invaded Georgia."])[0]
    assert type_given_spans(parse, (0, 1), (2, 3), load_lexicon()) == "ASSAULT"
    parse = parses_of(["The minister said that the harvest was good this year."])[0]
    assert type_given_spans(parse, (0, 2), (4, 6), load_lexicon()) is not None
