"""What `../shared/gold` adds to training where it is there; every function is empty without it.

Its texts stay there. `running` is labelled whole. `events` is marked with sides and a type or quad
class only, so that the word that tells the event is taken from `partial/events_dev.tsv` (offsets,
no text; found by the rules that stood before the reader, where they agreed with the gold) or, for
sentences of PLV, is the lowest word above both sides. `more` are 302 further texts of the other
sets, labelled for this project by the guide of `running` (`partial/more.tsv`, offsets, no text).
Names of re3d (`entities`) are its gold's, those of the other sets `find_names`' (silver): these
teach spelling habits of real text.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from training.corpus_labels import MODALITIES, TYPES, LabelError
from training.data import ROOT, UNTOLD, Document, Target, load, tags_of
from training.targets import event_targets, head_words, name_tags, share_sides, tokens_at
from transforms.nlp.parsing.parse import Parse

GOLD = ROOT.parent / "shared" / "gold"
PARTIAL = Path(__file__).resolve().parent / "partial" / "events_dev.tsv"
MORE = PARTIAL.with_name("more.tsv")
SECOND = PARTIAL.with_name("second.tsv")  # 154 articles of `running`, as another reader has them
SETS = ("running", "events", "places", "event_identity", "entities", "dates", "html")
SEED = sorted((ROOT.parent / "shared" / "articles").glob("000_*.txt"))
SEED_READINGS, SEED_LAST = 5, 12  # times that its one article is read in an epoch, in the last
SHINGLE, ALIKE = 6, 0.2  # words in a row; share of them from which on two texts are one
SILVER, GOLD_NAMES = 0.5, 1.0  # weights of names
FOUND, GUESSED = 0.7, 0.4  # weights of events of `partial`, and of guessed words
_SIDES = ("initiator", "recipient")
_SILVER = {"PERSON": "PERSON", "ORG": "ORG", "GPE": "PLACE", "LOC": "PLACE", "FAC": "PLACE",
           "NORP": "PEOPLE"}  # fmt: skip
_TYPES_2017: dict[str, dict[str, float]] = {
    "YIELD": {"CONCEDE": 0.7, "RETREAT": 0.3},
    "AGREE": {"AGREE": 0.8, "CONSULT": 0.07, "COOPERATE": 0.07, "AID": 0.06},
}
_GOLD = {"Person": "person", "Organisation": "organization", "Location": "place",
         "Nationality": "group"}  # fmt: skip
_SPAN = re.compile(r"[~^]{0,2}\d+-\d+")
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


def seed(readings: int = SEED_READINGS) -> list[Document]:
    """The article of `seed_events.jsonl`, as often as an epoch reads it: its score is no test."""
    kept = list(load("seed").values())
    for held in kept:
        parse = held.parse
        spans: list[tuple[int, int]] = []
        told: list[dict[str, Any]] = []
        met: Counter[tuple[int, str]] = Counter()
        for number, record in enumerate(records("seed_events.jsonl")):
            at = parse.text.find(record["sentence"][:40])
            around = next(s for s in parse.sents if s.start_char <= at < s.end_char)
            spans.append((around.start_char, around.end_char))
            sentence = parse.text[around.start_char : around.end_char]
            sides = {
                side: [n if n in sentence else f"^{n}" for n in record[side]]
                for side in ("initiators", "recipients")
            }
            met[around.start_char, record["trigger"]] += 1  # "a visit to China … Xi's visit"
            told.append({
                **record, **sides, "s": number, "n": met[around.start_char, record["trigger"]],
                "type": record["event_type"], "core": True,
                "who_says": "Foreign Ministry" if record.get("attribution") else "",
                "also": record.get("event_types_also", ()),
            })  # fmt: skip
        held.targets = event_targets(held, spans, told)
    return kept * readings


def more() -> list[Document]:
    """The texts of the other sets that were labelled for this project, with names."""
    labelled = read_more()
    kept: list[Document] = []
    for name in dict.fromkeys(name for name, _ in labelled):
        held = {doc: document for doc, document in load(name).items() if (name, doc) in labelled}
        named = {d.doc: d for d in gold_names(1.0)} if name == "entities" else {}
        for doc, document in held.items():
            spans, events = labelled[name, doc]
            document.targets = event_targets(document, spans, events(document.parse.text))
            if doc in named:
                document.tags, document.tags_weight = named[doc].tags, named[doc].tags_weight
            else:
                silver(document)
            document.complete = True
            read = spans[0][1]  # what stands behind was not labelled
            document.windows = [
                w for w in document.windows if document.parse.ends[w.end - 1] <= read
            ]
            kept.append(document)
    return kept


Labelled = tuple[list[tuple[int, int]], Callable[[str], list[dict[str, Any]]]]


def read_more(path: Path = MORE) -> dict[tuple[str, str], Labelled]:
    """Sentences (characters) and events, given the text, by set and document. Raises LabelError.

    Columns: set, document, sentence (`start-end`), trigger, types (`A/B`), modality, initiators,
    recipients, place, source (each `start-end`, several joined by a blank, `^` before what stands
    in another sentence, `~` before a thing), flags. The first line of a document has no trigger:
    its sentence is what was read of the text.
    """
    rows: dict[tuple[str, str], list[list[str]]] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines()[1:], 2):
        parts = line.split("\t")
        if len(parts) != 11:
            raise LabelError(path, number, f"{len(parts)} fields, not 11")
        kinds = [kind for kind in parts[4].split("/") if kind]
        if parts[3] and (not kinds or {*kinds} - {*TYPES} or parts[5] not in MODALITIES):
            raise LabelError(path, number, f"{parts[1]}: type or modality")
        for cell in (parts[2], parts[3], *parts[6:10]):
            if not all(_SPAN.fullmatch(span) for span in cell.split()):
                raise LabelError(path, number, f"{parts[1]}: span {cell!r}")
        if bool(parts[3]) is ((parts[0], parts[1]) not in rows):
            raise LabelError(path, number, f"{parts[1]}: only its first line has no trigger")
        rows.setdefault((parts[0], parts[1]), []).append(parts)
    return {key: _labelled(held) for key, held in rows.items()}


def _labelled(rows: list[list[str]]) -> Labelled:
    spans = [_span(row[2]) for row in rows]

    def events(text: str) -> list[dict[str, Any]]:
        def told(cell: str) -> list[str]:
            return [
                f"{span[: -len(span.lstrip('~^'))]}{text[slice(*_span(span))]}"
                for span in cell.split()
            ]

        found = []
        for number, (_, _, _, trigger, kinds, modality, *roles, flags) in enumerate(rows):
            if not trigger:
                continue
            start, end = _span(trigger)
            word, first = text[start:end], spans[number][0]
            sides = [told(cell) for cell in roles]
            found.append({
                "s": number, "trigger": word, "n": text.count(word, first, start) + 1,
                "type": kinds.split("/")[0], "also": kinds.split("/")[1:], "modality": modality,
                "initiators": sides[0], "recipients": sides[1],
                "place": next(iter(sides[2]), ""), "who_says": next(iter(sides[3]), ""),
                "reciprocal": "reciprocal" in flags, "core": "optional" not in flags,
            })  # fmt: skip
        return found

    return spans, events


def _span(text: str) -> tuple[int, int]:
    start, end = text.lstrip("~^").split("-")
    return int(start), int(end)


def gold_names(share: float) -> list[Document]:
    """The texts of re3d with its names: persons, organisations, locations, nationalities.

    It marks whole phrases ("Iraqi forces"): words of one that is more than a name are not learnt.
    """
    documents = load("entities")
    kept: list[Document] = []
    for record in records("entities_dev.jsonl"):
        held = documents.get(record["id"])
        if held is None:
            continue
        entities = [
            {"type": _GOLD[e["type"]], "name": e["value"], "spans": [(e["begin"], e["end"])]}
            for e in record["gold"]["entities"]
            if e["type"] in _GOLD
        ]
        held.tags, held.tags_weight = name_tags(held.parse, entities), GOLD_NAMES
        for entity in entities:
            for token in range(*(tokens_at(held.parse, *entity["spans"][0]) or (0, 0))):
                if not held.tags[token]:
                    held.tags[token] = UNTOLD
        held.complete, held.share = False, share
        kept.append(held)
    return kept


def apart(documents: Iterable[Document], held_out: Iterable[Document]) -> list[Document]:
    """The documents without those whose text stands among `held_out`."""
    unseen: set[tuple[str, ...]] = set()
    for held in held_out:
        unseen.update(_shingles(held.parse.text))
    return [
        d
        for d in documents
        if len((own := _shingles(d.parse.text)) & unseen) <= ALIKE * max(1, len(own))
    ]


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return set(zip(*(words[n:] for n in range(SHINGLE)), strict=False))


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


def entity_folds(real: Sequence[Sequence[Document]]) -> list[list[Document]]:
    """The texts of re3d, each in the fold of the real articles that hold it, else dealt out."""
    found: list[list[Document]] = [[] for _ in real]
    for number, held in enumerate(load("entities").values()):
        own = (n for n, part in enumerate(real) if not apart([held], part))
        found[next(own, number % len(real))].append(held)
    return found


def folds(documents: Sequence[Document], seed: int, count: int = 5) -> list[list[Document]]:
    """The documents, in the order of the gold, in `count` parts drawn by `seed`."""
    order = list(documents)
    random.Random(seed).shuffle(order)
    return [order[number::count] for number in range(count)]
