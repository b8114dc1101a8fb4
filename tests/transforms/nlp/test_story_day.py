"""Which day an article's events are of, where their own words give none or a misleading one."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.transforms.nlp.event_cases import parses_of
from transforms.nlp.dates import datable, date_event, find_times

PUBLISHED = dt.date(2025, 10, 16)  # a Thursday

CASES = (
    # text, word, date, method
    (
        "This story is from October 16, 2025\nLucknow: Police arrested nine men here on Tuesday. "
        "Shopkeepers closed their shops. Six more men were arrested near the station.",
        "more",
        "2025-10-14",
        "inherited",
    ),
    (
        "Published: October 16, 2025\nPolice arrested nine men. The court freed them.",
        "freed",
        "2025-10-16",
        "publication",
    ),
    (
        "lucknow: police arrested nine men here on tuesday.\n\nangry crowds torched a bus.",
        "torched",
        "2025-10-14",
        "inherited",
    ),
    (
        "In a letter of march 16 the minister condemned the raid.",
        "letter",
        "2025-03-16",
        "relative",
    ),
    (
        "On Aug. 8 coalition forces struck depots in Syria.\n\nNear Raqqa a strike destroyed it.",
        "destroyed",
        "2025-08-08",
        "inherited",
    ),
    ("On Tuesday, Dec. 26, troops shelled the town.", "shelled", "2023-12-26", "relative"),
    (
        "Rebels attacked in the last week of September.",
        "attacked",
        "2025-09-24/2025-09-30",
        "relative",
    ),
    (
        "Ministers met in the second week of August 2024.",
        "met",
        "2024-08-08/2024-08-14",
        "explicit",
    ),
    ("The house ratified it by 2011 votes to 1998.", "ratified", "2025-10-16", "publication"),
    ("Rebels of Squad 1969 freed nine miners.", "freed", "2025-10-16", "publication"),
    ("Rwanda accuses France of having armed the militias.", "armed", None, ""),
    # what is told in the present is of the day it is written on
    (
        "Police arrested nine men on Tuesday.\n\nThe union condemns it.",
        "condemns",
        "2025-10-16",
        "publication",
    ),
)


@pytest.mark.parametrize(("text", "word", "date", "method"), CASES)
def test_day(text: str, word: str, date: str | None, method: str) -> None:
    (parse,) = parses_of([text])
    times = datable(parse, find_times(parse, PUBLISHED))
    found = date_event(parse, parse.lower.index(word), times, PUBLISHED)
    assert (found.edtf, found.date_method) == (date, method)
