"""Labels that people made with `dateline review`, where somebody put them: `reviewed/*.jsonl`.

`dateline export FOLDER --format labels` writes such a file. Only what was looked at is known of its
articles: events, and words (`none`) that tell none.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from training.corpus_labels import LabelError
from training.data import Document, Target, load
from training.shared_gold import sentence_spans, silver
from training.targets import event_targets, tokens_at

FOLDER = Path(__file__).resolve().parent / "reviewed"
WEIGHT = 1.0


def records(folder: Path = FOLDER) -> list[dict[str, Any]]:
    """The articles of all files, of one that stands twice the last. Raises LabelError."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
            if not line.strip():
                continue
            try:
                held = json.loads(line)
                held["doc"], held["text"], held["sentences"], held["events"]
            except (ValueError, KeyError, TypeError) as error:
                raise LabelError(path, number, f"no labels of an article: {error}") from None
            found[held["doc"]] = held
    return list(found.values())


def texts(folder: Path = FOLDER) -> list[tuple[str, str, dt.date | None]]:
    """Id, text and day of publication of each."""
    return [
        (
            held["doc"],
            held["text"],
            dt.date.fromisoformat(held["date"]) if held.get("date") else None,
        )
        for held in records(folder)
    ]


def reviewed(folder: Path = FOLDER) -> list[Document]:
    """The articles with their events; empty where nobody put any there."""
    documents = load("reviewed")
    kept: list[Document] = []
    for held in records(folder):
        if held["doc"] in documents:
            document = documents[held["doc"]]
            give(document, held)
            kept.append(document)
    return kept


def give(document: Document, held: dict[str, Any]) -> None:
    """Give a document the targets of its labels."""
    spans = sentence_spans(document.parse.text, held["sentences"])
    document.targets = event_targets(document, spans, held["events"])
    for none in held.get("none", ()):
        start, end = spans[none["s"]]
        at = start - 1
        for _ in range(none["n"]):
            at = document.parse.text.find(none["trigger"], at + 1, end)
        span = tokens_at(document.parse, at, at + len(none["trigger"])) if at >= 0 else None
        if span is not None:
            head = document.parse.head_of(*span)
            document.targets.append(Target(head, span, {}, None, WEIGHT, known=()))
    silver(document)
    document.complete = False
