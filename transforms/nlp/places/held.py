"""What the text says holds a place that no list has: "San Quirrelo, Bolivia".

The place itself stays unknown; where an act was is then known by its country, town or division.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from transforms.lexicons.loader import word_set
from transforms.nlp.annotations import AROUND, PlaceMention
from transforms.nlp.parsing.parse import Parse
from transforms.nlp.places.words import words

_SURE = 0.5  # of how sure we are of what holds it
_REACH = 12  # tokens between a place and what holds it
_OPENING = word_set("words/places.tsv", "held.opening")
_JOINING = word_set("words/places.tsv", "held.joining")
_BESIDE = word_set("words/places.tsv", "held.beside")
_KINDS = word_set("words/places.tsv", "held.kinds")
_AND = word_set("words/places.tsv", "held.and")


def holders(parse: Parse, places: Sequence[PlaceMention]) -> dict[int, int]:
    """For each place mention without an id the number of the mention that holds it, if any."""
    at = _starts(places)
    return {
        number: found
        for number, place in enumerate(places)
        if place.place_id is None and (found := _holder(parse, place.end, places, at)) is not None
    }


def _starts(places: Sequence[PlaceMention]) -> dict[int, int]:
    """Token at which a place mention begins → its number."""
    return {place.start: number for number, place in enumerate(places)}


def _holder(
    parse: Parse, end: int, places: Sequence[PlaceMention], at: Mapping[int, int]
) -> int | None:
    """The mention of the place in which a name that ends before the token `end` is said to lie.

    ", Bolivia", "in northern Peru", ", a hill town in eastern Congo", ", in Niger's Tillaberi
    region": only commas, words of place and a noun for its kind may stand between. `at` is
    `_starts` of the places.
    """
    if end >= len(parse) or parse.lower[end] not in _OPENING:
        return None
    kinds = words()
    token, sent, beside, described, kind = end, parse.sent_of[end - 1], False, False, False
    while token < min(len(parse), end + _REACH) and parse.sent_of[token] == sent:
        word = parse.lower[token]
        if token in at:
            held = places[at[token]]
            if (described and not kind) or held.place_id is None or held.method == "demonym":
                return None
            if beside and held.place_type == "country":
                return None  # "near Chad" may be on either side
            listed = parse.lower[held.end : held.end + 2]
            if token == end + 1 and parse.words[end] == "," and listed and listed[0] in _AND:
                return None  # "in Sorvan, Peru and Chile"
            inner = at.get(held.end + 1) if parse.tags[held.end : held.end + 1] == ["POS"] else None
            return at[token] if inner is None else inner
        beside = beside or word in _BESIDE
        if word in kinds["settlement"] | kinds["site"] | _KINDS:
            kind = True
        elif parse.tags[token] in ("JJ", "NN", "VBG") and word not in kinds["direction"]:
            described = True  # "a small mining town": of a kind that is still to come
        elif not (word in _JOINING or word in kinds["direction"] or word in _BESIDE):
            return None
        token += 1
    return None


def tell_holders(places: list[PlaceMention], held: Mapping[int, int]) -> None:
    """Give unknown places what holds them: its country, and itself unless it is a country."""
    for number, other in held.items():
        wide = places[other]
        if wide.place_type == "country":
            places[number] = replace(places[number], country_code=wide.country_code)
        else:
            places[number] = replace(
                places[number],
                place_id=wide.place_id,
                method=AROUND,
                confidence=round(_SURE * wide.confidence, 2),
                country_code=wide.country_code,
                place_type=wide.place_type,
            )


def struck(parse: Parse, trigger: int, places: Sequence[PlaceMention]) -> int | None:
    """Where a name that is struck is said to lie: "attacked Dogon Marke, a hamlet in Zamfara"."""
    taken = {token for place in places for token in range(place.start, place.end)}
    for child in parse.children[trigger]:
        if parse.deps[child] not in ("dobj", "nsubjpass") or parse.pos[child] != "PROPN":
            continue
        if child not in taken and parse.words[child][:1].isupper():
            found = _holder(parse, child + 1, places, _starts(places))
            if found is not None:
                return found
    return None
