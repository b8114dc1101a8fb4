"""`tests/cases/dyads.tsv`: which country acts towards which, by class of cause."""

from __future__ import annotations

import csv
from functools import cache
from math import prod
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
    "Kenyan soldiers who received training from British instructors returned home.",
    "Chad secured emergency food aid from France.",
    "Nepal, which receives military aid from India, closed the border post.",
    "Brazil opposes all sanctions and calls on Peru to remain calm.",
    "Vietnam protested against China's drills while the Philippines held talks with Japan.",
    "The UK remains committed to continuing to provide Jordan with military aid.",
    "Eritrean troops are understood to have killed dozens of Ethiopian farmers.",
    "Japan deplored the kidnapping of its nationals in Algeria.",
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
                chances = [1 if p.confidence is None else p.confidence for p in (one, other)]
                sure = prod(chances) * event.type_confidence
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


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Serbia will not end the blockade until Kosovo frees the officers.", "XKX"),
        ("Guinea will not reopen the border unless Senegal hands over the plotters.", "SEN"),
        ("Ecuador will not lift its embargo until Peru returns the boats.", "PER"),
        ("Nepal refuses to sign unless India removes its posts.", "IND"),
        ("Armenia will not resume talks until Azerbaijan releases the prisoners.", "AZE"),
        ("Qatar would not return its envoy unless Egypt apologised.", "EGY"),
        ("Turkey will not ratify the accord until Sweden extradites the suspects.", "SWE"),
        ("Chad will not withdraw its complaint unless Sudan pays for the damage.", "SDN"),
    ],
)
def test_a_condition_is_put_to_somebody(text: str, country: str) -> None:
    """ "until", "unless": its subject is whom the act is towards, as sure as the reader is."""
    event = next(event for event in annotated(text)[2] if event.modality != "planned")
    sure = {p.country_code: p.confidence or 0 for p in event.participants if p.role != "initiator"}
    assert sure.get(country, 0) >= 0.4
