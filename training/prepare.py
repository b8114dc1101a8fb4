"""Parses and entity layers of every training text, as plain lists in `.cache/training/*.pickle`.

Runs in the product's environment, since training's has no spaCy. Prepared are our own corpus and
examples and, where `../shared/gold` is there, the texts of its sets. Nothing of the reader is
asked, so that it can be trained from nothing. Run: `python -m training.prepare [SET …]`.
"""

from __future__ import annotations

import datetime as dt
import pickle
import sys
from collections.abc import Iterable
from typing import Any

from benchmarks.parses import parses, records
from flows.resources.gazetteer import open_gazetteer
from training.corpus_labels import articles
from training.data import CACHE
from training.examples import examples
from transforms.articles import dateline_of
from transforms.gazetteer import Gazetteer
from transforms.nlp.entities.layer import build_layer
from transforms.nlp.names.find import find_names
from transforms.nlp.parsing.language import load, parse_texts
from transforms.nlp.parsing.parse import Parse, paragraphs
from transforms.nlp.places.mentions import find_places

SHARED = ("running", "events", "places", "event_identity", "entities")
BATCH = 64  # articles parsed at once
Text = tuple[str, str, dt.date | None]  # id, text, day of publication


def plain(
    doc: str, parse: Parse, gazetteer: Gazetteer, published: dt.date | None
) -> dict[str, Any]:
    """One article as lists and tuples: parse, entities, mentions, places and names."""
    names = find_names(parse)
    spans = [(name.start, name.end, name.label) for name in names]
    places = find_places(parse, gazetteer, names=spans)
    layer = build_layer(parse, names, places=places, published=published)
    return {
        "doc": doc,
        "text": parse.text,
        "words": parse.words,
        "lemmas": parse.lemmas,
        "tags": parse.tags,
        "pos": parse.pos,
        "deps": parse.deps,
        "heads": parse.heads,
        "starts": parse.starts,
        "ends": parse.ends,
        "sent_of": parse.sent_of,
        "sents": [
            (s.ordinal, s.start, s.end, s.start_char, s.end_char, s.paragraph) for s in parse.sents
        ],
        "ents": parse.ents,
        "entities": [(e.key, e.name, e.entity_type) for e in layer.entities],
        "mentions": [
            (m.start, m.end, m.head, m.entity, m.mention_type, m.method) for m in layer.mentions
        ],
        "places": [(p.start, p.end) for p in places],
        "names": spans,
    }


def day(text: str | None) -> dt.date | None:
    """An ISO day, None for anything else."""
    try:
        return dt.date.fromisoformat((text or "")[:10])
    except ValueError:
        return None


def own(name: str) -> tuple[list[Text], list[Parse]]:
    """Texts and parses of our "corpus" or "examples". Datelines stand alone, as in the product."""
    texts: list[Text]
    if name == "corpus":
        texts = [(a.doc, a.text, day(a.date)) for a in articles().values()]
    else:
        texts = [(example.doc, example.text, None) for example in examples()]
    nlp = load()
    found: list[Parse] = []
    for begin in range(0, len(texts), BATCH):
        chunk = [text for _, text, _ in texts[begin : begin + BATCH]]
        found.extend(
            parse_texts(nlp, [(t, paragraphs(t, dateline_end=dateline_of(t)[1])) for t in chunk])
        )
    return texts, found


def shared(name: str) -> tuple[list[Text], list[Parse]]:
    """Texts and parses of a set of `../shared/gold`, empty where it is not there.

    They are the parses of the benchmarks, so that a recorded reading fits them.
    """
    items = records(f"{name}_dev.jsonl")
    dated = name == "running"
    texts = [
        (item.get("doc") or item["id"], item["text"], day(item["date"]) if dated else None)
        for item in items
    ]
    return texts, parses([text for _, text, _ in texts], label=f"{name}_dev.jsonl")


def prepare(names: Iterable[str]) -> None:
    """Write the pickles of these sets; a set whose gold is absent is said and left out."""
    gazetteer = open_gazetteer()
    CACHE.mkdir(parents=True, exist_ok=True)
    for name in names:
        texts, found = own(name) if name in ("corpus", "examples") else shared(name)
        path = CACHE / f"{name}.pickle"
        path.unlink(missing_ok=True)
        if not texts:
            print(f"{name}: not here, left out")
            continue
        rows = [
            plain(doc, parse, gazetteer, published)
            for (doc, _, published), parse in zip(texts, found, strict=True)
        ]
        path.write_bytes(pickle.dumps(rows))
        print(f"{name}: {len(rows)} texts")


if __name__ == "__main__":
    prepare(sys.argv[1:] or ("corpus", "examples", *SHARED))
