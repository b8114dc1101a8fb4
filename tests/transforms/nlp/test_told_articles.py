"""Short articles of which little or nothing is a fact of the day: `cases/told_articles.tsv`."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path

import pytest

from benchmarks.annotate import annotate
from tests.transforms.nlp.event_cases import parses_of
from transforms.lexicons.loader import Row, parse_table
from transforms.nlp.annotations import Annotations, EventDraft
from transforms.nlp.parsing.parse import Parse

CASES = Path(__file__).parents[2] / "cases" / "told_articles.tsv"
COLUMNS = ["kind", "name", "published", "text", "told"]
ROWS = list(parse_table(CASES.read_text("utf-8"), CASES.name, COLUMNS))
Told = tuple[str, bool, list[str]]  # a word, whether it must be told, the days it may have

# By headline: still told otherwise.
OPEN = frozenset(
    {
        "Bomb found at Cotabato terminal",
        "Council lets deadline pass",
        "Marchers stay home",
        "President spared no-confidence vote",
        "Attack foiled",
        "Evictions on hold",
        "Peace envoy stuck in Dubai",
        "Sugar talks: no breakthrough",
        "Court quashes curfew",
        "Airport workers call off protest",
        "Assassination bid denied",
        "Bosnia: no intervention",
        "Explainer: how extradition works",
        "Exercise Amber Shield",
        "Dig at Lachish",
        "Reenactors return to Hastings",
        "Scam alert",
        "Strike that made a town",
        "Mob justice",
        "Council in turmoil",
        "Language corner",
        "Model parliament",
        "Gulf war veteran honoured",
        "Controls",
        "Prime minister's odd career",
        "Street crime",
        "NATO games",
        "Quiz answers",
        "Seizures in Rotterdam",
        "Cattle raid",
        "Two blasts",
        "Army revises figures",
        "Clashes on Monday leave four dead in Sidon",
        "Week of talks",
        "Hospital hit",
        "A bloody week",
        "Fortnight",
        "Heat and drought",
        "Church attack",
    }
)


@pytest.fixture(scope="module", autouse=True)
def _parse_together() -> None:
    parses_of([row["text"] for row in ROWS])


@cache
def _notes(text: str, published: str) -> tuple[Parse, Annotations]:
    (parse,) = parses_of([text])
    return parse, annotate(parse, dt.date.fromisoformat(published))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['kind']}: {row['name']}")
def test_told_as_fact(row: Row, request: pytest.FixtureRequest) -> None:
    if row["name"] in OPEN:
        request.applymarker(pytest.mark.xfail(strict=True))
    parse, notes = _notes(row["text"], row["published"])
    facts = [event for event in notes.events if event.modality == "asserted"]
    words, sums = _expected(row["told"])
    wrong = [_shown(parse, event) for event in facts if not _may_be(parse, event, words, row)]
    missing = [word for word, must, _ in words if must and not any(
        parse.lower[event.trigger_start] == word for event in facts)]  # fmt: skip
    assert not wrong + missing, wrong + missing
    years = {time.date_start.year for time in notes.times if time.date_start}
    assert years.isdisjoint(sums.pop("noyear", ()))
    for kind, (number,) in sums.items():
        assert _sum(notes, kind) == number, kind


def _expected(told: str) -> tuple[list[Told], dict[str, list[int]]]:
    """Words with whether they must be told and the days they may have; sums and numbers."""
    words: list[Told] = []
    sums: dict[str, list[int]] = {}
    for one in told.split():
        if "=" in one:
            kind, number = one.split("=")
            sums[kind] = [int(n) for n in number.split(";")]
        elif one != "-":
            word, _, days = one.removeprefix("+").partition(":")
            words.append((word, one.startswith("+"), days.split(";") if days else []))
    return words, sums


def _may_be(parse: Parse, event: EventDraft, words: list[Told], row: Row) -> bool:
    """Whether an event told as fact is one that the article tells, on one of its days."""
    told = [days for word, _, days in words if word == parse.lower[event.trigger_start]]
    if not told:
        return row["kind"] == "number"
    day = (event.date.edtf if event.date else None) or ""
    return any(not days or any(_is_on(day, one) for one in days) for days in told)


def _is_on(day: str, told: str) -> bool:
    if told.startswith("!"):
        return not day.startswith(told[1:])
    return day.startswith(told)


def _sum(notes: Annotations, kind: str) -> int:
    return sum(
        count.high
        for event in notes.events
        if event.modality in ("asserted", "alleged")
        for count in event.counts
        if count.kind == kind
    )


def _shown(parse: Parse, event: EventDraft) -> str:
    day = event.date.edtf if event.date else None
    return f"{parse.words[event.trigger_start]} {event.event_type} {day}"
