"""Parses and entity layers of every training text, as plain lists in `.cache/training/*.pickle`.

Runs in the product's environment, since training's has no spaCy. Prepared are our own corpus and
examples and, where `../shared/gold` is there, the texts of its sets. Nothing of the reader is
asked, so that it can be trained from nothing: names are those of spaCy's `ner`, repaired.

Run: `python -m training.prepare [SET …]`.
"""

from __future__ import annotations

import datetime as dt
import pickle
import sys
from collections.abc import Iterable
from typing import Any

from spacy.language import Language

from flows.resources.gazetteer import open_gazetteer
from training import reviewed
from training.corpus_labels import articles
from training.data import CACHE
from training.examples import examples, negatives
from training.shared_gold import SEED, SETS, records
from transforms.articles import dateline_of
from transforms.gazetteer import Gazetteer
from transforms.nlp.entities.layer import build_layer
from transforms.nlp.names.find import find_names
from transforms.nlp.parsing.language import load, parse_texts
from transforms.nlp.parsing.parse import Parse, paragraphs
from transforms.nlp.places.mentions import find_places

OWN = ("corpus", "examples", "negatives", "reviewed")
BATCH = 64  # articles parsed at once
Text = tuple[str, str, dt.date | None]  # id, text, day of publication


def plain(
    doc: str, parse: Parse, gazetteer: Gazetteer, published: dt.date | None
) -> dict[str, Any]:
    """One article as lists and tuples: parse, entities, mentions, places and names."""
    names = find_names(parse)
    spans = [(name.start, name.end, name.label) for name in names]
    places = find_places(parse, gazetteer, names=spans)
    layer = build_layer(parse, names, places=places)
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


def own(name: str) -> list[Text]:
    """Texts of our "corpus", "examples" or "negatives", or of those that people "reviewed"."""
    if name == "reviewed":
        return reviewed.texts()
    if name == "corpus":
        return [(a.doc, a.text, day(a.date)) for a in articles().values()]
    if name == "negatives":
        return [(f"negative:{number}", text, None) for number, text in enumerate(negatives(), 1)]
    return [(example.doc, example.text, None) for example in examples()]


def shared(name: str) -> list[Text]:
    """Texts of a set of `../shared/gold`, empty where it is not there."""
    dated = name == "running"
    if name == "seed":
        return [
            ("seed", path.read_text("utf-8"), None) for path in SEED if records("seed_events.jsonl")
        ]
    if name == "html":
        return [(r["file"], "\n".join(r["paragraphs"]), None) for r in records("html_dev.jsonl")]
    return [
        (item.get("doc") or item["id"], item["text"], day(item["date"]) if dated else None)
        for item in records(f"{name}_dev.jsonl")
    ]


def parses(nlp: Language, texts: list[Text], *, datelines: bool) -> list[Parse]:
    """Their parses; with `datelines` one stands alone, as in the product's articles.

    The gold's texts are parsed whole, as the benchmarks parse them.
    """
    found: list[Parse] = []
    for begin in range(0, len(texts), BATCH):
        chunk = [text for _, text, _ in texts[begin : begin + BATCH]]
        ends = [dateline_of(text)[1] if datelines else 0 for text in chunk]
        spans = [paragraphs(t, dateline_end=end) for t, end in zip(chunk, ends, strict=True)]
        found.extend(parse_texts(nlp, zip(chunk, spans, strict=True)))
    return found


def prepare(names: Iterable[str]) -> None:
    """Write the pickles of these sets; a set whose gold is absent is said and left out."""
    gazetteer, nlp = open_gazetteer(), load(names=True)
    CACHE.mkdir(parents=True, exist_ok=True)
    for name in names:
        ours = name in OWN
        texts = own(name) if ours else shared(name)
        path = CACHE / f"{name}.pickle"
        path.unlink(missing_ok=True)
        if not texts:
            print(f"{name}: not here, left out")
            continue
        found = parses(nlp, texts, datelines=ours)
        rows = [
            plain(doc, parse, gazetteer, published)
            for (doc, _, published), parse in zip(texts, found, strict=True)
        ]
        path.write_bytes(pickle.dumps(rows))
        print(f"{name}: {len(rows)} texts")


if __name__ == "__main__":
    prepare(sys.argv[1:] or (*OWN, *SETS, "seed"))
