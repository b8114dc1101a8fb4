"""Which event reports tell of where people said that two do, or do not, tell of one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from transforms.nlp.identity.assign import event_ids

Order = tuple[dt.date, str, str]  # day of publication, article, report: parents come before


@dataclass(frozen=True, slots=True)
class Tie:
    """That the reports `of` and those `other` tell of one event, or do not."""

    is_same: bool
    of: tuple[str, ...]
    other: tuple[str, ...]


def decided_ids(
    parents: Mapping[str, str | None], order: Mapping[str, Order], ties: Sequence[Tie]
) -> dict[str, str]:
    """event_mention_id → event_id, from what each report joined and what was said, in that order.

    Of two in one tree that are not one the later begins an event of its own, and takes with it
    what joined it. Two trees that are one have the id of the earlier one, unless that would join
    what somebody has parted since. `parents` holds whole trees.
    """
    held = dict(parents)
    last = dt.date.max

    def place(key: str) -> Order:
        return order.get(key, (last, "", key))

    for tie in ties:
        if not tie.is_same:
            for one, other in _pairs(tie, held):
                if _root(held, one) == _root(held, other):
                    held[max(one, other, key=place)] = None
    for number, tie in enumerate(ties):
        if not tie.is_same:
            continue
        for one, other in _pairs(tie, held):
            roots = sorted({_root(held, one), _root(held, other)}, key=place)
            if len(roots) == 2 and not _parted(held, roots, ties[number + 1 :]):
                held[roots[1]] = roots[0]
    return event_ids(held)


def _pairs(tie: Tie, held: Mapping[str, str | None]) -> Iterable[tuple[str, str]]:
    return [
        (one, other)
        for one in sorted(tie.of)
        for other in sorted(tie.other)
        if one in held and other in held and one != other
    ]


def _root(held: Mapping[str, str | None], key: str) -> str:
    while (parent := held.get(key)) is not None:
        key = parent
    return key


def _parted(held: Mapping[str, str | None], roots: Sequence[str], later: Sequence[Tie]) -> bool:
    return any(
        sorted(_root(held, end) for end in pair) == sorted(roots)
        for tie in later
        if not tie.is_same
        for pair in _pairs(tie, held)
    )
