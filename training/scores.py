"""Scores of a network on documents it has not seen, on words, without the product's rules.

They steer training; what counts is printed by `make evaluate SET=running`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import torch

from training.data import Document, Item, Target, items
from training.network import Batch, Checkpoint, present_targets
from transforms.nlp.reader.features import MODALITIES, ROLES, TYPES

LIMITS = (0.5, 0.7, 0.9)  # chances of an event from which a word counts as a trigger
SIDE = 0.25
SIZE = 8


def score(done: Checkpoint, documents: Sequence[Document]) -> dict[str, dict[str, float]]:
    """By limit: precision (type right), recall of core events, their F1, and given a right type
    the shares of right modalities and of events with an initiator, a recipient found."""
    counts: dict[float, Counter[str]] = {limit: Counter() for limit in LIMITS}
    found = sorted(items(documents), key=lambda item: (len(item.ids), item.document.doc))
    with torch.no_grad():
        for begin in range(0, len(found), SIZE):
            batch = Batch.of(found[begin : begin + SIZE])
            states = done.network.encode(batch)
            types = done.network.trigger(states).softmax(-1)
            modalities = done.network.modality(states).argmax(-1)
            for row, item in enumerate(batch.items):
                for limit, into in counts.items():
                    _count(done, item, states[row], types[row], modalities[row], limit, into)
    return {str(limit): _figures(into) for limit, into in counts.items()}


def _count(
    done: Checkpoint,
    item: Item,
    states: torch.Tensor,
    types: torch.Tensor,
    modalities: torch.Tensor,
    limit: float,
    into: Counter[str],
) -> None:
    start, words = item.window.context, len(item.firsts)
    first = item.window.start - start
    told = [at for at in range(first, words) if 1 - float(types[at, 0]) >= limit]
    into["predicted"] += len(told)
    taken: set[int] = set()
    for row, target in present_targets(item):
        core = target.weight == 1.0
        into["core"] += core
        here = {token - start for token in (*range(*target.span), target.token)}
        at = next((at for at in told if at in here and at not in taken), None)
        if at is None:
            continue
        taken.add(at)
        kind = int(types[at, 1:].argmax())
        if TYPES[kind] not in target.types:
            continue
        into["right"] += 1
        into["core found"] += core
        into["modality"] += MODALITIES[int(modalities[at])] == target.modality
        _sides(done, item, states, types, row if row in told else at, target, into)


def _sides(
    done: Checkpoint,
    item: Item,
    states: torch.Tensor,
    types: torch.Tensor,
    at: int,
    target: Target,
    into: Counter[str],
) -> None:
    start, words = item.window.context, len(item.firsts)
    pairs = item.document.pair_features(start + at, item.window, done.paths)
    chances = types[at, 1:] / types[at, 1:].sum()
    scores, _ = done.network.roles(
        states[at][None], chances[None], states[None, :words], torch.from_numpy(pairs)[None]
    )
    scores = scores[0].sigmoid()
    for role in ("initiator", "recipient"):
        if target.roles[role]:
            column = scores[:, ROLES.index(role)]
            best = start + int(column.argmax())
            bearing = target.roles[role] | target.ignored[role]
            into[f"{role} told"] += 1
            into[role] += best in bearing and float(column.max()) >= SIDE


def _figures(counts: Counter[str]) -> dict[str, float]:
    def share(part: str, whole: str) -> float:
        return round(counts[part] / max(1, counts[whole]), 4)

    precision, recall = share("right", "predicted"), share("core found", "core")
    return {
        "precision": precision,
        "core recall": recall,
        "F1": round(2 * precision * recall / max(1e-9, precision + recall), 4),
        "modality": share("modality", "right"),
        "initiator": share("initiator", "initiator told"),
        "recipient": share("recipient", "recipient told"),
    }
