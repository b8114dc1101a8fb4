"""Share of everyday sentences taken for conflict. Run: `python -m benchmarks.everyday`."""

from __future__ import annotations

from benchmarks.annotate import annotate
from benchmarks.parses import ROOT, parses
from transforms.nlp.events import extract_events
from transforms.plover import quad_class

CASES = ROOT / "tests" / "cases" / "everyday_sentences.txt"


def sentences() -> list[str]:
    """The sentences of the case file."""
    lines = CASES.read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def spurious() -> list[tuple[str, str]]:
    """(sentence, sense) of every asserted event of quad 3 or 4."""
    texts = sentences()
    found: list[tuple[str, str]] = []
    for text, parse in zip(texts, parses(texts, label="everyday"), strict=True):
        layer, times, places = annotate(parse)
        events = extract_events(parse, layer, times, places, published=None)
        found.extend(
            (text, event.sense)
            for event in events
            if event.modality == "asserted" and quad_class(event.event_type) >= 3
        )
    return found


def score() -> list[tuple[str, int, float, str]]:
    """The share as one row: (metric, n, value, ceiling)."""
    texts = sentences()
    share = len({text for text, _ in spurious()}) / len(texts)
    return [("everyday sentences with an asserted conflict event", len(texts), share, "≤ .08")]


if __name__ == "__main__":
    for text, sense in spurious():
        print(f"{sense:32} {text}")
    for metric, count, value, floor in score():
        print(f"{metric:<56} n={count:<5} {value:.3f}  {floor}")
