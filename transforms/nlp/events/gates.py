"""Which events of a lexicon sense are no public act: by their parties and by the article's matter.

The rules are `lexicons/event_gates.tsv`. They ask for parties and not for words, as most words of
politics are also those of trade, sport and private life ("agreed", "met", "arrested").
"""

from __future__ import annotations

from functools import cache, cached_property

from transforms.lexicons.loader import table, word_set
from transforms.nlp.annotations import EntityDraft, EventDraft, Mention
from transforms.nlp.events.senses import Senses
from transforms.plover import event_types, having

CORE = frozenset({"GOV", "MIL", "REB", "OPP", "PTY", "LEG", "SPY", "IGO", "REF"})
PUBLIC = CORE | {"COP", "JUD", "LAB", "NGO", "REL", "HRI", "ELI", "AGR", "ENV"}
_TRADE = frozenset({"BUS", "EDU", "HLH", "MED"})
_DUTY = frozenset({"COP", "JUD"})
_LAW = frozenset({"COP", "JUD", "UNK", None, "CVL", "CRM", "LAB", "BUS"})
_PRIVATE = frozenset({"UNK", None, "CVL", "CRM", "EDU", "LAB", "BUS"})
_PERMITS = frozenset({"GOV", "MIL", "REB", "COP", "LEG", "IGO", "JUD"})
_NOTED = frozenset({"OPP", "PTY", "LEG", "REF", "IGO", "MED", "NGO", "LAB", "REL"})
_SAME = word_set("words/events.tsv", "gates.same")
_STATES = frozenset({"country", "government"})
GATES = frozenset({"context", "actor", "trade", "recipient", "speaker", "warned", "permits",
                   "crime", "accident", "reflexive"})  # fmt: skip
_ON_THINGS = having("hits_things")
_LEAST_WORDS = 60  # shorter texts say too little of what they are about
_LEAST_SENTENCES = 2  # a lone sentence is taken as public
_LEAST_CORE = 0.02  # mentions of core public actors a word; the audit's texts part there

Party = tuple[EntityDraft, Mention]


@cache
def gates() -> dict[tuple[str, str], frozenset[str]]:
    """(event type, predicate or "*") → gates. Raises LexiconError."""
    found: dict[tuple[str, str], frozenset[str]] = {}
    for row in table("event_gates.tsv", ["gate", "event_type", "predicates"]):
        if row["gate"] not in GATES:
            raise row.error(f"no gate {row['gate']!r}")
        if row["event_type"] not in event_types():
            raise row.error(f"no event type {row['event_type']!r}")
        for predicate in row["predicates"].split(";"):
            key = (row["event_type"], predicate)
            found[key] = found.get(key, frozenset()) | {row["gate"]}
    return found


def is_public(entity: EntityDraft) -> bool:
    """A state, a public body or a group that acts in public life."""
    return entity.sector in PUBLIC or entity.entity_type in _STATES


