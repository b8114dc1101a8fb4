"""Events of `tests/cases/blind_events.tsv`. Run: `python -m benchmarks.score_blind [--errors]`.

Sentences written before the lexicon was read, with other parties, verbs and turns of phrase than
the gold data. Scored as `score_events` scores the PLV part (RETREAT and CONCEDE are one label), in
two halves by hash: A, whose errors may be listed and fixed, and B, which is only ever scored. The
same hand wrote both and went on to write the lexicon, so B no longer tells of unseen text. C
(`blind_idioms.tsv`, rarer turns of phrase) came later and was scored once, with .25 end to end by
the lexicon as A found it and .31 by the one mended since; then its idioms were written in too.
2 A and 2 B (`blind_events_2.tsv`) are by another hand that never saw the project: A may be fixed
against, B is only ever scored and is the estimate of unseen text.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Iterable
from pathlib import Path

from benchmarks.annotate import annotate
from benchmarks.everyday import sentences
from benchmarks.parses import ROOT, parses, tokens_at
from benchmarks.score_events import (
    Case,
    Row,
    confusion,
    error_class,
    label_of,
    marked_spans,
    plv_rows,
    show,
)
from transforms.nlp.annotations import EventDraft

CASES = ROOT / "tests" / "cases" / "blind_events.tsv"
IDIOMS = ROOT / "tests" / "cases" / "blind_idioms.tsv"
OTHER_HAND = ROOT / "tests" / "cases" / "blind_events_2.tsv"
SETS = ("A", "B", "C", "2 A", "2 B")
Found = list[tuple[Case, list[EventDraft]]]


def half(text: str) -> str:
    """ "A" or "B", by hash of the sentence."""
    return "AB"[hashlib.sha256(text.encode()).digest()[0] % 2]


def cases() -> list[Case]:
    """The sentences, annotated; `gold.event_type_2017` is NONE where there is no event."""
    rows = [(half(_plain(row[2])), row) for row in _rows(CASES)]
    rows += [("C", row) for row in _rows(IDIOMS)]
    rows += [(f"2 {half(_plain(row[2]))}", row) for row in _rows(OTHER_HAND)]
    found = []
    parsed = parses([_plain(row[2]) for _, row in rows], label="blind")
    for (name, (kind, mode, marked)), parse in zip(rows, parsed, strict=True):
        gold = {"marked": marked, "event_type_2017": label_of(kind, "asserted")}
        record = {"id": f"plv_blind {name}", "gold": gold, "type": kind, "mode": mode}
        sides = []
        for tag in ("s", "t"):
            spans = [tokens_at(parse, a, b) for a, b in marked_spans(record, tag)]
            sides.append([span for span in spans if span is not None])
        found.append(Case(record, parse, annotate(parse), sides[0], sides[1]))
    return found


def _rows(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in sentences(path)][1:]


def _plain(marked: str) -> str:
    for tag in ("<s>", "</s>", "<t>", "</t>"):
        marked = marked.replace(tag, "")
    return marked


def evaluate() -> Found:
    """Each sentence and its events."""
    return [(case, case.notes.events) for case in cases()]


def halves(found: Found) -> dict[str, Found]:
    """The sentences by half, those without an event too."""
    return {
        name: [item for item in found if item[0].record["id"] == f"plv_blind {name}"]
        for name in SETS
    }


def rows_of(found: Found, name: str) -> Iterable[Row]:
    """The figures of a half."""
    events = [item for item in found if item[0].gold["event_type_2017"] != "NONE"]
    for metric, count, value, _ in plv_rows(events):
        yield f"blind {name} {metric.replace('PLV ', '')}", count, value, "-"
    right, moded = modes(events)
    yield f"blind {name} mode right of events with the type", moded, right / max(1, moded), "-"
    quiet = [drafts for case, drafts in found if case.gold["event_type_2017"] == "NONE"]
    if quiet:
        yield f"blind {name} no event, yet one", len(quiet), sum(map(bool, quiet)) / len(quiet), "-"


def modes(found: Found) -> tuple[int, int]:
    """(right modes, sentences) over the sentences with a mode whose type is found."""
    right = total = 0
    for case, events in found:
        of_type = [e.event_mode for e in events if e.event_type == case.record["type"]]
        if case.record["mode"] and of_type:
            total += 1
            right += case.record["mode"] in of_type
    return right, total


def score() -> list[Row]:
    """Every figure of each set as (metric, n, value, floor)."""
    found = halves(evaluate())
    return [row for name, items in found.items() for row in rows_of(items, name)]


def main() -> None:
    """Print the figures; with --errors those of A and 2 A one by one."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--errors", action="store_true", help="list the errors of A and 2 A")
    chosen = options.parse_args()
    found = halves(evaluate())
    if chosen.errors:
        for case, events in found["A"] + found["2 A"]:
            want = case.record["type"]
            why = error_class(case, events)
            if why if want != "NONE" else events:
                print(f"{why} | {want} {case.record['mode']} | {case.gold['marked']}")
                for event in events:
                    print("      ", show(event, case))
    for name, items in found.items():
        for metric, count, value, floor in rows_of(items, name):
            print(f"{metric:<52} n={count:<6} {value:8.3f}  {floor}")
        told = [item for item in items if item[0].gold["event_type_2017"] != "NONE"]
        print("\n".join(confusion(told)))


if __name__ == "__main__":
    main()
