"""What `../shared/gold` adds to training where it is there; every function is empty without it.

Its texts stay there. `running` is labelled whole. `events` is marked with sides and a type or quad
class only, so that the word that tells the event is taken from `partial/events_dev.tsv` (offsets,
no text; found by the rules that stood before the reader, where they agreed with the gold) or, for
sentences of PLV, is the lowest word above both sides. Names of running, places, identity and
entity texts are those of `find_names` (silver): they teach spelling habits of real text.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from training.corpus_labels import MODALITIES, TYPES, LabelError
from training.data import ROOT, Document, Target, load, tags_of
from training.targets import event_targets, head_words, share_sides, tokens_at
from transforms.nlp.parsing.parse import Parse

GOLD = ROOT.parent / "shared" / "gold"
PARTIAL = Path(__file__).resolve().parent / "partial" / "events_dev.tsv"
SETS = ("running", "events", "places", "event_identity", "entities")
SILVER = 0.5  # weight of silver names
FOUND, GUESSED = 0.7, 0.4  # weights of events of `partial`, and of guessed words
_SIDES = ("initiator", "recipient")
_SILVER = {"PERSON": "PERSON", "ORG": "ORG", "GPE": "PLACE", "LOC": "PLACE", "FAC": "PLACE",
           "NORP": "PEOPLE"}  # fmt: skip
_TYPES_2017: dict[str, dict[str, float]] = {
    "YIELD": {"CONCEDE": 0.7, "RETREAT": 0.3},
    "AGREE": {"AGREE": 0.8, "CONSULT": 0.07, "COOPERATE": 0.07, "AID": 0.06},
}
_MARK = re.compile(r"<(/?)([st])>")


def digests() -> dict[str, str]:
    """sha256 of each gold file that training reads, by its name."""
    paths = [GOLD / f"{name}_dev.jsonl" for name in SETS]
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in paths if p.exists()}


def records(name: str) -> list[dict[str, Any]]:
    """The records of a gold file, empty where it is not there."""
    path = GOLD / name
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def running() -> list[Document]:
    """The labelled articles, with silver names, in the order of the gold."""
    documents = load("running")
    kept: list[Document] = []
    for record in records("running_dev.jsonl"):
        if record["doc"] in documents:
            held = documents[record["doc"]]
            spans = sentence_spans(held.parse.text, record["sentences"])
            held.targets = event_targets(held, spans, record["events"])
            silver(held)
            kept.append(held)
    return kept


def sentence_spans(text: str, sentences: Iterable[str]) -> list[tuple[int, int]]:
    """Characters of sentences given as strings in order; an empty span where one is not found."""
    found: list[tuple[int, int]] = []
    at = 0
    for sentence in sentences:
        start = text.find(sentence, at)
        if start < 0:
            start = text.find(sentence[:25], at)
        if start < 0:
            found.append((at, at))
            continue
        found.append((start, start + len(sentence)))
        at = start + max(1, len(sentence) // 2)
    return found


def silver(document: Document) -> None:
    """Give a document the names of `find_names` to learn."""
    spans = [(a, b, _SILVER[label]) for a, b, label in document.names if label in _SILVER]
    document.tags, document.tags_weight = tags_of(len(document.parse), spans), SILVER


def silver_names(sets: Iterable[str], share: float) -> list[Document]:
    """Texts of which only silver names are learnt."""
    kept: list[Document] = []
    for name in sets:
        for _, held in sorted(load(name).items()):
            silver(held)
            held.complete, held.share = False, share
            kept.append(held)
    return kept


def events(share: float) -> list[Document]:
    """Sentences with an event known in part; those of which no word is known have no target."""
    documents, told = load("events"), partial()
    kept: list[Document] = []
    for record in records("events_dev.jsonl"):
        if record["id"] in documents:
            held = documents[record["id"]]
            target = _partial_target(held.parse, record, told.get(record["id"]))
            held.targets = [] if target is None else [target]
            held.complete, held.share = False, share
            kept.append(held)
    return kept


def partial(path: Path = PARTIAL) -> dict[str, tuple[tuple[int, int], str, str, bool]]:
    """Trigger, type, modality and whether it is mutual, by id. Raises LabelError."""
    found: dict[str, tuple[tuple[int, int], str, str, bool]] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines()[1:], 2):
        parts = line.split("\t")
        if len(parts) != 5:
            raise LabelError(path, number, f"{len(parts)} fields, not 5")
        doc, trigger, kind, modality, flags = parts
        span = re.fullmatch(r"(\d+)-(\d+)", trigger)
        if span is None or kind not in TYPES or modality not in MODALITIES:
            raise LabelError(path, number, f"{doc}: trigger, type or modality")
        found[doc] = ((int(span[1]), int(span[2])), kind, modality, flags == "reciprocal")
    return found


def _partial_target(
    parse: Parse,
    record: dict[str, Any],
    told: tuple[tuple[int, int], str, str, bool] | None,
) -> Target | None:
    sides: dict[str, list[tuple[int, int]]] = {}
    for role, mark in zip(_SIDES, "st", strict=True):
        spans = (tokens_at(parse, *span) for span in marked(record["gold"], mark))
        sides[role] = [span for span in spans if span is not None]
    target: Target | None = None
    if told is not None:
        trigger, kind, modality, _ = told
        span = tokens_at(parse, *trigger)
        if span is not None:
            target = Target(parse.head_of(*span), span, {kind: 1.0}, modality, FOUND)
    elif record["id"].startswith("plv") and sides["initiator"] and sides["recipient"]:
        heads = [head_words(parse, *sides[role][0])[0] for role in _SIDES]
        token = above(parse, *heads)
        if token is not None:
            kind = record["gold"].get("event_type_2017")
            chances = _TYPES_2017.get(kind, {kind: 1.0})
            target = Target(token, (token, token + 1), dict(chances), None, GUESSED)
    if target is None:
        return None
    target.known = tuple(role for role in _SIDES if sides[role])
    for role in _SIDES:
        for start, end in sides[role]:
            target.ignored[role].update(range(start, end))
            target.roles[role].update(head_words(parse, start, end))
    if told is not None and told[3]:
        share_sides(target)
    for role in _SIDES:
        target.ignored[role] -= target.roles[role]
    return target


def marked(gold: dict[str, Any], mark: str) -> list[tuple[int, int]]:
    """Character spans of a side: of `<s>…</s>` or `<t>…</t>`, or as the gold lists them."""
    text = gold.get("marked")
    if text is None:
        side = gold.get("source" if mark == "s" else "target") or ()
        return [(i["start"], i["end"]) for i in [*side, *(gold.get("reciprocal") or ())]]
    found: list[tuple[int, int]] = []
    taken = 0  # characters of marks so far
    start: int | None = None
    for held in _MARK.finditer(text):
        at = held.start() - taken
        taken += len(held[0])
        if held[2] != mark:
            continue
        if not held[1]:
            start = at
        elif start is not None:
            found.append((start, at))
    return found


def above(parse: Parse, one: int, other: int) -> int | None:
    """The lowest verb or noun above two words, None where they hang on nothing together."""
    heads = parse.heads
    line = [one]
    while heads[line[-1]] != line[-1]:
        line.append(heads[line[-1]])
    token = other
    while token not in line and heads[token] != token:
        token = heads[token]
    if token not in line:
        return None
    token = _up(parse, token, {"VERB", "NOUN", "AUX"})
    if token in (one, other):
        token = heads[token]
    return _up(parse, token, {"VERB", "NOUN"})


def _up(parse: Parse, token: int, kinds: set[str]) -> int:
    while parse.pos[token] not in kinds and parse.heads[token] != token:
        token = parse.heads[token]
    return token


def folds(documents: Sequence[Document], seed: int, count: int = 5) -> list[list[Document]]:
    """The documents, in the order of the gold, in `count` parts drawn by `seed`."""
    order = list(documents)
    random.Random(seed).shuffle(order)
    return [order[number::count] for number in range(count)]
