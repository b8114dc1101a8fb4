"""Numbers of killed, injured, arrested people in a clause."""

from __future__ import annotations

import pytest

from tests.transforms.nlp.event_cases import annotated

COUNTS = [
    ("Gunmen killed at least 40 people in Kabul.", {("killed", 40, 40)}),
    ("Police arrested dozens of students in Minsk.", {("arrested", 24, 99)}),
    ("A militia abducted three nurses near Goma.", {("abducted", 3, 3)}),
    ("Rebels attacked the base, killing two soldiers.", {("killed", 2, 2)}),
    ("The army shelled the town, killing 12 civilians and wounding 30.",
     {("killed", 12, 12), ("injured", 30, 30)}),
    ("Gunmen attacked a bus, leaving six people dead.", {("killed", 6, 6)}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), COUNTS)
def test_counts(text: str, expected: set[tuple[str, int, int]]) -> None:
    """The counts of all events of the sentence."""
    _, _, events = annotated(text)
    assert {(c.kind, c.low, c.high) for e in events for c in e.counts} == expected
