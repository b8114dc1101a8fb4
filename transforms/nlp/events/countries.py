"""The country of each party: what the text says of it, else what the place and the article tell.

"Police arrested five protesters in Nairobi" names no country, yet both are Kenya's. `method` says
how it is known: `named` and `office` are said of the party, the others are inferred from the place
of the act, the dateline, or the only country of the article. Where two are possible we abstain.
"""

from __future__ import annotations

from collections.abc import Sequence

from transforms.lexicons.loader import word_set
from transforms.nlp.annotations import (
    EntityDraft,
    EntityLayer,
    EventDraft,
    Mention,
    Participant,
    PlaceMention,
)
from transforms.nlp.clauses.heads import Heads
from transforms.nlp.entities.phrases import is_guest
from transforms.nlp.names.actors import lexicon

_SMALL = word_set("words/entities.tsv", "phrases.small")
_PORTFOLIOS = word_set("words/entities.tsv", "roles.portfolios")
_ABROAD = frozenset({"MIL", "SPY"})  # who may act outside their country
_NOBODYS = frozenset(
    {"IGO", "NGO", "REB", "CRM", "BUS", "UNK"}
)  # may be of several or from anywhere


def tell_countries(
    heads: Heads, events: Sequence[EventDraft], places: Sequence[PlaceMention]
) -> None:
    """Set country and method of every participant."""
    article = _Article(heads, places)
    for event in events:
        for party in event.participants:
            party.country_code, party.country_method = article.of(event, party)
    _name_apart(heads.layer, events)


def _name_apart(layer: EntityLayer, events: Sequence[EventDraft]) -> None:
    """Say the country in names that every country has: "police (Kenya)", "Foreign Ministry (Peru)".

    Only where all parties that an entity is, are of one country.
    """
    codes: dict[int, set[str | None]] = {}
    for event in events:
        for party in event.participants:
            number = layer.mentions[party.mention].entity
            codes.setdefault(number, set()).add(party.country_code)
    for number, found in codes.items():
        entity, code = layer.entities[number], next(iter(found))
        if len(found) == 1 and code is not None and _is_plain(entity):
            _tell(entity, code)
    for number, entity in enumerate(layer.entities):
        if number not in codes and entity.country_code is not None and _is_plain(entity):
            _tell(entity, entity.country_code)  # a ministry that only says something


def _tell(entity: EntityDraft, code: str) -> None:
    entity.aliases.append(entity.name)
    entity.name = f"{entity.name} ({lexicon().countries.get(code, code)})"


def _is_plain(entity: EntityDraft) -> bool:
    """Is it a body or group told only by common nouns, without a country's name or adjective?"""
    if entity.entity_type not in {"organization", "government", "group"}:
        return False
    words = [word for word in entity.name.lower().split() if word not in _SMALL]
    nouns, parts = lexicon().nouns, lexicon().title_parts
    return any(word in nouns for word in words) and all(
        word in nouns or word in parts or word in _PORTFOLIOS for word in words
    )


class _Article:
    """What an article tells of countries besides its parties."""

    def __init__(self, heads: Heads, places: Sequence[PlaceMention]) -> None:
        self.parse, self.layer, self.places = heads.parse, heads.layer, places
        self.codes = _codes(heads.layer, places)
        self.dateline = _dateline(heads, places)

    def of(self, event: EventDraft, party: Participant) -> tuple[str | None, str | None]:
        """(country, method) of one party, (None, None) where we abstain."""
        mention = self.layer.mentions[party.mention]
        entity = self.layer.entities[mention.entity]
        if entity.country_code is not None:
            method = self._said(mention, entity)
            if method == "article" and event.place is not None:
                at = self.places[event.place].country_code
                method = "place" if at == entity.country_code else method
            return entity.country_code, method
        acting = party.role == "initiator"
        guest = is_guest(self.parse, mention.start, mention.end)
        if guest or not _is_local(mention, entity, acting=acting):
            return None, None
        return self._inferred(event, entity, acting=acting)

    def _said(self, mention: Mention, entity: EntityDraft) -> str:
        """The method where the entity has a country: by its words, or by what is around them."""
        if mention.mention_type == "name":
            return "office" if entity.entity_type == "person" else "named"
        if mention.method != "nominal" or mention.mention_type == "pronoun":
            return "named"
        parse, mentions = self.parse, self.layer.mentions
        owned = mention.start > 1 and parse.tags[mention.start - 1] == "POS"
        for token in range(mention.start - 2 * owned, mention.end):
            if any(mentions[m].mention_type == "name" for m in self.layer.at(token)):
                return "named"
        behind = parse.lower[mention.end] if mention.end < len(parse) else ""
        if behind == "in":
            return "place"  # "five protesters in Nairobi"
        if parse.lower[mention.start] == "the" and behind not in _OWNING:
            return "article"  # "the army" of the country that the article is told from
        return "named"

    def _inferred(
        self, event: EventDraft, entity: EntityDraft, *, acting: bool
    ) -> tuple[str | None, str | None]:
        guest = acting and entity.sector in _ABROAD
        if event.place is not None:
            code = self.places[event.place].country_code
            if guest and self.codes - {code}:
                return None, None  # whose soldiers, the text does not say
            return (code, "place") if code else (None, None)
        if entity.entity_type == "other":
            return None, None  # a plan or an attack is nowhere by itself
        if self.dateline is not None:
            near = {
                place.country_code
                for place in self.places
                if self.parse.sent_of[place.start] == event.sent and place.country_code
            }
            return (None, None) if near - {self.dateline} else (self.dateline, "dateline")
        if len(self.codes) == 1:
            return next(iter(self.codes)), "article"
        return None, None


def _is_local(mention: Mention, entity: EntityDraft, *, acting: bool) -> bool:
    """Is it told by a common noun for people, a body or a thing that is where it acts?

    Envoys, rebels and companies may be from anywhere; a name says who it is, not whence.
    """
    if mention.mention_type != "nominal" or entity.entity_type not in _LOCAL:
        return False
    if entity.entity_type == "other":
        return not acting  # a mosque, but not the shells that hit it
    if entity.entity_type == "person" and entity.sector == "GOV":
        return False
    return entity.sector not in _NOBODYS


_OWNING = frozenset({"of", "from"})
_LOCAL = frozenset({"person", "group", "organization", "government", "other"})


def _codes(layer: EntityLayer, places: Sequence[PlaceMention]) -> set[str]:
    """All countries that an article tells of."""
    said = {entity.country_code for entity in layer.entities}
    return {code for code in said | {p.country_code for p in places} if code}


def _dateline(heads: Heads, places: Sequence[PlaceMention]) -> str | None:
    parse = heads.parse
    for place in places:
        if place.start in heads.dateline or parse.sent_of[place.start] == parse.dateline:
            return place.country_code
    return None
