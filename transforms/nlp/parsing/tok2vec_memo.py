"""spaCy's `tok2vec` with its own weights, in fewer steps.

Its first layer looks at a token by itself: norm, prefix, suffix, shape, and whether a space
follows. All of these but the norm and the space follow from the form, so each (form, norm, space)
is put to the real layer once and its vector kept; that layer is a third of the arithmetic. The
convolutions behind it are the same products, with the pieces of each maximum side by side instead
of interleaved, so that it is taken over whole rows. Only the last bits of a number can differ;
`tests/transforms/nlp/test_language.py` compares what the pipeline says with and without.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

_LIMIT = 60_000  # vectors kept, 384 bytes each in the small model
_OF_THE_FORM = frozenset(
    {"ORTH", "NORM", "LOWER", "PREFIX", "SUFFIX", "SHAPE", "SPACY", "IS_SPACE"}
)
_MIX = np.uint64(0x9E3779B97F4A7C15)  # odd, so that a product keeps all 64 bits of a hash apart
_CONVOLUTION = ["expand_window", "maxout", "layernorm", "dropout"]


def install(nlp: Language) -> int:
    """Let each `tok2vec` that is of the known build run so. Returns how many; others stay."""
    done = 0
    for _, pipe in nlp.pipeline:
        model: Any = getattr(pipe, "model", None)
        for node in [] if model is None else list(model.walk()):
            if node.has_ref("embed") and node.has_ref("encode") and _known(node):
                embed, encode = node.get_ref("embed"), node.get_ref("encode")
                node.layers[:] = [_model(_Embedding(embed), _Encoder(encode))]
                done += 1
    return done


def _known(node: Any) -> bool:
    """Is this a MultiHashEmbed of what follows from form, norm and space, and convolutions?"""
    from spacy.attrs import IDS

    names = {number: name for name, number in IDS.items()}
    embed, encode = node.get_ref("embed"), node.get_ref("encode")
    if node.layers != [embed, encode] or embed.layers[0].name != "extract_features":
        return False
    given = embed.layers[0].attrs["columns"]
    columns = {column if isinstance(column, str) else names[column] for column in given}
    return columns <= _OF_THE_FORM and _convolutions(encode) is not None


def _convolutions(encode: Any) -> list[tuple[Any, Any]] | None:
    """(maxout, layernorm) of each layer, or None where the encoder is of another build."""
    if not encode.layers or "pad" not in encode.attrs:
        return None
    found = []
    for layer in encode.layers[0].layers:
        leaves = [node for node in layer.walk(order="dfs_pre") if not node.layers]
        if not layer.name.startswith("residual") or [n.name for n in leaves] != _CONVOLUTION:
            return None
        window, maxout, norm, _ = leaves
        if window.attrs["window_size"] != 1 or encode.attrs["pad"] != len(encode.layers[0].layers):
            return None
        found.append((maxout, norm))
    return found


def _model(embedding: _Embedding, encoder: _Encoder) -> Any:
    from thinc.api import Model

    def forward(_: Any, docs: Sequence[Doc], is_train: bool) -> tuple[Any, Callable[..., Any]]:
        if is_train:
            raise ValueError("a pipeline with remembered embeddings cannot be trained")
        return encoder(embedding(docs), [len(doc) for doc in docs]), lambda _: []

    return Model("tok2vec_memo", forward, dims={"nO": encoder.width})


class _Embedding:
    """Vectors of tokens by form, norm and space."""

    def __init__(self, embed: Any) -> None:
        self.columns = embed.layers[0].attrs["columns"]
        self.layers = embed.layers[1:]
        self.rows: dict[int, int] = {}
        self.vectors = np.zeros((1024, embed.get_dim("nO")), dtype=np.float32)

    def __call__(self, docs: Sequence[Doc]) -> Any:
        """The vectors of all tokens, one document after the other."""
        from spacy.attrs import NORM, ORTH, SPACY

        given = np.concatenate([doc.to_array([ORTH, NORM, SPACY]) for doc in docs])
        wanted = ((given[:, 0] * _MIX) ^ (given[:, 1] + given[:, 2])).tolist()
        if len(self.rows) > _LIMIT:
            self.rows.clear()
        rows = self.rows
        missing = [number for number, key in enumerate(wanted) if key not in rows]
        if missing:
            self._ask(docs, wanted, missing)
        return self.vectors[[rows[key] for key in wanted]]

    def _ask(self, docs: Sequence[Doc], wanted: list[int], missing: list[int]) -> None:
        """Put tokens that are not known to the real layers."""
        first = {wanted[number]: number for number in reversed(missing)}
        at = sorted(first.values())
        features = np.concatenate([doc.to_array(self.columns) for doc in docs])[at]
        answer: Any = [np.ascontiguousarray(features.reshape(len(at), -1))]
        for layer in self.layers:
            answer = layer.predict(answer)
        begin = len(self.rows)
        if begin + len(at) > len(self.vectors):
            size = max(2 * len(self.vectors), begin + len(at))
            grown = np.zeros((size, self.vectors.shape[1]), dtype=np.float32)
            grown[:begin] = self.vectors[:begin]
            self.vectors = grown
        self.vectors[begin : begin + len(at)] = answer[0]
        self.rows.update((wanted[number], begin + n) for n, number in enumerate(at))


@dataclass(frozen=True, slots=True)
class _Layer:
    weights: Any  # (3 × width, pieces × width)
    bias: Any
    scale: Any
    shift: Any


class _Encoder:
    """The convolutions over a token and its neighbours."""

    def __init__(self, encode: Any) -> None:
        self.pad = encode.attrs["pad"]
        self.layers = []
        for maxout, norm in _convolutions(encode) or ():
            self.width, self.pieces = maxout.get_dim("nO"), maxout.get_dim("nP")
            weights = maxout.get_param("W").transpose(2, 1, 0)  # inputs, pieces, outputs
            self.layers.append(
                _Layer(
                    np.ascontiguousarray(weights.reshape(len(weights), -1)),
                    np.ascontiguousarray(maxout.get_param("b").T.reshape(-1)),
                    norm.get_param("G"),
                    norm.get_param("b"),
                )
            )

    def __call__(self, vectors: Any, lengths: Sequence[int]) -> list[Any]:
        """The rows of each document. `vectors` holds those of all documents, shape (tokens, width).

        Documents stand apart by rows of zeros, as many as there are layers.
        """
        begins, at = [], self.pad
        for length in lengths:
            begins.append(at)
            at += length + (self.pad if length else 0)
        rows = np.zeros((at, self.width), dtype=np.float32)
        begin = 0
        for start, length in zip(begins, lengths, strict=True):
            rows[start : start + length] = vectors[begin : begin + length]
            begin += length
        window = np.zeros((at, 3, self.width), dtype=np.float32)
        for layer in self.layers:
            window[1:, 0] = rows[:-1]
            window[:, 1] = rows
            window[:-1, 2] = rows[1:]
            rows += self._convolved(layer, window.reshape(at, -1))
        return [rows[start : start + length] for start, length in zip(begins, lengths, strict=True)]

    def _convolved(self, layer: _Layer, window: Any) -> Any:
        pieces = window @ layer.weights
        pieces += layer.bias
        width = self.width
        best = pieces[:, :width]
        for number in range(1, self.pieces):
            best = np.maximum(best, pieces[:, number * width : (number + 1) * width])
        best -= best.mean(axis=1, keepdims=True)
        spread = np.einsum("ij,ij->i", best, best) / np.float32(width) + np.float32(1e-8)
        best *= (spread ** np.float32(-0.5))[:, None]
        best *= layer.scale
        best += layer.shift
        return best
