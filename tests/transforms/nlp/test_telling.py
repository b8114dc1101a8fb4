"""According to whom an event is told: the outlet, somebody named, a party, under dispute."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from tests.transforms.nlp.event_cases import annotated, parses_of
from transforms.rollups import events

CASES = (
    # text, trigger, told
    ("Ruritanian police arrested nine students in Strelsau on Monday.", "arrested", "narrated"),
    ("The army shelled the town of Zenda, residents said.", "shelled", "attributed"),
    ("Doctors said that gunmen killed two farmers near Gao.", "killed", "attributed"),
    ("According to aid workers, rebels attacked a convoy in Mali.", "attacked", "attributed"),
    (
        "The Russian defence ministry said Russian forces struck a depot in Odesa.",
        "struck",
        "claimed",
    ),
    ("Israel bombed a bridge in Lebanon, the Israeli military said.", "bombed", "claimed"),
    ("The rebels said that the rebels had attacked the base on Monday.", "attacked", "claimed"),
    (
        "The Israeli military said Israel bombed a bridge in Lebanon. Lebanon rejected the claim.",
        "bombed",
        "disputed",
    ),
    (
        "Ukraine said Russia attacked the port of Odesa. Russia denied the accusation.",
        "attacked",
        "disputed",
    ),
    # one who is no party denies nothing for it, and another matter is no denial of this one
    (
        "Ukraine said Russia attacked the port of Odesa. Russia rejected a Brazilian peace plan.",
        "attacked",
        "claimed",
    ),
)


@pytest.fixture(scope="module", autouse=True)
def _parse_together() -> None:
    parses_of([text for text, _, _ in CASES])


@pytest.mark.parametrize(("text", "word", "told"), CASES)
def test_told(text: str, word: str, told: str) -> None:
    parse, _, events = annotated(text)
    found = {parse.lower[event.trigger_start]: event.told for event in events}
    assert found.get(word) == told, found


@pytest.mark.parametrize(
    ("reports", "told"),
    [
        (["claimed", "attributed"], "attributed"),
        (["claimed", "narrated", "attributed"], "narrated"),
        (["narrated", "disputed"], "disputed"),
        ([None, "claimed"], "claimed"),  # read before this was kept
        ([None], None),
    ],
)
def test_an_event_is_told_as_its_reports_are(reports: list[str | None], told: str | None) -> None:
    day = dt.date(2026, 3, 1)
    frame = pl.DataFrame(
        {
            "event_id": ["e"] * len(reports),
            "article_id": [f"a{n}" for n in range(len(reports))],
            "told": pl.Series(reports, dtype=pl.String),
        }
    ).with_columns(
        event_type=pl.lit("ASSAULT"), event_mode=pl.lit(None, pl.String), cameo_code=pl.lit("190"),
        modality=pl.lit("asserted"), event_date=pl.lit("2026-03-01"), date_start=pl.lit(day),
        date_end=pl.lit(day), date_precision=pl.lit("day"), date_method=pl.lit("explicit"),
        place_id=pl.lit(None, pl.String), country_code=pl.lit(None, pl.String),
        voice=pl.lit("Wire"), published_at=pl.lit(dt.datetime(2026, 3, 1)), confidence=pl.lit(0.9),
        type_confidence=pl.lit(0.9),
    )  # fmt: skip
    assert events(frame)["told"].to_list() == [told]
