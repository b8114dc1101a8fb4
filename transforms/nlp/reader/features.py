"""What the reader sees of a parse: pieces of words, windows of sentences, features of pairs.

Training and extraction share this file, so that both see the same.
"""

from __future__ import annotations

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
CORE_PIECES, CONTEXT_PIECES, LIMIT = 170, 56, 500
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
    """What is mentioned with its head at each token: an entity type + 1, `TOPONYM`, or 0."""
    found = [0] * len(parse)
    for mention in layer.mentions:
        found[mention.head] = _KINDS[layer.entities[mention.entity].entity_type]
    for place in places:
        for token in range(place.start, place.end):
            found[token] = found[token] or TOPONYM
    return found


def path(parse: Parse, trigger: int, token: int) -> str:
    """The dependency path as "nsubj^ conj^ pobjv", '' when longer than `PATH_LIMIT` or none."""
    heads, deps = parse.heads, parse.deps
    up: dict[int, int] = {}
    at = trigger
    for step in range(PATH_LIMIT + 1):
        up[at] = step
        if heads[at] == at:
            break
        at = heads[at]
    down: list[str] = []
    at = token
    for _ in range(PATH_LIMIT + 1):
        if at in up:
            steps: list[str] = []
            above = trigger
            while above != at:
                steps.append(deps[above] + "^")
                above = heads[above]
            steps += [dep + "v" for dep in reversed(down)]
            return " ".join(steps) if len(steps) <= PATH_LIMIT else ""
        if heads[at] == at:
            return ""
        down.append(deps[at])
        at = heads[at]
    return ""


def distance(trigger: int, token: int, *, same_sentence: bool) -> int:
    """Bucket of the distance in tokens, its direction, and whether the sentence is the same."""
    gap = abs(token - trigger)
    size = 0 if not gap else 1 if gap == 1 else 2 if gap <= 3 else 3 if gap <= 7 else 4
    if gap > 15:
        size = 5
    return size + (6 if token < trigger else 0) + (0 if same_sentence else 12)


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
    sentence = parse.sent_of[trigger]
    rows = []
    for token in tokens:
        ((pos, dep, _),) = word_features(parse, token, token + 1)
        same = parse.sent_of[token] == sentence
        way = paths.get(path(parse, trigger, token), 0) if same else 0
        rows.append((way, distance(trigger, token, same_sentence=same), dep, pos, kinds[token]))
    return np.array(rows, dtype=np.int64).reshape(-1, 5)
