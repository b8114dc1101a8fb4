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
_STATE_OFFICES = word_set("words/events.tsv", "countries.state-offices")
_LOCAL_OFFICES = word_set("words/events.tsv", "countries.local-offices")
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
    _carry(heads.layer, events)
    _name_apart(heads.layer, events)


def _carry(layer: EntityLayer, events: Sequence[EventDraft]) -> None:
    """A body, or whom a pronoun means, is of the one country that it has in other acts."""
    parties = [(party, layer.mentions[party.mention]) for e in events for party in e.participants]
    told: dict[int, set[tuple[str, str | None]]] = {}
    for party, mention in parties:
        if party.country_code is not None:
            held = told.setdefault(mention.entity, set())
            held.add((party.country_code, party.country_method))
    for party, mention in parties:
        ways = told.get(mention.entity, set())
        body = layer.entities[mention.entity].entity_type in _BODIES
        if (
            party.country_code is None
            and (body or mention.mention_type == "pronoun")
            and len({code for code, _ in ways}) == 1
        ):
            party.country_code, party.country_method = min(ways, key=str)


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
        self.at = {place.start: place for place in places if place.method != "demonym"}
        self.nouns = _nouns(heads.layer)
        towns = {p.country_code for p in self.at.values() if p.place_type != "country"}
        self.travels = bool(towns - {self.dateline, None})  # do its towns lie in several countries?

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
        if mention.mention_type == "pronoun":
            mention = self.nouns.get(mention.entity, mention)
        if is_guest(self.parse, mention.start, mention.end):
            return None, None
        if code := self._owning(mention):
            return code, "named"
        if self._holds_office(mention, entity) or self._is_of_state(mention, entity):
            return self._from_dateline(event, party)
        if not self._is_local(mention, entity, acting=acting):
            return None, None
        return self._inferred(event, party, entity, acting=acting)

    def _is_of_state(self, mention: Mention, entity: EntityDraft) -> bool:
        """Is it a body that every state has, told by its name: "the Senate"?"""
        body = entity.entity_type in _BODIES and entity.sector in _OF_STATE
        return body and mention.mention_type == "name"

    def _holds_office(self, mention: Mention, entity: EntityDraft) -> bool:
        """Is it the one who holds an office of the state: "the president", "Premier X"?

        They travel: they are of the country that a text is told from, not of where they meet.
        """
        if entity.entity_type != "person" or entity.sector != "GOV" or self.travels:
            return False
        title = self.parse.lower[mention.head]
        if mention.mention_type == "name":
            told = (m.title for m in self.layer.mentions if m.entity == mention.entity and m.title)
            title = next(told, "").lower().split(" ")[-1]
        elif self.parse.lower[mention.start] != "the":
            return False
        return title in _STATE_OFFICES

    def _owning(self, mention: Mention) -> str | None:
        """The country of the place that a noun is said to be of: "the mayor of Cali"."""
        behind = mention.end + 1
        if mention.mention_type != "nominal" or self.parse.lower[behind - 1 : behind] != ["of"]:
            return None
        behind += self.parse.lower[behind : behind + 1] == ["the"]
        return self.at[behind].country_code if behind in self.at else None

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
        self, event: EventDraft, party: Participant, entity: EntityDraft, *, acting: bool
    ) -> tuple[str | None, str | None]:
        guest = acting and entity.sector in _ABROAD
        place = self.places[event.place] if event.place is not None else None
        if place is not None and (place.country_code or place.place_id):
            if guest and self.codes - {place.country_code}:
                return None, None  # whose soldiers, the text does not say
            return place.country_code, "place" if place.country_code else None
        if entity.entity_type == "other":
            return None, None  # a plan or an attack is nowhere by itself
        if self.dateline is not None:
            return self._from_dateline(event, party)
        if len(self.codes) == 1:
            return next(iter(self.codes)), "article"
        return None, None

    def _from_dateline(
        self, event: EventDraft, party: Participant
    ) -> tuple[str | None, str | None]:
        """The dateline's country where the sentence names no other.

        But for a body of the state and a foreign one that act on each other: "France urged the
        authorities".
        """
        if self.dateline is None:
            return None, None
        near = {
            place.country_code
            for place in self.places
            if self.parse.sent_of[place.start] == event.sent and place.country_code
        }
        near.discard(self.dateline)
        mention = self.layer.mentions[party.mention]
        entity = self.layer.entities[mention.entity]
        body = entity.entity_type in _BODIES and entity.sector not in _ABROAD
        if (
            near
            and body
            and (mention.mention_type == "name" or self.parse.lower[mention.start] == "the")
        ):
            near -= {
                self.layer.entities[self.layer.mentions[other.mention].entity].country_code
                for other in event.participants
                if {other.role, party.role} == {"initiator", "recipient"}
            }
        return (None, None) if near else (self.dateline, "dateline")

    def _is_local(self, mention: Mention, entity: EntityDraft, *, acting: bool) -> bool:
        """Is it told by a common noun for people, a body or a thing that is where it acts?

        Envoys, rebels and companies may be from anywhere; a name says who it is, not whence. Of
        those who hold an office of the state only mayors and the like are where they act.
        """
        if mention.mention_type != "nominal" or entity.entity_type not in _LOCAL:
            return False
        if entity.entity_type == "other":
            return not acting  # a mosque, but not the shells that hit it
        if entity.entity_type == "person" and entity.sector == "GOV":
            return self.parse.lemmas[mention.head].lower() in _LOCAL_OFFICES
        counted = entity.entity_type == "group" and mention.method == "argument"
        return counted or entity.sector not in _NOBODYS  # "thousands marched"


def _nouns(layer: EntityLayer) -> dict[int, Mention]:
    """The first mention by a common noun of each entity that is told by no name."""
    named = {mention.entity for mention in layer.mentions if mention.mention_type == "name"}
    found: dict[int, Mention] = {}
    for mention in layer.mentions:
        if mention.mention_type == "nominal" and mention.entity not in named:
            found.setdefault(mention.entity, mention)
    return found


_OWNING = frozenset({"of", "from"})
_OF_STATE = frozenset({"GOV", "JUD", "LEG"})
_BODIES = frozenset({"organization", "government"})
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
