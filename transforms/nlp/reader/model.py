"""The weights of the reader and what is computed with them: an encoder in int8, heads in floats.

The encoder (a MiniLM of six layers, fine-tuned) runs in onnxruntime; its word table, the features
of words and the heads are numpy arrays. Sizes: H = 384 wide, words of a window in rows.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transforms.nlp.reader.features import ROLES

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
WEIGHTS = files("transforms.nlp.reader") / "weights"
MOST_PIECES = 6  # of one word; what is longer is cut
FIRST, LAST, UNKNOWN = 101, 102, 100  # [CLS], [SEP], [UNK]


class Model:
    """The loaded weights. One a process (`load`); safe to share between threads."""

    def __init__(self, weights: Traversable = WEIGHTS) -> None:
        import onnxruntime as ort
        from tokenizers import Tokenizer

        with (weights / "tables.npz").open("rb") as handle:
            arrays = np.load(handle)
            self._w: dict[str, Any] = {name: arrays[name] for name in arrays.files}
        for name, value in self._w.items():
            if value.dtype == np.float16:
                self._w[name] = value.astype(np.float32)
        with (weights / "card.json").open("rb") as handle:
            self.card: dict[str, Any] = json.load(handle)
        self.paths: dict[str, int] = {name: i for i, name in enumerate(self.card["paths"])}
        with (weights / "tokenizer.json").open("rb") as handle:
            self._tokenizer = Tokenizer.from_buffer(handle.read())
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        with (weights / "encoder.onnx").open("rb") as handle:
            encoder = handle.read()
        options = ort.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Without VNNI two products of int8 are added in 16 bits and saturate, so that an older
        # processor sees other events; this adds them exactly there, for a seventh more of its time.
        options.add_session_config_entry("session.x64quantprecision", "1")
        self._session = ort.InferenceSession(encoder, options, providers=["CPUExecutionProvider"])
        self._pieces: dict[str, list[int]] = {}

    def pieces(self, words: list[str]) -> list[list[int]]:
        """Word pieces of each word, `MOST_PIECES` at most."""
        new = [word for word in dict.fromkeys(words) if word not in self._pieces]
        if new:
            if len(self._pieces) > 50_000:
                self._pieces.clear()
                new = list(dict.fromkeys(words))
            for word, coded in zip(
                new, self._tokenizer.encode_batch(new, add_special_tokens=False), strict=True
            ):
                self._pieces[word] = coded.ids[:MOST_PIECES] or [UNKNOWN]
        return [self._pieces[word] for word in words]

    def encode(self, pieces: list[list[int]], features: Ints) -> Floats:
        """States of the words of one window, (words, H), from their pieces and features.

        One window at a time: the scales of int8 are those of all that is computed together, so
        the company of other articles would change an answer, and padding costs more than it
        saves (9,300 words a second alone, 8,800 by eight).
        """
        w = self._w
        ids = np.array([FIRST, *(piece for word in pieces for piece in word), LAST])
        firsts = np.cumsum([1, *map(len, pieces[:-1])], dtype=np.int64)
        states = w["word"][ids].astype(np.float32) * w["word_scale"][ids][:, None]
        states += w["position"][: len(ids)]
        states[firsts] += (
            w["pos"][features[:, 0]] + w["dep"][features[:, 1]] + w["shape"][features[:, 2]]
        )
        mask = np.zeros((1, 1, 1, len(ids)), dtype=np.float32)
        output = self._session.run(None, {"states": states[None], "mask": mask})[0]
        found: Floats = output[0][firsts]
        return found

    def names(self, states: Floats) -> Floats:
        """Probabilities of the name tags of words, (words, 2 · types + 1): O, B, I, B, I, …"""
        return _softmax(self._mlp("n", states))

    def triggers(self, states: Floats) -> tuple[Floats, Floats]:
        """Probabilities that a word triggers no event or one of each type, (words, 17), and of
        each modality if it does, (words, 6)."""
        temperature = self.card["temperature"]
        return (
            _softmax(self._mlp("t", states) / np.float32(temperature["type"])),
            _softmax(self._mlp("m", states) / np.float32(temperature["modality"])),
        )

    def bearing(self, states: Floats) -> tuple[Floats, Floats]:
        """What `roles` asks of words that may bear one, the same for every trigger beside them:
        (words, hidden) and (words, 4, inner) from their states (words, H)."""
        w = self._w
        right = states @ w["bv"] + w["bv_b"]
        return states @ w["B"], right.reshape(len(states), len(ROLES), -1)

    def roles(
        self, trigger: Floats, types: Floats, bearing: tuple[Floats, Floats], pairs: Ints
    ) -> tuple[Floats, Floats]:
        """Probability of each role for each word, (words, 4), given one trigger; and the
        probability, (4,), that none of them bears it.

        `trigger` (H,) and the words of `bearing` are of one window, `types` (16,) the chance of
        each type, `pairs` (words, 5): path, distance, dependency, part of speech, kind.
        """
        w = self._w
        hidden, right = bearing
        query = np.concatenate([trigger, types @ w["etype"]])
        features = np.concatenate(
            [
                w["epath"][pairs[:, 0]],
                w["edist"][pairs[:, 1]],
                w["edep"][pairs[:, 2]],
                w["epos"][pairs[:, 3]],
                w["eet"][pairs[:, 4]],
            ],
            axis=1,
        )
        hidden = _gelu(query @ w["A"] + w["A_b"] + hidden + features @ w["C"])
        scores = hidden @ w["R"] + w["R_b"]
        left = (query @ w["bu"] + w["bu_b"]).reshape(len(ROLES), -1)
        scores += np.einsum("wrd,rd->wr", right, left) / 8
        scores /= np.float32(self.card["temperature"]["role"])
        chances: Floats = 1 / (1 + np.exp(-scores))
        absent = query @ w["none"] + w["none_b"]
        return chances, _softmax(np.vstack([scores, absent]).T)[:, -1]

    def _mlp(self, name: str, states: Floats) -> Floats:
        w = self._w
        hidden = _gelu(states @ w[f"{name}1"] + w[f"{name}1_b"])
        scores: Floats = hidden @ w[f"{name}2"] + w[f"{name}2_b"]
        return scores


@cache
def load() -> Model:
    """The packaged weights, loaded once a process."""
    return Model()


def _gelu(x: Floats) -> Floats:
    inner = np.float32(0.7978845608) * (x + np.float32(0.044715) * x * x * x)
    found: Floats = np.float32(0.5) * x * (1 + np.tanh(inner))
    return found


def _softmax(x: Floats) -> Floats:
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    found: Floats = e / e.sum(axis=-1, keepdims=True)
    return found
