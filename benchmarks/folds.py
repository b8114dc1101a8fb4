"""Folds of a fit: which part of the articles, sources or topics is left out when."""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Any, TypeVar

FOLDS = 5

K = TypeVar("K", bound=Any)


def folds_of(keys: Iterable[K], seed: int = 0) -> dict[K, int]:
    """Key → fold, of `FOLDS`; the same whatever the order of the keys."""
    order = sorted(set(keys))
    random.Random(seed).shuffle(order)
    return {key: number % FOLDS for number, key in enumerate(order)}
