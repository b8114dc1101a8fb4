"""Share of everyday sentences taken for events. Run: `python -m benchmarks.everyday`.

Two files: in the first only asserted conflict (quads 3 and 4) counts, in the second, of ordinary
prose in the words of politics, every asserted event of the sixteen types.
"""

from __future__ import annotations

from pathlib import Path

from benchmarks.annotate import annotate
from benchmarks.parses import ROOT, parses
from transforms.plover import quad_class

CASES = ROOT / "tests" / "cases" / "everyday_sentences.txt"
ORDINARY = ROOT / "tests" / "cases" / "ordinary_sentences.txt"


def sentences(path: Path = CASES) -> list[str]:
    """The sentences of a case file."""
    lines = path.read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def spurious(path: Path = CASES, *, least_quad: int = 3) -> list[tuple[str, str]]:
    """(sentence, type) of every asserted event of `least_quad` or more."""
    texts = sentences(path)
    found: list[tuple[str, str]] = []
    for text, parse in zip(texts, parses(texts, label=path.stem.split("_")[0]), strict=True):
        events = annotate(parse).events
        found.extend(
            (text, event.event_type)
            for event in events
            if event.modality == "asserted" and quad_class(event.event_type) >= least_quad
        )
    return found


def score() -> list[tuple[str, int, float, str]]:
    """The shares as rows: (metric, n, value, ceiling)."""
    rows = []
    for path, least, name, ceiling in (
        (CASES, 3, "everyday sentences with an asserted conflict event", "≤ .08"),
        (ORDINARY, 1, "ordinary sentences with any asserted event", "≤ .20"),
    ):
        taken = {text for text, _ in spurious(path, least_quad=least)}
        count = len(sentences(path))
        rows.append((name, count, len(taken) / count, ceiling))
    return rows


if __name__ == "__main__":
    for text, sense in spurious() + spurious(ORDINARY, least_quad=1):
        print(f"{sense:32} {text}")
    for metric, count, value, floor in score():
        print(f"{metric:<56} n={count:<5} {value:.3f}  {floor}")
