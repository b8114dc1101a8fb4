"""The entities of one article while they are found: one draft a key."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

from transforms.lexicons.loader import word_set
from transforms.nlp.annotations import EntityDraft, EntityLayer, PlaceMention
from transforms.nlp.entities.home import home_country, only_country, told_countries
from transforms.nlp.entities.roles import Role
from transforms.nlp.names.actors import Known, lexicon
from transforms.nlp.names.spans import NameSpan
from transforms.nlp.parsing.parse import Parse

_COUNTING = word_set("words/entities.tsv", "table.counting")
_INITIALS = word_set("words/entities.tsv", "table.common-initials")


class EntityTable:
    """Entities by key, the names of the article by token, the country it is told from."""

    def __init__(self, parse: Parse, names: list[NameSpan], places: Sequence[PlaceMention]) -> None:
        self.parse = parse
        self.places = {p.start: p for p in places}
        names = [namesake(span, self.places) for span in names]
        told = told_countries(names)
        names = _towns_abroad(parse, names, places, told)
        self.names = names = [
            span
            for span in names
            if not _is_thing(parse, span, told) and not _is_product(parse, span)
        ]
        self.layer = EntityLayer()
        self.index: dict[str, int] = {}
        self.digest = hashlib.sha256(parse.text.encode()).hexdigest()[:16]
        self.name_at: dict[int, NameSpan] = {}
        for span in names:
            for token in range(span.start, span.end):
                self.name_at[token] = span
        self.told = told_countries(names)
        self.home = home_country(parse, names, places)
        self.only = only_country(names, places)
        self.roles: dict[int, Role] = {}  # by first token of the name
        self.bodies: dict[int, int] = {}  # noun that tells what a body is → first token of its name
        self.in_title: set[int] = set()

    def entity(self, draft: EntityDraft, alias: str = "") -> int:
        """Index of the entity with this key; made at first sight."""
        found = self.index.get(draft.key)
        if found is None:
            found = self.index[draft.key] = len(self.layer.entities)
            self.layer.entities.append(draft)
        held = self.layer.entities[found]
        if alias and alias != held.name and alias not in held.aliases:
            held.aliases.append(alias)
        return found

    def country(self, code: str, alias: str = "") -> int:
        """The country as an actor."""
        name, kb_id = lexicon().countries[code], lexicon().wikidata.get(("country", code))
        draft = EntityDraft(f"country:{code}", name, "country", code, "GOV", [], kb_id)
        return self.entity(draft, alias)

    def government(self, code: str, alias: str = "") -> int:
        """The government of a country."""
        name = f"Government of {lexicon().countries[code]}"
        draft = EntityDraft(f"government:{code}", name, "government", code, "GOV")
        return self.entity(draft, alias)

    def text(self, span: NameSpan) -> str:
        """The name as written, on one line."""
        return " ".join(self.parse.span_text(span.start, span.end).split())


def _is_thing(parse: Parse, span: NameSpan, told: set[str]) -> bool:
    """Is it a thing's common initials, of a body only beside its country: "CCTV captured him"?"""
    known = span.known
    return (
        known is not None
        and parse.span_text(span.start, span.end).lower() in _INITIALS
        and known.country_code not in told
    )


def namesake(span: NameSpan, places: Mapping[int, PlaceMention]) -> NameSpan:
    """The name of a country that is a place elsewhere here: Georgia in the USA, Lebanon in Ohio."""
    known, place = span.known, places.get(span.start)
    if known is None or known.kind != "country" or place is None or place.method == "demonym":
        return span
    if place.country_code in {None, known.country_code}:
        return span
    return replace(span, known=Known("place", known.name, place.country_code, None, "GPE"))


def _towns_abroad(
    parse: Parse, names: list[NameSpan], places: Sequence[PlaceMention], told: set[str]
) -> list[NameSpan]:
    """The names, where capitals that are towns elsewhere in this text are places there: London, Ky.

    "London police" are then Kentucky's. Not where the capital's own country is told as well, or the
    same word is once the capital itself.
    """
    at: dict[str, set[str]] = {}
    for place in places:
        if place.country_code and place.end - place.start == 1:
            at.setdefault(parse.lower[place.start], set()).add(place.country_code)
    found = []
    for span in names:
        known, codes = span.known, at.get(parse.lower[span.start], set())
        if known is not None and known.kind == "capital" and len(codes) == 1:
            (code,) = codes
            if code != known.country_code and known.country_code not in told:
                span = replace(span, known=Known("place", known.name, code, None, "GPE"))
        found.append(span)
    return found


def _is_product(parse: Parse, span: NameSpan) -> bool:
    """Is it a thing that a firm made: "a silver BMW", "two Fiats", "a Boeing 737"?"""
    known = span.known
    body = known.sector == "BUS" if known is not None else span.label == "ORG"
    if not body or span.end - span.start > 1 or span.start == 0:
        return False
    behind = span.end
    model = behind < len(parse) and any(char.isdigit() for char in parse.words[behind])
    if not model and behind < len(parse) and parse.pos[behind] in {"NOUN", "PROPN", "PART"}:
        return False  # "a BMW spokesman"
    before = span.start - 1
    while before and parse.pos[before] == "ADJ":
        before -= 1
    return parse.lower[before] in _COUNTING or parse.tags[before] in {"CD", "PRP$"}
