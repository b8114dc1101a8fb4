"""Near-copies: MinHash over word shingles (Broder 1997), LSH bands, clusters.

Signature and bands depend on the text alone; a cluster on the set of articles alone, so the
order of loading decides nothing. Articles in one cluster are linked by pairs whose estimated
Jaccard similarity of shingle sets reaches `THRESHOLD`, unless their names and numbers differ.
"""

from __future__ import annotations

import base64
import datetime as dt
import re
from collections.abc import Mapping
from functools import cache
from typing import Any
from zlib import crc32

import numpy as np

from transforms.lexicons.loader import table, word_values

PERMUTATIONS = 96
BANDS = 24
ROWS = PERMUTATIONS // BANDS
SHINGLE_WORDS = 3
THRESHOLD = 0.4
MIN_WORDS = 20  # shorter texts are copies only when equal
SEED = 1
# Of the facts of the poorer of two copies, so many stand in the other: a bulletin of another day or
# town has the words of the last one, but other numbers and names.
SHARED_FACTS = 0.7
SHARED_NAMES = 0.6  # and of the names but weekdays
# Of short texts that each name somebody or somewhere else, nearly all: a bulletin of another town
# has the names of who reports and little more.
SHARED_OF_FEW, FEW_NAMES = 0.9, 12
SHARED_NUMBERS, FEW_NUMBERS = 0.5, 3  # and of the numbers, where there are so many
FACTS = 120  # at most of an article, those with the smallest digests
_MET = 16  # components of one band that a text is compared with
_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"(?<=[\w,;:] )[A-Z]\w+")  # with a capital, not at the beginning of a sentence
_UNITS = word_values("words/statements.tsv", "counts.units")
_NUMERALS = {word for word, value in _UNITS.items() if int(value) > 1}
_MARK = 4 * (4 * PERMUTATIONS // 3)  # characters of the MinHash; facts stand behind it


@cache
def _permutations() -> tuple[Any, Any]:
    """Odd factors and summands of affine permutations of 32-bit numbers, one pair a permutation.

    Drawn and applied as datasketch 2 does ("affine32"), so that the marks of older warehouses stay
    comparable. Its import costs 60 MiB and half a second in each process (scipy, redis), and its
    marks have changed with its version.
    """
    drawn = np.random.RandomState(SEED)
    factors = drawn.randint(0, 2**31, PERMUTATIONS, dtype=np.uint32) * 2 + 1
    return factors, drawn.randint(0, 2**32, PERMUTATIONS, dtype=np.uint32)


def _mixed(hashes: Any) -> Any:
    """The finalizer of MurmurHash3, a bijection: what is near before is not near after."""
    hashes = (hashes ^ hashes >> 16) * np.uint32(0x85EBCA6B)
    hashes = (hashes ^ hashes >> 13) * np.uint32(0xC2B2AE35)
    return hashes ^ hashes >> 16


def shingles(text: str) -> set[bytes]:
    """Runs of `SHINGLE_WORDS` words, lower case, without punctuation."""
    words = _WORD.findall(text.lower())
    if len(words) < MIN_WORDS:
        return {" ".join(words).encode()}
    return {
        " ".join(words[at : at + SHINGLE_WORDS]).encode()
        for at in range(len(words) - SHINGLE_WORDS + 1)
    }


def facts(text: str) -> set[int]:
    """Digests of 32 bits of the numbers (odd) and names (even) of a text."""
    numbers = {*_NUMBER.findall(text), *(_NUMERALS & set(_WORD.findall(text.lower())))}
    names = {name.lower() for name in _NAME.findall(text)}
    return {crc32(n.encode()) | 1 for n in numbers} | {crc32(n.encode()) & ~1 for n in names}


def signature(text: str) -> str:
    """The MinHash of a text, `PERMUTATIONS` 32-bit values, and behind it digests of its facts.

    Each in base64.
    """
    factors, summands = _permutations()
    hashes = _mixed(np.array([crc32(shingle) for shingle in shingles(text)], dtype=np.uint32))
    least = (hashes[:, None] * factors + summands).min(axis=0)
    return _base64(least) + _base64(np.array(sorted(facts(text))[:FACTS]))


def _base64(values: Any) -> str:
    return base64.b64encode(values.astype("<u4").tobytes()).decode("ascii")


def _values(mark: str) -> Any:
    return np.frombuffer(base64.b64decode(mark[:_MARK]), dtype="<u4")


def _facts(mark: str) -> frozenset[int]:
    return frozenset(np.frombuffer(base64.b64decode(mark[_MARK:]), dtype="<u4").tolist())


def bands(mark: str) -> list[int]:
    """LSH bands, numbers of 40 bits.

    Two texts at `THRESHOLD` share one with a chance of .46, at .6 of .96.
    """
    data = base64.b64decode(mark[:_MARK])
    width = 4 * ROWS
    return [
        number << 32 | crc32(data[number * width : (number + 1) * width]) for number in range(BANDS)
    ]


def clusters(
    members: Mapping[str, tuple[str, dt.datetime | None]],
) -> dict[str, tuple[str, bool]]:
    """article_id → (cluster_id, whether it leads) from (signature, published_at).

    A cluster is a connected component of similar pairs; its lead is the earliest published,
    then the smallest id, and its id the lead's.
    """
    parent = {key: key for key in members}

    def find(key: str) -> str:
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    values = {key: (_values(mark), _facts(mark)) for key, (mark, _) in members.items()}
    holders: dict[int, list[str]] = {}
    for key in sorted(members):  # who stands next to whom in a band decides which pairs are met
        for band in bands(members[key][0]):
            holders.setdefault(band, []).append(key)
    for keys in holders.values():
        met: list[str] = []  # the last of each component
        for key in keys:
            for other in met[:_MET]:
                if find(other) != find(key) and _are_copies(values[key], values[other]):
                    one, two = find(other), find(key)
                    parent[max(one, two)] = min(one, two)
            met = [key, *(other for other in met if find(other) != find(key))]
    groups: dict[str, list[str]] = {}
    for key in members:
        groups.setdefault(find(key), []).append(key)
    found: dict[str, tuple[str, bool]] = {}
    for group in groups.values():
        lead = min(group, key=lambda key: (members[key][1] or dt.datetime.max, key))
        for key in group:
            found[key] = (lead, key == lead)
    return found


@cache
def _weekdays() -> frozenset[int]:
    """Digests, as of names. "Sun" and "Mon" may be others.

    From the table itself: `transforms.nlp.dates` would bring all its lexicons into the writer.
    """
    rows = table("dates/words.tsv", ["word", "kind", "value"])
    names = [row["word"] for row in rows if row["kind"] == "weekday"]
    return frozenset(crc32(name.encode()) & ~1 for name in names if name.endswith("day"))


def _are_copies(one: tuple[Any, frozenset[int]], two: tuple[Any, frozenset[int]]) -> bool:
    """Alike in their words, and of one mind about names and numbers."""
    if float(np.mean(one[0] == two[0])) < THRESHOLD:
        return False
    days, others = _weekdays() & one[1], _weekdays() & two[1]
    if days and others and not days & others:  # the bulletin of another day
        return False
    names = [frozenset(f for f in facts if not f & 1) - _weekdays() for facts in (one[1], two[1])]
    few = names[0] - names[1] and names[1] - names[0] and min(map(len, names)) < FEW_NAMES
    if not _agree(names[0], names[1], SHARED_OF_FEW if few else SHARED_NAMES, 0):
        return False
    return _agree(one[1], two[1], SHARED_FACTS, 0) and _agree(
        frozenset(fact for fact in one[1] if fact & 1),
        frozenset(fact for fact in two[1] if fact & 1),
        SHARED_NUMBERS,
        FEW_NUMBERS,
    )


def _agree(one: frozenset[int], two: frozenset[int], share: float, few: int) -> bool:
    fewest = min(len(one), len(two))
    return fewest < few or len(one & two) >= share * fewest
