"""How likely a word bears a role, from all that is known of it in the article.

The reader weighs one word beside one trigger. What it cannot see is weighed here: how it stands in
the clause, who is told as a party of other acts of the type, that several words are one party, and
how it compares with the others. `lexicons/party_trees.tsv` holds regression trees over `Signs`
for each role (gradient boosting on the logistic loss, fitted by `benchmarks.fit_parties` on
readings by weights that had not seen the article); their sum is the log odds.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from transforms.lexicons import loader
from transforms.lexicons.loader import word_values
from transforms.nlp.annotations import EntityDraft, EntityLayer, QuotationDraft
from transforms.nlp.parsing.parse import VERBAL, Parse
from transforms.nlp.reader.read import Bearers, ReadTrigger
from transforms.plover import having

TREES = "party_trees.tsv"
COLUMNS = ("role", "tree", "node", "sign", "limit", "low", "high", "value")
LEAST_OTHER = 0.1  # chance of the other role, or of other acts, from which on a word is weighed
_LOW, _HIGH = 0.005, 0.995  # chances beyond which the reader says nothing more
_NOUNS = frozenset({"NOUN", "PROPN", "PRON", "NUM"})
_STATE = frozenset({"GOV", "MIL", "LEG", "JUD", "SPY"})
_ARMED = frozenset({"REB", "CRM"})
_MUTUAL, _DEEDS, _BLAMES = having("mutual"), having("deed"), having("blames")
_SPEAKS = having("at_a_distance")
_WAYS = word_values("words/events.tsv", "bearers.ways")
_STEPS = 12  # heads above a word that are looked at


class Signs(NamedTuple):
    """What speaks for and against a party bearing a role; 0 where it does not hold.

    Chances are log odds; where a party has several words, of the likeliest.
    """

    own: float  # of the role, as constructions leave it
    other: float  # of the other role, likewise
    together: float  # of all its words
    behind: float  # how far behind the likeliest of all
    best: float
    place: float
    source: float
    elsewhere: float  # of the role, of other acts of the type
    elsewhere_alike: float  # of these told with the same word
    sentences: float  # by which it stands before the trigger, 3 at most; -1 behind it
    far: float  # log of words
    before: float
    beside: float  # named in the trigger's sentence
    country: float
    often: float
    lead: float
    speaker: float
    plural: float
    words: float
    subject: float
    passive_subject: float
    by: float
    object: float
    owner: float
    against: float
    with_: float
    to: float
    of: float
    where: float
    when: float
    below: float
    above: float
    name: float  # of the mention and its entity
    pronoun: float
    nominal: float
    state: float
    armed: float
    media: float
    civil: float
    person: float
    organization: float
    government: float
    nation: float
    toponym: float
    group: float
    thing: float
    verb: float  # of the act
    passive: float
    quoted: float
    none: float  # that no word bears the role
    no_other: float
    mutual: float
    deed: float
    blames: float
    speaks: float
    assault: float
    coerce: float
    protest: float
    request: float


@dataclass(frozen=True, slots=True)
class Weighed:
    """A party that may bear a role: the word that tells it best, and its signs."""

    token: int
    signs: Signs


@dataclass(slots=True)
class Read:
    """What the reader and the constructions say of a trigger's two roles."""

    trigger: ReadTrigger
    first: Bearers
    second: Bearers
    place: dict[int, float]
    source: dict[int, float]


class Scene(NamedTuple):
    """What is the same for all parties of an act's role, and its signs, the last of `Signs`."""

    sentence: int
    speaker: int | None
    words: Mapping[int, float]
    signs: tuple[float, ...]


