"""`tests/cases/who_and_where.tsv`: what parties, places and names of small texts stand for."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

from benchmarks.annotate import annotate
from tests.transforms.nlp.event_cases import parses_of, plain
from transforms.nlp.annotations import Annotations, EventDraft
from transforms.nlp.parsing.parse import Parse

CASES = Path(__file__).parents[2] / "cases" / "who_and_where.tsv"
Case = dict[str, str]

# Not yet as they should be; a case that comes right is to be taken out of here (strict).
OPEN: set[tuple[str, str, str]] = {
    ("The navies of Brazil, Argentina and South Africa held a drill on Monday.", "parties", "-"),
    (
        "Poland accused Russia on Monday of hiding files of the former Soviet Union.",
        "sides",
        "accused",
    ),
    (
        "Jihadists attacked the villages of Tegu Sana and Bore Maoude in central Mali on Monday.",
        "sides",
        "attacked",
    ),
}


def cases() -> list[Case]:
    """The rows of the file."""
    lines = [line for line in CASES.read_text("utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


@cache
def notes_of(text: str) -> tuple[Parse, Annotations]:
    parses_of(list(dict.fromkeys(case["text"] for case in cases())))  # all at once
    (parse,) = parses_of([text])
    return parse, annotate(parse)


def answer(case: Case) -> str:
    """What the extractors say, in the words of the file."""
    parse, notes = notes_of(case["text"])
    layer, subject, check = notes.entities, plain(case["subject"]), case["check"]
    if check == "place":
        found = {
            place.country_code or "-"
            for place in notes.places
            if plain(parse.span_text(place.start, place.end)) == subject and place.place_id
        }
        return ";".join(sorted(found)) or "none"
    if check in ("sides", "at"):
        acts = [e for e in notes.events if parse.lower[e.trigger_start] == case["subject"]]
        told_of = {_at(notes, e) if check == "at" else _sides(e, case["expected"]) for e in acts}
        return ";".join(sorted(told_of)) or "no such act"
    parties = [party for event in notes.events for party in event.participants]
    if check == "method":
        methods = {
            f"{party.country_code} {party.country_method}" if party.country_code else "-"
            for party in parties
            if _said(parse, notes, party.mention) == subject
        }
        return ";".join(sorted(methods)) or "no such party"
    if check == "parties":
        codes = {party.country_code for party in parties}
        return ";".join(sorted(code for code in codes if code)) or "-"
    held = [
        layer.entities[mention.entity]
        for number, mention in enumerate(layer.mentions)
        if _said(parse, notes, number) == subject
    ]
    if check == "country":
        told = {entity.country_code or "-" for entity in held}
    elif check == "kb":
        told = {entity.kb_id or "-" for entity in held}
    else:
        told = {entity.name if check == "is" else entity.entity_type for entity in held}
    return ";".join(sorted(told)) or "not mentioned"


def _at(notes: Annotations, event: EventDraft) -> str:
    return (None if event.place is None else notes.places[event.place].country_code) or "-"


def _sides(event: EventDraft, expected: str) -> str:
    """Countries of both sides, in the form of what is expected."""
    first, second = (
        {one.country_code or "-" for one in event.participants if one.role != other}
        for other in ("recipient", "initiator")
    )
    if expected.endswith("="):
        return ",".join(sorted(first | second)) + "="
    asked = expected.split(">")
    sides = zip(asked, (first, second), strict=True)
    return ">".join("*" if ask == "*" else ",".join(sorted(got)) or "-" for ask, got in sides)


def _said(parse: Parse, notes: Annotations, mention: int) -> str:
    held = notes.entities.mentions[mention]
    return plain(parse.span_text(held.start, held.end))


def _params() -> Sequence[object]:
    found: list[object] = []
    for case in cases():
        key = (case["text"], case["check"], case["subject"])
        marks = [pytest.mark.xfail(reason="open", strict=True)] if key in OPEN else []
        found.append(pytest.param(case, id=f"{case['kind']}-{len(found)}", marks=marks))
    return found


@pytest.mark.parametrize("case", _params())
def test_who_and_where(case: Case) -> None:
    assert answer(case) == case["expected"]
