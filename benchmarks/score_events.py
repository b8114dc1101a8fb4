"""Events against `events_dev.jsonl`. Run: `.venv/bin/python -m benchmarks.score_events [--errors]`.

Mapping before scoring, ours to the labels of 2017: RETREAT and CONCEDE → YIELD; planned CONSULT,
SUPPORT, COOPERATE and AID → AGREE. A hit is an event of the gold type of which one initiator
overlaps the gold source and one recipient the gold target (either way round when reciprocal); a
side the gold leaves empty is not asked for. Negated and denied events count as events.

CAMEO quads: roots 01 and 02 are 0 (statement, appeal), 03-05 1, 06-08 2, 09-13 3, 14-20 4. Gold
quad 0 has no event: whatever is found there is a false positive.

Type-only figures come twice. "all": every distinct type found in a sentence is one prediction.
"first": one prediction a sentence, the type of its most confident event, as a classifier's.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks.annotate import annotate, unseen
from benchmarks.given_spans import EASES, type_given_spans
from benchmarks.parses import parsed, tokens_at
from transforms.nlp.annotations import Annotations, EntityLayer, EventDraft
from transforms.nlp.clauses.predicates import load_lexicon
from transforms.nlp.parsing.parse import Parse

Span = tuple[int, int]


@dataclass(slots=True)
class Case:
    """One gold sentence: its parse and annotations, gold type or quad, and token spans."""

    record: dict[str, Any]
    parse: Parse
    notes: Annotations
    source: list[Span]
    target: list[Span]

    @property
    def plv(self) -> bool:
        return bool(self.record["id"].startswith("plv"))

    @property
    def gold(self) -> dict[str, Any]:
        gold: dict[str, Any] = self.record["gold"]
        return gold


def label_of(event_type: str, modality: str) -> str:
    """Our type in the labels of 2017."""
    if event_type in {"RETREAT", "CONCEDE"}:
        return "YIELD"
    if modality == "planned" and event_type in EASES:
        return "AGREE"
    return event_type


def quad_of(event: EventDraft) -> int:
    """CAMEO quad 0-4 of an event by the root of its code."""
    root = int((event.cameo_code or "01")[:2])
    return (0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3)[root] if root < 14 else 4


def marked_spans(record: dict[str, Any], tag: str) -> list[tuple[int, int]]:
    """Character spans of the gold source ("s") or target ("t")."""
    gold = record["gold"]
    marked = gold.get("marked")
    if marked is None:
        key = "source" if tag == "s" else "target"
        both = [*(gold.get(key) or ()), *(gold.get("reciprocal") or ())]
        return [(item["start"], item["end"]) for item in both]
    found, plain, position = [], 0, 0
    start = None
    while position < len(marked):
        for name in ("s", "t"):
            if marked.startswith(f"<{name}>", position):
                start = plain if name == tag else start
                position += 3
                break
            if marked.startswith(f"</{name}>", position):
                if name == tag and start is not None:
                    found.append((start, plain))
                position += 4
                break
        else:
            plain += 1
            position += 1
    return found


def cases() -> list[Case]:
    """All gold sentences, annotated."""
    found = []
    for record, parse in parsed("events_dev.jsonl"):
        sides = []
        for tag in ("s", "t"):
            spans = [tokens_at(parse, a, b) for a, b in marked_spans(record, tag)]
            sides.append([span for span in spans if span is not None])
        notes = annotate(parse, reading=unseen("events", record["id"], parse))
        found.append(Case(record, parse, notes, sides[0], sides[1]))
    return found


def sides(event: EventDraft, layer: EntityLayer) -> tuple[list[Span], list[Span], bool]:
    """(initiator spans, recipient spans, reciprocal) of an event."""
    first: list[Span] = []
    second: list[Span] = []
    reciprocal = False
    for party in event.participants:
        mention = layer.mentions[party.mention]
        span = (mention.start, mention.end)
        if party.role != "recipient":
            first.append(span)
        if party.role != "initiator":
            second.append(span)
        reciprocal |= party.role == "participant"
    return first, second, reciprocal


def overlap(ours: Iterable[Span], gold: list[Span]) -> bool:
    """Does any span of ours share a token with any gold span? No gold span asks nothing."""
    return not gold or any(a < d and c < b for a, b in ours for c, d in gold)


def dyad(event: EventDraft, case: Case) -> bool:
    """Do the parties of the event match the gold spans?"""
    first, second, reciprocal = sides(event, case.notes.entities)
    if reciprocal and len(first) > 1:
        return overlap(first, case.source) and overlap(second, case.target)
    return overlap(first, case.source) and overlap(second, case.target)


def f1(hits: int, predicted: int, gold: int) -> tuple[float, float, float]:
    """Precision, recall and F1."""
    precision, recall = hits / max(1, predicted), hits / max(1, gold)
    return precision, recall, 2 * hits / max(1, predicted + gold)


def first(events: list[EventDraft]) -> EventDraft | None:
    """The most confident event, the earliest of equals."""
    return max(events, key=lambda e: e.confidence, default=None)


Row = tuple[str, int, float, str]


def plv_rows(found: list[tuple[Case, list[EventDraft]]]) -> Iterator[Row]:
    """The figures of the PLV part."""
    n = len(found)
    hits = dyads = right = matching = total = 0
    everything = Counter[str]()
    single = Counter[str]()
    given_right = 0
    per_type: dict[str, list[int]] = {}
    given_pairs: Counter[tuple[str, str]] = Counter()
    for case, events in found:
        want = case.gold["event_type_2017"]
        labels = [label_of(e.event_type, e.modality) for e in events]
        match = [dyad(e, case) for e in events]
        ok = any(m and label == want for m, label in zip(match, labels, strict=True))
        hits += ok
        per_type.setdefault(want, [0, 0])[0] += ok
        per_type[want][1] += 1
        dyads += any(match)
        matching += sum(match)
        right += sum(m and label == want for m, label in zip(match, labels, strict=True))
        total += len(events)
        everything["hit"] += want in labels
        everything["predicted"] += len(set(labels))
        best = first(events)
        single["predicted"] += best is not None
        single["hit"] += best is not None and label_of(best.event_type, best.modality) == want
        guess = _given(case)
        given_right += guess == want
        given_pairs[want, guess or "-"] += 1
    yield "PLV end-to-end recall", n, hits / n, ".55"
    yield "PLV dyad recall", n, dyads / n, "-"
    yield "PLV right type of events whose parties match", matching, right / max(1, matching), ".80"
    for title, tally in (("all", everything), ("first", single)):
        precision, recall, score_ = f1(tally["hit"], tally["predicted"], n)
        yield f"PLV type only ({title}): precision", tally["predicted"], precision, "-"
        yield f"PLV type only ({title}): recall", n, recall, "-"
        yield f"PLV type only ({title}): F1", n, score_, ".62"
    yield "PLV type given spans: accuracy", n, given_right / n, ".76"
    yield "PLV type given spans: macro-F1", n, _macro(given_pairs), "-"
    yield "PLV events a sentence", n, total / n, "-"
    for want, (good, count) in sorted(per_type.items()):
        yield f"  end-to-end recall of {want}", count, good / count, "-"


def _given(case: Case) -> str | None:
    if not case.source and not case.target:
        return None
    source = case.source[0] if case.source else None
    target = case.target[0] if case.target else None
    found = type_given_spans(case.parse, source, target, load_lexicon())
    return "YIELD" if found in {"RETREAT", "CONCEDE"} else found


def _macro(pairs: Counter[tuple[str, str]]) -> float:
    labels = {want for want, _ in pairs}
    scores = []
    for label in labels:
        hit = pairs[label, label]
        gold = sum(c for (want, _), c in pairs.items() if want == label)
        ours = sum(c for (_, guess), c in pairs.items() if guess == label)
        scores.append(2 * hit / max(1, gold + ours))
    return sum(scores) / len(scores)


def quad_rows(found: list[tuple[Case, list[EventDraft]]]) -> Iterator[Row]:
    """The figures of the CAMEO-quad part."""
    n = sum(case.gold["quad"] != 0 for case, _ in found)
    everything = Counter[str]()
    single = Counter[str]()
    spurious = 0
    for case, events in found:
        want = case.gold["quad"]
        quads = {quad_of(e) for e in events} - {0}
        everything["predicted"] += len(quads)
        everything["hit"] += want in quads
        best = first(events)
        guess = quad_of(best) if best is not None else 0
        single["predicted"] += guess != 0
        single["hit"] += guess == want and want != 0
        spurious += want == 0 and bool(quads)
    for title, tally in (("all", everything), ("first", single)):
        precision, recall, score_ = f1(tally["hit"], tally["predicted"], n)
        yield f"quad ({title}): precision", tally["predicted"], precision, "-"
        yield f"quad ({title}): recall", n, recall, "-"
        yield f"quad ({title}): F1", n, score_, ".62"
    zero = len(found) - n
    yield "quad 0 sentences with an event", zero, spurious / max(1, zero), "-"


def confusion(found: list[tuple[Case, list[EventDraft]]]) -> list[str]:
    """Gold type by the type of the event whose parties match (or of the first event)."""
    pairs: Counter[tuple[str, str]] = Counter()
    for case, events in found:
        want = case.gold["event_type_2017"]
        labels = [label_of(e.event_type, e.modality) for e in events if dyad(e, case)]
        labels = labels or [label_of(e.event_type, e.modality) for e in events[:1]]
        pairs[want, want if want in labels else labels[0] if labels else "-"] += 1
    names = sorted({w for w, _ in pairs})
    heads = [*names, "-"]
    lines = ["gold \\ ours  " + " ".join(h[:6].rjust(6) for h in heads)]
    for want in names:
        cells = " ".join(str(pairs[want, h] or ".").rjust(6) for h in heads)
        lines.append(want.ljust(12) + " " + cells)
    return lines


def judged(case: Case, events: list[EventDraft]) -> list[tuple[EventDraft, bool]]:
    """(event, is it right) for the events the gold decides on.

    Right: type and parties match. Wrong: only one of the two does, or the sentence has no right
    event. Other events of a sentence whose gold event was found are not labelled.
    """
    want = case.gold["event_type_2017"]
    found = [
        (event, label_of(event.event_type, event.modality) == want, dyad(event, case))
        for event in events
    ]
    hit = any(same and match for _, same, match in found)
    return [(event, same and match) for event, same, match in found if same or match or not hit]


def reliability(found: list[tuple[Case, list[EventDraft]]]) -> list[str]:
    """Share of right events by confidence, PLV sentences, over the events `judged` labels."""
    bins: dict[int, list[int]] = {}
    for case, events in found:
        for event, right in judged(case, events):
            cell = bins.setdefault(int(event.confidence * 10 + 1e-9), [0, 0])
            cell[0] += right
            cell[1] += 1
    lines = ["confidence   n   right"]
    for low, (good, n) in sorted(bins.items()):
        lines.append(f"{low / 10:.1f}-{(low + 1) / 10:.1f}   {n:5d}   {good / n:.2f}")
    return lines


def error_class(case: Case, events: list[EventDraft]) -> str | None:
    """Why a sentence is missed; None when it is a hit."""
    want = case.gold["event_type_2017"]
    typed = [e for e in events if label_of(e.event_type, e.modality) == want]
    if any(dyad(e, case) for e in typed):
        return None
    if not events:
        return "1 nothing fired"
    if not typed:
        if any(dyad(e, case) for e in events):
            return "2 wrong type, right parties"
        return "3 wrong type, wrong parties"
    layer = case.notes.entities
    for event in typed:
        one, two, _ = sides(event, layer)
        if overlap(one, case.target) and overlap(two, case.source) and case.target and case.source:
            return "4 wrong side"
    if any(overlap(sides(e, layer)[0], case.source) for e in typed):
        return "5 recipient missing"
    if any(overlap(sides(e, layer)[1], case.target) for e in typed):
        return "6 initiator missing"
    return "7 both parties missing"


def show(event: EventDraft, case: Case) -> str:
    """One event in one line."""
    parts = []
    for party in event.participants:
        mention = case.notes.entities.mentions[party.mention]
        parts.append(f"{party.role[:4]}={case.parse.span_text(mention.start, mention.end)}")
    return f"{event.event_type} {event.modality} {' | '.join(parts)}"


def score() -> list[Row]:
    """Every figure as (metric, n, value, floor); empty without the gold data."""
    rows, _ = evaluate()
    return rows


def evaluate() -> tuple[list[Row], list[tuple[Case, list[EventDraft]]]]:
    """The rows and the events they come from."""
    everything = cases()
    if not everything:
        return [], []
    found = [(case, case.notes.events) for case in everything]
    begin = time.perf_counter()
    for case in everything:
        annotate(case.parse)
    seconds = time.perf_counter() - begin
    words = sum(len(case.parse) for case in everything)
    rows = [
        *plv_rows([item for item in found if item[0].plv]),
        *quad_rows([item for item in found if not item[0].plv]),
        ("seconds per 1,000 sentences", len(found), seconds / len(found) * 1000, "-"),
        ("all extractors, microseconds a word", words, seconds / words * 1e6, "-"),
    ]
    return rows, found


def main() -> None:
    """Print the figures, and on request the errors."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--errors", action="store_true")
    options.add_argument("--quads", action="store_true", help="list the quad errors")
    options.add_argument("--given", action="store_true", help="list the errors given spans")
    chosen = options.parse_args()
    rows, found = evaluate()
    plv = [item for item in found if item[0].plv]
    if chosen.errors:
        listed = []
        for case, events in plv:
            why = error_class(case, events)
            if why:
                shown = "".join(f"\n      {show(e, case)}" for e in events)
                want = case.gold["event_type_2017"]
                listed.append(f"{why} | {want} | {case.gold['marked']}{shown}")
        print("\n".join(sorted(listed)))
        print(Counter(line.split(" | ")[0] for line in listed))
    if chosen.quads:
        for case, events in found:
            if not case.plv:
                quads = {quad_of(e) for e in events} - {0}
                want = case.gold["quad"]
                if quads != ({want} - {0}):
                    shown = "".join(f"\n      {quad_of(e)} {show(e, case)}" for e in events)
                    print(f"{want} {sorted(quads)} | {case.parse.text}{shown}")
    if chosen.given:
        for case, _ in plv:
            guess = _given(case)
            want = case.gold["event_type_2017"]
            if guess != want:
                print(f"{want} {guess} | {case.gold['marked']}")
    for metric, count, value, floor in rows:
        print(f"{metric:<48} n={count:<6} {value:8.3f}  {floor}")
    print("\n".join(confusion(plv)))
    print("\n".join(reliability(plv)))


if __name__ == "__main__":
    main()