class Parties:
    """The parties of one article, by whom its words stand for.

    `standing` gives the mentions (indices) that a word stands for, by the word and whether it acts.
    """

    def __init__(
        self,
        parse: Parse,
        layer: EntityLayer,
        quotes: Sequence[QuotationDraft],
        standing: Mapping[bool, Callable[[int], Sequence[int]]],
    ) -> None:
        self.parse, self.layer, self.quotes, self.standing = parse, layer, quotes, standing
        self.often = Counter(mention.entity for mention in layer.mentions)
        self.heads: dict[int, list[int]] = {}
        for mention in layer.mentions:
            self.heads.setdefault(mention.entity, []).append(mention.head)
        self.acts: list[tuple[ReadTrigger, tuple[dict[int, float], dict[int, float]]]] = []

    def hear(self, acts: Iterable[Read]) -> None:
        """Note who is read as a party of all acts of the article."""
        for act in acts:
            held = self._told(act.first.words, True), self._told(act.second.words, False)
            self.acts.append((act.trigger, held))

    def _told(self, words: Mapping[int, float], acting: bool) -> dict[int, float]:
        found: dict[int, float] = {}
        for token, chance in words.items():
            who = self._who(token, acting)
            if who >= 0:
                found[who] = max(chance, found.get(who, 0.0))
        return found

    def _who(self, token: int, acting: bool) -> int:
        """The entity told at a word; of one that nobody knows a number of its own below 0."""
        held = self.standing[acting](token)
        return self.layer.mentions[held[0]].entity if held else -1 - token

    def weighed(
        self,
        act: Read,
        own: Mapping[int, float],
        other: Mapping[int, float],
        *,
        acting: bool,
    ) -> list[Weighed]:
        """All that may bear the role; `own` and `other` are chances as the constructions leave
        them, of this role and the other."""
        mine, others = (act.first, act.second) if acting else (act.second, act.first)
        groups: dict[int, list[int]] = {}
        for token in dict.fromkeys([*own, *mine.words, *other, *others.words]):
            groups.setdefault(self._who(token, acting), []).append(token)
        votes, alike = self._votes(act.trigger, acting)
        scene = self._scene(act, acting)
        best = max(own.values(), default=0.0)
        sentence = self.parse.sent_of[act.trigger.token]
        for who, chance in votes.items():
            if chance >= LEAST_OTHER and who not in groups and who in self.heads:
                told = [t for t in self.heads[who] if self.parse.sent_of[t] <= sentence]
                groups[who] = [(told or self.heads[who])[-1]]
        found = []
        for who, tokens in groups.items():
            likely = (
                any(token in own for token in tokens)
                or max(other.get(token, 0.0) for token in tokens) >= LEAST_OTHER
                or votes.get(who, 0.0) >= LEAST_OTHER
            )
            if likely:
                elsewhere = votes.get(who, 0.0), alike.get(who, 0.0)
                found.append(
                    self._party(act, tokens, who, own, other, scene, best, elsewhere, acting)
                )
        return found

    def _votes(self, trigger: ReadTrigger, acting: bool) -> tuple[dict[int, float], ...]:
        """Who bears the role of other acts of the type, and of those of the same word."""
        lemmas = self.parse.lemmas
        votes, alike = dict[int, float](), dict[int, float]()
        for other, sides in self.acts:
            if other.token == trigger.token or other.event_type != trigger.event_type:
                continue
            same = lemmas[other.token].lower() == lemmas[trigger.token].lower()
            for who, chance in sides[not acting].items():
                votes[who] = max(chance, votes.get(who, 0.0))
                if same:
                    alike[who] = max(chance, alike.get(who, 0.0))
        return votes, alike

    def _party(
        self, act: Read, tokens: Sequence[int], who: int, own: Mapping[int, float],
        other: Mapping[int, float], scene: Scene, best: float, elsewhere: tuple[float, float],
        acting: bool,
    ) -> Weighed:  # fmt: skip
        parse, trigger = self.parse, act.trigger.token
        sentence, sent_of = scene.sentence, parse.sent_of
        token = tokens[0]
        if len(tokens) > 1:
            token = max(
                tokens,
                key=lambda t: (own.get(t, 0.0), sent_of[t] == sentence, -abs(t - trigger)),
            )
        held = self.standing[acting](token)
        heads = self.heads.get(who, ())
        most, gap = _most(own, tokens), sentence - sent_of[token]
        way = "" if gap else self._way(trigger, token)
        signs = Signs(
            _odds(most),
            _odds(_most(other, tokens)),
            _odds(sum(own.get(t, 0.0) for t in tokens)),
            _odds(most) - _odds(best),
            most == best,
            _odds(_most(act.place, tokens)),
            _odds(_most(act.source, tokens)),
            _odds(elsewhere[0]),
            _odds(elsewhere[1]),
            min(3, gap) if gap >= 0 else -1,
            0.0 if gap else math.log1p(abs(token - trigger)),
            token < trigger,
            not gap or any(sent_of[head] == sentence for head in heads),
            bool(held) and self._entity(held[0]).country_code is not None,
            math.log1p(self.often[who]),
            any(sent_of[head] <= 1 for head in heads),
            who >= 0 and scene.speaker == who,
            parse.tags[token] in _PLURAL,
            sum(t in scene.words for t in tokens),
            *_HANGS[way],
            *(self._of_mention(held[0]) if held else _UNTOLD),
            *scene.signs,
        )
        return Weighed(token, signs)

    def _scene(self, act: Read, acting: bool) -> Scene:
        """What is the same for all parties of an act's role."""
        parse, trigger, kind = self.parse, act.trigger.token, act.trigger.event_type
        mine, others = (act.first, act.second) if acting else (act.second, act.first)
        quote = next(
            (q for q in self.quotes if q.start_char <= parse.starts[trigger] < q.end_char), None
        )
        speaker = None if quote is None or quote.speaker is None else quote.speaker
        verb = parse.pos[trigger] in VERBAL
        return Scene(
            parse.sent_of[trigger],
            None if speaker is None else self.layer.mentions[speaker].entity,
            mine.words,
            (
                verb, verb and self._is_passive(trigger), quote is not None,
                _odds(mine.none), _odds(others.none),
                kind in _MUTUAL, kind in _DEEDS, kind in _BLAMES, kind in _SPEAKS,
                kind == "ASSAULT", kind == "COERCE", kind == "PROTEST", kind == "REQUEST",
            ),
        )  # fmt: skip

    def _entity(self, mention: int) -> EntityDraft:
        return self.layer.entities[self.layer.mentions[mention].entity]

    def _of_mention(self, mention: int) -> tuple[bool, ...]:
        told, entity = self.layer.mentions[mention].mention_type, self._entity(mention)
        kind, sector = entity.entity_type, entity.sector or ""
        return _signs_of(told, kind, sector)

    def _is_passive(self, token: int) -> bool:
        return any(
            self.parse.deps[child] in ("auxpass", "nsubjpass")
            for child in self.parse.children[token]
        )

    def _way(self, trigger: int, token: int) -> str:
        """How a word of the trigger's sentence hangs on it, in a word of `Signs`."""
        parse, at = self.parse, token
        for _ in range(_STEPS):  # what is joined hangs as the first does
            over = parse.heads[at]
            joined = parse.deps[at] == "conj" and parse.pos[over] in _NOUNS
            if over == at or not (joined or parse.deps[at] == "appos"):
                break
            at = over
        dep, over = parse.deps[at], parse.heads[at]
        governor = parse.heads[trigger]
        if parse.deps[trigger] == "pobj":
            governor = parse.heads[governor]
        noun = parse.pos[trigger] not in VERBAL
        near = {trigger, governor} if noun and parse.pos[governor] in VERBAL else {trigger}
        if dep in ("nsubj", "csubj"):
            chained = parse.deps[trigger] in ("conj", "xcomp", "advcl") and over == governor
            if over in near or (not noun and chained):
                return "subject"
        if dep == "nsubjpass" and (over in near or over == governor):
            return "passive_subject"
        if dep in ("dobj", "dative") and over in near:
            return "object"
        if dep in ("poss", "compound", "amod", "nmod") and over == trigger:
            return "owner"
        if dep in ("pobj", "pcomp"):
            holder = parse.heads[over]
            inner = parse.heads[holder] == trigger and parse.deps[holder] in ("dobj", "pobj")
            if holder in near or inner:
                return _WAYS.get(parse.lower[over], "below")
        if trigger in islice(parse.above(at), _STEPS):
            return "below"
        return "above" if at in islice(parse.above(trigger), _STEPS) else ""


