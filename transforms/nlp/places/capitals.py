"""Towns told as whose capital they are: "in Ghana's capital", "the Turkish capital"."""

from __future__ import annotations

from bisect import insort
from functools import cache

from transforms.gazetteer import Candidate, Gazetteer
from transforms.lexicons.loader import word_set
from transforms.nlp.annotations import PlaceMention
from transforms.nlp.names import actors
from transforms.nlp.parsing.parse import Parse

METHOD = "capital"
_SURE = 0.9
_CAPITAL = word_set("words/places.tsv", "capitals.nouns")
_PLACED = frozenset({"pobj", "dobj", "nsubj", "nsubjpass"})
_DESCRIBING = frozenset({"amod", "compound", "nmod"})
_NEAR = 3  # tokens to the name of the town that stands beside it


def add_capitals(parse: Parse, places: list[PlaceMention], gazetteer: Gazetteer) -> None:
    """Add a mention with method "capital" to `places` for each, in text order.

    The word itself is the mention; the country is told in its phrase, and its town beside it is
    not: "the Turkish capital Ankara" has a mention already.
    """
    at = {token: place for place in places for token in range(place.start, place.end)}
    for token, word in enumerate(parse.lower):
        if word not in _CAPITAL or token in at or parse.deps[token] not in _PLACED:
            continue
        code = _country(parse, token, at)
        if code is None or _is_named(parse, token, at):
            continue
        town = _capital(gazetteer, code)
        if town is not None:
            insort(
                places,
                PlaceMention(
                    token, token + 1, gazetteer.id_of(town.index), METHOD, _SURE, code, "city"
                ),
                key=lambda place: place.start,
            )


def _country(parse: Parse, token: int, at: dict[int, PlaceMention]) -> str | None:
    """The country whose capital it is said to be; without an article it may be money."""
    the = False
    for child in parse.children[token]:
        the |= parse.deps[child] == "det"
        if parse.deps[child] in _DESCRIBING and the:
            known = actors.lexicon().by_form.get(actors.fold(parse.words[child]))
            if known is not None and known.kind == "adjective":
                return known.country_code
        owners = [child] if parse.deps[child] == "poss" else []
        if parse.lower[child] == "of":
            owners = [c for c in parse.children[child] if parse.deps[c] == "pobj"]
        for owner in owners:
            if owner in at and at[owner].place_type == "country":
                return at[owner].country_code
    return None


def _is_named(parse: Parse, token: int, at: dict[int, PlaceMention]) -> bool:
    """ "The Albanian capital, Tirana", "the Peruvian capital Lima"."""
    sent = parse.sent_of[token]
    return any(
        near < len(parse)
        and parse.sent_of[near] == sent
        and near in at
        and at[near].place_type not in (None, "country")
        and not any(parse.pos[between] == "VERB" for between in range(token, near))
        for near in range(token + 1, token + 1 + _NEAR)
    )


@cache
def _names() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for form, code in actors.lexicon().capitals.items():
        found[code] = (*found.get(code, ()), form)
    return found


def _capital(gazetteer: Gazetteer, code: str) -> Candidate | None:
    """The town that is a country's capital, the best known of its name there."""
    towns = [
        one
        for name in _names().get(code, ())[:1]
        for one in gazetteer.lookup(name)
        if one.place_type == "city" and one.country_code == code
    ]
    return max(towns, key=lambda one: (one.weight, -one.index), default=None)
