"""Headlines without site and byline; authors without credits of pictures and buttons."""

from __future__ import annotations

import pytest

from transforms.readers.base import RawArticle
from transforms.readers.bylines import names_in, shown_names
from transforms.readers.page import page

STORY = "<p>" + "Benin recalled its ambassador from Rome after a quarrel over fishing rights. " * 4
SITE = "<meta property='og:site_name' content='The Lagoon Daily Observer of Cotonou'>"


def title(head: str, h1: str = "") -> str | None:
    made = page(f"<html><head>{SITE}{head}</head><body>{h1}{STORY}</body></html>")
    assert isinstance(made, RawArticle)
    return made.title


@pytest.mark.parametrize(
    "shared",
    [
        "Envoy recalled after quarrel over fish | The Lagoon Daily Observer of Cotonou",
        "The Lagoon Daily Observer of Cotonou: Envoy recalled after quarrel over fish",
        "The Lagoon Daily Observer of Cotonou | Envoy recalled after quarrel over fish",
        "Envoy recalled after quarrel over fish - by Ana Ruiz",
        "Envoy recalled after quarrel over fish | By Ana de Ruiz-Lopez",
    ],
)
def test_the_site_and_the_byline_are_cut(shared: str) -> None:
    head = f"<meta property='og:title' content='{shared}'><title>{shared}</title>"
    assert title(head) == "Envoy recalled after quarrel over fish"


def test_a_story_by_somebody_keeps_its_words() -> None:
    told = "Town taken by Rebel Forces"
    assert title(f"<meta property='og:title' content='{told}'>", f"<h1>{told}</h1>") == told


def test_the_headline_shown_goes_before_one_for_social_networks() -> None:
    shown = "Benin recalls ambassador from Rome over fishing rights"
    head = "<meta property='og:title' content='You will not believe what these fish did to Italy'>"
    wanted = title(f"{head}<title>{shown} | The Lagoon</title>", f"<h1>{shown}</h1>")
    assert wanted == shown


@pytest.mark.parametrize(
    ("shared", "shown", "site_title", "is_shown"),
    [
        ("Benin angers Italy as ambassador leaves over fish", "Benin recalls ambassador from Rome",
         "Benin news", True),
        ("Benin recalls ambassador", "Benin recalls its ambassador from Rome", "Benin news", False),
        ("You will not believe what fish did", "Welcome to our daily news", "Lagoon", False),
    ],
)  # fmt: skip
def test_the_only_headline_shown_goes_first_when_it_is_of_the_story(
    shared: str, shown: str, site_title: str, is_shown: bool
) -> None:
    head = f"<meta property='og:title' content='{shared}'><title>{site_title}</title>"
    assert title(head, f"<h1>{shown}</h1>") == (shown if is_shown else shared)


def test_data_that_repeats_the_one_for_social_networks_is_no_second_word() -> None:
    shown, shared = "Benin recalls ambassador from Rome over fishing rights", "These fish shook us"
    data = (
        '<script type="application/ld+json">'
        f'{{"@type": "NewsArticle", "headline": "{shared}"}}</script>'
    )
    head = f"{data}<meta property='og:title' content='{shared}'><title>{shown} | The Lagoon</title>"
    assert title(head, f"<h1>{shown}</h1>") == shown
    near = head.replace(f"<title>{shown}", f"<title>{shared}")
    assert title(near, "<h1>These fish shook Italy, too</h1>") == shared


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Ana Ruiz and Li Na; Photos by Bo Lund", ["Ana Ruiz", "Li Na"]),
        ("Ana Ruiz | Photograph: Bo Lund", ["Ana Ruiz"]),
        ("Photo by Bo Lund", []),
        ("Image credit: Bo Lund/Getty Images", []),
        ("By Ana Ruiz, Getty Images", ["Ana Ruiz"]),
        ("Ana Ruiz, Share Facebook, Copy Link", ["Ana Ruiz"]),
        ("Share Twitter", []),
        ("By Ana Ruiz, Video Journalist", ["Ana Ruiz"]),
    ],
)
def test_credits_and_buttons_are_no_authors(line: str, names: list[str]) -> None:
    assert names_in(line) == names
    assert shown_names(line) == names


@pytest.mark.parametrize(
    "beside",
    [
        "<div class='share-tools author-share'><a rel='author'>Ben Share</a></div>",
        "<div class='photo-box'><span class='author'>Bo Lund</span></div>",
        "<div class='author'>Photo by Bo Lund</div>",
    ],
)
def test_what_stands_in_other_parts_is_no_byline(beside: str) -> None:
    byline = "<div class='byline'>By Ana Ruiz</div>"
    made = page(f"<html><body><h1>Envoy recalled now</h1>{beside}{byline}{STORY}</body></html>")
    assert isinstance(made, RawArticle) and made.authors == ["Ana Ruiz"]
