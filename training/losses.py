"""What a batch costs the network: triggers, modalities, roles and names."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from training.data import UNTOLD, Item, Target
from training.network import Batch, Network, nominal_rows, present_targets
from transforms.nlp.reader.features import MODALITIES, ROLES, TYPES

WEIGHTS = (1.0, 0.5, 0.5, 0.3)  # of triggers, modalities, roles, names
NAMES_OF_LOSSES = ("triggers", "modalities", "roles", "names")
# Means over words are small beside sums over the words of a trigger: these bring them level.
PER_TRIGGER_WORD, PER_NAME_WORD = 20.0, 10.0
TRUE_ROLE = 2.0  # a side weighs more than a word that is none
CHOICE = 1.0  # of choosing one word beside judging each


def losses(network: Network, batch: Batch, paths: dict[str, int], *, bf16: bool) -> list[Tensor]:
    """The four losses of a batch, in the order of `NAMES_OF_LOSSES`."""
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bf16):
        states = network.encode(batch)
    states = states.float()
    told = [
        (row, at, target, item)
        for row, item in enumerate(batch.items)
        for at, target in present_targets(item)
    ]
    return [
        _triggers(network.trigger(states), batch, told),
        _modalities(network, states, told),
        _roles(network, states, told, paths),
        _names(network.name(states), batch),
    ]


Told = list[tuple[int, int, Target, Item]]  # row of the window, row of the word


def _triggers(scores: Tensor, batch: Batch, told: Told) -> Tensor:
    """Cross entropy of all words that are known to tell an event or none."""
    wanted = torch.zeros_like(scores)
    wanted[..., 0] = 1
    weight = torch.zeros(scores.shape[:2])
    for row, item in enumerate(batch.items):
        if item.document.complete:
            weight[row, item.window.start - item.window.context : len(item.firsts)] = 1
    for row, _, target, item in told:  # other words of a trigger are neither right nor wrong
        for token in range(*target.span):
            at = token - item.window.context
            if 0 <= at < len(item.firsts) and token != target.token:
                weight[row, at] = 0
    for row, at, target, _ in told:
        wanted[row, at, 0] = not target.types  # of a word that is known to tell none
        for kind, chance in target.types.items():
            wanted[row, at, TYPES.index(kind) + 1] = chance
        weight[row, at] = target.weight
    entropy = -(wanted * F.log_softmax(scores, -1)).sum(-1)
    return (entropy * weight).sum() / weight.sum().clamp(min=1) * PER_TRIGGER_WORD


def _modalities(network: Network, states: Tensor, told: Told) -> Tensor:
    known = [(row, at, t.modality, t.weight) for row, at, t, _ in told if t.modality]
    if not known:
        return torch.tensor(0.0)
    rows, places = (torch.tensor([k[i] for k in known]) for i in (0, 1))
    wanted = torch.tensor([MODALITIES.index(k[2]) for k in known])
    scores = network.modality(states[rows, places])
    entropy = F.cross_entropy(scores, wanted, reduction="none")
    return (entropy * torch.tensor([k[3] for k in known])).mean()


def _roles(network: Network, states: Tensor, told: Told, paths: dict[str, int]) -> Tensor:
    """For each trigger every nominal word of the window is a side of it or is not."""
    known = [entry for entry in told if entry[2].known]
    if not known:
        return torch.tensor(0.0)
    n, words = len(known), states.shape[1]
    pairs = torch.zeros(n, words, 5, dtype=torch.long)
    wanted = torch.zeros(n, words, len(ROLES))
    weight = torch.zeros(n, words, len(ROLES))
    types = torch.zeros(n, len(TYPES))
    for number, (_, _, target, item) in enumerate(known):
        start, count = item.window.context, len(item.firsts)
        held = item.document.pair_features(target.token, item.window, paths)
        pairs[number, :count] = torch.from_numpy(held)
        for kind, chance in target.types.items():
            types[number, TYPES.index(kind)] = chance
        nominal = nominal_rows(item)
        for column, role in enumerate(ROLES):
            if role not in target.known:
                continue
            weight[number, :count, column] = nominal * target.weight
            for token in target.ignored[role]:
                if start <= token < start + count:
                    weight[number, token - start, column] = 0
            for token in target.roles[role]:
                if start <= token < start + count:
                    weight[number, token - start, column] = target.weight * TRUE_ROLE
                    wanted[number, token - start, column] = 1
    rows, places = (torch.tensor([k[i] for k in known]) for i in (0, 1))
    scores, absent = network.roles(states[rows, places], types, states[rows], pairs)
    entropy = F.binary_cross_entropy_with_logits(scores, wanted, reduction="none")
    return (entropy * weight).sum() / n + CHOICE * _choices(scores, absent, wanted, weight)


def _choices(scores: Tensor, absent: Tensor, wanted: Tensor, weight: Tensor) -> Tensor:
    """Cross entropy of choosing a bearer of each role among all words, or none.

    Sizes as in `_roles`; a word without weight is no choice.
    """
    open_to = torch.cat([weight > 0, torch.ones_like(absent, dtype=torch.bool).unsqueeze(1)], 1)
    right = torch.cat([wanted > 0, (wanted.sum(1, keepdim=True) == 0)], 1)
    every = torch.cat([scores, absent.unsqueeze(1)], 1).masked_fill(~open_to, -1e4)
    cost = every.logsumexp(1) - every.masked_fill(~right, -1e4).logsumexp(1)
    known = weight.amax(1)
    return (cost * known.clamp(max=1.0)).sum() / len(scores)


def _names(scores: Tensor, batch: Batch) -> Tensor:
    wanted = torch.zeros(scores.shape[:2], dtype=torch.long)
    weight = torch.zeros(scores.shape[:2])
    for row, item in enumerate(batch.items):
        tags = item.document.tags
        if tags is not None:
            start, count = item.window.context, len(item.firsts)
            told = torch.from_numpy(tags[start : start + count])
            wanted[row, :count] = told.clamp(min=0)
            weight[row, :count] = item.document.tags_weight * (told != UNTOLD)
    if not weight.any():
        return torch.tensor(0.0)
    entropy = F.cross_entropy(scores.flatten(0, 1), wanted.flatten(), reduction="none")
    return (entropy.view(weight.shape) * weight).sum() / weight.sum().clamp(min=1) * PER_NAME_WORD
