"""Days of acts that their own words do not date: `tests/cases/background_days.tsv`."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.conftest import ROOT
from tests.transforms.nlp.event_cases import parses_of
from transforms.lexicons.loader import parse_table
from transforms.nlp.annotations import EventDraft, TimeMention
from transforms.nlp.dates import choose_days, datable, date_event, find_times
from transforms.nlp.parsing.parse import Parse

PUBLISHED = dt.date(2025, 10, 16)
PATH = ROOT / "tests" / "cases" / "background_days.tsv"
ROWS = list(
    parse_table(PATH.read_text("utf-8"), PATH.name, ["kind", "text", "word", "type", "day"])
)
OPEN = {("very", "strike"), ("life", "marches")}  # still without a day, or with another


def _draft(parse: Parse, token: int, event_type: str, times: list[TimeMention]) -> EventDraft:
    return EventDraft(
        sent=parse.sent_of[token], trigger_start=token, trigger_end=token + 1,
        event_type=event_type, event_mode=None, cameo_code=None, modality="asserted",
        participants=[], attribution=None, place=None, counts=[], confidence=0.5,
        date=date_event(parse, token, times, PUBLISHED),
    )  # fmt: skip


def _days(parse: Parse, word: str, event_type: str) -> str:
    """The day of the last `word`; every verb in the past is an act beside it."""
    times = datable(parse, find_times(parse, PUBLISHED), PUBLISHED)
    token = max(n for n, one in enumerate(parse.words) if one == word)
    others = [n for n, tag in enumerate(parse.tags) if tag == "VBD" and n != token]
    drafts = [_draft(parse, n, event_type, times) for n in sorted([*others, token])]
    choose_days(parse, drafts, times, PUBLISHED)
    date = next(draft for draft in drafts if draft.trigger_start == token).date
    assert date is not None
    return date.edtf or ""


@pytest.fixture(scope="module")
def parses() -> dict[str, Parse]:
    texts = {row["text"] for row in ROWS}
    told = {text: text.replace(" | ", "\n\n") for text in texts}
    return dict(zip(told, parses_of(list(told.values())), strict=True))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['kind']} {row['word']}")
def test_day(row: dict[str, str], parses: dict[str, Parse], request: pytest.FixtureRequest) -> None:
    if (row["kind"], row["word"]) in OPEN:
        request.applymarker(pytest.mark.xfail(strict=True))
    day = _days(parses[row["text"]], row["word"], row["type"])
    right = row["day"].split(";")
    assert day in right or any(
        one.startswith("!") and not day.startswith(one[1:]) for one in right
    ), day
