"""Places of events that no list holds: names at which the reader sees where an event was."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Iterator, Mapping

from transforms.nlp.annotations import EntityLayer, PlaceMention
from transforms.nlp.parsing.parse import VERBAL, Parse
from transforms.nlp.places.uncased import is_uncased

LIMIT = 0.5  # chance of a word from which on it is taken for a place
_LONGEST = 5  # words
_ACTORS = {"person", "organization", "group", "government", "country"}
_HIGH = 8  # heads above a place


def add_unlisted(
    parse: Parse,
    sites: Iterable[Mapping[int, float]],
    places: list[PlaceMention],
    layer: EntityLayer,
) -> None:
    """Add a mention without a place id to `places` for each such name, in text order.

    `sites` are the words that may name the place of each event, with their chance. A name that is
    said to be in a known place is none: "Ouro Tengela, a village in the Mopti region"; nor is that
    of a person, body or country in `layer` ("at Hickson's house").
    """
    taken = {token for place in places for token in range(place.start, place.end)}
    taken |= {
        token
        for mention in layer.mentions
        if mention.mention_type == "name" and layer.entities[mention.entity].entity_type in _ACTORS
        for token in range(mention.start, mention.end)
    }
    likely = [
        token
        for words in sites
        for token, chance in words.items()
        if chance >= LIMIT and token not in taken
    ]
    if not likely:
        return
    explained = {
        token
        for place in places
        if place.place_id is not None and place.method != "demonym"
        for token in _phrases_around(parse, place.end - 1)
    }
    uncased = is_uncased(parse)
    for token in likely:
        if token in taken or not _is_name(parse, token, uncased=uncased):
            continue
        start = end = token
        sent = parse.sent_of[token]
        while end - start < _LONGEST - 1 and _joins(parse, start - 1, sent, taken, uncased):
            start -= 1
        while end - start < _LONGEST - 1 and _joins(parse, end + 1, sent, taken, uncased):
            end += 1
        taken.update(range(start, end + 1))
        if not explained.isdisjoint(range(start, end + 1)):
            continue
        insort(
            places,
            PlaceMention(start, end + 1, None, "unresolved", 0.0),
            key=lambda place: place.start,
        )


def _phrases_around(parse: Parse, token: int) -> Iterator[int]:
    """The words that a place hangs on, up to the clause."""
    for _ in range(_HIGH):
        if parse.deps[token] == "conj" or parse.heads[token] == token:
            return
        token = parse.heads[token]
        if parse.pos[token] in VERBAL:
            return
        yield token


def _joins(parse: Parse, token: int, sent: int, taken: set[int], uncased: bool) -> bool:
    return (
        0 <= token < len(parse)
        and parse.sent_of[token] == sent
        and token not in taken
        and _is_name(parse, token, uncased=uncased)
    )


def _is_name(parse: Parse, token: int, *, uncased: bool) -> bool:
    if parse.pos[token] != "PROPN" or not parse.words[token][0].isalpha():
        return False
    if parse.deps[token] == "poss":  # "in Giuffre's lawsuit"
        return False
    return uncased or parse.words[token][0].isupper()
