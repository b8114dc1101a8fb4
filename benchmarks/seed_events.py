"""The seed article against `seed_events.jsonl`.

Run: `.venv/bin/python -m benchmarks.seed_events`. A gold event is right when an event of its
sentence has its type (or one of `event_types_also`), its modality, all its parties by name, its
date where the gold gives one (and the dates module is there), and its source where given. Extra
events are those asserted between states or leaders that answer to no gold event.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from benchmarks.annotate import annotate
from benchmarks.parses import ARTICLES, parses, records
from transforms.nlp.annotations import EntityLayer, EventDraft
from transforms.nlp.names.actors import fold
from transforms.nlp.parsing.parse import Parse

PUBLISHED = dt.date(2025, 12, 18)


def article() -> tuple[Parse, EntityLayer, list[EventDraft]]:
    """Parse, entities and events of the seed article."""
    path = sorted(ARTICLES.glob("000_*.txt"))[0]
    parse = parses([path.read_text("utf-8")], label="seed")[0]
    notes = annotate(parse, PUBLISHED)
    return parse, notes.entities, notes.events


def names(event: EventDraft, layer: EntityLayer, without: str) -> list[str]:
    """Folded names of the parties of an event that are not in role `without`."""
    return [
        fold(layer.entities[layer.mentions[p.mention].entity].name)
        for p in event.participants
        if p.role != without
    ]


def wrong(gold: dict[str, Any], event: EventDraft, layer: EntityLayer) -> list[str]:
    """What of a gold event this one has wrong; empty when it is right."""
    found = []
    if event.event_type not in {gold["event_type"], *gold.get("event_types_also", ())}:
        found.append(f"type {event.event_type}")
    if event.modality != gold["modality"]:
        found.append(f"modality {event.modality}")
    first, second = names(event, layer, "recipient"), names(event, layer, "initiator")
    both = first + second
    for side, wanted in ((first, gold["initiators"]), (second, gold["recipients"])):
        pool = both if gold["reciprocal"] else side
        if not all(any(fold(name) in have for have in pool) for name in wanted):
            found.append(f"parties {first} {second}")
        if not wanted and side and not gold["reciprocal"]:
            found.append(f"more parties {side}")
    date = gold.get("event_date")
    if date and not gold.get("date_optional"):
        if event.date is None:
            found.append("no date")
        elif event.date.edtf != date:
            found.append(f"date {event.date.edtf}")
    if gold.get("attribution"):
        said = event.attribution
        who = "" if said is None else fold(layer.entities[layer.mentions[said].entity].name)
        if "ministry" not in who:
            found.append(f"source {who or None}")
    return found


def _answers(
    gold: dict[str, Any], event: EventDraft, parse: Parse, layer: EntityLayer
) -> Iterator[tuple[int, list[str]]]:
    """How far the event of the gold event's sentence is from it, 0 for right, and what is wrong."""
    sentence = parse.sents[event.sent]
    if gold["sentence"] in parse.text[sentence.start_char : sentence.end_char]:
        errors = wrong(gold, event, layer)
        other = any(error.startswith("type") for error in errors)
        trigger = parse.span_text(event.trigger_start, event.trigger_end)
        yield 3 * other + len(errors) + 2 * (gold["trigger"] not in trigger), errors


def compare() -> tuple[list[str], list[str]]:
    """(one line per gold event, one line per extra event asserted between states or leaders)."""
    if not records("seed_events.jsonl"):
        return [], []
    parse, layer, events = article()
    golds = records("seed_events.jsonl")
    ranked = sorted(
        (rank, number, place, errors)
        for number, gold in enumerate(golds)
        for place, event in enumerate(events)
        for rank, errors in _answers(gold, event, parse, layer)
    )
    matched: dict[
        int, list[str]
    ] = {}  # the best pairs first, so that no event is taken from its own
    used: set[int] = set()
    for _, number, place, errors in ranked:
        if number not in matched and place not in used:
            matched[number] = errors
            used.add(place)
    lines = []
    for number, gold in enumerate(golds):
        what = f"{gold['id']} {gold['event_type']} {gold['trigger']}"
        errors = matched.get(number, ["no event"])
        lines.append(f"{'WRONG' if errors else 'right'} {what}: {', '.join(errors)}")
    extra = []
    for place, event in enumerate(events):
        kinds = {layer.entities[layer.mentions[p.mention].entity].entity_type
                 for p in event.participants}  # fmt: skip
        if place in used or event.modality != "asserted":
            continue
        if len(event.participants) > 1 and kinds <= {"country", "government", "person"}:
            trigger = parse.span_text(event.trigger_start, event.trigger_end)
            extra.append(f"{event.event_type} {trigger!r} {names(event, layer, '')}")
    return lines, extra


def score() -> list[tuple[str, int, float, str]]:
    """Rows of the seed article, without and with dates; empty without the gold data."""
    lines, extra = compare()
    if not lines:
        return []
    right = sum(line.startswith("right") for line in lines)
    return [
        ("seed events right in everything", len(lines), right, "17"),
        ("seed extra events asserted between states or leaders", len(extra), len(extra), "≤ 4"),
    ]


if __name__ == "__main__":
    for group in compare():
        print("\n".join(group) or "no extra events")
    for metric, count, value, floor in score():
        print(f"{metric:<56} n={count:<4} {value:g}  {floor}")
