"""Dates of publication as pages write them: the zone is kept, and no guess is believed."""

from __future__ import annotations

import datetime as dt

import pytest

from transforms import published
from transforms.articles import Article, make_article
from transforms.published import doubt, parse
from transforms.readers.base import RawArticle


@pytest.mark.parametrize(
    ("text", "wanted", "precision"),
    [
        ("2025-03-04T18:20:11+05:30", "2025-03-04 12:50:11", "second"),
        ("2025-03-04T23:30-0400", "2025-03-05 03:30:00", "second"),
        ("2025-03-04 13:55:27 +01:00", "2025-03-04 12:55:27", "second"),
        ("2025-03-04T10:00:00 EST", "2025-03-04 15:00:00", "second"),
        ("2025-03-04T10:00:00+01:00[Europe/Paris]", "2025-03-04 09:00:00", "second"),
        ("2025-03-04T9:00:00Z", "2025-03-04 09:00:00", "second"),
        ("March 4, 2025 10:00 p.m. EST", "2025-03-05 03:00:00", "second"),
        ("July 4, 2025 4:03 AM ET", "2025-07-04 08:03:00", "second"),
        ("January 4, 2025 4:03 AM ET", "2025-01-04 09:03:00", "second"),
        ("Published: 15:56 BST, 27 April 2024", "2024-04-27 14:56:00", "second"),
        ("Tue Mar 04 2025 10:00:00 GMT+0100 (CET)", "2025-03-04 09:00:00", "second"),
        ("Tue, 4 Mar 2025 10:00:00 -0500", "2025-03-04 15:00:00", "second"),
        ("12:30 AM IST, March 4, 2025", "2025-03-03 19:00:00", "second"),
        ("March 4, 2025 12:30 pm", "2025-03-04 00:00:00", "day"),  # in which zone?
        ("2025-3-4", "2025-03-04 00:00:00", "day"),
        ("4 March 2025", "2025-03-04 00:00:00", "day"),
        ("Wed, 05 Nov 2025 00:30:00 GMT+0200", "2025-11-04 22:30:00", "second"),
        ("Wed, 05 Nov 2025 00:30:00 UTC+2", "2025-11-04 22:30:00", "second"),
        ("Wed, 05 Nov 2025 00:30:00 GMT+02:00", "2025-11-04 22:30:00", "second"),
        ("Wed, 05 Nov 2025 00:30:00 +02:00", "2025-11-04 22:30:00", "second"),
        ("Wed, 05 Nov 2025 00:30 +0200", "2025-11-04 22:30:00", "second"),
        ("Wed, 05 Nov 2025 00:30:00 CET", "2025-11-04 23:30:00", "second"),
        ("Wednesday, 05-Nov-25 00:30:00 +0200", "2025-11-04 22:30:00", "second"),
        ("Wed, 05 Nov 2025 24:00:00 +0200", "2025-11-05 22:00:00", "second"),
        ("5 Nov 2025 00:30:00 MSK", "2025-11-04 21:30:00", "second"),
        ("Wed, 05 Nov 2025 9:05:00 EST", "2025-11-05 14:05:00", "second"),
        ("Tue, 04 Nov 2025 24:30:00 +0200", "2025-11-04 22:30:00", "second"),
        ("Wed, 05 Nov 2025 00:30:60 +0200", "2025-11-04 22:31:00", "second"),
        ("Wed, 05 Nov 2025 00:30:00 UTC\u221205:00", "2025-11-05 05:30:00", "second"),
        ("mer. 05 nov. 2025 00h30 +0200", "2025-11-04 22:30:00", "second"),
        ("Mon, 3 Mar 2025 10:00:00 (UTC+5:30)", "2025-03-03 04:30:00", "second"),
        ("Wed Nov  5 00:30:00 +0200 2025", "2025-11-04 22:30:00", "second"),
        ("2025-11-05T24:00:00Z", "2025-11-06 00:00:00", "second"),
        ("20251105T003000+0200", "2025-11-04 22:30:00", "second"),
        ("the 3rd of September, 2025", "2025-09-03 00:00:00", "day"),
        ("3. September 2025", "2025-09-03 00:00:00", "day"),
        ("le 3 septembre 2025 à 10h00", "2025-09-03 00:00:00", "day"),
        ("3 de septiembre de 2025", "2025-09-03 00:00:00", "day"),
        ("2025年9月3日", "2025-09-03 00:00:00", "day"),
    ],
)
def test_parse(text: str, wanted: str, precision: str) -> None:
    assert parse(text) == (dt.datetime.fromisoformat(wanted), precision)


