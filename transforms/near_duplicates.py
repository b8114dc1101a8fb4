"""Near-copies: MinHash over word shingles (datasketch), LSH bands, clusters.

Signature and bands depend on the text alone; a cluster on the set of articles alone, so the
order of loading decides nothing. Articles in one cluster are linked by pairs whose estimated
Jaccard similarity of shingle sets reaches `THRESHOLD`.
"""

from __future__ import annotations

import base64
import datetime as dt
import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any
from zlib import crc32

import numpy as np
from datasketch import MinHash

PERMUTATIONS = 96
BANDS = 24
ROWS = PERMUTATIONS // BANDS
SHINGLE_WORDS = 3
THRESHOLD = 0.4
MIN_WORDS = 20  # shorter texts are copies only when equal
SEED = 1
_WORD = re.compile(r"\w+")
_empty: MinHash | None = None


def _fresh() -> MinHash:
    global _empty
    if _empty is None:
        _empty = MinHash(num_perm=PERMUTATIONS, seed=SEED, hashfunc=crc32)
    return _empty.copy()


def shingles(text: str) -> set[bytes]:
    """Runs of `SHINGLE_WORDS` words, lower case, without punctuation."""
    words = _WORD.findall(text.lower())
    if len(words) < MIN_WORDS:
        return {" ".join(words).encode()}
    return {
        " ".join(words[at : at + SHINGLE_WORDS]).encode()
        for at in range(len(words) - SHINGLE_WORDS + 1)
    }


def signature(text: str) -> str:
    """The MinHash of a text: `PERMUTATIONS` 32-bit values, base64."""
    minhash = _fresh()
    minhash.update_batch(shingles(text))
    return base64.b64encode(minhash.hashvalues.astype("<u4").tobytes()).decode("ascii")


def _values(text: str) -> Any:
    return np.frombuffer(base64.b64decode(text), dtype="<u4")


def bands(mark: str) -> list[int]:
    """LSH bands, numbers of 40 bits.

    Two texts at `THRESHOLD` share one with a chance of .46, at .6 of .96.
    """
    data = base64.b64decode(mark)
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

    values = {key: _values(mark) for key, (mark, _) in members.items()}
    holders: dict[int, list[str]] = {}
    for key in sorted(members):  # who stands next to whom in a band decides which pairs are met
        for band in bands(members[key][0]):
            holders.setdefault(band, []).append(key)
    for keys in holders.values():
        if len(keys) < 2:
            continue
        for one, other in pairwise(keys):
            _join(one, other, find, parent, values)
        for other in keys[2:]:
            _join(keys[0], other, find, parent, values)
    groups: dict[str, list[str]] = {}
    for key in members:
        groups.setdefault(find(key), []).append(key)
    found: dict[str, tuple[str, bool]] = {}
    for group in groups.values():
        lead = min(group, key=lambda key: (members[key][1] or dt.datetime.max, key))
        for key in group:
            found[key] = (lead, key == lead)
    return found


def _join(
    one: str, other: str, find: Any, parent: dict[str, str], values: Mapping[str, Any]
) -> None:
    first, second = find(one), find(other)
    if first != second and float(np.mean(values[one] == values[other])) >= THRESHOLD:
        parent[max(first, second)] = min(first, second)
