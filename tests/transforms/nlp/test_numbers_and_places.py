"""Counts that do not double, numbers that are no years, lists of days, places of no list."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path

import pytest

from benchmarks.annotate import annotate, gazetteer
from tests.transforms.nlp.event_cases import parses_of
from transforms.lexicons.loader import Row, parse_table
from transforms.nlp.annotations import Annotations

CASES = Path(__file__).parents[2] / "cases" / "numbers_and_places.tsv"
ROWS = list(parse_table(CASES.read_text("utf-8"), CASES.name, ["kind", "text", "expected"]))
PUBLISHED = dt.date(2025, 10, 16)


@pytest.fixture(scope="module", autouse=True)
def _parse_together() -> None:
    parses_of([row["text"] for row in ROWS])


@cache
def notes_of(text: str) -> Annotations:
    return annotate(parses_of([text])[0], PUBLISHED)


def of_kind(kind: str) -> list[Row]:
    return [row for row in ROWS if row["kind"] == kind]


def named(row: Row) -> str:
    return row["text"][:60]


@pytest.mark.parametrize("row", of_kind("count"), ids=named)
def test_a_number_of_people_counts_once(row: Row) -> None:
    counts = [count for event in notes_of(row["text"]).events for count in event.counts]
    sums = [sum(c.high for c in counts if c.kind == kind) for kind in ("killed", "injured")]
    assert sums == [int(word) for word in row["expected"].split()]


@pytest.mark.parametrize("row", of_kind("number"), ids=named)
def test_a_number_is_no_year(row: Row) -> None:
    years = {str(t.date_start.year) for t in notes_of(row["text"]).times if t.date_start}
    assert not years & set(row["expected"].split())


@pytest.mark.parametrize("row", of_kind("people"), ids=named)
def test_only_people_are_counted(row: Row) -> None:
    counts = [count for event in notes_of(row["text"]).events for count in event.counts]
    assert [str(count.high) for count in counts] == row["expected"].strip("-").split()


@pytest.mark.parametrize("row", of_kind("days"), ids=named)
def test_each_day_of_a_list_is_told(row: Row) -> None:
    times = notes_of(row["text"]).times
    found = [str(day) for t in times if t.date_start for day in (t.date_start, t.date_end)]
    assert found == row["expected"].split()


@pytest.mark.parametrize("row", of_kind("hamlet"), ids=named)
def test_an_unknown_place_is_nowhere_else(row: Row) -> None:
    notes = notes_of(row["text"])
    found = {notes.places[e.place].place_id for e in notes.events if e.place is not None} - {None}
    rows = [gazetteer().place(place) for place in found if place]
    assert {place.country_code for place in rows if place} <= {row["expected"]}
