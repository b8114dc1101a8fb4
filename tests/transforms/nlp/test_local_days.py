"""`tests/cases/local_days.tsv`: "today" is the day of the outlet, however a file tells the time."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from html import escape

import pytest

from benchmarks.annotate import annotate
from benchmarks.parses import parses
from tests.conftest import ROOT
from transforms.articles import Article, make_article
from transforms.lexicons.loader import parse_table
from transforms.readers import RawArticle, read

_MARK = re.compile(r"\[(\d{4}-\d\d-\d\d):(.*?)\]")
_PATH = ROOT / "tests" / "cases" / "local_days.tsv"
ROWS = list(parse_table(_PATH.read_text("utf-8"), _PATH.name, ["form", "stamp", "text"]))
TODAY = dt.date(2027, 1, 1)


def _page(head: str, shown: str, text: str) -> str:
    return (
        f"<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>Report</title>{head}"
        f"</head><body><article><h1>Report</h1>{shown}<p>{text}</p></article></body></html>"
    )


def _meta(stamp: str, shown: str, text: str) -> str:
    head = f"<meta property='article:published_time' content='{stamp}'>"
    return _page(head, f"<p class='meta'>{shown}</p>" if shown else "", text)


def _json_ld(stamp: str, shown: str, text: str) -> str:
    data = {"@context": "https://schema.org", "@type": "NewsArticle", "datePublished": stamp}
    head = f"<script type='application/ld+json'>{json.dumps(data)}</script>"
    return _page(head, shown, text)


def _atom(stamp: str, shown: str, text: str) -> str:
    return (
        "<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'><title>Post</title>"
        f"<id>urn:1</id><updated>{stamp}</updated><entry><title>Report</title><id>urn:2</id>"
        f"<published>{stamp}</published><content type='text'>{text}</content></entry></feed>"
    )


def _rss(stamp: str, shown: str, text: str) -> str:
    return (
        "<?xml version='1.0'?><rss version='2.0'><channel><title>Post</title><item><title>Report"
        f"</title><pubDate>{stamp}</pubDate><description>{text}</description></item></channel></rss>"
    )


def _rdf(stamp: str, shown: str, text: str) -> str:
    return (
        "<?xml version='1.0'?><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
        "xmlns='http://purl.org/rss/1.0/' xmlns:dc='http://purl.org/dc/elements/1.1/'>"
        f"<item rdf:about='urn:1'><title>Report</title><dc:date>{stamp}</dc:date>"
        f"<description>{text}</description></item></rdf:RDF>"
    )


FORMS: dict[str, tuple[str, Callable[[str, str, str], str]]] = {
    "meta": ("html", _meta),
    "json-ld": ("html", _json_ld),
    "time": ("html", lambda stamp, shown, text: _page(
        "", f"<time datetime='{stamp}'>{shown or 'this morning'}</time>", text)),
    "rss": ("xml", _rss),
    "atom": ("xml", _atom),
    "rdf": ("xml", _rdf),
    "json-feed": ("json", lambda stamp, shown, text: json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "title": "Post", "items": [
            {"id": "1", "title": "Report", "content_text": text, "date_published": stamp}]})),
    "jsonl": ("jsonl", lambda stamp, shown, text: json.dumps(
        {"title": "Report", "published": stamp, "text": text})),
    "text": ("txt", lambda stamp, shown, text: f"Title: Report\nDate: {stamp}\n\n{text}\n"),
    "mail": ("eml", lambda stamp, shown, text: (
        f"From: Post <news@p.example>\nTo: list@p.example\nSubject: Report\nDate: {stamp}\n"
        f"Content-Type: text/plain; charset=utf-8\n\n{text}\n")),
}  # fmt: skip


def _article(form: str, written: str, text: str) -> Article:
    stamp, _, shown = (part.strip() for part in written.partition("|"))
    ending, build = FORMS[form]
    told = escape(text, quote=False) if ending in ("html", "xml") else text
    data = build(stamp, shown, told).encode()
    [raw] = read(data, f"report.{ending}")
    assert isinstance(raw, RawArticle), raw
    article = make_article(raw, source_uri=f"report.{ending}", today=TODAY)
    assert isinstance(article, Article), article
    return article


@pytest.mark.parametrize("number", range(len(ROWS)))
def test_a_day_is_that_of_the_outlet(number: int) -> None:
    """Acts at the brackets have the day before the colon."""
    texts = [_MARK.sub(r"\2", row["text"]) for row in ROWS]
    row, text = ROWS[number], texts[number]
    parse = parses(texts, label="local days")[number]
    events = annotate(parse, _article(row["form"], row["stamp"], text).day).events
    days = {
        parse.words[token]: event.date.edtf
        for event in events
        if event.date is not None
        for token in range(event.trigger_start, event.trigger_end)
    }
    wanted = {word.split()[0]: day for day, word in _MARK.findall(row["text"])}
    assert {word: days.get(word) for word in wanted} == wanted
