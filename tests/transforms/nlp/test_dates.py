"""Temporal expressions and the dates of events, on sentences of our own."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from pathlib import Path

import pytest

from benchmarks.annotate import annotate
from tests.transforms.nlp.event_cases import parses_of
from transforms.lexicons.loader import LexiconError, parse_table
from transforms.nlp.annotations import EventDate, TimeMention
from transforms.nlp.dates import calendar as c
from transforms.nlp.dates import date_event, find_times
from transforms.nlp.dates.words import grouped, tenses, words
from transforms.nlp.parsing.parse import Parse

FOLDER = Path(__file__).parents[2] / "cases"


def rows(name: str) -> list[list[str]]:
    lines = (FOLDER / name).read_text("utf-8").splitlines()
    held = [line.split("\t") for line in lines if line.strip() and not line.startswith("#")]
    return [[cell.strip() for cell in line] for line in held[1:]]


EVENTS = rows("event_dates.tsv")
EXPRESSIONS = rows("time_expressions.tsv")
NEWS = rows("news_times.tsv")
NO_ANCHOR = "The army attacked on Tuesday and will meet in May. It left two days ago, last week."


@pytest.fixture(scope="session")
def parsed() -> dict[str, Parse]:
    texts = list(dict.fromkeys([NO_ANCHOR, *(r[0] for r in [*EVENTS, *EXPRESSIONS, *NEWS])]))
    return dict(zip(texts, parses_of(texts), strict=True))


def test_there_are_enough_cases() -> None:
    assert len(EVENTS) >= 120
    assert len(NEWS) >= 200


@pytest.mark.parametrize("case", EVENTS, ids=lambda case: f"{case[2]}: {case[0][:50]}")
def test_event_date(case: list[str], parsed: dict[str, Parse]) -> None:
    text, day, trigger, edtf, precision, method, modality = case
    published = dt.date.fromisoformat(day)
    parse = parsed[text]
    found = date_event(
        parse,
        parse.words.index(trigger),
        find_times(parse, published),
        published,
        modality=modality,
    )
    if edtf == "-":
        assert found == EventDate(None, None, None, "unknown", "", None)
        return
    assert (found.edtf, found.date_precision, found.date_method) == (edtf, precision, method)
    assert (found.mention is None) == (method == "publication")


@pytest.mark.parametrize("case", EXPRESSIONS, ids=lambda case: f"{case[2]}: {case[0][:50]}")
def test_expression(case: list[str], parsed: dict[str, Parse]) -> None:
    text, day, expression, kind, value, edtf = case
    parse = parsed[text]
    times = find_times(parse, dt.date.fromisoformat(day))
    found = [(parse.span_text(t.start, t.end), t.timex_type, t.timex_value, t.edtf) for t in times]
    if expression == "-":
        assert found == []
        return
    assert (expression, kind, value, None if edtf == "-" else edtf) in found


@pytest.mark.parametrize("case", NEWS, ids=lambda case: f"{case[2]}: {case[0][:50]}")
def test_expression_as_news_writes_it(case: list[str], parsed: dict[str, Parse]) -> None:
    text, day, expression, kind, value = case
    parse = parsed[text]
    times = find_times(parse, dt.date.fromisoformat(day))
    found = [(parse.span_text(t.start, t.end), t.timex_type, t.timex_value) for t in times]
    if expression == "-":
        assert found == []
        return
    wanted = [(expression, k, v) for k in kind.split(",") for v in value.split(",")]
    assert any(one in found for one in wanted), found


def test_mentions_are_in_order_and_apart(parsed: dict[str, Parse]) -> None:
    for parse in parsed.values():
        times = find_times(parse, dt.date(2025, 12, 18))
        assert all(t.start < t.end for t in times)
        assert all(a.end <= b.start for a, b in pairwise(times))


def test_edtf_text_is_valid(parsed: dict[str, Parse]) -> None:
    from edtf import parse_edtf

    seen = 0
    for parse in parsed.values():
        for time in find_times(parse, dt.date(2025, 12, 18)):
            if time.edtf is None:
                assert time.date_start is None
                continue
            parse_edtf(time.edtf)
            assert time.date_start is not None and time.date_end is not None
            assert time.date_start <= time.date_end
            seen += 1
    assert seen > 60


def test_without_publication_nothing_is_anchored(parsed: dict[str, Parse]) -> None:
    parse = parsed[NO_ANCHOR]
    times = find_times(parse, None)
    assert len(times) == 4
    assert all(t.date_start is None and t.anchor == "none" for t in times)
    undated = date_event(parse, parse.words.index("attacked"), times, None)
    assert undated.edtf is None and undated.date_method == ""


def test_what_is_told_as_done_is_not_dated_ahead(parsed: dict[str, Parse]) -> None:
    parse = parsed["The president will visit China in January."]
    times = find_times(parse, dt.date(2025, 12, 18))
    visit = parse.words.index("visit")
    assert date_event(parse, visit, times, dt.date(2025, 12, 18)).date_method == "publication"


@pytest.mark.parametrize(
    ("year", "month", "day"), [(1961, 4, 2), (2000, 4, 23), (2024, 3, 31), (2038, 4, 25)]
)
def test_easter(year: int, month: int, day: int) -> None:
    assert c.easter(year) == dt.date(year, month, day)


def test_holiday_rules() -> None:
    assert c.holiday("4 thursday 11", 2025) == dt.date(2025, 11, 27)
    assert c.holiday("-1 monday 5", 2025) == dt.date(2025, 5, 26)
    assert c.holiday("easter-2", 1998) == dt.date(1998, 4, 10)


@pytest.mark.parametrize(
    ("period", "edtf"),
    [
        (c.day(dt.date(2025, 12, 18)), "2025-12-18"),
        (c.month(2025, 13), "2026-01"),
        (c.year(2008), "2008"),
        (c.decade(1990), "1990/1999"),
        (c.quarter(2025, 0), "2024-10-01/2024-12-31"),
        (c.week(dt.date(2025, 12, 18)), "2025-12-15/2025-12-21"),
        (c.season(2019, "WI"), "2019-12-01/2020-02-29"),
        (c.part(c.month(2026, 1), "START"), "2026-01-01/2026-01-10"),
    ],
)
def test_edtf_of_periods(period: c.Period, edtf: str) -> None:
    assert period.edtf == edtf


def test_lexicon_errors_name_the_line() -> None:
    for line, reason in [("noon\tplanet\t1", "planet"), ("may\tmonth\t5\nmay\tmonth\t5", "twice")]:
        table = parse_table(f"word\tkind\tvalue\n{line}\n", "x.tsv", ["word", "kind", "value"])
        with pytest.raises(LexiconError, match=rf"x\.tsv:\d: .*{reason}"):
            grouped(list(table))


def test_lexicon_is_whole() -> None:
    assert set(words()["month"].values()) == {str(n) for n in range(1, 13)}
    assert set(words()["weekday"].values()) == {str(n) for n in range(1, 8)}
    assert all(tenses().values())
    for rule in c.holidays().values():
        assert c.holiday(rule, 2024).year == 2024


def test_a_mention_without_days_dates_nothing(parsed: dict[str, Parse]) -> None:
    parse = parsed["Police arrested three men on Tuesday."]
    vague = TimeMention(4, 5, "DATE", "PAST_REF")
    found = date_event(parse, 1, [vague], dt.date(2025, 12, 18))
    assert found.date_method == "publication"


@pytest.mark.parametrize(
    ("last", "told", "fits"),
    [
        (dt.date(2025, 10, 1), "day", "day"),
        (dt.date(2026, 4, 6), "day", "week"),  # "since August 22", read in April
        (dt.date(2027, 1, 1), "day", "month"),
        (dt.date(2026, 4, 6), "month", "month"),
        (dt.date(2200, 1, 1), "day", "year"),
    ],
)
def test_a_long_span_is_not_exact_to_the_day(last: dt.date, told: str, fits: str) -> None:
    assert c.precision_within(dt.date(2025, 8, 22), last, told) == fits


@pytest.mark.parametrize(
    "text", ["France has occupied Tahiti since 1846.", "Peru and Chile fought from 1846 to 2020."]
)
def test_what_lasted_over_a_century_is_dated_by_its_beginning(text: str) -> None:
    """The gate refused such events: no precision covers their days."""
    [parse] = parses_of([text])
    [event] = annotate(parse, dt.date(2026, 4, 6)).events
    assert event.date is not None
    assert (event.date.edtf, event.date.date_method) == ("1846", "explicit")
