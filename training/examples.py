"""Example sentences, one event labelled in each: `corpus/examples.tsv`.

They were written as the examples of the predicate lexicon, and its rules found the event of each
example's own type; they say nothing about other words of the sentence. Columns: `doc`, `type`,
`modality`, `trigger` (`start-end`, characters of the text), `initiators`, `recipients`
(`start-end@head`, joined by a space; `head` is the character where the head word begins), `text`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from training.corpus_labels import CORPUS, MODALITIES, TYPES, LabelError

COLUMNS = ("doc", "type", "modality", "trigger", "initiators", "recipients", "text")
Party = tuple[int, int, int]  # start, end, start of the head word
_SPAN = re.compile(r"(\d+)-(\d+)(?:@(\d+))?")


@dataclass(frozen=True, slots=True)
class Example:
    """One sentence and its event. Offsets are characters of `text`."""

    doc: str
    type: str
    modality: str
    trigger: tuple[int, int]
    initiators: tuple[Party, ...]
    recipients: tuple[Party, ...]
    text: str


def examples(path: Path = CORPUS / "examples.tsv") -> list[Example]:
    """All examples in the order of the file. Raises LabelError."""
    lines = path.read_text("utf-8").splitlines()
    if not lines or tuple(lines[0].split("\t")) != COLUMNS:
        raise LabelError(path, 1, f"columns are not {' '.join(COLUMNS)}")
    return [_example(path, number, line) for number, line in enumerate(lines[1:], 2)]


def negatives(path: Path = CORPUS / "negatives.txt") -> list[str]:
    """Sentences that tell no event, one a line; the first line says what they are."""
    lines = path.read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def _example(path: Path, number: int, line: str) -> Example:
    parts = line.split("\t")
    if len(parts) != len(COLUMNS):
        raise LabelError(path, number, f"{len(parts)} fields, not {len(COLUMNS)}")
    doc, kind, modality, trigger, doers, targets, text = parts
    if kind not in TYPES:
        raise LabelError(path, number, f"type {kind!r}")
    if modality not in MODALITIES:
        raise LabelError(path, number, f"modality {modality!r}")
    spans: list[tuple[Party, ...]] = []
    for cell in (trigger, doers, targets):
        side: list[Party] = []
        for item in cell.split():
            held = _SPAN.fullmatch(item)
            if held is None:
                raise LabelError(path, number, f"span {item!r}")
            start, end = int(held[1]), int(held[2])
            head = int(held[3]) if held[3] else start
            if not start <= head < end <= len(text):
                raise LabelError(path, number, f"span {item!r} is not in the text")
            side.append((start, end, head))
        spans.append(tuple(side))
    if len(spans[0]) != 1:
        raise LabelError(path, number, f"{len(spans[0])} triggers, not 1")
    ((start, end, _),) = spans[0]
    return Example(doc, kind, modality, (start, end), spans[1], spans[2], text)