def chances(role: str, weighed: Sequence[Weighed]) -> list[float]:
    """How likely each party bears the role, between 0 and 1."""
    return _forests()[role].chances(weighed)


def halfway(one: float, other: float) -> float:
    """The chance halfway between two in log odds."""
    return 1 / (1 + math.exp(-(_odds(one) + _odds(other)) / 2))


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees over signs, their nodes one behind the other; a leaf leads to itself."""

    roots: NDArray[np.int64]
    sign: NDArray[np.int64]
    limit: NDArray[np.float64]
    ways: NDArray[np.int64]  # of each node where a row goes that is at most its limit, and others
    value: NDArray[np.float64]
    depth: int

    def chances(self, weighed: Sequence[Weighed]) -> list[float]:
        """The chance of each party, between 0 and 1."""
        rows = np.array([one.signs for one in weighed], dtype=np.float64)
        return [1 / (1 + math.exp(-odds)) for odds in self.odds(rows).tolist()] if weighed else []

    def odds(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """The log odds of each row of signs."""
        signs, width = rows.ravel(), rows.shape[1]
        at = np.repeat(self.roots[None], len(rows), axis=0)
        first = np.arange(len(rows))[:, None] * width
        for _ in range(self.depth):
            over = signs.take(first + self.sign.take(at)) > self.limit.take(at)
            at = self.ways.take(2 * at + over)
        total: NDArray[np.float64] = self.value.take(at).sum(axis=1)
        return total


@cache
def _forests() -> dict[str, Forest]:
    return forests(loader.table(TREES, COLUMNS))


def forests(rows: Iterable[loader.Row]) -> dict[str, Forest]:
    """The forest of each role. A node with a sign leads to `low` or `high`, others have a value.

    Raises LexiconError where a sign is unknown, or a node does not lead to later ones.
    """
    held: dict[str, dict[tuple[int, int], loader.Row]] = {}
    for row in rows:
        held.setdefault(row["role"], {})[int(row["tree"]), int(row["node"])] = row
    return {role: _forest(nodes) for role, nodes in held.items()}


def _forest(nodes: Mapping[tuple[int, int], loader.Row]) -> Forest:
    size = 1 + max(tree for tree, _ in nodes), 1 + max(node for _, node in nodes)
    sign, depth = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    low, high = (np.tile(np.arange(size[1]), (size[0], 1)) for _ in range(2))
    limit, value = np.zeros(size), np.zeros(size)
    for place, row in sorted(nodes.items()):
        if not row["sign"]:
            value[place] = float(row["value"])
            continue
        if row["sign"] not in Signs._fields:
            raise row.error(f"unknown sign {row['sign']!r}")
        below = int(row["low"]), int(row["high"])
        if any(node <= place[1] or (place[0], node) not in nodes for node in below):
            raise row.error("a node leads to later ones of its tree")
        sign[place], limit[place] = Signs._fields.index(row["sign"]), float(row["limit"])
        low[place], high[place] = below
        for node in below:
            depth[place[0], node] = depth[place] + 1
    roots = np.arange(size[0]) * size[1]
    ways = np.stack([low, high], axis=2) + roots[:, None, None]
    return Forest(roots, sign.ravel(), limit.ravel(), ways.ravel(), value.ravel(), int(depth.max()))


@cache
def _signs_of(told: str, kind: str, sector: str) -> tuple[bool, ...]:
    return (
        *(told == name for name in _MENTIONED),
        sector in _STATE, sector in _ARMED, sector == "MED", sector == "CVL",
        *(kind == held for held in _KINDS),
    )  # fmt: skip


def _most(chances: Mapping[int, float], tokens: Sequence[int]) -> float:
    return max(chances.get(token, 0.0) for token in tokens)


_MENTIONED = ("name", "pronoun", "nominal")
_HANGING = Signs._fields[Signs._fields.index("subject") : Signs._fields.index("above") + 1]
_KINDS = ("person", "organization", "government", "country", "place", "group", "other")
_UNTOLD = (False,) * (len(_MENTIONED) + 4 + len(_KINDS))
_HANGS = {way: tuple(way == name for name in _HANGING) for way in ("", *_HANGING)}
_PLURAL = frozenset({"NNS", "NNPS"})


def _odds(chance: float) -> float:
    held = min(_HIGH, max(_LOW, chance))
    return math.log(held / (1 - held))