class Gates:
    """The gates of one article."""

    def __init__(self, senses: Senses) -> None:
        self._senses = senses

    @cached_property
    def political(self) -> bool:
        """Is the article about public life, or too short to tell?"""
        layer, count = self._senses.clauses.layer, len(self._senses.parse)
        core = sum(self._weighs(layer.entities[m.entity]) for m in layer.mentions)
        if count >= _LEAST_WORDS:
            return core >= _LEAST_CORE * count
        return core > 0 or len(self._senses.parse.sents) < _LEAST_SENTENCES

    def _weighs(self, entity: EntityDraft) -> bool:
        """A core public actor, and no "officers", "party" or "agent" that any report may have."""
        return entity.sector in CORE and not self._plain(entity)

    def _plain(self, entity: EntityDraft) -> bool:
        words = entity.name.rsplit(None, 1)
        return bool(words) and words[-1].lower() in self._senses.lexicon.classes["unpolitical"]

    def _counts(self, parties: list[Party]) -> bool:
        """Is there a public party, in a text that is hardly political one other than the law?"""
        return any(
            is_public(entity)
            and (
                self.political
                or self._weighs(entity)
                or entity.entity_type in _STATES
                or (entity.sector not in CORE and entity.sector not in _DUTY)
            )
            for entity, _ in parties
        )

    def passes(self, event: EventDraft, anchor: int) -> bool:
        """Does the event, its type already that of its form, meet the gates of its sense?"""
        layer, rules = self._senses.clauses.layer, gates()
        kind, predicate, _ = event.sense.split(":", 2)
        asked = rules.get((kind, "*"), frozenset()) | rules.get((kind, predicate), frozenset())
        first: list[Party] = []
        second: list[Party] = []
        for party in event.participants:
            mention = layer.mentions[party.mention]
            pair = (layer.entities[mention.entity], mention)
            (second if party.role == "recipient" else first).append(pair)
        both = bool(second) or any(p.role == "participant" for p in event.participants)
        return not (
            self._no_act(anchor)
            or self._without_public(asked, event, first, second)
            or (
                "recipient" in asked
                and "warned" not in asked
                and event.event_type == kind
                and not both
            )
            or ("speaker" in asked and not _known(first) and not (not first and self._we(anchor)))
            or ("warned" in asked and not self._threatens(anchor, first, both))
            or ("permits" in asked and not _permits(first))
            or ("crime" in asked and self._ordinary(event, first, second))
            or ("accident" in asked and not first and self._says(event, "accident"))
            or ("reflexive" in asked and self._oneself(anchor))
        )

    def _no_act(self, anchor: int) -> bool:
        """A word inside a name ("Mobilization Forces") or an act spoken of in general ("Attacking
        churches is forbidden")."""
        parse, layer = self._senses.parse, self._senses.clauses.layer
        if parse.tags[anchor] == "VBG" and parse.deps[anchor] in {"csubj", "csubjpass"}:
            return True
        return (
            parse.pos[anchor] == "PROPN"
            and parse.deps[anchor] == "compound"
            and any(
                m.mention_type == "name" and m.start <= anchor < m.end - 1 for m in layer.mentions
            )
        )

    def _without_public(
        self, asked: frozenset[str], event: EventDraft, first: list[Party], second: list[Party]
    ) -> bool:
        parties = first + second
        if "context" in asked and not self.political and not self._counts(parties):
            return True
        if _any_public(parties):
            return False
        if not parties or len({entity.country_code for entity, _ in parties} - {None}) > 1:
            return False  # of two countries: "Cuban scientists work with Iranian laboratories"
        if "actor" in asked and not _known(parties):
            return not self._belongs(parties)
        return (
            "trade" in asked
            and all(entity.sector in _TRADE for entity, _ in parties)
            and not self._mentioned(event, CORE)
        )

    def _belongs(self, parties: list[Party]) -> bool:
        """Is a party named as somebody's: "volunteers of the Baptist Aid"?"""
        layer, clauses = self._senses.clauses.layer, self._senses.clauses
        return any(
            layer.mentions[m].mention_type == "name"
            for _, mention in parties
            for slot in ("of", "from")
            for t in clauses.noun(mention.head).preps.get(slot, ())
            for m in clauses.mentions_at(t)
        )

    def _ordinary(self, event: EventDraft, first: list[Party], second: list[Party]) -> bool:
        """Crime among private people, or the police and the courts at their daily work.

        Short and political texts need a word for it ("first-degree murder").
        """
        short = len(self._senses.parse) < _LEAST_WORDS
        if (short or self.political) and (
            any(entity.sector in _DUTY for entity, _ in first)
            or not self._says(event, "private_crime")
        ):
            return False
        if event.event_type == "ASSAULT" and (
            any(_armed(e) for e, _ in first) if first else self._grave
        ):
            return False  # force used by the police, or victims of nobody told in a grave report
        return (
            all(self._lay(e, _LAW) for e, _ in first)
            and all(self._lay(e, _PRIVATE) for e, _ in second)
            and not self._says(event, "political")
            and not self._mentioned(event, _NOTED)
        )

    @cached_property
    def _grave(self) -> bool:
        """Has the article any word of politics, war or terror?"""
        words = self._senses.lexicon.classes["political"]
        return not words.isdisjoint(self._senses.clauses.lemma)

    def _lay(self, entity: EntityDraft, sectors: frozenset[str | None]) -> bool:
        """Of one of the sectors, or described by a word that is public in politics only."""
        if entity.entity_type in _STATES:
            return False
        return entity.sector in sectors or (entity.sector in CORE and not self._weighs(entity))

    def _says(self, event: EventDraft, name: str) -> bool:
        sentence = self._senses.parse.sents[event.sent]
        held, lemma = self._senses.lexicon.classes[name], self._senses.clauses.lemma
        return any(lemma[t] in held for t in range(sentence.start, sentence.end))

    def _mentioned(self, event: EventDraft, sectors: frozenset[str]) -> bool:
        """Is an actor of one of the sectors in the sentence?"""
        sentence, layer = self._senses.parse.sents[event.sent], self._senses.clauses.layer
        return any(
            sentence.start <= m.start < sentence.end
            and layer.entities[m.entity].sector in sectors
            and not self._plain(layer.entities[m.entity])
            and not _hand(layer.entities[m.entity])
            for m in layer.mentions
        )

    def _threatens(self, anchor: int, first: list[Party], both: bool) -> bool:
        """Is a warning meant for somebody, or of what the speaker will do ("warned it would")?"""
        if both and (_any_public(first) or _any_place(first)):
            return True
        clauses, parse = self._senses.clauses, self._senses.parse
        if parse.pos[anchor] not in {"VERB", "AUX"} or not _known(first):
            return False
        return any(
            parse.lower[subject] in _SAME
            for clause in clauses.verb(anchor).ccomp
            for subject in clauses.verb(clause).subj
        )

    def _we(self, anchor: int) -> bool:
        """Does an unnamed "we" speak, as in the statement of a government?"""
        parse = self._senses.parse
        return any(parse.lower[t] == "we" for t in self._senses.clauses.children[anchor]) or any(
            parse.lower[t] == "we" for t in self._senses.clauses.children[parse.heads[anchor]]
        )

    def _oneself(self, anchor: int) -> bool:
        if self._senses.parse.pos[anchor] not in {"VERB", "AUX"}:
            return False
        frame, lower = self._senses.clauses.verb(anchor), self._senses.parse.lower
        return any(lower[t].endswith(("self", "selves")) for t in frame.obj)


