"""Names at which the reader sees where an event was, and which of them are no place."""

from __future__ import annotations

import pytest

from benchmarks.annotate import annotate
from tests.transforms.nlp.event_cases import parses_of
from transforms.nlp.annotations import PlaceMention
from transforms.nlp.places.unlisted import add_unlisted

CASES = [
    ("Gunmen opened fire at Amina Hassan's house on Monday.", "Hassan", False),
    ("The strike at British Airways began on Monday.", "Airways", False),
    ("Workers protested at Boeing on Monday.", "Boeing", False),
    ("Farmers rallied outside the United Nations on Monday.", "Nations", False),
    ("Rebels attacked Hamas on Monday.", "Hamas", False),
    ("Shells fell on Zanqar Morun on Monday.", "Morun", True),
]


@pytest.mark.parametrize(("text", "word", "added"), CASES)
def test_who_is_named_is_no_place(text: str, word: str, added: bool) -> None:
    parse = parses_of([text])[0]
    layer = annotate(parse).entities
    places: list[PlaceMention] = []
    add_unlisted(parse, [{parse.words.index(word): 0.9}], places, layer)
    assert bool(places) is added
