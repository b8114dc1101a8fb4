"""Entries of a live blog have their own times, texts and headlines."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from transforms.articles import Article, make_article
from transforms.readers import RawArticle, ReadError, read

TODAY = dt.date(2026, 3, 20)
MORNING = (
    "Ministers from Chad and Niger will hold talks in Niamey at noon, the foreign ministry said."
)
NOON = "Ministers from Chad and Niger held talks in Niamey, the foreign ministry said on Thursday."
URL = "https://news.example.org/live/niamey-talks"


def update(number: int, text: str, at: str, **more: Any) -> dict[str, Any]:
    return {"@type": "BlogPosting", "@id": f"{URL}#entry-{number}", "headline": f"Entry {number}",
            "articleBody": text, "datePublished": at, **more}  # fmt: skip


def html(updates: Any, body: str = "", kind: str = "LiveBlogPosting") -> bytes:
    data = {"@context": "https://schema.org", "@type": kind, "headline": "Talks in Niamey, live",
            "datePublished": "2026-03-19T06:00:00Z", "dateModified": "2026-03-19T18:00:00Z",
            "url": URL, "liveBlogUpdate": updates}  # fmt: skip
    shown = body or "".join(f"<h2>x</h2><p>{text}</p>" for text in (NOON, MORNING))
    return (
        f'<!doctype html><html lang="en"><head><title>Talks in Niamey, live</title>'
        f'<link rel="canonical" href="{URL}"><script type="application/ld+json">'
        f"{json.dumps(data)}</script></head><body><article><h1>Talks in Niamey, live</h1>"
        f"{shown}</article></body></html>"
    ).encode()


def articles(data: bytes) -> list[Article]:
    found = []
    for item in read(data, "live.html"):
        assert isinstance(item, RawArticle), item
        made = make_article(item, source_uri="/in/live.html", today=TODAY)
        assert not isinstance(made, ReadError), made
        found.append(made)
    return found


TWO = [
    update(2, NOON, "2026-03-19T12:30:00+01:00"),
    update(1, MORNING, "2026-03-19T07:10:00+01:00"),
]


def test_each_entry_is_an_article_of_its_own_time() -> None:
    first, second = articles(html(TWO))
    assert (first.title, first.text) == ("Entry 1", MORNING)
    assert (second.title, second.text) == ("Entry 2", NOON)
    assert f"{first.published_at:%H:%M} {second.published_at:%H:%M}" == "06:10 11:30"
    assert first.published_method == "json-ld"
    assert first.url == f"{URL}#entry-1"
    assert first.article_id != second.article_id
    assert [item.record for item in (first, second)] == ["1", "2"]


def test_ids_stay_when_entries_are_added() -> None:
    third = update(
        3, "The talks ended without a statement, officials said in Niamey.", "2026-03-19T20:00:00Z"
    )
    before = {item.text: item.article_id for item in articles(html(TWO))}
    after = {item.text: item.article_id for item in articles(html([third, *TWO]))}
    assert len(after) == 3 and before.items() <= after.items()


def test_what_stands_beside_the_entries_is_an_article_of_the_page() -> None:
    lead = (
        "The talks are the first between the two neighbours since the border was closed in 2024, "
        "and both governments have said that trade is to be opened again this year. Diplomats "
        "expect a statement in the evening, and a second round in April, when the ministers of "
        "trade and of the interior of both countries are to meet in Zinder."
    )
    found = articles(html(TWO, f"<p>{lead}</p><p>{NOON}</p><p>{MORNING}</p>"))
    assert [item.text for item in found] == [lead, MORNING, NOON]
    assert found[0].title == "Talks in Niamey, live" and found[0].url == URL


@pytest.mark.parametrize(
    "data",
    [
        html(TWO[:1]),
        html([]),
        html([{**TWO[0], "datePublished": None}, TWO[1]]),
        html([{**TWO[0], "articleBody": ""}, TWO[1]]),
        html(TWO, kind="NewsArticle"),
        html([7, "x", TWO[0]]),
    ],
    ids=["one entry", "none", "no time", "no text", "no live blog", "odd ones"],
)
def test_other_pages_are_one_article(data: bytes) -> None:
    (only,) = articles(data)
    assert only.url == URL and only.record is None and NOON in only.text


def test_a_line_stands_with_the_entry_before_it() -> None:
    line = update(3, "The talks are over.", "2026-03-19T13:00:00+01:00")
    _, second = articles(html([line, *TWO]))
    assert second.text.endswith("Thursday.\n\nThe talks are over.")


def test_data_that_tells_little_of_the_page_is_not_taken_for_it() -> None:
    body = "".join(f"<p>{NOON} It was talk number {n} of the day in Niamey.</p>" for n in range(20))
    (only,) = articles(html(TWO, body))
    assert only.record is None and only.text.count("talk number") == 20


def test_entries_without_an_address_are_told_apart_by_their_time() -> None:
    bare = [{k: v for k, v in item.items() if k not in ("@id", "headline")} for item in TWO]
    first, second = articles(html(bare))
    assert first.url == second.url == URL and first.article_id != second.article_id
    assert first.title == second.title == "Talks in Niamey, live"


def test_links_in_a_line_of_an_entry_are_no_text() -> None:
    told = 'Crowds have <a href="https://a.example/1" rel="Follow">stormed a hotel</a> in Niamey.'
    first, _ = articles(html([update(1, told, "2026-03-19T07:10:00+01:00"), TWO[0]]))
    assert first.text == "Crowds have stormed a hotel in Niamey."
