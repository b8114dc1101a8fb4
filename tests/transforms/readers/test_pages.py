"""Pages built as well-known publishing systems build them, in words of our own.

`tests/cases/pages/*.html` imitate structure and clutter; `{{1}}` to `{{8}}` stand for the lines
of `paragraphs.txt`. Each must give its title, day, authors and body exactly.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from transforms.articles import make_article
from transforms.readers import Limits, RawArticle, ReadError, read

PAGES = Path(__file__).parents[2] / "cases" / "pages"
PARAGRAPHS = (PAGES / "paragraphs.txt").read_text("utf-8").splitlines()
TODAY = dt.date(2026, 11, 24)


@dataclass(frozen=True)
class Page:
    """What a page must give."""

    title: str
    authors: tuple[str, ...]
    method: str = "json-ld"
    at: str = "2025-03-04"
    language: str = "en"
    first: str = ""  # before the first paragraph: a dateline


EXPECTED = {
    "wordpress": Page(
        "Port Ellery shuts its northern quay to tankers", ("Maud Tully",), at="2025-03-04 18:20:11"
    ),
    "arc": Page(
        "Council closes quay to tankers after spills", ("Ada Lindqvist", "Tom O’Hara"),
        at="2025-03-05 04:40:00",
    ),
    "amp": Page(
        "Quay closed to tankers: what comes next?", ("Ravi Menon", "Li Wei"),
        at="2025-03-04 03:30:00",
    ),
    "drupal": Page(
        "Northern quay is closed to tankers", ("Noor Kemp", "Jan de Vries"), "microdata",
        "2025-03-04 17:05:00",
    ),
    "next": Page(
        "Tankers are kept off the northern quay", ("Bo Sandström",), "meta", "2025-03-04 12:00:00"
    ),
    "guardian": Page(
        "Port Ellery closes northern quay to tankers after spills", ("Ines Marlowe",),
        at="2025-03-04 19:12:45",
    ),
    "bbc": Page(
        "Port Ellery: Quay closed to tankers after oil spills", ("Gwen Parry", "Sol Adeyemi"),
        at="2025-03-04 17:31:08",
    ),
    "ap": Page(
        "Port Ellery closes quay to tankers", ("DANA WHITLOCK", "Reza Amini"),
        at="2025-03-04 22:10:09", first="PORT ELLERY (WN) — ",
    ),
    "reuters": Page(
        "Port Ellery shuts quay to tankers after two spills", ("Hana Suzuki", "Paul Renard"),
        at="2025-03-04 16:02:03", first="PORT ELLERY, March 4 (Newsline) - ",
    ),
    "ghost": Page("A quay without tankers", ("Kit Arden",), at="2025-03-04 06:30:00"),
    "substack": Page("No tankers at the quay", ("Nell Frost",), at="2025-03-04 11:01:22"),
    "tables": Page(
        "Quay closed to tankers at Port Ellery", ("Walter Pym",), "meta", "2004-03-02 00:00:00"
    ),
    "aspnet": Page(
        "Northern Quay Closed to Tankers", ("Farah Idris",), "meta", "2025-03-04 00:00:00"
    ),
    "liveblog": Page(
        "Tankers told to leave Port Ellery as council votes", ("Lola Finch",),
        at="2025-03-04 08:00:00",
    ),
    "scroll": Page(
        "Tankers banned from quay for six months", ("Ivo Brandt",), "meta", "2025-03-04 10:00:00"
    ),
    "nyt": Page(
        "Port Ellery Bars Tankers From Quay After Two Spills", ("Ruth Calder", "Sam Ito"),
        at="2025-03-04 10:00:12",
    ),
    "cnn": Page(
        "Port Ellery closes quay to tankers after oil spills", ("Amara Obi", "Luke Stone"),
        at="2025-03-04 21:45:10",
    ),
    "townnews": Page(
        "Council closes northern quay to tankers", ("FRAN MOSS",), at="2025-03-05 02:15:00"
    ),
    "agency": Page(
        "(LEAD) Port Ellery bars tankers from quay", ("Kim Sora",), at="2025-03-04 10:01:02",
        first="PORT ELLERY, March 4 (PNA) -- ",
    ),
    "microdata": Page(
        "Tankers barred from Port Ellery quay", ("Thandi Nkosi", "Pieter van der Merwe"),
        "microdata", "2025-03-04 12:30:00",
    ),
    "tailwind": Page(
        "Port Ellery votes to close quay to tankers", ("Stella Grant",), "meta",
        "2025-03-04 12:55:27",
    ),
}  # fmt: skip


def built(name: str) -> bytes:
    """The page's bytes, with the paragraphs in their places."""
    text = (PAGES / f"{name}.html").read_text("utf-8")
    return re.sub(r"\{\{(\d)\}\}", lambda m: PARAGRAPHS[int(m[1]) - 1], text).encode()


def raw(data: bytes) -> RawArticle:
    """The one article of a page."""
    (item,) = read(data, "page.html", limits=Limits())
    assert isinstance(item, RawArticle), item
    return item


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_page(name: str) -> None:
    page = EXPECTED[name]
    found = make_article(raw(built(name)), source_uri="page.html", today=TODAY)
    assert not isinstance(found, ReadError)
    wanted = [page.first + PARAGRAPHS[0], *PARAGRAPHS[1:]]
    assert found.text.split("\n\n") == wanted
    assert found.title == page.title
    assert tuple(found.authors) == page.authors
    assert (f"{found.published_at:%Y-%m-%d %H:%M:%S}", found.published_method) == (
        page.at, page.method,
    )  # fmt: skip
    assert found.language == page.language
