"""Places that an article gives to its acts beyond their own clause."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.transforms.nlp.event_cases import parses_of
from transforms.nlp.extract import Resources, annotate
from transforms.nlp.parsing.parse import Parse

# text; (trigger, place as written or None) of some of its events
CASES = [
    (
        "Rebels attacked an army base near Goma on Monday. They killed six soldiers.",
        [("killed", "Goma")],
    ),
    (
        "The navy arrested twelve pirates who had stormed a tanker in the Gulf of Aden.",
        [("arrested", "Gulf of Aden")],
    ),
]


@pytest.fixture(scope="module")
def parsed() -> dict[str, Parse]:
    texts = [text for text, _ in CASES]
    return dict(zip(texts, parses_of(texts), strict=True))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0][:50])
def test_place_beyond_the_clause(
    case: tuple[str, list[tuple[str, str | None]]],
    parsed: dict[str, Parse],
    resources: Resources,
) -> None:
    text, wanted = case
    parse = parsed[text]
    found = annotate(parse, resources, published=dt.date(2025, 12, 18))
    placed = {
        parse.words[event.trigger_start]: None
        if event.place is None
        else parse.span_text(found.places[event.place].start, found.places[event.place].end)
        for event in found.events
    }
    for trigger, place in wanted:
        assert trigger in placed
        written = placed[trigger]
        assert (written.removeprefix("the ") if written else None) == place
