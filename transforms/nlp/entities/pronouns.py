"""Whom a pronoun means: every mention before it is weighed, and nobody where none weighs enough.

What counts for or against a candidate (`signs`) has a weight in `actors/salience.tsv`. Nouns that
stand for no actor are weighed too: where "the missiles" is likelier than any actor, "they" is left
open. "Thailand and Cambodia" are one candidate for "they", and both are meant.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from transforms.lexicons import loader
from transforms.lexicons.loader import word_set, word_values
from transforms.nlp.annotations import EntityLayer, Mention
from transforms.nlp.entities.people import gender
from transforms.nlp.entities.referents import own_subject
from transforms.nlp.names.actors import lexicon
from transforms.nlp.parsing.parse import Parse
from transforms.nlp.parsing.quoted import quoted

WEIGHTS = "actors/salience.tsv"
_CLASSES = {
    word: kind
    for kind, words in (
        ("he", "he him his himself"),
        ("she", "she her herself hers"),
        ("it", "it its itself"),
        ("they", "they them their theirs themselves"),
    )
    for word in words.split()
}
_SIGNS = word_values("words/entities.tsv", "pronouns.signs")
_SAYING = word_set("words/entities.tsv", "home.voices")
_PROTESTING = word_set("words/entities.tsv", "pronouns.protesting")
_FORCES = frozenset({"COP", "MIL"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_OBJECTS = frozenset({"dobj", "dative", "iobj", "attr"})
_MODIFYING = frozenset({"poss", "compound", "amod", "nmod"})
_REACH = 4  # sentences a pronoun looks back
_WIDTH = 60  # candidates


@dataclass(frozen=True, slots=True)
class Candidate:
    """Who may be meant: the entities (none: a noun that is no actor) and the token of its head."""

    entities: tuple[int, ...]
    head: int
    start: int
    end: int
    kind: str  # name, nominal, pronoun, pair, noun
    entity_type: str
    plural: bool


@lru_cache(maxsize=1)
def weights() -> dict[str, float]:
    """`actors/salience.tsv` by sign. Raises LexiconError."""
    found: dict[str, float] = {}
    for row in loader.table(WEIGHTS, ("sign", "weight")):
        try:
            found[row["sign"]] = float(row["weight"])
        except ValueError:
            raise row.error("weight is a number") from None
    return found


def add_pronouns(parse: Parse, layer: EntityLayer) -> None:
    """A mention for each pronoun whose referent is likely enough, one for each of several."""
    pronouns = Pronouns(parse, layer.mentions, layer)
    for index in pointing(parse):
        best = pronouns.referent(index)
        for entity in best.entities if best is not None else ():
            found = Mention(index, index + 1, index, entity, "pronoun", None, "salience", 0.5)
            layer.mentions.append(found)
        if best is not None and best.entities:
            pronouns.add(again(best, index))


def pointing(parse: Parse) -> list[int]:
    """The pronouns of the third person."""
    words = enumerate(parse.lower)
    return [t for t, word in words if word in _CLASSES and parse.pos[t] == "PRON"]


def again(candidate: Candidate, index: int) -> Candidate:
    """The candidate as the pronoun at `index` tells it."""
    return Candidate(
        candidate.entities,
        index,
        index,
        index + 1,
        "pronoun",
        candidate.entity_type,
        candidate.plural,
    )


class Pronouns:
    """The candidates of one article in text order, and what is known of them."""

    def __init__(self, parse: Parse, mentions: Iterable[Mention], layer: EntityLayer) -> None:
        self.parse, self.layer = parse, layer
        spans: dict[tuple[int, int], list[Mention]] = {}
        for mention in sorted(mentions, key=lambda m: (m.start, m.end, m.entity)):
            spans.setdefault((mention.start, mention.end), []).append(mention)
        held = {t for start, end in spans for t in range(start, end)}
        self.candidates = [self._of(group) for group in spans.values()]
        self.candidates += self._joined()
        self.candidates += self._nouns(held)
        self.candidates.sort(key=lambda c: (c.end, c.start, c.entities))
        self.said: list[Candidate] = []  # pronouns so far
        self.genders = _genders(parse, layer)
        self.quotes = quoted(parse)
        self.ends = [c.end for c in self.candidates]
        self.speaking = self._speaking()
        self.quote_at = {t: n for n, (s, e) in enumerate(self.quotes) for t in range(s, e)}
        self.speakers = [self._speaker(start, end) for start, end in self.quotes]

    def add(self, candidate: Candidate) -> None:
        """A pronoun of the text that is known now."""
        self.said.append(candidate)

    def _of(self, group: Sequence[Mention]) -> Candidate:
        first = group[0]
        plural = len(group) > 1 or self.parse.tags[first.head] in {"NNS", "NNPS"}
        return Candidate(
            tuple(m.entity for m in group),
            first.head,
            first.start,
            first.end,
            "pair" if len(group) > 1 else first.mention_type,
            self.layer.entities[first.entity].entity_type,
            plural or self.parse.lower[first.head] == "police",
        )

    def _joined(self) -> list[Candidate]:
        """ "Thailand and Cambodia" as one candidate beside its members."""
        parse, by_head = self.parse, {c.head: c for c in self.candidates}
        found = []
        for head, first in by_head.items():
            if parse.deps[head] == "conj":
                continue
            members, at = [first], head
            while (
                nxt := next((c for c in parse.children[at] if parse.deps[c] == "conj"), None)
            ) is not None:
                if nxt not in by_head:
                    members = []
                    break
                members.append(by_head[nxt])
                at = nxt
            entities = tuple(dict.fromkeys(e for m in members for e in m.entities))
            if len(members) > 1 and len(entities) > 1:
                found.append(
                    Candidate(
                        entities,
                        head,
                        first.start,
                        members[-1].end,
                        "pair",
                        first.entity_type,
                        True,
                    )
                )
        return found

    def _nouns(self, held: set[int]) -> list[Candidate]:
        """Heads of noun phrases that are no mention."""
        parse = self.parse
        skipped = {
            t for start, end, label in parse.ents if label == "DATE" for t in range(start, end)
        }
        return [
            Candidate((), t, t, t + 1, "noun", "thing", parse.tags[t] in {"NNS", "NNPS"})
            for t in range(len(parse))
            if parse.pos[t] in {"NOUN", "PROPN"}
            and t not in held
            and t not in skipped
            and parse.deps[t] not in {"compound", "amod", "npadvmod", "nmod"}
        ]

    def _speaking(self) -> dict[int, list[Candidate]]:
        """The subjects of verbs of speech, by sentence."""
        parse = self.parse
        found: dict[int, list[Candidate]] = {}
        for candidate in self.candidates:
            verb = parse.heads[candidate.head]
            if parse.deps[candidate.head] == "nsubj" and parse.lemmas[verb].lower() in _SAYING:
                found.setdefault(parse.sent_of[candidate.head], []).append(candidate)
        return found

    def _speaker(self, start: int, end: int) -> frozenset[int]:
        """Entities that are the subject of the verb of speech beside a quotation."""
        return frozenset(
            entity
            for ordinal in {self.parse.sent_of[start], self.parse.sent_of[end - 1]}
            for candidate in self.speaking.get(ordinal, ())
            if not start <= candidate.head < end
            for entity in candidate.entities
        )

    def referent(self, index: int) -> Candidate | None:
        """The likeliest candidate for the pronoun at `index`; None where nobody is likely."""
        best, most = None, 0.0
        table = weights()
        for candidate, signs in self.options(index):
            worth = sum(table.get(sign, 0.0) for sign in signs)
            if worth > most:
                best, most = candidate, worth
        return best

    def options(self, index: int) -> list[tuple[Candidate, list[str]]]:
        """Every candidate that may be meant, with its signs; the nearest first."""
        parse, kind = self.parse, _CLASSES[self.parse.lower[index]]
        sentence = parse.sent_of[index]
        first = parse.sents[max(0, sentence - _REACH)].start
        near = self.candidates[bisect_right(self.ends, first) : bisect_right(self.ends, index)]
        near = [c for c in near if sentence - parse.sent_of[c.head] <= _REACH]
        near += [c for c in self.said if sentence - parse.sent_of[c.head] <= _REACH]
        near.sort(key=lambda c: -c.end)
        over = list(islice(parse.above(index), 12))
        counts = Counter(e for c in near for e in c.entities)
        found: list[tuple[Candidate, list[str]]] = []
        seen: set[tuple[int, ...]] = set()
        barred = self._barred(index, near)
        for candidate in near[:_WIDTH]:
            if not self._may(index, kind, candidate) or barred & set(candidate.entities):
                continue
            if candidate.kind == "noun" and candidate.head in over:
                continue
            signs = self._signs(index, kind, candidate, over)
            between = len(seen - {candidate.entities})
            signs.append(f"{kind}:between:{min(between, 4)}")
            if candidate.entities:
                signs.append(f"count:{min(counts[candidate.entities[0]], 5)}")
                seen.add(candidate.entities)
            found.append((candidate, signs))
        return found

    def _may(self, index: int, kind: str, candidate: Candidate) -> bool:
        forces = all(self.layer.entities[e].sector in _FORCES for e in candidate.entities)
        if candidate.entities and forces and self._protests(index):
            return False  # "Police fired at them as they marched"
        if kind in {"he", "she"}:
            if candidate.entity_type != "person" or candidate.plural:
                return False
            told = self.genders.get(candidate.entities[0])
            return told is None or told == ("m" if kind == "he" else "f")
        if kind == "it":
            return not candidate.plural and candidate.entity_type != "person"
        if candidate.kind == "noun":
            return candidate.plural
        return candidate.plural or candidate.entity_type in {
            "group",
            "organization",
            "government",
            "country",
        }

    def _protests(self, index: int) -> bool:
        """Is the pronoun who marches or the like?"""
        parse = self.parse
        over = parse.lemmas[parse.heads[index]].lower()
        return parse.deps[index] == "nsubj" and over in _PROTESTING

    def _barred(self, index: int, near: Sequence[Candidate]) -> set[int]:
        """Who cannot be meant: a subject for the object of its verb, "its president" for "its"."""
        parse = self.parse
        word, dep, over = parse.lower[index], parse.deps[index], parse.heads[index]
        quote = self.quote_at.get(index)
        found = set() if quote is None else set(self.speakers[quote])  # who says "he" is not he
        if word.endswith(("self", "selves")):
            return found
        if dep == "poss":
            chain = {over, *(c for c in parse.children[over] if parse.deps[c] == "appos")}
            for candidate in near:
                if candidate.head in chain:
                    found.update(candidate.entities)
            return found
        subject = own_subject(parse, index)
        if subject is not None:
            for candidate in near:
                if candidate.head == subject or candidate.start <= subject < candidate.end:
                    found.update(candidate.entities)
        return found

    def _signs(self, index: int, kind: str, candidate: Candidate, over: Sequence[int]) -> list[str]:
        parse, head = self.parse, candidate.head
        distance = min(parse.sent_of[index] - parse.sent_of[head], _REACH)
        dep = parse.deps[head]
        role = (
            "subject" if dep in _SUBJECTS
            else "object" if dep in _OBJECTS
            else "modifier" if dep in _MODIFYING
            else "below"
        )  # fmt: skip
        own = "subject" if parse.deps[index] in _SUBJECTS else "other"
        signs = [
            kind,
            f"{kind}:{role}:{distance}",
            f"{own}:{role}:{distance}",
            f"{kind}:{self._acting(index)}:{candidate.entity_type}",
            f"{kind}:{self._acting(index)}:{role}",
            f"{kind}:distance:{distance}",
            f"{own}:{role}",
            f"{role}:{'same' if not distance else 'other'}",
            f"{kind}:{candidate.entity_type}",
            f"{kind}:{candidate.kind}",
        ]
        if kind == "they":
            signs.append(f"they:{'many' if candidate.plural else 'one'}:{candidate.entity_type}")
        if kind in {"he", "she"} and candidate.entities[0] not in self.genders:
            signs.append(f"{kind}:unknown")
        if role == "subject" and parse.heads[head] in over:
            saying = parse.lemmas[parse.heads[head]].lower() in _SAYING
            signs.append(f"over:{'saying' if saying else 'other'}:{own}")
        near = index - head
        signs.append(f"{kind}:tokens:{min(near.bit_length(), 7)}")
        if parse.sents[parse.sent_of[head]].start in range(candidate.start - 1, candidate.end):
            signs.append(f"{kind}:first:{min(distance, 2)}")
        if distance and role == "subject" and parse.deps[parse.heads[head]] == "ROOT":
            signs.append("led")
        if candidate.kind == "noun":
            known = lexicon().nouns.get(parse.lower[head])
            signs.append("noun:actor" if known else "noun:thing")
            signs.append(f"noun:{role}:{distance}")
        elif candidate.kind == "nominal" and parse.lower[candidate.start] in {"a", "an"}:
            signs.append("nominal:indefinite")
        signs += self._quoting(index, candidate, kind)
        if (
            parse.sents[parse.sent_of[index]].paragraph
            != parse.sents[parse.sent_of[head]].paragraph
        ):
            signs.append("paragraph")
        return signs

    def _acting(self, index: int) -> str:
        """What the pronoun does: says, owns an actor or a thing, is something, acts."""
        parse, over = self.parse, self.parse.heads[index]
        if parse.deps[index] == "poss":
            return "owner" if parse.lower[over] in lexicon().nouns else "of"
        if parse.deps[index] not in _SUBJECTS:
            return "object" if parse.deps[index] in _OBJECTS else "other"
        lemma = parse.lemmas[over].lower()
        if lemma in _SAYING:
            return "says"
        if parse.deps[index] == "nsubjpass":
            return "undergoes"
        return "is" if lemma in {"be", "seem", "become", "take"} else "does"

    def _quoting(self, index: int, candidate: Candidate, kind: str) -> list[str]:
        mine, theirs = self.quote_at.get(index), self.quote_at.get(candidate.head)
        if mine is None:
            return [] if theirs is None else [f"quote:out:in:{kind}"]
        return [
            f"quote:in:{'same' if mine == theirs else 'out' if theirs is None else 'in'}:{kind}"
        ]


def _genders(parse: Parse, layer: EntityLayer) -> dict[int, str]:
    """Entity → m or f, by title, courtesy or given name; people of whom nothing tells are out."""
    found: dict[int, str] = {}
    for mention in layer.mentions:
        if layer.entities[mention.entity].entity_type != "person":
            continue
        words = parse.lower[max(mention.start - 1, 0) : mention.start]
        if mention.mention_type == "nominal":
            words = [parse.lower[mention.head]]
        elif mention.title:
            words = [*words, mention.title.lower().split()[-1]]
        for word in words:
            if word in _SIGNS:
                found.setdefault(mention.entity, _SIGNS[word])
    for index, entity in enumerate(layer.entities):
        if entity.entity_type == "person" and index not in found:
            told = next((g for name in (entity.name, *entity.aliases) if (g := gender(name))), None)
            if told is not None:
                found[index] = told
    return found
