"""`tests/cases/dyads.tsv`: which country acts towards which, by class of cause."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import pytest

from tests.transforms.nlp.event_cases import annotated, parses_of
from transforms.nlp.annotations import EventDraft
from warehouse.vocabulary import DYAD_LIMIT

CASES = Path(__file__).parents[2] / "cases" / "dyads.tsv"
Case = dict[str, str]

# Not yet as they should be; a case that comes right is to be taken out of here (strict).
OPEN = {
    "The United States is dedicated to cooperating with Vietnam on clearing mines.",
    "Sweden signed an accord with Ghana and is working with Togo on a port.",
    "Kenyan soldiers who received training from British instructors returned home.",
    "Chad secured emergency food aid from France.",
    "Nepal, which receives military aid from India, closed the border post.",
    "Brazil opposes all sanctions and calls on Peru to remain calm.",
    "Kenya expelled the Ugandan envoy after Tanzania closed its border.",
    "Vietnam protested against China's drills while the Philippines held talks with Japan.",
    "Japan discussed fishing quotas with Palau and Fiji.",
    "Kenya hosted talks between Rwanda and Congo on Monday.",
    "In my call with the Qatari emir, I urged Iran to show restraint.",
    "Qatar praised the talks between Ukraine and Poland in Warsaw.",
    "Greek police broke up a march by Turkish students in Athens.",
    "Kenyan soldiers foiled a raid by Ugandan rebels on a camp of Sudanese refugees.",
}


@cache
def cases() -> list[Case]:
    lines = [line for line in CASES.read_text("utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def pairs(events: list[EventDraft]) -> set[str]:
    """Every pair that counts, alone and behind the type of its event."""
    found: dict[str, float] = {}
    for event in events:
        if event.modality != "asserted":
            continue
        for one in event.participants:
            for other in event.participants:
                if one.role == "recipient" or other.role == "initiator":
                    continue
                if not one.country_code or not other.country_code:
                    continue
                pair = f"{one.country_code}>{other.country_code}"
                sure = (one.confidence or 1) * (other.confidence or 1) * event.type_confidence
                for told in (pair, f"{event.event_type} {pair}"):
                    found[told] = max(sure, found.get(told, 0.0))
    return {told for told, sure in found.items() if sure >= DYAD_LIMIT}


def wrong(case: Case) -> list[str]:
    """What is told and should not be, or the other way round."""
    parses_of([one["text"] for one in cases()])
    found = pairs(annotated(case["text"])[2])
    listed = {key: set(case[key].split(";")) - {"-"} for key in ("wanted", "unwanted")}
    return sorted({f"+{told}" for told in listed["unwanted"] & found}) + sorted(
        f"-{told}" for told in listed["wanted"] - found
    )


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case['kind']}: {case['text'][:50]}")
def test_pairs(case: Case, request: pytest.FixtureRequest) -> None:
    if case["text"] in OPEN:
        request.applymarker(pytest.mark.xfail(reason="not yet", strict=True))
    assert wrong(case) == []
