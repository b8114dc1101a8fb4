"""Readings by weights that had not seen the article, recorded without its text.

`training/held_out/*.jsonl.gz` holds one article a line: `doc`, the digest of its text, and what
the reader of the other folds saw: names, triggers with chances, words of each role. Offsets are
characters. `RecordedReading` stands for a `Reading`, so that the scores of cross-validation come
from the production extractor and no training is needed to print them.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.parses import ROOT
from transforms.nlp.parsing.parse import Parse
from transforms.nlp.reader.read import Bearers, Reading, ReadName, ReadTrigger

HELD_OUT = ROOT / "training" / "held_out"


class RecordedReading(Reading):
    """A reading whose answers were recorded."""

    def __init__(
        self, parse: Parse, record: Mapping[str, Any], limits: Mapping[str, float]
    ) -> None:
        super().__init__(parse, limits=limits)
        at = {start: token for token, start in enumerate(parse.starts)}
        behind = {end: token + 1 for token, end in enumerate(parse.ends)}
        self._sides: dict[int, list[Bearers]] = {}
        for start, end, label, chance in record["names"]:
            if start in at and end in behind:
                self.names.append(ReadName(at[start], behind[end], label, chance))
        for start, types, modality, roles in record["triggers"]:
            if start not in at:
                continue
            token = at[start]
            self.triggers.append(
                ReadTrigger(token, np.array(types, np.float32), np.array(modality, np.float32), 0)
            )
            self._sides[token] = [
                Bearers({at[place]: chance for place, chance in words if place in at}, none)
                for none, *words in roles
            ]

    def sides(self, trigger: ReadTrigger, kinds: Sequence[int]) -> list[Bearers]:
        return self._sides[trigger.token]


def record(reading: Reading, kinds: Sequence[int]) -> dict[str, Any]:
    """What `RecordedReading` is made from; chances to three decimals."""
    parse = reading.parse
    return {
        "text": digest(parse.text),
        "names": [
            [parse.starts[n.start], parse.ends[n.end - 1], n.label, round(n.confidence, 3)]
            for n in reading.names
        ],
        "triggers": [
            [
                parse.starts[trigger.token],
                [round(float(x), 3) for x in trigger.types],
                [round(float(x), 3) for x in trigger.modality],
                [
                    [
                        round(borne.none, 3),
                        *([parse.starts[token], round(c, 3)] for token, c in borne.words.items()),
                    ]
                    for borne in reading.sides(trigger, kinds)
                ],
            ]
            for trigger in reading.triggers
        ],
    }


@cache
def recorded(name: str) -> dict[str, dict[str, Any]]:
    """Records by document; empty where none were made. Raises OSError on a broken file."""
    path: Path = HELD_OUT / f"{name}.jsonl.gz"
    if not path.exists():
        return {}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return {item["doc"]: item for item in map(json.loads, lines)}


def digest(text: str) -> str:
    """Says whether a record is of this text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
