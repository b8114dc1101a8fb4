"""Articles through the encoder: names, likely triggers, and on demand the sides of a trigger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from transforms.nlp.parsing.parse import Parse
from transforms.nlp.reader.features import (
    NAMES,
    NOMINAL,
    ROLES,
    TYPES,
    Window,
    pair_features,
    windows,
    word_features,
)
from transforms.nlp.reader.model import Floats, Model

LEAST_TRIGGER = 0.05  # chance of an event below which a word is no candidate at all
LEAST_SIDE = 0.02


@dataclass(slots=True)
class ReadName:
    """A name: tokens [start, end), label of `NAMES`, least chance of its tags."""

    start: int
    end: int
    label: str
    confidence: float


@dataclass(slots=True)
class ReadTrigger:
    """A word that may tell an event: chances of no event and each type (17), of modalities (6)."""

    token: int
    types: Floats
    modality: Floats
    window: int

    @property
    def event_type(self) -> str:
        """The likeliest type."""
        return TYPES[int(self.types[1:].argmax())]


@dataclass(frozen=True, slots=True)
class Bearers:
    """The words that may bear a role of a trigger, with their chance, best first; the chance that
    none of those read does."""

    words: dict[int, float]
    none: float


@dataclass(slots=True)
class Reading:
    """What the reader sees in one article."""

    parse: Parse
    names: list[ReadName] = field(default_factory=list)
    triggers: list[ReadTrigger] = field(default_factory=list)
    _windows: list[Window] = field(default_factory=list)
    _states: list[Floats] = field(default_factory=list)
    _bearing: dict[int, tuple[list[int], tuple[Floats, Floats]]] = field(default_factory=dict)
    limits: Mapping[str, float] = field(default_factory=dict)
    _model: Model | None = None

    def trigger(self, token: int, event_type: int, chance: float) -> ReadTrigger | None:
        """A trigger at a word that is known to tell an event of type number `event_type`.

        Its modality is what the reader sees there. None beyond what was read.
        """
        assert self._model is not None
        for index, (window, states) in enumerate(zip(self._windows, self._states, strict=True)):
            if window.start <= token < window.end:
                row = token - window.context
                types, modality = self._model.triggers(states[row : row + 1])
                told = np.full_like(types[0], (1 - chance) / len(types[0]))
                told[0], told[1 + event_type] = 1 - chance, chance
                return ReadTrigger(token, told, modality[0], index)
        return None

    def sides(self, trigger: ReadTrigger, kinds: Sequence[int]) -> list[Bearers]:
        """For each of `ROLES` the words that may bear it.

        `kinds` is `features.kinds_of` the article. Words stand in the trigger's window, which
        reaches back some sentences.
        """
        assert self._model is not None
        window, states = self._windows[trigger.window], self._states[trigger.window]
        types = trigger.types[1:] / trigger.types[1:].sum()
        if trigger.window not in self._bearing:
            pos = self.parse.pos
            nominal = [t for t in range(window.context, window.end) if pos[t] in NOMINAL]
            rows = [token - window.context for token in nominal]
            self._bearing[trigger.window] = nominal, self._model.bearing(states[rows])
        nominal, bearing = self._bearing[trigger.window]
        pairs = pair_features(self.parse, trigger.token, nominal, kinds, self._model.paths)
        chances, absent = self._model.roles(
            states[trigger.token - window.context], types, bearing, pairs
        )
        found: list[Bearers] = []
        for role in range(len(ROLES)):
            held = [
                (float(chances[row, role]), nominal[row])
                for row in np.nonzero(chances[:, role] > LEAST_SIDE)[0].tolist()
            ]
            words = {token: chance for chance, token in sorted(held, reverse=True)}
            found.append(Bearers(words, float(absent[role])))
        return found


def read(model: Model, parse: Parse) -> Reading:
    """The reading of one article."""
    reading = Reading(parse, limits=model.card["limits"], _model=model)
    pieces = model.pieces(parse.words)
    reading._windows = windows(parse, [len(word) for word in pieces])
    for window in reading._windows:
        features = np.array(word_features(parse, window.context, window.end), dtype=np.int64)
        span = pieces[window.context : window.end]
        reading._states.append(model.encode(span, features))
    _decode(reading, model)
    return reading


def _decode(reading: Reading, model: Model) -> None:
    for index, (window, states) in enumerate(zip(reading._windows, reading._states, strict=True)):
        own = states[window.start - window.context :]
        types, modality = model.triggers(own)
        for row in np.nonzero(1 - types[:, 0] > LEAST_TRIGGER)[0].tolist():
            reading.triggers.append(
                ReadTrigger(window.start + row, types[row], modality[row], index)
            )
        reading.names.extend(_names(model.names(own), window.start))


def _names(chances: Floats, first: int) -> list[ReadName]:
    """Tags to spans: a name begins at a tag "begin" or behind no name, and goes on while tags say
    "inside", of whatever label; its label is the likeliest over all its words."""
    tags = chances.argmax(axis=1).tolist()
    spans: list[tuple[int, int]] = []
    for row, tag in enumerate(tags):
        if not tag:
            continue
        inside = tag % 2 == 0
        if inside and spans and spans[-1][1] == row:
            spans[-1] = (spans[-1][0], row + 1)
        else:
            spans.append((row, row + 1))
    found: list[ReadName] = []
    for start, end in spans:
        told = chances[start:end, 1:].reshape(end - start, len(NAMES), 2).sum(axis=2)
        label = int(told.sum(axis=0).argmax())
        least = float(told[:, label].min())
        found.append(ReadName(first + start, first + end, NAMES[label], least))
    return found
