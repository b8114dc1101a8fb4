"""The day that a page shows as that of its publication, however written, before other dates."""

from __future__ import annotations

import pytest

from transforms.published import parse
from transforms.readers.base import RawArticle
from transforms.readers.page import page

STORY = "<p>" + "Benin recalled its ambassador from Rome after a quarrel over fishing rights. " * 4
OTHER = {
    "nothing else": "",
    "a date of another story": "<aside><time datetime='2019-01-01'>1 January 2019</time></aside>",
    "the day of the last change": "<meta property='article:modified_time' content='2025-09-20'>",
    "the day of its creation": "<script type='application/ld+json'>{\"@type\":\"NewsArticle\","
    "\"headline\":\"Envoy recalled\",\"dateCreated\":\"2025-08-01\"}</script>",
    "the day of its template": "<meta name='date' content='2014-05-06'>",
    "a time in the story": "<div class='x'><article><time datetime='2001-02-03'>then</time>",
}  # fmt: skip
SHOWN = (
    "<p class='meta'>Published 3 September 2025, updated 20 September 2025</p>",
    "<p>Posted on Wednesday, September 3rd, 2025 at 10:15</p>",
    "<div><span>Published:</span> <b>Sept. 3, 2025</b></div>",
    "<div class='byline'>By Ana Ruiz | First published: 3 Sep 2025</div>",
    "<p>Publié le 3 septembre 2025</p>",
)


def published(html: str) -> tuple[str, str]:
    made = page(html)
    assert isinstance(made, RawArticle) and made.published
    moment = parse(made.published)
    assert moment
    return moment[0].date().isoformat(), made.published_method


@pytest.mark.parametrize("other", OTHER)
@pytest.mark.parametrize("shown", SHOWN)
def test_the_day_shown_goes_first(shown: str, other: str) -> None:
    head = f"<html><head><title>Envoy recalled</title>{OTHER[other]}</head><body>"
    html = f"{head}<h1>Envoy recalled to Cotonou</h1>{shown}<div class='story'>{STORY}</div>"
    assert published(html) == ("2025-09-03", "page")


def test_data_of_the_same_day_is_finer() -> None:
    meta = "<meta property='article:published_time' content='2025-09-02T23:10:00Z'>"
    html = f"<html><head>{meta}</head><body><h1>Envoy recalled now</h1>{SHOWN[0]}{STORY}"
    assert published(html) == ("2025-09-02", "meta")


def test_a_date_in_a_marked_part() -> None:
    shown = "<span class='entry-date'>03.09.2025</span>"
    old = "<footer>Published 1 January 2001</footer>"
    html = f"<html><body><h1>Envoy recalled now</h1>{shown}{STORY}</p>{old}"
    assert published(html) == ("2025-09-03", "page")
