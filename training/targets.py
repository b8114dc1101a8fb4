"""Labels as targets: which word tells an event, which words its sides, which words are names."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from training.corpus_labels import TYPES, articles, labels
from training.data import Document, Ints, Target, load, tags_of
from training.examples import Example, examples
from transforms.lexicons.loader import parse_words
from transforms.nlp.parsing.parse import Parse
from transforms.nlp.reader.features import ROLES

CORE, OPTIONAL, PARTIAL = 1.0, 0.6, 0.5  # weights of targets
ADMITTED = 0.2  # chance of the other types that a reader admits, together
_TELLING = frozenset({"VERB", "NOUN", "PROPN", "ADJ"})
_LIGHT = frozenset({"ADP", "DET", "PART", "AUX", "PUNCT", "SCONJ"})
_HEADS = frozenset({"NOUN", "PROPN", "PRON", "NUM", "ADJ", "DET", "X", "VERB"})
_NOUNS = frozenset({"NOUN", "PROPN", "PRON"})
_COMMON = frozenset({"the", "and", "for", "of", "his", "her", "their"})
_SIDES = ("initiator", "recipient")
_ARTICLES = frozenset({"the", "a", "an"})
_POSSESSIVES = frozenset({"'s", "’s", "'", "’"})
_LABELS = {
    "person": "PERSON",
    "organization": "ORG",
    "government": "ORG",
    "group": "ORG",
    "place": "PLACE",
    "country": "PLACE",
}
_PEOPLES = frozenset({"country", "group", "government"})


def corpus(share: float = 1.0) -> list[Document]:
    """Our articles with events and names. Raises LabelError for the first fault of the labels."""
    texts = articles()
    found, faults = labels()
    if faults:
        raise faults[0]
    documents = load("corpus")
    kept: list[Document] = []
    for doc, labelled in sorted(found.items()):
        if doc not in documents:
            continue
        held = documents[doc]
        held.targets = event_targets(held, texts[doc].sentences, labelled.events)
        held.tags = name_tags(held.parse, labelled.entities)
        held.share = share
        kept.append(held)
    return kept


def example_sentences(share: float) -> list[Document]:
    """Our examples, one known event in each."""
    documents = load("examples")
    kept: list[Document] = []
    for example in examples():
        if example.doc in documents:
            held = documents[example.doc]
            held.targets = [example_target(held.parse, example)]
            held.complete, held.share = False, share
            kept.append(held)
    return kept


def negative_sentences(share: float) -> list[Document]:
    """Sentences that tell no event."""
    kept = list(load("negatives").values())
    for held in kept:
        held.share = share
    return kept


def tokens_at(parse: Parse, start: int, end: int) -> tuple[int, int] | None:
    """Tokens [first, last) that overlap characters [start, end), None where none does."""
    first, last = bisect_right(parse.ends, start), bisect_left(parse.starts, end)
    return (first, last) if first < last else None


def head_words(parse: Parse, start: int, end: int) -> list[int]:
    """The head of a phrase and the nouns joined to it; of a phrase of no noun its last one."""
    head = parse.head_of(start, end)
    nouns = [t for t in range(start, end) if parse.pos[t] in _NOUNS]
    if parse.pos[head] not in _HEADS and nouns:
        head = nouns[-1]
    found = [head]
    for token in nouns:
        if parse.deps[token] == "conj" and parse.heads[token] in found:
            found.append(token)
    return found


def event_targets(
    document: Document, sentences: Sequence[tuple[int, int]], events: Iterable[dict[str, Any]]
) -> list[Target]:
    """Targets of labelled events (records of the guide). `sentences` are character spans."""
    found: list[Target] = []
    for event in events:
        start, end = sentences[event["s"]]
        span = _trigger(document.parse, start, end, event)
        if span is not None:
            found.append(_Labelled(document, (start, end), span, event).target)
    return found


def _trigger(parse: Parse, start: int, end: int, event: dict[str, Any]) -> tuple[int, int] | None:
    at = start - 1
    for _ in range(event.get("n", 1)):
        at = parse.text.find(event["trigger"], at + 1, end)
        if at < 0:
            return None
    return tokens_at(parse, at, at + len(event["trigger"]))


class _Labelled:
    """One labelled event becoming a target."""

    def __init__(
        self,
        document: Document,
        sentence: tuple[int, int],
        span: tuple[int, int],
        event: dict[str, Any],
    ) -> None:
        self.document, self.parse, self.span = document, document.parse, span
        self.start, self.end = sentence
        parse = self.parse
        token = parse.head_of(*span)
        telling = [t for t in range(*span) if parse.pos[t] in _TELLING]
        if parse.pos[token] in _LIGHT and telling:
            token = telling[0]
        weight = CORE if event["core"] else OPTIONAL
        self.target = Target(token, span, type_chances(event), event["modality"], weight)
        for side in _SIDES:
            for party in event[f"{side}s"]:
                self._add(side, party)
        if event.get("reciprocal"):
            share_sides(self.target)
        if event.get("place"):
            self._place(event["place"].lstrip("^"))
        if event.get("who_says"):
            self._add("source", event["who_says"])
        for role in ROLES:
            self.target.ignored[role] -= self.target.roles[role]

    def _add(self, role: str, party: str) -> None:
        """A party: a thing (`~`) that is hit is no recipient, but no mistake either."""
        thing = party.startswith("~") and role == "recipient"
        name = party.lstrip("~")
        roles, ignored = self.target.roles[role], self.target.ignored[role]
        if name.startswith("^"):
            self._elsewhere(name[1:], ignored if thing else roles, ignored)
            return
        at = whole_words(self.parse.text, name, self.start, self.end)
        span = tokens_at(self.parse, at, at + len(name)) if at >= 0 else None
        if span is not None:
            heads = head_words(self.parse, *span)
            ignored.update(range(*span))
            ignored.update(self._same(heads))
            (ignored if thing else roles).update(heads)

    def _same(self, heads: Iterable[int]) -> set[int]:
        """Heads of the other mentions of what is mentioned at these words: as right, untold."""
        mentions = self.document.layer.mentions
        entities = {m.entity for m in mentions if m.head in heads}
        return {m.head for m in mentions if m.entity in entities}

    def _elsewhere(self, name: str, roles: set[int], ignored: set[int]) -> None:
        """A party named in another sentence: mentions so far that share a word with the name.

        Later ones are as right, and all that there are where the text names it only then.
        """
        parse, wanted = self.parse, name_words(name)
        begin = self.span[0]
        sentence = parse.sent_of[begin]
        so_far: set[int] = set()
        later: set[int] = set()
        for mention in self.document.layer.mentions:
            if name_words(parse.span_text(mention.start, mention.end)) & wanted:
                before = mention.end <= begin or parse.sent_of[mention.start] <= sentence
                (so_far if before else later).add(mention.head)
        roles.update(so_far or later)
        ignored.update(later, self._same(so_far or later))
        for token in range(len(parse)):
            capital = parse.words[token][:1].isupper() and parse.pos[token] in {"PROPN", "NOUN"}
            if capital and parse.lower[token] in wanted and token not in roles:
                ignored.add(token)

    def _place(self, name: str) -> None:
        roles, ignored = self.target.roles["place"], self.target.ignored["place"]
        at = whole_words(self.parse.text, name, self.start, self.end)
        if at < 0:
            wanted = name_words(name)
            roles.update(t for t in range(self.span[0]) if self.parse.lower[t] in wanted)
            return
        span = tokens_at(self.parse, at, at + len(name))
        if span is not None:
            ignored.update(range(*span))
            roles.update(head_words(self.parse, *span))


def type_chances(event: dict[str, Any]) -> dict[str, float]:
    """The type, and a little for those that are admitted beside it."""
    admitted = [kind for kind in event.get("also", ()) if kind in TYPES]
    chances = {event["type"]: 1 - ADMITTED if admitted else 1.0}
    for kind in admitted:
        chances[kind] = chances.get(kind, 0.0) + ADMITTED / len(admitted)
    return chances


def whole_words(text: str, name: str, start: int, end: int) -> int:
    """Where `name` stands between two characters of a text: as whole words ("he" is not in "the")
    where it does, else anywhere, else -1."""
    held = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)").search(text, start, end)
    return held.start() if held else text.find(name, start, end)


def share_sides(target: Target) -> None:
    """Of a mutual event each side is both initiator and recipient."""
    for held in (target.roles, target.ignored):
        both = held["initiator"] | held["recipient"]
        held["initiator"], held["recipient"] = set(both), set(both)


def name_words(name: str) -> set[str]:
    """The words by which a name is known again."""
    return set(re.findall(r"\w{3,}", name.lower())) - _COMMON


def example_target(parse: Parse, example: Example) -> Target:
    """The event of an example sentence."""
    span = tokens_at(parse, *example.trigger)
    if span is None:
        raise ValueError(f"examples.tsv: {example.doc}: no token at its trigger")
    target = Target(
        parse.head_of(*span), span, {example.type: 1.0}, example.modality, PARTIAL, known=_SIDES
    )
    for side, parties in zip(_SIDES, (example.initiators, example.recipients), strict=True):
        for start, end, head in parties:
            held, word = tokens_at(parse, start, end), tokens_at(parse, head, head + 1)
            if held is not None and word is not None:
                target.ignored[side].update(range(*held))
                target.roles[side].add(word[0])
        target.ignored[side] -= target.roles[side]
    return target


def name_tags(parse: Parse, entities: Iterable[dict[str, Any]]) -> Ints:
    """Tags of the names among labelled mentions: without article, possessive and office."""
    spans: list[tuple[int, int, str]] = []
    for entity in entities:
        for start, end in entity["spans"]:
            span = tokens_at(parse, start, end)
            if span is not None and (held := _name(parse, entity, *span)) is not None:
                spans.append(held)
    return tags_of(len(parse), spans)


def _name(
    parse: Parse, entity: dict[str, Any], start: int, end: int
) -> tuple[int, int, str] | None:
    """The name in a labelled mention, None where it is a nominal or a pronoun."""
    while start < end and parse.lower[start] in _ARTICLES:
        start += 1
    while end > start and parse.lower[end - 1] in _POSSESSIVES:
        end -= 1
    kind, name = entity["type"], entity["name"]
    if kind == "person":
        words = parse.words[start:end]
        called = {word.lower() for word in re.findall(r"\w+", name)}
        offices = all(w.lower() in _titles() for w in words if w[:1].isupper())
        if offices or not {w.lower() for w in words if len(w) > 2} & called:
            return None
        while start < end and parse.lower[start].rstrip(".") in _titles():
            start += 1
    words = parse.words[start:end]
    if not words or not _written_as_name(words) or parse.pos[start] == "PRON":
        return None
    if end - start == 1:
        pos = parse.pos[start]
        first = parse.sents[parse.sent_of[start]].start == start
        common = pos == "NOUN" and first and kind != "person" and words[0] not in name
        if pos not in {"PROPN", "ADJ", "NOUN"} or common:
            return None
    return start, end, _label(parse, kind, name, start, end)


def _written_as_name(words: Sequence[str]) -> bool:
    """A capital or digit first, a capital somewhere, and small words only between."""
    return (
        (words[0][:1].isupper() or words[0][:1].isdigit())
        and any(word[:1].isupper() for word in words)
        and all(
            word[:1].isupper()
            or word[:1].isdigit()
            or not word[:1].isalpha()
            or word.lower() in _joining()
            for word in words
        )
    )


def _label(parse: Parse, kind: str, name: str, start: int, end: int) -> str:
    single, last = end - start == 1, parse.tags[end - 1]
    adjective = parse.tags[start] == "JJ" or parse.pos[start] == "ADJ"
    people = (
        (kind in _PEOPLES and adjective)
        or (kind == "country" and parse.span_text(start, end) != name and last in {"NNPS", "JJ"})
        or (kind == "group" and last == "NNPS" and single)
    )
    if kind == "government" and single:
        capital = any(s <= start < e and label == "GPE" for s, e, label in parse.ents)
        if parse.pos[start] == "PROPN" and capital:
            return "PLACE"
    return "PEOPLE" if people else _LABELS[kind]


@cache
def _words(name: str) -> frozenset[str]:
    path = Path(__file__).resolve().parent / "words" / f"{name}.txt"
    return frozenset(parse_words(path.read_text("utf-8"), path.name))


def _titles() -> frozenset[str]:
    return _words("titles")


def _joining() -> frozenset[str]:
    return _words("joining")
