"""Which decisions an article is told by: their sentence stands in it.

In the article they were made in the sentence alone is asked for, wherever it has moved to; in
another one, a near-copy or the same article under another id, what stands before or after it as
well, so that "He was arrested." elsewhere is another sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from transforms.corrections.decisions import Anchor, Decision, One, standing
from transforms.nlp.parsing.parse import Parse

_WORD = re.compile(r"\w+")
_WORDS = 3  # of a sentence, by which it is looked up


@dataclass(frozen=True, slots=True)
class Bound:
    """A decision, and where one of its anchors stands: characters [start, end) of the article.

    `part` is "of" or "with".
    """

    decision: Decision
    part: str
    anchor: Anchor
    sentence_start: int

    @property
    def start(self) -> int:
        """First character of the words that are meant."""
        return self.sentence_start + self.anchor.start

    @property
    def end(self) -> int:
        """Behind the last of them."""
        return self.start + len(self.anchor.text)

    def tokens(self, parse: Parse) -> tuple[int, int] | None:
        """Tokens of the words, None where the parse has none there."""
        return tokens_at(parse, self.start, self.end)


def tokens_at(parse: Parse, start: int, end: int) -> tuple[int, int] | None:
    """Tokens that lie within characters [start, end), in part too; None for none."""
    inside = [i for i in range(len(parse)) if parse.starts[i] < end and parse.ends[i] > start]
    return (inside[0], inside[-1] + 1) if inside else None


def place_of(anchor: Anchor, article_id: str, text: str) -> int | None:
    """First character of the anchor's sentence in an article, None where it is not told there.

    Of several the one between the same words.
    """
    best: tuple[int, int] | None = None
    at = text.find(anchor.sentence)
    while at >= 0:
        end = at + len(anchor.sentence)
        agrees = (bool(anchor.before) and text[:at].endswith(anchor.before)) + (
            bool(anchor.after) and text.startswith(anchor.after, end)
        )
        if agrees or anchor.article == article_id or not (anchor.before or anchor.after):
            best = max(best or (agrees, -at), (agrees, -at))
        at = text.find(anchor.sentence, at + 1)
    return None if best is None else -best[1]


@dataclass(slots=True)
class Book:
    """All decisions that stand, found by the articles they are about."""

    decisions: list[Decision] = field(default_factory=list)
    _by_words: dict[tuple[str, ...], list[tuple[Decision, str, Anchor]]] = field(
        default_factory=dict, repr=False
    )
    ones: list[One] = field(default_factory=list, repr=False)
    ids: dict[str, str] = field(default_factory=dict)  # entity → the one that it is

    @classmethod
    def of(cls, decisions: Iterable[Decision]) -> Book:
        """A book of decisions, some of which take others back."""
        book = cls(standing(decisions))
        for held in book.decisions:
            for part, anchor in held.anchors().items():
                book._by_words.setdefault(_words(anchor.sentence), []).append((held, part, anchor))
        book.ones = [held for held in book.decisions if isinstance(held, One)]
        book.ids = merged(book.ones)
        return book

    def __bool__(self) -> bool:
        return bool(self.decisions)

    def bound(self, article_id: str, text: str) -> list[Bound]:
        """The anchors that stand in an article, in the order in which they were decided."""
        if not self._by_words:
            return []
        words = _WORD.findall(text)
        found: dict[tuple[str, str], Bound] = {}
        for number in range(len(words)):
            for size in range(1, _WORDS + 1):
                for held, part, anchor in self._by_words.get(
                    tuple(words[number : number + size]), ()
                ):
                    key = held.correction_id, part
                    at = None if key in found else place_of(anchor, article_id, text)
                    if at is not None:
                        found[key] = Bound(held, part, anchor, at)
        return sorted(found.values(), key=_order)


def _order(bound: Bound) -> tuple[object, ...]:
    return bound.decision.at, bound.decision.correction_id, bound.part


def _words(sentence: str) -> tuple[str, ...]:
    """What a sentence is looked up by: its first words."""
    return tuple(_WORD.findall(sentence)[:_WORDS])


def merged(decisions: Iterable[One]) -> dict[str, str]:
    """Entity id → the id of what it is one with, where that is another."""
    parents: dict[str, str] = {}

    def root(key: str) -> str:
        while parents.setdefault(key, key) != key:
            key = parents[key]
        return key

    for held in decisions:
        parents[root(held.of.entity.id)] = root(held.other.entity.id)
    return {key: root(key) for key in sorted(parents) if root(key) != key}