@pytest.mark.parametrize(
    "text", ["soon", "2025-13-45", "February 30, 2025", "", "0001-01-01T00:00:00+05:00", "9" * 5000]
)
def test_no_date(text: str) -> None:
    assert parse(text) is None


def test_doubts() -> None:
    today = dt.date(2026, 11, 24)
    assert doubt(dt.datetime(1899, 12, 31), today)
    assert doubt(dt.datetime(2026, 11, 27), today)
    assert doubt(dt.datetime(2026, 11, 25), today) is None


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("2025-10-16T00:30:00+09:00", 540),
        ("2025-10-15T20:30:00-10:00", -600),
        ("2025-10-16T08:00:00.000+1300", 780),
        ("Thu, 16 Oct 2025 07:30:00 +1100", 660),
        ("Wed, 15 Apr 2026 20:00:00 PDT", -420),
        ("Thu, 15 Jan 2026 20:00:00 EST", -300),
        ("15 April 2026 8:00 pm CEST", 120),
        ("Wed, 15 Apr 2026 20:00:00 GMT", None),
        ("Wed, 15 Apr 2026 20:00:00 UTC", None),
        ("Wed, 15 Apr 2026 20:00:00", None),
        ("2025-10-16T08:00:00Z", None),
        ("2025-10-16", None),
        ("2025-10-16 08:00:00+99:00", None),
        (None, None),
    ],
)
def test_offset(text: str | None, minutes: int | None) -> None:
    assert published.offset(text) == minutes


@pytest.mark.parametrize(
    ("shown", "told"),
    [
        ("14 May 2026, 7:30 am AEST", "2026-05-14T07:30:00+10:00"),
        ("14 May 2026, 9:30 am AEST", "2026-05-13T21:30:00Z"),  # of another moment
        ("14 May 2026", "2026-05-13T21:30:00Z"),
    ],
)
def test_a_machine_s_time_is_told_by_the_clock_shown_beside_it(shown: str, told: str) -> None:
    assert published.on_clock_of("2026-05-13T21:30:00Z", shown) == told


def test_the_day_of_an_article_is_that_of_its_outlet() -> None:
    body = "Japan recalled its ambassador from Minsk today, the ministry said. " * 3
    raw = RawArticle(record="1", title="Envoy", text=body, published="2025-10-16T00:30:00+09:00")
    article = make_article(raw, source_uri="a.html", today=dt.date(2026, 1, 1))
    assert isinstance(article, Article)
    assert article.published_at == dt.datetime(2025, 10, 15, 15, 30)
    assert article.day == dt.date(2025, 10, 16)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-04-16T01:15:00+09:00", 16),
        ("2026-04-15T22:40:00-07:00", 15),
        ("2026-04-16T06:30:00+12:00", 16),
        ("2026-04-16T02:00:00+05:30", 16),
        ("2026-04-15T21:30:00-04:00", 15),
        ("2026-04-15T23:10:00-08:00", 15),
        ("2026-04-15T20:45:00-0400", 15),
        ("Thu, 16 Apr 2026 05:10:00 +0900", 16),
        ("Wed, 15 Apr 2026 21:45:00 -0600", 15),
        ("Wed, 15 Apr 2026 19:00:00 -1000", 15),
        ("Wed, 15 Apr 2026 20:00:00 PDT", 15),
        ("Wed, 15 Apr 2026 19:00:00 HST", 15),
        ("Thu, 16 Apr 2026 09:20:00 +1200", 16),
    ],
)
def test_today_is_the_day_where_it_was_written(written: str, day: int) -> None:
    raw = RawArticle(record="1", title="March", text="They marched today. " * 9, published=written)
    article = make_article(raw, source_uri="a.html", today=dt.date(2026, 5, 1))
    assert isinstance(article, Article)
    assert article.day == dt.date(2026, 4, day)
