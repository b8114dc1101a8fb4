"""Modality and attribution: nested speech, conditions, plans, and what they do not reach."""

from __future__ import annotations

import pytest

from tests.transforms.nlp.event_cases import annotated, source

VISITS = [
    ("Merkel visited Ankara.", "asserted"),
    ("Merkel will visit Ankara.", "planned"),
    ("Merkel was expected to visit Ankara.", "planned"),
    ("Merkel is going to visit Ankara.", "planned"),
    ("The chancellor may visit Ankara.", "possible"),
    ("Merkel did not visit Ankara.", "negated"),
    ("The ministry denied that Merkel visited Ankara.", "denied"),
    ("The paper claimed that Merkel visited Ankara.", "alleged"),
    ("The spokesman said that Merkel visited Ankara.", "asserted"),
    ("Will Merkel visit Ankara?", "possible"),
]


@pytest.mark.parametrize(("text", "modality"), VISITS)
def test_modality_of_a_visit(text: str, modality: str) -> None:
    """One event, one modality."""
    _, _, events = annotated(text)
    assert [e.modality for e in events if e.event_mode == "visit"] == [modality]


def test_attribution_is_the_outer_speaker() -> None:
    """The ministry says what Park called for."""
    parse, layer, events = annotated("The ministry said that Park called on China to act.")
    assert [source(parse, layer, e) for e in events] == ["ministry"]


def test_condition_does_not_reach_an_aside() -> None:
    """A deployment told of in an adjunct has happened, whatever the main clause doubts."""
    text = (
        "Whether China will lift its ban, imposed after South Korea's deployment of a missile "
        "system, is unclear."
    )
    _, _, events = annotated(text)
    assert {e.modality for e in events if e.event_type == "MOBILIZE"} == {"asserted"}


def test_events_of_a_quoted_statement_are_its_speakers() -> None:
    """Also where the second paragraph of the statement names nobody."""
    text = '"Rebels attacked the bridge," the general said.\n"Rebels kidnapped two nurses in Goma."'
    parse, layer, events = annotated(text)
    assert [source(parse, layer, e) for e in events] == ["general"] * 2
