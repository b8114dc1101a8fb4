"""Where names begin and end, given what the reader took for them."""

from __future__ import annotations

import pytest

from tests.transforms.nlp.event_cases import parses_of
from transforms.nlp.extract import names_and_times
from transforms.nlp.parsing.parse import Parse
from transforms.nlp.reader.read import Reading, ReadName

# Text; what the reader sees, as TEXT/LABEL; names that must be found whole; none of which may be.
CASES = [
    # a body's name read in two
    ("The Army of the Silent Valley attacked Lomé on Monday.",
     "Army of/ORG|Silent Valley/ORG", "Army of the Silent Valley", "Army|Silent Valley"),
    ("The Council for Trade and Harbours met in Lomé.",
     "Council for Trade and/ORG|Harbours/ORG", "Council for Trade and Harbours", "Harbours"),
    ("The Fund for Rural Kenya sent aid to the town.",
     "Fund for/ORG|Rural Kenya/PLACE", "Fund for Rural Kenya", "Rural Kenya|Fund"),
    ("A spokesman of the Voice of the Delta spoke to reporters.",
     "Voice of the/ORG|Delta/PLACE", "Voice of the Delta", "Delta|Voice"),
    ("The State Board of Archives and Libraries sued the city.",
     "State Board of Archives and/ORG|Libraries/ORG", "State Board of Archives and Libraries",
     "Libraries"),
    ("The Foreign Ministers of Iran and Oman met in Lomé.",
     "Foreign Ministers of/ORG|Iran/PLACE", "Iran", "Foreign Ministers of Iran"),
    ("The Republic of Namibia signed the accord in Lomé.",
     "Republic of/ORG|Namibia/PLACE", "Namibia", "Republic of Namibia"),
    ("The Ministry of Foreign Affairs of Norway condemned it.",
     "Ministry of Foreign Affairs of/ORG|Norway/PLACE", "Ministry of Foreign Affairs|Norway", ""),
    # what a body has is no part of its name
    ("The European Union's Border Initiative was discussed.",
     "European Union's Border Initiative/ORG", "European Union|Border Initiative", ""),
    ("Rebels of the FARC's Sixth Front wounded two policemen.",
     "FARC's Sixth Front/ORG", "FARC|Sixth Front", ""),
    ("China's Cyber Administration fined the company.",
     "China's Cyber Administration/ORG", "China|Cyber Administration", ""),
    ("NATO's Allied Land Command moved to Izmir.",
     "NATO's Allied Land Command/ORG", "NATO|Allied Land Command", ""),
    ("The Women's Farming League protested in Lomé.",
     "Women's Farming League/ORG", "Women's Farming League", "Women"),
    # an office without a name is nobody's
    ("The Foreign Secretary met them in Paris on Monday.",
     "Foreign Secretary/PERSON", "Paris", "Foreign Secretary|Secretary|Foreign"),
    ("The US Secretary of State met them in Paris.",
     "US Secretary of State/PERSON", "Paris", "US Secretary of State|Secretary of State"),
    ("The Defence Secretary met them in Paris.",
     "Defence Secretary/ORG", "Paris", "Defence Secretary|Defence"),
    ("Special Envoy for Syria talks began in Paris.",
     "Special Envoy/PERSON", "Paris", "Special Envoy|Envoy"),
    ("It is led by Commodore Anton Burke of Malta.",
     "Commodore/PERSON|Anton Burke/PERSON", "Anton Burke|Malta", "Commodore"),
    ("Stephen King wrote it. Then King went to Paris.",
     "Stephen King/PERSON|King/PERSON", "Stephen King|King", ""),
    ("They were asked by Navy Capt. Jeff Dale in Paris.",
     "Navy Capt/ORG|Jeff Dale/PERSON", "Navy|Jeff Dale", "Navy Capt"),
    ("Sanctions under Executive Order 13582 hit Syria.",
     "Executive/ORG", "Syria", "Order|Executive"),
    # ships
    ("The frigate FS Forgeron joined them. Forgeron left Toulon on Monday.",
     "Forgeron/PLACE", "Toulon", "Forgeron|FS Forgeron"),
    ("USS Hopper (DDG 70) left Toulon on Monday.",
     "DDG/ORG", "Toulon", "DDG|USS Hopper|Hopper"),
    ("HMS Ocean (L 12) left Toulon on Monday.",
     "L/ORG", "Toulon", "L|HMS Ocean|Ocean"),
    ("Pirates attacked MV Verona. The crew of the Verona left Toulon.",
     "Verona/PERSON", "Toulon", "MV Verona"),
    ("INS Kolkata reached Toulon on Monday.", "INS Kolkata/ORG", "Toulon", "Kolkata"),
    # the Arabic article before a hyphen, and "Near" at the head of a sentence
    ("Fighters of the al-Ghufran Brigades left Homs.",
     "al-Ghufran Brigades/ORG", "al-Ghufran Brigades", "-Ghufran Brigades"),
    ("Fighters of the al-Ahwaz Movement left Homs.",
     "al-Ahwaz Movement/ORG", "al-Ahwaz Movement", "-Ahwaz Movement"),
    ("Near Dayr Hafir, five strikes destroyed a bridge.", "Hafir/PLACE", "Dayr Hafir", "Hafir"),
    ("Outside Tell Abyad, five strikes destroyed a bridge.", "Abyad/PLACE", "Tell Abyad", "Abyad"),
    # a capital before the dash of a dateline, and a day that is no band of guerrillas
    ("BAGHDAD - Combined Joint Task Force staff met.",
     "BAGHDAD - Combined Joint Task Force/ORG", "BAGHDAD|Combined Joint Task Force", ""),
    ("They met in Berlin on November 17 with key members.", "Berlin/PLACE", "Berlin",
     "November 17"),
]  # fmt: skip
LABELS = {"BAGHDAD": "GPE", "NATO": "ORG", "China": "GPE", "Army of the Silent Valley": "ORG"}


def _seen(parse: Parse, told: str) -> list[ReadName]:
    """The reader's names, in text order."""
    names: list[ReadName] = []
    begins = 0
    for item in told.split("|"):
        text, label = item.split("/")
        start = parse.text.index(text, begins)
        begins = start + len(text)
        names.append(
            ReadName(
                next(t for t, at in enumerate(parse.starts) if at >= start),
                1 + max(t for t, at in enumerate(parse.ends) if at <= begins),
                label,
                0.9,
            )
        )
    return names


@pytest.mark.parametrize(("text", "told", "whole", "never"), CASES, ids=[c[0][:40] for c in CASES])
def test_a_name_begins_and_ends_where_it_should(
    text: str, told: str, whole: str, never: str
) -> None:
    (parse,) = parses_of([text])
    names, _ = names_and_times(parse, Reading(parse, names=_seen(parse, told)), None)
    found = {parse.span_text(name.start, name.end): name.label for name in names}
    assert set(whole.split("|")) <= found.keys(), found
    assert not set(never.split("|")) & found.keys(), found
    assert all(found[name] == LABELS[name] for name in LABELS if name in found)
