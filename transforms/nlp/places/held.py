"""What the text says holds a place that no list has: "San Quirrelo, Bolivia".

The place itself stays unknown; where an act was is then known by its country, town or division.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from transforms.nlp.annotations import AROUND, PlaceMention
from transforms.nlp.parsing.parse import Parse
from transforms.nlp.places.containers import AND, REACH, said_between

_SURE = 0.5  # of how sure we are of what holds it


def holders(parse: Parse, places: Sequence[PlaceMention]) -> dict[int, int]:
    """For each place mention without an id the number of the mention that holds it, if any.

    Said of one mention it holds for all of that name.
    """
    at = _starts(places)
    held: dict[int, int] = {}
    by_name: dict[str, int] = {}
    unknown = [(n, place) for n, place in enumerate(places) if place.place_id is None]
    for number, place in unknown:
        found = _holder(parse, place.end, places, at)
        if found is not None:
            held[number] = found
            by_name.setdefault(parse.span_text(place.start, place.end), found)
    for number, place in unknown:
        found = by_name.get(parse.span_text(place.start, place.end))
        if number not in held and found is not None:
            held[number] = found
    return held


def _starts(places: Sequence[PlaceMention]) -> dict[int, int]:
    """Token at which a place mention begins → its number."""
    return {place.start: number for number, place in enumerate(places)}


def _holder(
    parse: Parse, end: int, places: Sequence[PlaceMention], at: Mapping[int, int]
) -> int | None:
    """The mention of the place in which a name that ends before the token `end` is said to lie.

    ", Bolivia", "in northern Peru", ", in Niger's Tillaberi region". `at` is `_starts` of the
    places.
    """
    reach = parse.sents[parse.sent_of[end - 1]].end
    start = next((token for token in range(end, min(reach, end + REACH)) if token in at), end)
    said = said_between(parse, end, start)
    if said is None:
        return None
    held = places[at[start]]
    if held.place_id is None or held.method == "demonym":
        return None
    if said == "near" and held.place_type == "country":
        return None  # "near Chad" may be on either side
    behind = parse.lower[held.end] if held.end < len(parse) else ""
    if parse.words[end:start] == [","] and behind in AND:
        return None  # "in Sorvan, Peru and Chile"
    inner = at.get(held.end + 1) if parse.tags[held.end : held.end + 1] == ["POS"] else None
    return at[start] if inner is None else inner


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


def struck(
    parse: Parse, trigger: int, places: Sequence[PlaceMention], around: Mapping[int, int]
) -> int | None:
    """Where a name that is struck is said to lie: "attacked Dogon Marke, a hamlet in Zamfara".

    `around` are the `holders` of the places.
    """
    taken = {token: n for n, place in enumerate(places) for token in range(place.start, place.end)}
    for child in parse.children[trigger]:
        if parse.deps[child] not in ("dobj", "nsubjpass") or parse.pos[child] != "PROPN":
            continue
        if taken.get(child) in around:
            return taken[child]
        if child not in taken and parse.words[child][:1].isupper():
            found = _holder(parse, child + 1, places, _starts(places))
            if found is not None:
                return found
    return None
