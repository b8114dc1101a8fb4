"""Prepared texts as documents to learn from: parse, features, windows and targets.

Features of words, pairs and windows are those of `transforms.nlp.reader.features`, which extraction
uses too. `targets` says what is to be learnt of a document, `shared_gold` what `../shared` adds.
"""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transforms.nlp.annotations import EntityDraft, EntityLayer, Mention, PlaceMention
from transforms.nlp.parsing.parse import Parse, Sentence
from transforms.nlp.reader.features import (
    CORE_PIECES,
    NAMES,
    ROLES,
    Window,
    kinds_of,
    pair_features,
    path,
    ways_up,
    windows,
    word_features,
)
from transforms.nlp.reader.model import FIRST, LAST, MOST_PIECES, UNKNOWN

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache" / "training"
BASE = CACHE / "base"  # the unpacked base weights
Ints = NDArray[np.int64]
MOST_PATHS, LEAST_SEEN = 400, 3
UNTOLD = -1  # a name tag that is not learnt


@dataclass(slots=True)
class Target:
    """One event to learn. Tokens are the document's.

    `types` are the chances of the types, none where the word is known to tell no event; `modality`
    is None where unknown. `roles` are the head words
    of each side; words `ignored` are neither right nor wrong. Roles outside `known` are not learnt.
    """

    token: int
    span: tuple[int, int]
    types: dict[str, float]
    modality: str | None
    weight: float
    roles: dict[str, set[int]] = field(default_factory=lambda: {role: set() for role in ROLES})
    ignored: dict[str, set[int]] = field(default_factory=lambda: {role: set() for role in ROLES})
    known: tuple[str, ...] = ROLES


@dataclass(slots=True)
class Document:
    """A text and what is known of it.

    `complete`: words that are no target tell no event; else nothing is known of them. `tags` are
    the name tags of its tokens (O, B, I, B, I, … of `NAMES`; `UNTOLD` is neither right nor wrong),
    None where unknown. `share` is the chance that a window is read in an epoch.
    """

    doc: str
    parse: Parse
    layer: EntityLayer
    places: list[PlaceMention]
    names: list[tuple[int, int, str]]
    words: Ints  # (tokens, 3)
    kinds: list[int]
    pieces: list[list[int]]
    windows: list[Window]
    targets: list[Target] = field(default_factory=list)
    complete: bool = True
    tags: Ints | None = None
    tags_weight: float = 1.0
    share: float = 1.0
    pairs: dict[tuple[int, int, int], Ints] = field(default_factory=dict)

    def pair_features(self, token: int, window: Window, paths: dict[str, int]) -> Ints:
        """Features of a trigger with each word of its window, (words, 5), made once."""
        key = (token, window.context, window.end)
        if key not in self.pairs:
            tokens = range(window.context, window.end)
            self.pairs[key] = pair_features(self.parse, token, tokens, self.kinds, paths)
        return self.pairs[key]


@dataclass(slots=True)
class Item:
    """One window of one document, as it is read. `share` is its chance to be, in an epoch."""

    document: Document
    window: Window
    ids: list[int]  # word pieces with [CLS] and [SEP]
    firsts: list[int]  # place of the first piece of each word
    targets: list[Target]
    share: float


class Pieces:
    """Word pieces as the product's `Model.pieces` cuts them."""

    def __init__(self, folder: Path = BASE) -> None:
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_str((folder / "tokenizer.json").read_text("utf-8"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._held: dict[str, list[int]] = {}

    def of(self, words: Sequence[str]) -> list[list[int]]:
        """Pieces of each word, `MOST_PIECES` at most."""
        for word in words:
            if word not in self._held:
                coded = self._tokenizer.encode(word, add_special_tokens=False).ids
                self._held[word] = coded[:MOST_PIECES] or [UNKNOWN]
        return [self._held[word] for word in words]


@cache
def base_pieces() -> Pieces:
    """The pieces of the base weights."""
    return Pieces()


def load(name: str, pieces: Pieces | None = None) -> dict[str, Document]:
    """Documents of `.cache/training/<name>.pickle` by id, in their order; empty without it."""
    source = CACHE / f"{name}.pickle"
    if not source.exists():
        return {}
    pieces = pieces or base_pieces()
    return {row["doc"]: document(row, pieces) for row in pickle.loads(source.read_bytes())}


def document(row: dict[str, Any], pieces: Pieces) -> Document:
    """A document, still without targets, from what `prepare` wrote."""
    parse = Parse(
        row["text"],
        **{
            name: row[name]
            for name in (
                "words", "lemmas", "tags", "pos", "deps", "heads", "starts", "ends", "sent_of",
                "ents",
            )
        },
        sents=[Sentence(*sentence) for sentence in row["sents"]],
    )  # fmt: skip
    layer = EntityLayer(
        [EntityDraft(*entity) for entity in row["entities"]],
        [
            Mention(start, end, head, entity, kind, None, method, 1.0)
            for start, end, head, entity, kind, method in row["mentions"]
        ],
    )
    places = [PlaceMention(start, end, None, "", 1.0) for start, end in row["places"]]
    cut = pieces.of(parse.words)
    words = np.array(word_features(parse, 0, len(parse)), dtype=np.int64).reshape(-1, 3)
    return Document(
        row["doc"],
        parse,
        layer,
        places,
        [tuple(name) for name in row["names"]],
        words,
        kinds_of(parse, layer, places),
        cut,
        windows(parse, [len(word) for word in cut]),
    )


def items(documents: Iterable[Document], alone: float = 0.0) -> list[Item]:
    """Every window of the documents, ordered by document id and place.

    `alone` is the share of sentences that are also read without their neighbours: a reader that
    sees short windows only where an event is told takes every short text for one.
    """
    found: list[Item] = []
    for held in sorted(documents, key=lambda d: d.doc):
        found += [_item(held, window, held.share) for window in held.windows]
        if alone and held.complete and len(held.parse.sents) > 1:
            for sentence in held.parse.sents:
                window = Window(sentence.start, sentence.start, sentence.end)
                if sum(map(len, held.pieces[sentence.start : sentence.end])) <= CORE_PIECES:
                    found.append(_item(held, window, alone * held.share))
    return found


def _item(held: Document, window: Window, share: float) -> Item:
    ids, firsts = [FIRST], []
    for word in held.pieces[window.context : window.end]:
        firsts.append(len(ids))
        ids += word
    own = [t for t in held.targets if window.start <= t.token < window.end]
    return Item(held, window, [*ids, LAST], firsts, own, share)


def path_table(documents: Iterable[Document]) -> dict[str, int]:
    """The dependency paths from triggers to their sides seen most often, '' being 0."""
    counts: Counter[str] = Counter()
    for held in documents:
        for target in held.targets:
            up = ways_up(held.parse, target.token)
            for role in ROLES:
                for token in sorted(target.roles[role]):
                    counts[path(held.parse, up, token)] += 1
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MOST_PATHS]
    kept = [way for way, count in ranked if way and count >= LEAST_SEEN]
    return {way: number for number, way in enumerate(["", *kept])}


def tags_of(length: int, spans: Iterable[tuple[int, int, str]]) -> Ints:
    """Tags of tokens from name spans; of spans that overlap the longest counts."""
    tags = np.zeros(length, dtype=np.int64)
    for start, end, label in sorted(spans, key=lambda s: (s[0] - s[1], s[0], s[2])):
        if not tags[start:end].any():
            number = NAMES.index(label)
            tags[start], tags[start + 1 : end] = 1 + 2 * number, 2 + 2 * number
    return tags
