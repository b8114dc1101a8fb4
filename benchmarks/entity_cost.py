"""What entities cost: seconds of names and entities over bare `nlp.pipe`, one process, same texts.

Run: `.venv/bin/python -m benchmarks.entity_cost`; `-p` prints a profile instead.
The model and lexicons are loaded and every memo warm before the clock starts; the best of a few
passes counts on both sides, taken in turn so that a busy machine hits both.
"""

from __future__ import annotations

import sys
import time
from typing import Any

from benchmarks.annotate import names_of
from benchmarks.parses import parses, records
from transforms.nlp.entities.layer import build_layer
from transforms.nlp.names.find import find_names
from transforms.nlp.parsing.parse import Parse

TEXTS, RUNS = 40, 3


def _ours(held: list[Parse]) -> tuple[float, float]:
    """Seconds of names, seconds of entities, with what a Parse derives at first use unmade."""
    named = layered = 0.0
    for parse in held:
        parse._children = parse._lower = None
        began = time.perf_counter()
        names = find_names(parse)
        between = time.perf_counter()
        build_layer(parse, names)
        named += between - began
        layered += time.perf_counter() - between
    return named, layered


def score() -> list[dict[str, Any]]:
    """One row; none without the texts."""
    texts = [record["text"] for record in records("places_dev.jsonl")][:TEXTS]
    if not texts:
        return []
    from transforms.nlp.parsing.language import load
    from transforms.nlp.parsing.parse import paragraphs

    held, nlp = parses(texts, label="cost"), load(memo=False)
    pieces = [text[p.start : p.end] for text in texts for p in paragraphs(text)]
    for parse in held:
        names_of(parse)  # what the reader finds, before the clock starts
    _ours(held)
    piped, ours = [], []
    for _ in range(RUNS):
        began = time.perf_counter()
        for _doc in nlp.pipe(pieces, batch_size=64):
            pass
        piped.append(time.perf_counter() - began)
        ours += [_ours(held) for _ in range(3)]
    bare, (named, layered) = min(piped), min(ours, key=sum)
    return [
        {
            "cost of entities beside nlp.pipe": (named + layered) / bare,
            "floor": ".08",
            "names": named / bare,
            "entities": layered / bare,
            "words": sum(len(parse) for parse in held),
        }
    ]


def _profile() -> None:
    import cProfile
    import pstats

    texts = [record["text"] for record in records("places_dev.jsonl")][:TEXTS]
    held = parses(texts, label="cost")
    _ours(held)
    with cProfile.Profile() as profile:
        for _ in range(5):
            _ours(held)
    pstats.Stats(profile).sort_stats("tottime").print_stats(22)


if __name__ == "__main__":
    if "-p" in sys.argv:
        _profile()
    else:
        for row in score():
            print(row)
