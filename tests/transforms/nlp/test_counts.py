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
    ("Police seized 1,995 rifles and 2019 rounds in Lagos.", set()),
    ("Soldiers captured 40 tanks and 2,000 shells near Dori.", set()),
    ("Police arrested 2011 people in Dhaka on Tuesday.", {("arrested", 2011, 2011)}),
    ("Gunmen killed between 12 and 15 people in Kabul.", {("killed", 12, 15)}),
    ("A bomb killed 12 to 15 people in Kabul.", {("killed", 12, 15)}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), COUNTS)
def test_counts(text: str, expected: set[tuple[str, int, int]]) -> None:
    """The counts of all events of the sentence."""
    _, _, events = annotated(text)
    assert {(c.kind, c.low, c.high) for e in events for c in e.counts} == expected


@pytest.mark.parametrize(
    "text",
    [
        "A drone struck a market in El Fasher on Wednesday and killed 40 people.",
        "In Niger, rebels stormed a base and killed 12 soldiers on Tuesday.",
        "Twelve rebels were killed when Chad attacked their camp.",
        "Parliament imposed a ban after 3,000 people marched in Niamey.",
    ],
)
def test_a_number_is_of_one_event(text: str) -> None:
    """Sums over events count nobody twice."""
    _, _, events = annotated(text)
    assert len([c for e in events for c in e.counts]) == 1


TOLLS = [
    ("A bomb killed 21 people in Quetta on Tuesday. The death toll rose to 34 overnight.", [34]),
    ("A bomb killed 21 people in Quetta on Tuesday. Officials put the toll at 29.", [29]),
    ("Gunmen attacked a mosque in Quetta on Tuesday. The number of people killed climbed to 16.",
     [16]),
    ("Gunmen killed 40 villagers near Jos on Sunday. The toll was corrected to 27.", [27]),
    ("Gunmen attacked a base near Jos on Sunday, killing nine soldiers. The nine soldiers were "
     "killed in the attack by gunmen on motorbikes.", [9]),
    ("Rebels killed nine soldiers in Goma on Sunday. Rebels killed nine villagers in Beni on "
     "Monday.", [9, 9]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "killed"), TOLLS)
def test_tolls_told_apart_belong_to_the_act(text: str, killed: list[int]) -> None:
    """A later toll of the article replaces an earlier one, and sums count nobody twice."""
    _, _, events = annotated(text)
    assert [c.high for e in events for c in e.counts if c.kind == "killed"] == killed
