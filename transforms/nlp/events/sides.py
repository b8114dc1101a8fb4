"""The sides of an event: from words that the reader gives a role to mentions of entities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from transforms.lexicons.loader import word_set
from transforms.nlp.annotations import (
    Mention,
    Participant,
    PlaceMention,
)
from transforms.nlp.events.added import append, described, newcomer, own_entity
from transforms.nlp.events.bearers import Parties, Read, chances, halfway
from transforms.nlp.events.beside import (
    is_each_other,
    is_elsewhere,
    is_no_actor,
    is_of_party,
    undergoing,
)
from transforms.nlp.events.constructions import Constructions
from transforms.nlp.events.parties import parties
from transforms.nlp.events.senses import Match, Senses
from transforms.nlp.events.taught import Taught
from transforms.nlp.reader.features import ROLES
from transforms.nlp.reader.read import Reading, ReadTrigger
from transforms.plover import having


@dataclass(slots=True)
class Borne:
    """The words taken for a role, and what the reader says of it."""

    taken: list[int]  # best first
    words: dict[int, float]  # all that may bear it, with their chance, best first
    none: float  # chance that no word bears it
    best: float  # chance of the reader's likeliest word, taken or not
    weighed: float  # of the likeliest as all is weighed, taken or not


@dataclass(slots=True)
class Told:
    """What is told beside a trigger: its parties, who says so, where."""

    initiator: Borne
    recipient: Borne
    source: int | None  # word
    sites: dict[int, float]  # words that may name its place, with their chance
    trigger: int
    mutual: bool  # is it what two do to each other?
    force: bool  # is it done to somebody on the spot?

    def places(self, places: Sequence[PlaceMention]) -> dict[int, float]:
        """The place mentions (indices) at the words that may name the place, with their chance."""
        found: dict[int, float] = {}
        for number, place in enumerate(places):
            if place.method != "demonym":
                chances = [self.sites.get(token, 0.0) for token in range(place.start, place.end)]
                if any(chances):
                    found[number] = max(chances)
        return found


class Sides:
    """The sides of the events of one article.

    `kinds` is `features.kinds_of` it. `limits` are the chances, chosen in training: `trigger`,
    `source`, `side` for a party that another belongs to, `both` for a word on both sides.
    """

    def __init__(
        self,
        reading: Reading,
        senses: Senses,
        kinds: Sequence[int],
        taught: Taught | None = None,
    ) -> None:
        self.reading, self.senses, self.kinds = reading, senses, kinds
        self.nobody = taught.nobody if taught else frozenset[str]()
        self.layer = senses.clauses.layer
        self.limits: Mapping[str, float] = reading.limits
        self.constructions = Constructions(reading, senses, self._read)
        self._held: dict[int, Read] = {}
        standing = {
            acting: cache(lambda token, acting=acting: self._standing(token, acting=acting))
            for acting in (True, False)
        }
        self.parties = Parties(senses.parse, self.layer, self.constructions.quotes, standing)

    def of(self, trigger: ReadTrigger, own: Match | None = None) -> Told:
        """Words of the parties, of the source and of the place of one trigger.

        `own` is the phrase of the project's dictionary that it is: where the reader, to whom the
        phrase is new, sees nobody for a side, its slots say who it is.
        """
        act = self._read(trigger)
        event_type = trigger.event_type
        alike = event_type in _ALIKE
        seen = self._apart(act.first.words, act.second.words, alike=alike)
        mended = self.constructions.mend(trigger, event_type, act.first.words, act.second.words)
        first, second = self._apart(*self._weighed(act, *mended), alike=alike)
        if own is not None:
            first = self._from_slots(own, own.sense.initiator, first, second)
            second = self._from_slots(own, own.sense.recipient, second, first)
        parties = {
            token
            for words in (first, second)
            for token, chance in words.items()
            if chance >= self.limits["side"] or token == next(iter(words))
        }
        source, chance = next(iter(act.source.items()), (None, 0.0))
        return Told(
            self._borne(first, mended[0], act.first.none, parties, seen[0]),
            self._borne(second, mended[1], act.second.none, parties, seen[1]),
            source if chance >= self.limits["source"] else None,
            act.place,
            trigger.token,
            mutual=event_type in _MUTUAL or self.senses.clauses.lemma[trigger.token] in _COMBAT,
            force=event_type in _FORCE,
        )

    def hear(self, triggers: Iterable[ReadTrigger]) -> None:
        """Note the parties of all acts of the article, before the first is asked for."""
        self.parties.hear(map(self._read, triggers))

    def _read(self, trigger: ReadTrigger) -> Read:
        key = id(trigger)  # two of one word may differ; what is held keeps it alive
        if key not in self._held:
            roles = dict(zip(ROLES, self.reading.sides(trigger, self.kinds), strict=True))
            self._held[key] = Read(
                trigger,
                roles["initiator"],
                roles["recipient"],
                roles["place"].words,
                roles["source"].words,
            )
        return self._held[key]

    def _weighed(
        self, act: Read, first: Mapping[int, float], second: Mapping[int, float]
    ) -> tuple[dict[int, float], dict[int, float]]:
        """The chance of each party's word as initiator and as recipient, best first.

        `first` and `second` are the chances of words as the constructions leave them.
        """
        sides = []
        for role, own, other in (("initiator", first, second), ("recipient", second, first)):
            acting = role == "initiator"
            held = self.parties.weighed(act, own, other, acting=acting)
            told = zip(held, chances(role, held), strict=True)
            best = sorted(told, key=lambda one: (-one[1], one[0].token))
            sides.append({one.token: chance for one, chance in best})
        return sides[0], sides[1]

    def _apart(
        self, first: Mapping[int, float], second: Mapping[int, float], *, alike: bool
    ) -> tuple[dict[int, float], dict[int, float]]:
        """Who may be on both sides stays on the likelier one, unless likely on either ("met") and
        the act is one that two do `alike`: nobody is both who accuses and the accused."""
        own, other = dict(first), dict(second)
        who = {word: self._who(word) for word in (*first, *second)}
        for word in first:
            for twin in second:
                if word in own and twin in other and who[word] == who[twin]:
                    less, more = sorted((own[word], other[twin]))
                    if less >= self.limits["both"] and (alike or less >= _AS_LIKELY * more):
                        continue
                    if own[word] < other[twin]:
                        del own[word]
                    else:
                        del other[twin]
        return own, other

    def _who(self, token: int) -> int | str:
        """Who is mentioned at a word: a country's code for it and its government, else the entity;
        of one that nobody knows a number of its own below 0."""
        held = self.senses.clauses.mentions_at(token)
        if not held:
            return -1 - token
        number = self.layer.mentions[held[0]].entity
        entity = self.layer.entities[number]
        return (entity.country_code if entity.entity_type in _STATES else None) or number

    def _borne(
        self,
        found: Mapping[int, float],
        mended: Mapping[int, float],
        none: float,
        parties: set[int],
        seen: Mapping[int, float],
    ) -> Borne:
        """The words to take, by their weighed chance; not datelines, nor countries that tell
        whose a party is: "ministers of Peru".

        What is told is halfway between that chance and the reader's as constructions leave it,
        which tells right pairs of countries from wrong ones as well as either.
        """

        def likelier(token: int) -> set[int]:
            least = found.get(token, 0.0)
            return {other for other in parties if found.get(other, 0.0) >= least}

        own = {
            token
            for token in seen.keys() | found.keys()
            if not self._is_owner(token, parties)
            and not is_of_party(self.senses.clauses, token, likelier(token))
            and not self._in_dateline(token)
        }
        words = {token: chance for token, chance in found.items() if token in own}
        best = max((chance for token, chance in seen.items() if token in own), default=0.0)
        taken: list[int] = []
        for token, chance in words.items():  # best first
            if chance < (max(_JOINS, _BESIDE * words[taken[0]]) if taken else _ALONE):
                break
            if not self._is_part(token, taken):
                taken.append(token)
        told = {token: halfway(chance, mended.get(token, 0.0)) for token, chance in words.items()}
        return Borne(taken, told, none, best, max(words.values(), default=0.0))

    def _is_part(self, token: int, others: Iterable[int]) -> bool:
        """Does a mention of one of `others` hold the word ("M23" of "M23 rebels"), or a name?"""
        mentions, parse = self.layer.mentions, self.reading.parse
        if token + 1 in others and parse.heads[token] == token + 1 and not self.layer.at(token):
            return parse.pos[token] == "PROPN"  # "Stary Beregovets"
        return any(
            mentions[m].start <= token < mentions[m].end
            for other in others
            for m in self.layer.at(other)
            if mentions[m].head == other
        )

    def participants(self, told: Told) -> list[Participant]:
        """The parties as mentions; those that nobody knows are added to the layer.

        Each with its chance, less where it was found to be too sure.
        """
        parse = self.reading.parse
        acting = {
            token: chance * (_NO_ACTOR if is_no_actor(parse, token) else 1)
            for token, chance in told.initiator.words.items()
        }
        first = self._mentioned(told.initiator.taken, acting, acting=True)
        doubted = {
            token: chance
            * (_ELSEWHERE if is_elsewhere(self.senses.clauses, token, told.trigger) else 1)
            for token, chance in told.recipient.words.items()
        }
        taken = [t for t in told.recipient.taken if not is_each_other(parse, t)]
        mutual = told.mutual or len(taken) < len(told.recipient.taken)
        if len(first) > 1 and (mutual or not told.force):
            taken = undergoing(self.senses.clauses, taken, told.trigger)
        second = self._mentioned(taken, doubted, acting=False)
        enough = self.limits["both"]
        one, two = ({m: c for m, c in side.items() if c >= enough} for side in (first, second))
        alone = (len(one) > 1 and not two) or (len(two) > 1 and not one)
        if mutual and (alone or first.keys() & second.keys()):
            # what some do together all do, and two on one side do it with each other
            first, second = {**first, **two, **first}, {**second, **one, **second}
        found: list[Participant] = []
        for role, own, other in (("initiator", first, second), ("recipient", second, first)):
            for mention, chance in own.items():
                if mention not in other:
                    found.append(Participant(role, mention, confidence=round(chance, 2)))
                elif role == "initiator":
                    least = min(chance, other[mention]) * (1 if mutual else _ONE_SIDED)
                    found.append(Participant("participant", mention, confidence=round(least, 2)))
        return found

    def _from_slots(
        self,
        own: Match,
        slots: Iterable[str],
        words: dict[int, float],
        other: Mapping[int, float],
    ) -> dict[int, float]:
        """The words of a side, or those of the first slot that has any where none is likely."""
        enough = self.limits["side"]
        if max(words.values(), default=0.0) >= enough:
            return words
        taken = {token for token, chance in other.items() if chance >= enough}
        for slot in slots:
            tokens = [t for t in self.senses.slot(own, slot) if t not in taken]
            if tokens:
                return dict.fromkeys(tokens, enough)
        return words

    def source(self, told: Told) -> int | None:
        """Who says so, as a mention."""
        words = {} if told.source is None else {told.source: 1.0}
        return next(iter(self._mentioned([*words], words, acting=True)), None)

    def _in_dateline(self, token: int) -> bool:
        parse = self.reading.parse
        return token in self.senses.clauses.dateline or parse.sent_of[token] == parse.dateline

    def _is_owner(self, token: int, parties: set[int]) -> bool:
        """Is the word a country that another of `parties`, which it belongs to, is of?"""
        codes = self._codes(token, {"country", "place"})
        parse, over, below = self.reading.parse, token, False
        for _ in range(_CLIMB if codes else 0):
            dep, up = parse.deps[over], parse.heads[over]
            if dep not in _OWNED and not (dep == "conj" and not below):
                return False
            below = below or dep != "conj"
            over = up
            if over in parties and codes <= (held := self._codes(over, None)):
                if not below and len(held) < 2:
                    continue  # and not one of several: "ministers of Peru, Chile"
                return True
        return False

    def _codes(self, token: int, types: set[str] | None) -> set[str]:
        """Countries of what is mentioned at a word, where all of it is of `types`."""
        layer = self.layer
        held = [
            layer.entities[layer.mentions[m].entity] for m in self.senses.clauses.mentions_at(token)
        ]
        if types is not None and any(entity.entity_type not in types for entity in held):
            return set()
        return {entity.country_code for entity in held if entity.country_code}

    def _mentioned(
        self, taken: list[int], words: Mapping[int, float], *, acting: bool
    ) -> dict[int, float]:
        """Mentions at the words taken, with the word's chance; each entity once, where it is
        likeliest."""
        found: dict[int, float] = {}
        entities, mentions = set[int](), self.layer.mentions
        for token in taken:
            if any(mentions[m].start <= token < mentions[m].end for m in found):
                continue  # "Tens of thousands"
            for mention in self._mentions(token, acting=acting) or self._pronoun(token, words):
                entity = self.layer.mentions[mention].entity
                if entity not in entities:
                    entities.add(entity)
                    found[mention] = words[token]
        return found

    def _mentions(self, token: int, *, acting: bool) -> list[int]:
        """The mentions that a word stands for (`parties`), else the name around it, else one
        added for people that the layer does not know."""
        if own := self._standing(token, acting=acting):
            somebody = self.constructions.is_somebody(token)
            return described(self.reading.parse, self.layer, token, own) if somebody else own
        added = newcomer(self.reading.parse, self.layer, token, self.nobody)
        return [] if added is None else [added]

    def _standing(self, token: int, *, acting: bool) -> list[int]:
        """Those of the layer that a word stands for.

        An act that one condemns is no place, wherever it was: "condemned a coup in Gabon".
        """
        own = parties(self.senses, token, acting=acting)
        if own and self.constructions.is_talked_of(token):
            at, layer = set(self.senses.clauses.mentions_at(token)), self.layer
            sited = {"place", "country"}
            own = [
                m for m in own
                if m in at or layer.entities[layer.mentions[m].entity].entity_type not in sited
            ]  # fmt: skip
        if own:
            return own
        around = self.layer.at(token)
        names = [i for i in around if self.layer.mentions[i].mention_type == "name"]
        return names[-1:] or self._titled(token) or self._named_behind(token)

    def _titled(self, token: int) -> list[int]:
        """The person whose title the word is: "Prime Minister Theresa May's agreement"."""
        parse, layer = self.reading.parse, self.layer
        over = parse.heads[token]
        if parse.deps[token] not in {"compound", "nmod"} or over <= token:
            return []
        return [
            m
            for m in self.senses.clauses.mentions_at(over)
            if layer.mentions[m].mention_type == "name"
            and layer.entities[layer.mentions[m].entity].entity_type == "person"
        ]

    def _named_behind(self, token: int) -> list[int]:
        """The body that a common noun right before its name tells of: "the paramilitary X"."""
        parse, layer = self.reading.parse, self.layer
        if parse.pos[token] not in {"NOUN", "ADJ"} or token + 1 == len(parse):
            return []
        return [
            m
            for m in layer.at(token + 1)
            if layer.mentions[m].start == token + 1
            and layer.mentions[m].mention_type == "name"
            and layer.entities[layer.mentions[m].entity].entity_type in _BODIES
        ][:1]

    def _pronoun(self, token: int, words: Iterable[int]) -> list[int]:
        """A mention made for a pronoun that coreference left open.

        Else it is somebody told only as "we".
        """
        parse = self.reading.parse
        if parse.pos[token] != "PRON" or parse.lower[token] in _NOBODY:
            return []
        entity = self._meant(token, words)
        if entity is None:
            entity = own_entity(parse, self.layer, parse.lower[token])
        mention = Mention(token, token + 1, token, entity, "pronoun", None, "reader", 0.5)
        return [append(self.layer, mention)]

    def _meant(self, token: int, words: Iterable[int]) -> int | None:
        """The speaker of the quotation for "we", else the likeliest other word for the role that
        stands before it: what the reader takes for the party in its stead."""
        parse, told = self.reading.parse, self.constructions
        speaker = told.speaker(token)
        if speaker is not None:
            return self.layer.mentions[speaker].entity
        for other in words:
            if other < token and parse.pos[other] in {"NOUN", "PROPN"}:
                beside = parse.sent_of[other] == parse.sent_of[token]
                if told.speaks(token) and beside and parse.deps[other] not in _SPEAKING:
                    continue  # "As I told Lavrov, we …"
                if held := self.senses.clauses.mentions_at(other):
                    return self.layer.mentions[held[0]].entity
        return None


_ALONE = 0.1  # chance from which on the likeliest word is taken
_JOINS, _BESIDE = 0.22, 0.4
_ALIKE = having("alike")
_STATES = {"country", "government"}
_BODIES = {"organization", "group", "government"}
_MUTUAL = having("mutual")
_FORCE = having("on_the_spot")
_COMBAT = word_set("words/events.tsv", "sides.combat")  # 10 of 19 where 12 were told
# how often the reader's chance held where these stand, in part, on articles it had not seen
_ELSEWHERE = 0.4  # a country or place behind "in", as a recipient: 2 of 15 where 4 were told
_NO_ACTOR = 0.1  # not told where people look; which "blast" it was helps to tell events apart
_ONE_SIDED = 0.1  # who stands on both sides of an attack: 4 of 125 where 65 were told
_AS_LIKELY = 0.5  # of the chance for the likelier side, from which on a word may be on either
_SPEAKING = {"nsubj", "appos", "ROOT"}
_CLIMB = 6  # steps from a country to the phrase that it belongs to
_OWNED = {"poss", "amod", "compound", "nmod", "pobj", "prep"}
_NOBODY = word_set("words/events.tsv", "sides.nobody")
