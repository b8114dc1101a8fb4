"""What the reader sees of a parse: pieces of words, windows of sentences, features of pairs.

Training and extraction share this file, so that both see the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.nlp.annotations import EntityLayer, PlaceMention
from transforms.nlp.parsing.parse import Parse

TYPES = (
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST", "ACCUSE",
    "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
)  # fmt: skip
MODALITIES = ("asserted", "planned", "possible", "alleged", "denied", "negated")
ROLES = ("initiator", "recipient", "place", "source")
NAMES = ("PERSON", "ORG", "PLACE", "PEOPLE")
POS = (
    "ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM", "PART", "PRON", "PROPN",
    "PUNCT", "SCONJ", "SYM", "VERB", "X", "SPACE",
)  # fmt: skip
DEPS = (
    "ROOT", "acl", "acomp", "advcl", "advmod", "agent", "amod", "appos", "attr", "aux", "auxpass",
    "case", "cc", "ccomp", "compound", "conj", "csubj", "csubjpass", "dative", "dep", "det",
    "dobj", "expl", "intj", "mark", "meta", "neg", "nmod", "npadvmod", "nsubj", "nsubjpass",
    "nummod", "oprd", "parataxis", "pcomp", "pobj", "poss", "preconj", "predet", "prep", "prt",
    "punct", "quantmod", "relcl", "xcomp",
)  # fmt: skip
KINDS = ("person", "organization", "government", "country", "place", "group", "other")
NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM", "ADJ", "DET", "X", "SYM"})
_POS = {name: index for index, name in enumerate(POS)}
_DEPS = {name: index for index, name in enumerate(DEPS)}
_KINDS = {name: index + 1 for index, name in enumerate(KINDS)}
TOPONYM = 8  # the kind of a word in a place that is no entity
KIND_CODES = len(KINDS) + 2
SALIENCES = 4  # an entity is mentioned once, up to 3 times, up to 7 times, more often
CORE_PIECES, CONTEXT_PIECES, LIMIT = 220, 80, 500
PATH_LIMIT = 4


@dataclass(frozen=True, slots=True)
class Window:
    """Tokens [context, end) are read together; answers count for [start, end)."""

    context: int
    start: int
    end: int


def windows(parse: Parse, lengths: Sequence[int]) -> list[Window]:
    """Whole sentences of about `CORE_PIECES` pieces, after at most `CONTEXT_PIECES` of context.

    `lengths` are the pieces of each token. A sentence longer than `LIMIT` is cut there.
    """
    sizes = [sum(lengths[s.start : s.end]) for s in parse.sents]
    found: list[Window] = []
    first = 0
    while first < len(sizes):
        last, total = first, 0
        while last < len(sizes) and (not total or total + sizes[last] <= CORE_PIECES):
            total += sizes[last]
            last += 1
        before, context = first, 0
        while before and context + sizes[before - 1] <= CONTEXT_PIECES:
            before -= 1
            context += sizes[before]
        start, end = parse.sents[first].start, parse.sents[last - 1].end
        found.extend(_cut(parse.sents[before].start, start, end, lengths))
        first = last
    return found


def _cut(context: int, start: int, end: int, lengths: Sequence[int]) -> list[Window]:
    """One window, or several where a sentence (a list without full stops) has no end."""
    found: list[Window] = []
    while sum(lengths[context:end]) > LIMIT:
        total, last = sum(lengths[context:start]), start
        while last < end and total + lengths[last] <= LIMIT:
            total += lengths[last]
            last += 1
        found.append(Window(context, start, last))
        context = start = last
    if start < end:
        found.append(Window(context, start, end))
    return found


def word_features(parse: Parse, start: int, end: int) -> list[tuple[int, int, int]]:
    """(part of speech, dependency, shape) of tokens [start, end) as indices."""
    return [
        (_POS.get(parse.pos[t], 16), _DEPS.get(parse.deps[t], 19), shape(parse.words[t]))
        for t in range(start, end)
    ]


def shape(word: str) -> int:
    """1 in capitals, 2 with a capital first, 3 with a digit, 4 lower case, else 0."""
    if word.isupper() and len(word) > 1:
        return 1
    if word[:1].isupper():
        return 2
    if any(char.isdigit() for char in word):
        return 3
    return 4 if word.islower() else 0


def kinds_of(parse: Parse, layer: EntityLayer, places: Sequence[PlaceMention]) -> list[int]:
    """What is mentioned with its head at each token, and how often in the article.

    An entity type + 1, `TOPONYM`, or 0, plus `KIND_CODES` for each step of `SALIENCES`.
    """
    found = [0] * len(parse)
    often = Counter(mention.entity for mention in layer.mentions)
    for mention in layer.mentions:
        salience = min(SALIENCES, often[mention.entity].bit_length()) - 1
        kind = _KINDS[layer.entities[mention.entity].entity_type]
        found[mention.head] = kind + KIND_CODES * salience
    for place in places:
        for token in range(place.start, place.end):
            found[token] = found[token] or TOPONYM
    return found


def ways_up(parse: Parse, trigger: int) -> dict[int, list[str]]:
    """A word and those above it, `PATH_LIMIT` at most, with the steps from it: "nsubj^", …"""
    found: dict[int, list[str]] = {trigger: []}
    at = trigger
    while len(found) <= PATH_LIMIT and parse.heads[at] != at:
        steps = [*found[at], parse.deps[at] + "^"]
        at = parse.heads[at]
        found[at] = steps
    return found


def path(parse: Parse, up: Mapping[int, Sequence[str]], token: int) -> str:
    """The dependency path from a trigger, whose `ways_up` is given, to a word: "nsubj^ conj^
    pobjv"; '' when longer than `PATH_LIMIT` or none."""
    heads, deps = parse.heads, parse.deps
    down: list[str] = []
    at = token
    for _ in range(PATH_LIMIT + 1):
        if at in up:
            steps = [*up[at], *(dep + "v" for dep in reversed(down))]
            return " ".join(steps) if len(steps) <= PATH_LIMIT else ""
        if heads[at] == at:
            return ""
        down.append(deps[at])
        at = heads[at]
    return ""


def distance(trigger: int, token: int, sentences: int) -> int:
    """Bucket of how far a word stands from a trigger, and on which side.

    `sentences` is how many the word's sentence comes behind the trigger's; in the same one (0)
    tokens are counted.
    """
    if sentences:
        return 12 + min(abs(sentences), 6) - 1 + (6 if sentences < 0 else 0)
    gap = abs(token - trigger)
    size = 0 if not gap else 1 if gap == 1 else 2 if gap <= 3 else 3 if gap <= 7 else 4
    if gap > 15:
        size = 5
    return size + (6 if token < trigger else 0)


def pair_features(
    parse: Parse,
    trigger: int,
    tokens: Sequence[int],
    kinds: Sequence[int],
    paths: Mapping[str, int],
) -> NDArray[np.int64]:
    """(path, distance, dependency, part of speech, kind) of a trigger with each token, (n, 5).

    `kinds` is `kinds_of` the article, `paths` the table of the weights.
    """
    sentence, up = parse.sent_of[trigger], ways_up(parse, trigger)
    placed = [(token, parse.sent_of[token] - sentence) for token in tokens]
    columns = (
        [0 if gap else paths.get(path(parse, up, token), 0) for token, gap in placed],
        [distance(trigger, token, gap) for token, gap in placed],
        [_DEPS.get(parse.deps[token], 19) for token in tokens],
        [_POS.get(parse.pos[token], 16) for token in tokens],
        [kinds[token] for token in tokens],
    )
    return np.array(columns, dtype=np.int64).T
