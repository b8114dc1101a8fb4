"""A small valid batch: every table has rows, and nothing in it breaks a rule; and what would."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import polars as pl
import pytest

from expectations.gate import Gate
from tests.here import looking_once
from warehouse.dialects import frame
from warehouse.tables import CONTENT, TABLES

TEXT = "Kenya shelled Somalia on Monday. Ali said “two people died” in Nairobi."
FIRST = (0, 32)
SECOND = (33, len(TEXT))
PUBLISHED = dt.datetime(2026, 5, 5, 12)
Rows = dict[str, list[dict[str, Any]]]


def _span(text: str) -> tuple[int, int]:
    start = TEXT.index(text)
    return start, start + len(text)


def one_article(number: int) -> Rows:
    """The rows of one article that shares no entity, place or event with any other."""
    a = f"a{number}"
    ids = {"article_id": a, "sentence_id": f"{a}s0"}
    rows: Rows = {name: [] for name in CONTENT}
    rows["articles"] = [
        {
            "article_id": a, "source_uri": f"file:{a}.txt", "url": None, "source": "Wire",
            "title": "Shelling", "authors": ["A. Writer"], "language": "en",
            "published_at": PUBLISHED, "published_method": "header",
            "utc_offset": None, "dateline": None,
            "text": TEXT, "word_count": 11, "content_sha256": f"{number:064x}", "version": 1,
            "cluster_id": a, "is_cluster_lead": True, "run_id": "r",
            "loaded_at": PUBLISHED + dt.timedelta(days=1),
        }
    ]  # fmt: skip
    rows["sentences"] = [
        {"sentence_id": f"{a}s{n}", "article_id": a, "ordinal": n, "start_char": low,
         "end_char": high}
        for n, (low, high) in enumerate((FIRST, SECOND))
    ]  # fmt: skip
    rows["places"] = [
        {"place_id": f"geonames:{number}", "name": "Nairobi", "place_type": "city",
         "country_code": "KEN", "admin1": None, "latitude": -1.3, "longitude": 36.8,
         "population": 4_000_000}
    ]  # fmt: skip
    for name, kind, sector, sentence in (
        ("Kenya", "country", "GOV", 0), ("Somalia", "country", "GOV", 0),
        ("Ali", "person", "UNK", 1),
    ):  # fmt: skip
        start, end = _span(name)
        rows["entities"].append(
            {"entity_id": f"{a}{name}", "name": name, "entity_type": kind, "country_code": "KEN",
             "sector": sector, "aliases": [], "kb_id": None}
        )  # fmt: skip
        rows["entity_mentions"].append(
            {"mention_id": f"{a}m{name}", "article_id": a, "sentence_id": f"{a}s{sentence}",
             "entity_id": f"{a}{name}", "text": name, "start_char": start, "end_char": end,
             "mention_type": "name", "title": None, "method": "name", "confidence": 0.9}
        )  # fmt: skip
    rows["positions"] = [
        {"entity_id": f"{a}Ali", "title": "minister", "organization_entity_id": f"{a}Kenya",
         "country_code": "KEN", **ids, "observed_on": PUBLISHED.date()}
    ]  # fmt: skip
    start, end = _span("Monday")
    day = dt.date(2026, 5, 4)
    rows["time_mentions"] = [
        {"time_mention_id": f"{a}t", **ids, "text": "Monday", "start_char": start,
         "end_char": end, "timex_type": "DATE", "timex_value": "2026-05-04", "date_start": day,
         "date_end": day, "date_precision": "day", "anchor": "publication"}
    ]  # fmt: skip
    start, end = _span("Nairobi")
    rows["place_mentions"] = [
        {"place_mention_id": f"{a}p", "article_id": a, "sentence_id": f"{a}s1",
         "text": "Nairobi", "start_char": start, "end_char": end,
         "place_id": f"geonames:{number}", "method": "gazetteer", "confidence": 0.8}
    ]  # fmt: skip
    rows["events"] = [
        {"event_id": f"{a}e", "event_type": "ASSAULT", "event_mode": None, "cameo_code": "190",
         "quad_class": 4, "goldstein": -10.0, "modality": "asserted",
         "event_date": "2026-05-04", "date_start": day, "date_end": day, "date_precision": "day",
         "place_id": f"geonames:{number}", "country_code": "KEN", "mention_count": 1,
         "article_count": 1, "source_count": 1, "first_reported_at": PUBLISHED,
         "last_reported_at": PUBLISHED, "confidence": 0.9, "type_confidence": 0.9,
         "told": "narrated"}
    ]  # fmt: skip
    start, end = _span("shelled")
    rows["event_mentions"] = [
        {"event_mention_id": f"{a}em", "event_id": f"{a}e", **ids, "trigger_text": "shelled",
         "trigger_start": start, "trigger_end": end, "event_type": "ASSAULT",
         "event_mode": None, "modality": "asserted", "attribution_entity_id": f"{a}Ali",
         "date_text": "Monday", "event_date": "2026-05-04", "date_method": "relative",
         "place_text": "Nairobi", "place_id": f"geonames:{number}", "confidence": 0.9,
         "type_confidence": 0.9, "told": "narrated", "extractor_version": "x"}
    ]  # fmt: skip
    rows["event_participants"] = [
        {"event_mention_id": f"{a}em", "event_id": f"{a}e", "entity_id": f"{a}{name}",
         "mention_id": f"{a}m{name}", "role": role, "country_code": "KEN",
         "country_method": "named", "sector": "GOV", "confidence": 0.9}
        for name, role in (("Kenya", "initiator"), ("Somalia", "recipient"))
    ]  # fmt: skip
    rows["event_counts"] = [
        {"event_mention_id": f"{a}em", "kind": "killed", "low": 2, "high": 2, "text": "two"}
    ]
    start, end = _span("“two people died”")
    rows["quotations"] = [
        {"quotation_id": f"{a}q", "article_id": a, "sentence_id": f"{a}s1",
         "speaker_entity_id": f"{a}Ali", "quote_start": start, "quote_end": end, "cue": "say",
         "is_direct": True}
    ]  # fmt: skip
    return rows


LATE = dt.date(2026, 5, 9)

# table → rule → (changes to one row, part of the reason)
SPAN = "but characters"
PLANTS: dict[str, dict[str, tuple[dict[str, Any], str]]] = {
    "articles": {
        "required": ({"source_uri": None}, "source_uri is empty"),
        "values": ({"language": "English"}, "language “English” does not have the form"),
        "sane-date": ({"published_at": dt.datetime(2031, 1, 1)}, "is in the future"),
    },
    "sentences": {
        "required": ({"ordinal": None}, "ordinal is empty"),
        "values": ({"start_char": -1}, "start_char “-1” is below 0"),
        "references": ({"article_id": "zz"}, "article_id zz stands nowhere in articles"),
        "sentence-bounds": ({"end_char": 999}, "but the article has only"),
    },
    "places": {
        "required": ({"name": ""}, "name is empty"),
        "values": ({"latitude": 120.0}, "latitude “120.0” is above 90"),
        "coordinates": ({"longitude": None}, "one coordinate without the other"),
    },
    "entities": {
        "required": ({"name": None}, "name is empty"),
        "values": ({"sector": "XXX"}, "sector “XXX” is none of the values"),
    },
    "entity_mentions": {
        "required": ({"method": None}, "method is empty"),
        "values": ({"confidence": 1.5}, "confidence “1.5” is above 1"),
        "references": ({"entity_id": "zz"}, "stands nowhere in entities"),
        "span-text": ({"text": "Uganda"}, SPAN),
        "inside-sentence": ({"sentence_id": "a3s1"}, "are not within its sentence"),
    },
    "positions": {
        "required": ({"observed_on": None}, "observed_on is empty"),
        "values": ({"country_code": "Kenya"}, "country_code “Kenya” does not have the form"),
        "references": ({"organization_entity_id": "zz"}, "stands nowhere in entities"),
        "same-article": ({"sentence_id": "a4s0"}, "belongs to another article, a4"),
    },
    "time_mentions": {
        "required": ({"timex_value": None}, "timex_value is empty"),
        "values": ({"anchor": "moon"}, "anchor “moon” is none of the values"),
        "references": ({"sentence_id": "zz"}, "stands nowhere in sentences"),
        "span-text": ({"text": "Tuesday"}, SPAN),
        "inside-sentence": ({"sentence_id": "a3s1"}, "are not within its sentence"),
        "precision-fits-interval": ({"date_precision": "unknown"}, "its precision is unknown"),
    },
    "place_mentions": {
        "required": ({"method": None}, "method is empty"),
        "values": ({"confidence": -0.5}, "is below 0"),
        "references": ({"place_id": "geonames:zz"}, "stands nowhere in places"),
        "span-text": ({"text": "Mombasa"}, SPAN),
        "inside-sentence": ({"sentence_id": "a3s0"}, "are not within its sentence"),
    },
    "events": {
        "required": ({"first_reported_at": None}, "first_reported_at is empty"),
        "values": ({"modality": "maybe"}, "modality “maybe” is none of the values"),
        "references": ({"place_id": "geonames:zz"}, "stands nowhere in places"),
        "precision-fits-interval": ({"date_end": dt.date(2026, 5, 1)}, "before it begins"),
        "quad-fits-type": ({"quad_class": 1}, "quad class 1 does not go with ASSAULT"),
        "code-fits-type": ({"goldstein": 3.0}, "its Goldstein score is 3.0"),
        "not-ahead-of-report": ({"date_start": LATE, "date_end": LATE}, "told as fact"),
        "counts-agree": ({"article_count": 2}, "counts 2 articles but only 1 reports"),
    },
    "event_mentions": {
        "required": ({"extractor_version": None}, "extractor_version is empty"),
        "values": ({"event_date": "Monday"}, "event_date “Monday” does not have the form"),
        "references": ({"attribution_entity_id": "zz"}, "stands nowhere in entities"),
        "span-text": ({"trigger_text": "bombed"}, SPAN),
        "inside-sentence": ({"sentence_id": "a3s1"}, "are not within its sentence"),
        "not-ahead-of-report": ({"event_date": "2026-06"}, "yet dated 2026-06"),
    },
    "event_participants": {
        "required": ({"role": None}, "role is empty"),
        "values": ({"role": "victim"}, "role “victim” is none of the values"),
        "references": ({"mention_id": "zz"}, "stands nowhere in entity_mentions"),
        "same-event": ({"entity_id": "a3Ali"}, "its mention names entity a3Kenya, not a3Ali"),
    },
    "event_counts": {
        "required": ({"low": None}, "low is empty"),
        "values": ({"kind": "sad"}, "kind “sad” is none of the values"),
        "references": ({"event_mention_id": "zz"}, "stands nowhere in event_mentions"),
        "low-to-high": ({"low": 9}, "at least 9, but at most 2"),
    },
    "quotations": {
        "required": ({"is_direct": None}, "is_direct is empty"),
        "values": ({"quote_start": -3}, "is below 0"),
        "references": ({"speaker_entity_id": "zz"}, "stands nowhere in entities"),
        "same-article": ({"quote_end": 5000}, "but the article has only"),
    },
}  # fmt: skip


def batch(count: int) -> Rows:
    """The rows of `count` articles."""
    rows: Rows = {name: [] for name in CONTENT}
    for number in range(count):
        for name, more in one_article(number).items():
            rows[name] += more
    return rows


def frames_of(rows: Rows) -> dict[str, pl.DataFrame]:
    """Rows as declared frames."""
    return {name: frame(TABLES[name], rows[name]) for name in CONTENT}


@pytest.fixture(scope="package")
def gate() -> Iterator[Gate]:
    with looking_once():
        yield Gate()


@pytest.fixture
def rows() -> Rows:
    return batch(20)


@pytest.fixture(scope="package")
def check(gate: Gate) -> Callable[..., Any]:
    """Checks rows, with the gate of these tests or another."""

    def run(rows: Rows, known: dict[str, set[str]] | None = None, by: Gate = gate) -> Any:
        return by.check(frames_of(rows), known=known or {})

    return run
