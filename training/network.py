"""The network of the reader in torch: a MiniLM encoder and heads for names, triggers and sides.

`transforms.nlp.reader.model` computes the same with exported weights. Sizes: B windows of a batch,
T pieces, W words, H = 384 wide, n triggers of a batch.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.data import Item, Target
from transforms.nlp.reader.features import (
    DEPS,
    KIND_CODES,
    MODALITIES,
    NAMES,
    NOMINAL,
    POS,
    ROLES,
    SALIENCES,
    TYPES,
)

WIDTH, HEADS, INNER, LAYERS = 384, 12, 1536, 6
PIECES, POSITIONS, PATHS = 30522, 512, 401
DROPOUT, BILINEAR = 0.1, 64


class Layer(nn.Module):
    """One layer of the encoder, as BERT's."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.norm1 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.up = nn.Linear(WIDTH, INNER)
        self.down = nn.Linear(INNER, WIDTH)
        self.norm2 = nn.LayerNorm(WIDTH, eps=1e-12)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """States (B, T, H) to states; `mask` (B, 1, 1, T) is added to the scores."""
        b, t, width = x.shape
        parts = self.qkv(x).view(b, t, 3, HEADS, width // HEADS).permute(2, 0, 3, 1, 4)
        held = F.scaled_dot_product_attention(parts[0], parts[1], parts[2], attn_mask=mask)
        held = self.out(held.transpose(1, 2).reshape(b, t, width))
        x = self.norm1(x + F.dropout(held, DROPOUT, self.training))
        held = self.down(F.gelu(self.up(x)))
        return self.norm2(x + F.dropout(held, DROPOUT, self.training))


class Mlp(nn.Module):
    """Two linear maps with a GELU (by tanh, as the product computes it) between."""

    def __init__(self, hidden: int, out: int) -> None:
        super().__init__()
        self.first, self.second = nn.Linear(WIDTH, hidden), nn.Linear(hidden, out)

    def forward(self, x: Tensor) -> Tensor:
        """(…, H) to (…, out)."""
        hidden = F.gelu(self.first(x), approximate="tanh")
        return self.second(F.dropout(hidden, DROPOUT, self.training))


@dataclass(slots=True)
class Batch:
    """Windows padded to the longest. A word that pads has no features and stands at piece 0."""

    items: Sequence[Item]
    ids: Tensor  # (B, T)
    mask: Tensor  # (B, T) True where a piece stands
    firsts: Tensor  # (B, W)
    features: Tensor  # (B, W, 3)
    present: Tensor  # (B, W) True where a word stands

    @classmethod
    def of(cls, items: Sequence[Item]) -> Batch:
        """The batch of these windows."""
        b, t = len(items), max(len(item.ids) for item in items)
        w = max(len(item.firsts) for item in items)
        batch = cls(
            items,
            torch.zeros(b, t, dtype=torch.long),
            torch.zeros(b, t, dtype=torch.bool),
            torch.zeros(b, w, dtype=torch.long),
            torch.zeros(b, w, 3, dtype=torch.long),
            torch.zeros(b, w, dtype=torch.bool),
        )
        for row, item in enumerate(items):
            pieces, words = len(item.ids), len(item.firsts)
            batch.ids[row, :pieces] = torch.tensor(item.ids)
            batch.mask[row, :pieces] = True
            batch.firsts[row, :words] = torch.tensor(item.firsts, dtype=torch.long)
            start = item.window.context
            own = item.document.words[start : start + words]
            batch.features[row, :words] = torch.from_numpy(own)
            batch.present[row, :words] = True
        return batch


class Network(nn.Module):
    """Encoder and heads."""

    def __init__(self) -> None:
        super().__init__()
        self.word = nn.Embedding(PIECES, WIDTH)
        self.position = nn.Embedding(POSITIONS, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.pos = nn.Embedding(len(POS), WIDTH)
        self.dep = nn.Embedding(len(DEPS), WIDTH)
        self.shape = nn.Embedding(5, WIDTH)
        for table in (self.pos, self.dep, self.shape):
            nn.init.zeros_(table.weight)
        self.name = Mlp(192, 2 * len(NAMES) + 1)
        self.trigger = Mlp(256, len(TYPES) + 1)
        self.modality = Mlp(128, len(MODALITIES))
        self.pair_type = nn.Embedding(len(TYPES), 24)
        self.pair_path = nn.Embedding(PATHS, 32)
        self.pair_distance = nn.Embedding(24, 16)
        self.pair_dep = nn.Embedding(len(DEPS), 16)
        self.pair_pos = nn.Embedding(len(POS), 8)
        self.pair_kind = nn.Embedding(KIND_CODES * SALIENCES, 16)
        self.role_trigger = nn.Linear(WIDTH + 24, 256)
        self.role_word = nn.Linear(WIDTH, 256, bias=False)
        self.role_pair = nn.Linear(32 + 16 + 16 + 8 + 16, 256, bias=False)
        self.role_out = nn.Linear(256, len(ROLES))
        self.left = nn.Linear(WIDTH + 24, len(ROLES) * BILINEAR)
        self.right = nn.Linear(WIDTH, len(ROLES) * BILINEAR)
        self.absent = nn.Linear(WIDTH + 24, len(ROLES))

    def load_base(self, path: Path) -> Network:
        """Take the encoder from the base weights, a BERT's `model.safetensors`."""
        from safetensors.torch import load_file

        base = load_file(path)

        def copy(module: nn.Module, name: str) -> None:
            module.weight.copy_(base[f"{name}.weight"])
            module.bias.copy_(base[f"{name}.bias"])

        with torch.no_grad():
            kind = base["embeddings.token_type_embeddings.weight"][0]
            self.word.weight.copy_(base["embeddings.word_embeddings.weight"])
            self.position.weight.copy_(base["embeddings.position_embeddings.weight"] + kind)
            copy(self.norm, "embeddings.LayerNorm")
            for number, layer in enumerate(self.layers):
                at = f"encoder.layer.{number}"
                for part in ("weight", "bias"):
                    joined = [
                        base[f"{at}.attention.self.{name}.{part}"]
                        for name in ("query", "key", "value")
                    ]
                    getattr(layer.qkv, part).copy_(torch.cat(joined))
                copy(layer.out, f"{at}.attention.output.dense")
                copy(layer.norm1, f"{at}.attention.output.LayerNorm")
                copy(layer.up, f"{at}.intermediate.dense")
                copy(layer.down, f"{at}.output.dense")
                copy(layer.norm2, f"{at}.output.LayerNorm")
        return self

    def encode(self, batch: Batch) -> Tensor:
        """States of words, (B, W, H)."""
        x = self.word(batch.ids) + self.position.weight[: batch.ids.shape[1]]
        told = batch.features
        added = self.pos(told[..., 0]) + self.dep(told[..., 1]) + self.shape(told[..., 2])
        added = added * batch.present.unsqueeze(-1)
        x = x.scatter_add(1, batch.firsts.unsqueeze(-1).expand_as(added), added)
        x = F.dropout(self.norm(x), DROPOUT, self.training)
        mask = torch.zeros(batch.mask.shape, dtype=x.dtype).masked_fill(~batch.mask, -1e4)
        for layer in self.layers:
            x = layer(x, mask[:, None, None, :])
        x = x.gather(1, batch.firsts.unsqueeze(-1).expand(-1, -1, x.shape[-1]))
        return x.float()

    def roles(
        self, triggers: Tensor, types: Tensor, words: Tensor, pairs: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Scores (n, W, 4) of roles, and (n, 4) of no word of the window bearing it.

        Triggers (n, H), types (n, 16), words (n, W, H), pairs (n, W, 5).
        """
        query = torch.cat([triggers, types @ self.pair_type.weight], -1)
        features = torch.cat(
            [
                self.pair_path(pairs[..., 0]),
                self.pair_distance(pairs[..., 1]),
                self.pair_dep(pairs[..., 2]),
                self.pair_pos(pairs[..., 3]),
                self.pair_kind(pairs[..., 4]),
            ],
            -1,
        )
        hidden = self.role_trigger(query).unsqueeze(1)
        hidden = hidden + self.role_word(words) + self.role_pair(features)
        hidden = F.gelu(hidden, approximate="tanh")
        scores = self.role_out(F.dropout(hidden, DROPOUT, self.training))
        n, w, _ = words.shape
        left = self.left(query).view(n, 1, len(ROLES), BILINEAR)
        right = self.right(words).view(n, w, len(ROLES), BILINEAR)
        return scores + (left * right).sum(-1) / 8, self.absent(query)


@dataclass(slots=True)
class Checkpoint:
    """A trained network with its table of paths and the record of its training."""

    network: Network
    paths: dict[str, int]
    record: dict[str, Any]

    def save(self, path: Path) -> None:
        """Write it; the form is torch's."""
        ways = sorted(self.paths, key=self.paths.__getitem__)
        path.parent.mkdir(parents=True, exist_ok=True)
        state = self.network.state_dict()
        torch.save({"state": state, "paths": ways, "record": self.record}, path)

    @classmethod
    def load(cls, path: Path) -> Checkpoint:
        """Read one that `save` wrote; nothing but tensors and plain values is unpacked."""
        held = torch.load(path, weights_only=True)
        network = Network()
        network.load_state_dict(held["state"])
        network.eval()
        return cls(network, {way: n for n, way in enumerate(held["paths"])}, held["record"])


def seed_all(seed: int) -> None:
    """Seed every source of chance that training has."""
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)


def present_targets(item: Item) -> list[tuple[int, Target]]:
    """Targets of a window with their row in it."""
    rows = ((target.token - item.window.context, target) for target in item.targets)
    return [(row, target) for row, target in rows if 0 <= row < len(item.firsts)]


def nominal_rows(item: Item) -> Tensor:
    """1.0 for words of the window that may bear a role, (words,)."""
    start = item.window.context
    pos = item.document.parse.pos[start : start + len(item.firsts)]
    return torch.tensor([float(p in NOMINAL) for p in pos])