def clear_places(event: EventDraft, senses: Senses) -> bool:
    """Take from an attack or arrest initiators that are only places; False when nobody is left."""
    if event.event_type not in _ON_THINGS:
        return True
    layer = senses.clauses.layer
    acting = [p for p in event.participants if p.role == "initiator"]
    if acting and all(
        layer.entities[layer.mentions[p.mention].entity].entity_type == "place" for p in acting
    ):
        event.participants = [p for p in event.participants if p.role != "initiator"]
        return bool(event.participants)
    return True


def _any_public(parties: list[Party]) -> bool:
    return any(is_public(entity) for entity, _ in parties)


def _any_place(parties: list[Party]) -> bool:
    """Is a side named by a place: "Brussels warned Warsaw"?"""
    return any(entity.entity_type == "place" for entity, _ in parties)


def _known(parties: list[Party]) -> bool:
    return any(
        is_public(entity) or entity.sector == "CRM" or _named(entity, mention)
        for entity, mention in parties
    )


def _named(entity: EntityDraft, mention: Mention) -> bool:
    """Somebody of unknown standing: a name, or a body ("the two sides"), no mere layman."""
    return entity.sector in {None, "UNK"} and (
        mention.mention_type != "nominal" or entity.entity_type == "organization"
    )


def _armed(entity: EntityDraft) -> bool:
    """Police, or "officers", whom the actor table takes for soldiers."""
    return entity.sector in {"COP", "MIL"}


def _hand(entity: EntityDraft) -> bool:
    """Somebody named by a trade ("a clerk"), no union."""
    return entity.sector == "LAB" and entity.entity_type in {"person", "group"}


def _permits(parties: list[Party]) -> bool:
    return any(e.sector in _PERMITS or e.entity_type in _STATES for e, _ in parties)
