"""Whether two texts under one headline are versions of one article, or two articles.

"News in brief" and "Correction" stand above many texts of a day. An edit keeps most of the words
in their order; a text that grew holds the old one.
"""

from __future__ import annotations

import re
from itertools import pairwise
from zlib import crc32

_WORD = re.compile(r"\w+")
_LEAD_WORDS = 8
_SHORT = 30  # pairs of words below which two reports of one form are as like as two versions
_SHORT_SHARE = 0.7  # of all pairs of two short texts
_STUB, _STUB_SHARE = 15, 0.9  # pairs of a first flash, and how many of them the grown text holds
_LONG_SHARE = 0.5  # of the pairs of the shorter text


def word_pairs(text: str) -> frozenset[int]:
    """Digests of the pairs of words that stand together, in lower case; of its word for one."""
    words = _WORD.findall(text.lower())
    if len(words) < 2:
        return frozenset(crc32(word.encode()) for word in words)
    return frozenset(crc32(f"{one} {other}".encode()) for one, other in pairwise(words))


def likeness(one: frozenset[int], other: frozenset[int]) -> float:
    """Share of pairs that two texts have in common, 0 where they are not versions of one."""
    shared, fewer = len(one & other), min(len(one), len(other))
    if not fewer:
        return float(one == other)
    held = shared / fewer
    if fewer < _SHORT:
        alike = shared / (len(one) + len(other) - shared)
        grown = fewer >= _STUB and held >= _STUB_SHARE
        return max(alike, held * grown) if alike >= _SHORT_SHARE or grown else 0.0
    return held if held >= _LONG_SHARE else 0.0


def lead(text: str) -> str:
    """The first words of a text, which most edits leave as they are."""
    return " ".join(_WORD.findall(text[:500].lower())[:_LEAD_WORDS])
