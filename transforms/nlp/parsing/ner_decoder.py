"""The entity recogniser's greedy decoding, worked out for whole batches instead of token by token.

spaCy's recogniser moves through a text one token at a time and takes the best valid move (B, I, L,
U with a label, or O). Outside an entity its scores depend on the token alone, so those of a
batch are one matrix product; inside one they depend on the token, the first token and the one
before, and only I and L of the open label are valid, so all entities that could begin anywhere
in the batch are followed at once, a token a step. The moves are spaCy's own
(`spacy/pipeline/_parser_internals/ner.pyx`), with no entity set beforehand;
`tests/transforms/nlp/test_language.py` compares the answers. Its stepwise loop takes Python's
lock at every feature (spaCy 3.8.18), two thirds of the recogniser's time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

COMPONENT = "ner"
_BATCH = 64  # documents; more fall out of the processor's cache
_FEATURES = 3  # next token, first token of the open entity, token before
_NEVER = np.float32(-np.inf)

Entity = tuple[int, int, str]  # tokens [start, end), label


class NerDecoder:
    """Entities of parsed Docs, as the pipeline's `ner` would set them."""

    def __init__(self, nlp: Language) -> None:
        ner: Any = nlp.get_pipe(COMPONENT)
        self.tok2vec = ner.model.get_ref("tok2vec")
        lower, upper = ner.model.get_ref("lower"), ner.model.get_ref("upper")
        outputs, inputs = lower.get_dim("nO"), lower.get_dim("nI")
        self.pieces = lower.get_dim("nP")
        self.wide = outputs * self.pieces
        self.weights = np.ascontiguousarray(
            lower.get_param("W").reshape(_FEATURES * self.wide, inputs).T
        )
        self.pad = lower.get_param("pad").reshape(_FEATURES, self.wide)
        self.bias = lower.get_param("b").reshape(self.wide)
        self.scores = np.ascontiguousarray(upper.get_param("W").T)
        self.scores_bias = upper.get_param("b")
        moves = [ner.moves.get_class_name(number) for number in range(self.scores.shape[1])]
        self.labels = sorted({move[2:] for move in moves if move.startswith("B-")})
        number_of = {move: number for number, move in enumerate(moves)}
        self.out = number_of["O"]
        self.begin = np.array([number_of[f"B-{label}"] for label in self.labels])
        self.unit = np.array([number_of[f"U-{label}"] for label in self.labels])
        inside = np.array([number_of[f"I-{label}"] for label in self.labels])
        last = np.array([number_of[f"L-{label}"] for label in self.labels])
        # whether L beats I is asked of their difference; of equals the earlier move wins
        self.closing = np.ascontiguousarray(self.scores.T[last] - self.scores.T[inside])
        self.closing_bias = self.scores_bias[last] - self.scores_bias[inside]
        self.ties_close = bool((last < inside).all())
        self.label_of = {int(n): i for row in (self.begin, self.unit) for i, n in enumerate(row)}
        self.is_begin = np.zeros(len(moves), bool)
        self.is_begin[self.begin] = True
        self.never = np.ones(len(moves), bool)
        self.never[[self.out, *self.begin, *self.unit]] = False

    @classmethod
    def of(cls, nlp: Language) -> NerDecoder | None:
        """A decoder, or None where the recogniser is of another build."""
        if COMPONENT not in nlp.pipe_names:
            return None
        ner: Any = nlp.get_pipe(COMPONENT)
        model = getattr(ner, "model", None)
        if model is None or model.name != "parser_model" or getattr(ner, "beam_width", 1) > 1:
            return None
        if ner.cfg.get("beam_width", 1) > 1 or model.attrs.get("unseen_classes"):
            return None
        lower = model.get_ref("lower")
        built = model.attrs.get("has_upper") and lower.name == "precomputable_affine"
        if not built or lower.get_dim("nF") != _FEATURES or lower.get_dim("nP") < 2:
            return None
        return cls(nlp)

    def entities(self, docs: Sequence[Doc]) -> list[list[Entity]]:
        """Entities of each Doc, in text order. Sentence boundaries must be set."""
        found: list[list[Entity]] = []
        for begin in range(0, len(docs), _BATCH):
            found += self._batch(docs[begin : begin + _BATCH])
        return found

    def _batch(self, docs: Sequence[Doc]) -> list[list[Entity]]:
        from spacy.attrs import IS_SPACE, SENT_START

        lengths = [len(doc) for doc in docs]
        if not sum(lengths):
            return [[] for _ in docs]
        features = (self.tok2vec.predict(docs) @ self.weights).reshape(-1, _FEATURES, self.wide)
        flags = np.concatenate([doc.to_array([SENT_START, IS_SPACE]) for doc in docs])
        ends = np.cumsum(lengths)
        final = np.zeros(len(flags), bool)
        final[ends[np.array(lengths) > 0] - 1] = True
        # an entity cannot go on to the next token where that begins a sentence, or is none
        stops = final.copy()
        stops[:-1] |= flags[1:, 0] == 1
        moves = self._outside(features[:, 0], stops, flags[:, 1] != 0)
        starts = np.flatnonzero(self.is_begin[moves])
        label_of = self.label_of
        opened = np.array([label_of[move] for move in moves[starts].tolist()], dtype=np.int64)
        ended = dict(
            zip(starts.tolist(), self._follow(features, starts, opened, stops), strict=True)
        )
        return self._collect(moves, ended, ends.tolist())

    def _outside(self, next_token: Any, stops: Any, is_space: Any) -> Any:
        """The best move at each token where no entity is open."""
        hidden = next_token + self.pad[1]
        hidden += self.pad[2]
        hidden += self.bias
        scores = self._max(hidden) @ self.scores
        scores += self.scores_bias
        scores[:, self.never] = _NEVER
        scores[np.ix_(is_space, self.unit)] = _NEVER
        scores[np.ix_(stops | is_space, self.begin)] = _NEVER
        return scores.argmax(axis=1)

    def _follow(self, features: Any, starts: Any, opened: Any, stops: Any) -> list[int]:
        """The end (exclusive) of the entity that begins at each of `starts` with that label."""
        ends = np.zeros(len(starts), dtype=np.int64)
        alive, at = np.arange(len(starts)), starts + 1
        while len(alive):
            label = opened[alive]
            hidden = features[at, 0] + features[starts[alive], 1]
            hidden += features[at - 1, 2]
            hidden += self.bias
            gain = np.einsum("ij,ij->i", self._max(hidden), self.closing[label])
            gain += self.closing_bias[label]
            closes = stops[at] | ((gain >= 0) if self.ties_close else (gain > 0))
            ends[alive[closes]] = at[closes] + 1
            alive, at = alive[~closes], at[~closes] + 1
        found: list[int] = ends.tolist()
        return found

    def _max(self, hidden: Any) -> Any:
        pieces = hidden.reshape(len(hidden), -1, self.pieces)
        best = pieces[:, :, 0]
        for number in range(1, self.pieces):
            best = np.maximum(best, pieces[:, :, number])
        return best

    def _collect(
        self, moves: Any, ended: dict[int, int], ends: Sequence[int]
    ) -> list[list[Entity]]:
        """Entities by document: what begins inside an entity that is open has not begun."""
        marked = np.flatnonzero(moves != self.out).tolist()
        found: list[list[Entity]] = []
        number = done = begin = 0
        for end in ends:
            entities: list[Entity] = []
            while number < len(marked) and marked[number] < end:
                start = marked[number]
                number += 1
                if start < done:
                    continue
                done = ended.get(start, start + 1)
                label = self.labels[self.label_of[int(moves[start])]]
                entities.append((start - begin, done - begin, label))
            found.append(entities)
            begin = end
        return found
