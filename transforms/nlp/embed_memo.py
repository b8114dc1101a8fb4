"""Embeddings of tokens, remembered instead of worked out again.

The first layer of spaCy's `tok2vec` looks at a token by itself: norm, prefix, suffix, shape, and
whether a space follows. All of these but the norm and the space follow from the form, so each
(form, norm, space) is put to the real layer once and its vector kept. That layer is a third of
the arithmetic of a `tok2vec`; the ones behind it, which look at neighbours, run as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
_NAME = "embed_memo"


def install(nlp: Language) -> int:
    """Put a memo before the embedding of each `tok2vec` that allows it. Returns how many."""
    done = 0
    for _, pipe in nlp.pipeline:
        model: Any = getattr(pipe, "model", None)
        if model is None:
            continue
        for node in list(model.walk()):
            if not (node.has_ref("embed") and node.has_ref("encode")):
                continue
            embed = node.get_ref("embed")
            if node.layers[0] is embed and _allowed(embed):
                node.layers[0] = _memo(embed)
                done += 1
    return done


def _allowed(embed: Any) -> bool:
    """Is this a MultiHashEmbed of attributes that follow from form, norm and space?"""
    from spacy.attrs import IDS

    names = {number: name for name, number in IDS.items()}
    first = embed.layers[0] if embed.layers else None
    if first is None or first.name != "extract_features":
        return False
    columns = [
        column if isinstance(column, str) else names[column] for column in first.attrs["columns"]
    ]
    return set(columns) <= _OF_THE_FORM


def _memo(embed: Any) -> Any:
    from thinc.api import Model

    return Model(_NAME, _forward, attrs={"state": _State(embed)}, dims={"nO": embed.get_dim("nO")})


class _State:
    """Vectors by token key; `layers` are those behind the look-up of features."""

    def __init__(self, embed: Any) -> None:
        self.columns = embed.layers[0].attrs["columns"]
        self.layers = embed.layers[1:]
        self.rows: dict[int, int] = {}
        self.vectors = np.zeros((1024, embed.get_dim("nO")), dtype=np.float32)

    def __call__(self, docs: Sequence[Doc]) -> list[Any]:
        from spacy.attrs import NORM, ORTH, SPACY

        keys = [doc.to_array([ORTH, NORM, SPACY]) for doc in docs]
        together = np.concatenate(keys)
        mixed = (together[:, 0] * _MIX) ^ (together[:, 1] + together[:, 2])
        wanted = mixed.tolist()
        if len(self.rows) > _LIMIT:
            self.rows.clear()
        rows = self.rows
        missing = [number for number, key in enumerate(wanted) if key not in rows]
        if missing:
            self._ask(docs, wanted, missing)
        found = self.vectors[[rows[key] for key in wanted]]
        ends = np.cumsum([len(key) for key in keys]).tolist()
        return [found[begin:end] for begin, end in zip([0, *ends], ends, strict=False)]

    def _ask(self, docs: Sequence[Doc], wanted: list[int], missing: list[int]) -> None:
        """Put tokens that are not known to the real layers."""
        first = {wanted[number]: number for number in reversed(missing)}
        at = np.array(sorted(first.values()))
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
        self.rows.update((wanted[number], begin + n) for n, number in enumerate(at.tolist()))


def _forward(model: Any, docs: Sequence[Doc], is_train: bool) -> tuple[Any, Callable[..., Any]]:
    if is_train:
        raise ValueError("a pipeline with an embedding memo cannot be trained")
    return model.attrs["state"](docs), lambda _: []
