"""Near-copies: a cluster depends on the set of articles, not on the order in which they come."""

from __future__ import annotations

import base64
import datetime as dt
import random

import numpy as np

from transforms.near_duplicates import PERMUTATIONS, ROWS, bands, clusters, signature

DAY = dt.datetime(2026, 3, 4)


def mark(number: int, kin: int) -> str:
    """A signature whose first band all share, and three of every four values those of one kin."""
    values = np.arange(PERMUTATIONS, dtype="<u4") + 1000 * kin
    values[ROWS - 1 :: ROWS] += 1_000_000 * (number + 1)
    values[:ROWS] = 7
    return base64.b64encode(values.tobytes()).decode("ascii")


def similar(one: str, other: str) -> float:
    """Share of equal values: the estimated Jaccard similarity of two signatures."""
    first, second = (np.frombuffer(base64.b64decode(m), "<u4") for m in (one, other))
    return float(np.mean(first == second))


def test_any_order_gives_the_same_clusters() -> None:
    """Ten articles meet in one band; pairs of kin are similar, though they share no other."""
    marks = {f"a{number}": mark(number, number % 5) for number in range(10)}
    assert similar(marks["a1"], marks["a6"]) > 0.7 > 0.1 > similar(marks["a1"], marks["a2"])
    assert len(set(bands(marks["a1"])) & set(bands(marks["a6"]))) == 1
    chooser, found = random.Random(4), []
    for _ in range(20):
        keys = list(marks)
        chooser.shuffle(keys)
        found.append(clusters({key: (marks[key], DAY) for key in keys}))
    assert all(one == found[0] for one in found)


def test_a_copy_with_another_lead_shares_the_cluster_of_the_earlier() -> None:
    words = [f"word{number}" for number in range(120)]
    first, copy = " ".join(words), " ".join(["Updated", *words[3:]])
    other = " ".join(reversed(words))
    members = {
        key: (signature(text), published)
        for key, text, published in (
            ("z", first, DAY), ("a", copy, DAY + dt.timedelta(hours=1)), ("b", other, DAY),
        )
    }  # fmt: skip
    assert clusters(members) == {"z": ("z", True), "a": ("z", False), "b": ("b", True)}
