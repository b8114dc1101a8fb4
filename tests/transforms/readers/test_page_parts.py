"""Parts of page reading one by one: JSON-LD in its shapes, headlines, bylines, boxes, doubts."""

# ruff: noqa: E501 - cases stand one a line

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from tests.transforms.readers.test_pages import PAGES, PARAGRAPHS, TODAY, built, raw
from transforms.articles import make_article
from transforms.readers import ReadError
from transforms.readers.bylines import names_in, shown_names
from transforms.readers.page_script import plain_lines

BODY = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
TEXT = "\n\n".join(PARAGRAPHS)


def html(head: str = "", body: str = f"<article>{BODY}</article>", lang: str = "en") -> bytes:
    return (
        f"<!doctype html><html lang={lang}><head>{head}</head><body>{body}</body></html>".encode()
    )


def linked(**values: Any) -> str:
    thing = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": "A quay is shut"}
    return f"<script type='application/ld+json'>{json.dumps(thing | values)}</script>"


@pytest.mark.parametrize(
    ("author", "wanted"),
    [
        ("Ana Ruiz", ["Ana Ruiz"]),
        ("By Ana Ruiz and Li Wei", ["Ana Ruiz", "Li Wei"]),
        (["Ana Ruiz", "Li Wei"], ["Ana Ruiz", "Li Wei"]),
        ({"@type": "Person", "name": "Ana Ruiz, Li Wei & Jo Park"}, ["Ana Ruiz", "Li Wei", "Jo Park"]),
        ([{"@type": "Person", "name": "Ana Ruiz"}, {"name": ["Li Wei"]}], ["Ana Ruiz", "Li Wei"]),
        ({"@list": [{"name": "Ana Ruiz"}, {"name": "ana ruiz"}]}, ["Ana Ruiz"]),
        ({"@type": "Person", "givenName": "Ana", "familyName": "Ruiz"}, ["Ana Ruiz"]),
        ({"@type": "Organization", "name": "Wire Press"}, ["Wire Press"]),
        ([{"name": "Ana Ruiz, Political Editor"}], ["Ana Ruiz"]),
        ({"name": "Ana Ruiz, The Tide"}, ["Ana Ruiz"]),
        ("https://tide.example/authors/ana", []),
    ],
)  # fmt: skip
def test_authors_in_json_ld(author: Any, wanted: list[str]) -> None:
    head = linked(author=author, publisher={"name": "The Tide"})
    assert raw(html(head)).authors == wanted


@pytest.mark.parametrize(
    "wrap",
    [
        "[{}]",
        '{{"@graph": [{{"@type": "WebSite", "name": "Tide"}}, {}]}}',
        '{{"@type": "WebPage", "headline": "Page", "mainEntity": {}}}',
        '{{"@type": "ItemList", "itemListElement": [{{"@type": "NewsArticle", "headline": "No"}}], '
        '"subjectOf": [[{}]]}}',
        "<!-- {} -->",
        "//<![CDATA[\n{}\n//]]>",
        "{},",
        '{{"@type": "WebSite"}} {}',
    ],
)
def test_shapes_of_json_ld(wrap: str) -> None:
    thing = {"@type": "http://schema.org/ReportageNewsArticle", "headline": "A quay is shut &amp; why",
             "datePublished": "2025-03-04"}  # fmt: skip
    head = f"<script type='application/ld+json; charset=utf-8'>{wrap.format(json.dumps(thing))}</script>"
    found = raw(html(head))
    assert (found.title, found.published) == ("A quay is shut & why", "2025-03-04")


def test_the_article_of_the_page_goes_before_others() -> None:
    def thing(name: str) -> dict[str, str]:
        return {"@type": "NewsArticle", "headline": name, "url": f"https://t.example/{name}"}

    both = json.dumps([thing("other"), thing("own")])
    head = (
        f"<link rel=canonical href='https://t.example/own'>"
        f"<script type='application/ld+json'>{both}</script>"
    )
    assert raw(html(head)).title == "own"


@pytest.mark.parametrize(
    ("ld", "og", "h1", "title", "wanted"),
    [
        (None, "Quay shut - The Tide", "", "", "Quay shut"),
        (None, "Quay shut | News | The Tide", "", "", "Quay shut"),
        (None, "Quay is shut - again - and why", "", "", "Quay is shut - again - and why"),
        ("Quay of Port Ellery is shut | The Tide", "", "", "", "Quay of Port Ellery is shut"),
        ("Quay of Port Ellery is sh…", "Quay of Port Ellery is shut", "", "", "Quay of Port Ellery is shut"),
        ("The Tide", "Quay of Port Ellery is shut", "", "", "Quay of Port Ellery is shut"),
        ("Quay is shut after spill and why it matters", "Quay is shut after spill", "", "", "Quay is shut after spill"),
        (None, "", "Port Ellery shuts its quay", "Port Ellery shuts its quay : News : Tide", "Port Ellery shuts its quay"),
        (None, "", "The Tide", "Port Ellery shuts its quay - Tide", "Port Ellery shuts its quay"),
        (None, "News: Port Ellery shuts its quay", "Port Ellery shuts its quay", "", "Port Ellery shuts its quay"),
    ],
)  # fmt: skip
def test_headline(ld: str | None, og: str, h1: str, title: str, wanted: str) -> None:
    head = (
        f"<title>{title}</title><meta property='og:title' content='{og}'>"
        f"<meta property='og:site_name' content='The Tide'>{linked(headline=ld) if ld else ''}"
    )
    assert raw(html(head, f"<article><h1>{h1}</h1>{BODY}</article>")).title == wanted


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("By Ana Ruiz", ["Ana Ruiz"]),
        ("By ANA RUIZ and LI WEI | Updated 3 March 2025", ["ANA RUIZ", "LI WEI"]),
        ("Ana Ruiz in Port Ellery", ["Ana Ruiz"]),
        ("Ana Ruiz For Tide Online", ["Ana Ruiz"]),
        ("Words by Jan van der Berg; Seán O’Neill", ["Jan van der Berg", "Seán O’Neill"]),
        ("Ana Ruiz, Political Correspondent", ["Ana Ruiz"]),
        ("Published 4 March 2025", []),
        ("5 min read", []),
        ("Breaking news from the harbour", []),
    ],
)
def test_shown_bylines(text: str, names: list[str]) -> None:
    assert shown_names(text) == names


def test_declared_bylines_keep_names_that_look_like_none() -> None:
    assert names_in("Reuters") == ["Reuters"]
    assert names_in("Martin King, Jr. and Ana Ruiz, PhD") == ["Martin King", "Ana Ruiz"]
    assert names_in("Ana Ruiz ana@tide.example") == ["Ana Ruiz"]


def test_a_paper_that_signs_for_itself_is_asked_for_its_byline() -> None:
    head = linked(author={"name": "The Tide"}, publisher={"name": "The Tide"})
    line = "<p><strong>Ana Ruiz/Li Wei</strong></p>"
    found = raw(html(head, f"<h1>A quay is shut</h1><article>{line}{BODY}</article>"))
    assert found.authors == ["Ana Ruiz", "Li Wei"]
    assert found.text == TEXT
    assert raw(html(head)).authors == ["The Tide"]


@pytest.mark.parametrize(
    "box",
    [
        "<div class='story__pull-quote'><p>We have waited long enough for the owners to act.</p></div>",
        "<div class='RelatedStories'><p>A long line on another spill, which was the first of the year.</p></div>",
        "<section hidden><p>Goods that we link to may earn us a little money, but you pay no more.</p></section>",
        "<p style='background-color: #ffe; padding: 1em'>Our council of friends is open to people who ask.</p>",
        "<div><h3>What is a quay?</h3><p>A place to land at, with stone under it and water before it.</p></div>",
        "<p><a href='/x'>Ferry fares will rise in April for the third time</a></p>",
        "<p><strong>Crews at anchor</strong></p>",
        "<ul><li>Fill: down</li><li>Weight: 2 kg</li></ul>",
        "<div>The quay of Port Ellery, as it was seen from a drone on the day of the vote.</div>",
        "<table><tr><td>1998</td><td>The law on quays was passed by the house of the town.</td></tr></table>",
        "<p>Sign up for our weekly letter on the sea</p>",
    ],
)  # fmt: skip
def test_boxes_in_a_story_are_left_out(box: str) -> None:
    middle = BODY.replace("</p><p>", f"</p>{box}<p>", 1)
    assert (
        raw(html(linked(), f"<article><h1>Quay shut</h1><div>{middle}</div></article>")).text
        == TEXT
    )


@pytest.mark.parametrize(
    "end",
    [
        "<p><em>Ana Ruiz is a writer in Port Ellery.</em></p>",
        "<p>___</p><p>Ruiz wrote from Port Ellery, and Wei from London on Tuesday.</p>",
        "<p>Li Wei in London contributed to this report.</p>",
        "<p>(Reporting by Ana Ruiz; Editing by Li Wei)</p>",
        "<p>Ruiz reported from Port Ellery and Wei from London.</p>",
        "<p>Ana Ruiz is a senior fellow of the harbour school.</p><p>This article was first printed elsewhere.</p>",
    ],
)
def test_signatures_at_the_end_are_left_out(end: str) -> None:
    assert raw(html(linked(), f"<article>{BODY}{end}</article>")).text == TEXT


@pytest.mark.parametrize(
    "end",
    [
        "No casualties were reported from the islands.",
        "The report was published on Monday, and the author was not there.",
        "He is a reporter who has been in prison since March.",
        "“Get out of my harbour,” she said.",
    ],
)
def test_last_words_of_a_story_are_kept(end: str) -> None:
    found = raw(html(linked(), f"<article>{BODY}<p>{end}</p></article>"))
    assert found.text == f"{TEXT}\n\n{end}"


@pytest.mark.parametrize(
    "wrapper",
    ["share-content", "sponsored", "article has-sidebar", "related", "embed"],
)
def test_a_name_around_most_of_the_page_means_nothing(wrapper: str) -> None:
    body = f"<h1>Quay shut</h1><div class='{wrapper}'>{BODY}</div><div class=box><p>{PARAGRAPHS[0]}</p></div>"
    assert raw(html(linked(), body)).text == TEXT


def test_a_box_longer_than_its_story_is_still_a_box() -> None:
    speech = "".join(
        f"<p>‘And in part {n} of it I say to you what I have said before.</p>" for n in range(30)
    )
    body = (
        f"<div class='article-body'>{BODY}<div class='factbox'><h3>In full</h3>{speech}</div></div>"
    )
    assert raw(html(linked(), f"<h1>Quay shut</h1>{body}")).text == TEXT


def test_comments_longer_than_the_story_are_left_out() -> None:
    talk = "".join(
        f"<p>I do not agree with number {n}, and neither does my sister.</p>" for n in range(60)
    )
    body = f"<article><h1>Quay shut</h1><div>{BODY}</div></article><div id='comments'>{talk}</div>"
    assert raw(html(linked(), body)).text == TEXT


def test_text_kept_in_json_ld_only() -> None:
    shown = f"<article><p>{PARAGRAPHS[0]}</p></article>"
    whole = "\\n\\n".join(PARAGRAPHS).replace("\\n", "\n")
    assert raw(html(linked(articleBody=whole), shown)).text == TEXT


def test_markdown_and_html_in_data_become_lines() -> None:
    text = "# Head\n\nThe [council](https://c.example/x) *voted* on **Tuesday**.\n\n![pic](a.jpg)\n\n5 * 4 = 20"
    assert plain_lines(text) == ["The council voted on Tuesday.", "5 * 4 = 20"]
    assert plain_lines("<p>One &amp; two.</p><h2>Head</h2><p>Three<br><br>four.</p>") == [
        "One & two.", "Three", "four.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "tag",
    [
        "<i>",
        '<a target="_self" rel="Follow" href="https://www.example.org/news/uk-news/a-long-name-of-a-story-33386398">',
        "<a rel='noopener noreferrer'\n href='https://www.example.org/news/politics/another-long-name-of-a-story'>",
        '&lt;span class=&quot;one two three four five six seven eight nine ten eleven twelve thirteen&quot;&gt;',
    ],
)  # fmt: skip
def test_a_tag_within_a_line_is_no_text(tag: str) -> None:
    end = f"</{tag.removeprefix('&lt;').strip('<>').split()[0]}>"
    assert plain_lines(f"Speaking to {tag}the Post{end}, she agreed.\nIt is 3 < 4 & 5 > 2.") == [
        "Speaking to the Post, she agreed.", "It is 3 < 4 & 5 > 2.",
    ]  # fmt: skip


def test_nothing_of_a_script_is_run_or_read_as_text() -> None:
    script = "<script>document.write('<p>" + PARAGRAPHS[0] * 3 + "</p>')</script>"
    assert raw(html(linked(), f"{script}<article>{BODY}</article>")).text == TEXT


@pytest.mark.parametrize(
    ("head", "method", "day"),
    [
        (linked(datePublished="soon") + "<meta name=date content=2025-03-04>", "meta", "2025-03-04"),
        (linked(datePublished="0001-01-01T00:00:00") + "<meta name=date content=2025-03-04>", "meta", "2025-03-04"),
        (linked(datePublished="2031-01-01", dateModified="2025-03-05"), "modified", "2025-03-05"),
        (linked(datePublished="2031-01-01") + "<link rel=canonical href='https://t.example/2025/03/04/a'>", "url", "2025-03-04"),
    ],
)  # fmt: skip
def test_dates_that_cannot_be_are_passed_over(head: str, method: str, day: str) -> None:
    found = make_article(raw(html(head)), source_uri="page.html", today=TODAY)
    assert not isinstance(found, ReadError)
    assert (found.published_method, f"{found.published_at:%Y-%m-%d}") == (method, day)


def test_a_date_in_the_future_alone_is_refused() -> None:
    found = make_article(
        raw(html(linked(datePublished="2031-01-01"))), source_uri="page.html", today=TODAY
    )
    assert isinstance(found, ReadError) and found.rule == "doubtful-date"


def test_a_page_in_german() -> None:
    found = make_article(raw((PAGES / "spiegel.html").read_bytes()), source_uri="p", today=TODAY)
    assert not isinstance(found, ReadError)
    assert found.language == "de"
    assert found.authors == ["Jonas Weber", "Petra Schulz"]
    assert found.published_at == dt.datetime(2025, 3, 4, 17, 5)
    lines = found.text.split("\n\n")
    assert len(lines) == 5
    assert lines[0].startswith("Der Hafenrat") and lines[-1].startswith("Das Energieministerium")


@pytest.mark.parametrize("name", ["guardian", "ap", "bbc", "cnn", "nyt", "wordpress", "drupal"])
def test_bodies_do_not_hang_on_json_ld(name: str) -> None:
    bare = built(name).replace(b"application/ld+json", b"text/none")
    assert raw(bare).text == raw(built(name)).text


STRUCTURES = {
    "groups of paragraphs with pictures between": (
        "<div class='ArticleBody-articleBody'><div class='RenderKeyPoints-list'><ul><li>A quay is shut to all tankers.</li></ul></div>"
        "<div class=group><p>{1}</p><p>{2}</p></div><div class='InlineImage-wrapper'><div><div class=InlineImage-text>The quay on Monday, two days after the spill was seen.</div></div></div>"
        "<div class=group><p>{3}</p><p>{4}</p><p>{5}</p></div><div class='RelatedContent-container'><h2>More</h2><ul><li><a href=/1>Ferry</a></li></ul></div>"
        "<div class=group><p>{6}</p><p>{7}</p><p>{8}</p></div></div>"
    ),
    "text between breaks in a div": (
        "<div class='_s30J clearfix'>{1} <br><br>{2} <a href=/t>Tankers</a> stay out.<br><br>{3}<div class=ad></div><br>{4}<br><br>"
        "{5}<br><br>{6}<br>{7}<br><br>{8}</div>"
    ),
    "each paragraph in a wrapper of its own": "".join(
        f"<div class='duet--article--article-body-component'><p class='duet--x _1ymtmqpi'>{{{n}}}</p></div>"
        + ("<div class='duet--article--article-pullquote'><p>We have waited long enough for the owners to act</p></div>" if n == 4 else "")
        for n in range(1, 9)
    ),
    "paragraphs in a span": "<div class=story><span>" + "".join(f"<p>{{{n}}}</p>" for n in range(1, 9)) + "</span></div>",
    "a story told in a list": (
        "<div class='DraftBlocks_draft__x'><p>{1}</p><p><strong>Why it matters:</strong> {2}</p><p>{3}</p>"
        "<ul><li>{4}</li><li>{5}</li></ul><p>{6}</p><p>{7}</p><p>{8}</p></div>"
    ),
    "blocks with a box of facts between": (
        "<div class='text-content'><div class='text-block'><p>{1}</p><p>{2}</p></div><div class='text-include'><h3>The law</h3><p>It was passed in 1998 and has been changed four times since then.</p></div>"
        "<div class='text-block'><p>{3}</p><p>{4}</p><p>{5}</p><p>{6}</p><p>{7}</p><p>{8}</p></div></div>"
    ),
    "sections each with a head": "".join(
        f"<section class=chapter><h2>Part {n}</h2><p>{{{2 * n - 1}}}</p><p>{{{2 * n}}}</p></section>" for n in range(1, 5)
    ),
    "a second part behind a gate": (
        "<div id='pcl-full-content'><p>{1}</p><p>{2}</p><p>{3}</p><p>{4}</p><div class='ev-meter-content ie-premium-content-block'>"
        "<p>{5}</p><p>{6}</p><p>{7}</p><p>{8}</p></div></div>"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", STRUCTURES)
@pytest.mark.parametrize("article", ["article", "div"])
def test_structures(name: str, article: str) -> None:
    body = STRUCTURES[name]
    for number, paragraph in enumerate(PARAGRAPHS, start=1):
        body = body.replace(f"{{{number}}}", paragraph)
    beside = (
        "<div class=latest><a href=/a>Ferry fares will rise in April for the third time</a>"
        "<p>The ferry company said that fares would rise, and that it was sorry about that.</p></div>"
    )
    page = f"<main><{article}><h1>A quay is shut</h1>{body}</{article}>{beside}</main>"
    found = raw(html(linked(), page)).text or ""
    wanted = TEXT
    if name == "a story told in a list":
        wanted = wanted.replace(PARAGRAPHS[1], f"Why it matters: {PARAGRAPHS[1]}")
    if name == "text between breaks in a div":
        wanted = wanted.replace(PARAGRAPHS[1], f"{PARAGRAPHS[1]} Tankers stay out.")
        found, wanted = " ".join(found.split()), " ".join(wanted.split())
    assert found == wanted


@pytest.mark.parametrize(
    ("charset", "codec"), [("iso-8859-1", "cp1252"), ("windows-1251", "cp1251")]
)
def test_charset_of_the_page(charset: str, codec: str) -> None:
    line = "“We wait”, said Šimon" if codec == "cp1252" else "«Мы ждём», — сказал он"
    body = f"<meta charset={charset}>{linked()}"
    page = html(body, f"<article><p>{line}.</p>{BODY}</article>").decode()
    assert (raw(page.replace("’", "'").replace("“W", "“W").encode(codec)).text or "").startswith(
        line
    )


def test_organisations_are_one_author() -> None:
    desk = {"@type": "Organization", "name": "Science and Health Desk"}
    assert raw(html(linked(author=[desk, {"name": "Ana Ruiz in Port Ellery"}]))).authors == [
        "Science and Health Desk", "Ana Ruiz",
    ]  # fmt: skip
    assert names_in("Women in Sport") == ["Women in Sport"]


def test_elements_of_a_sites_own_make_do_not_cut_a_sentence() -> None:
    line = PARAGRAPHS[1].replace("owners", "<x-term data-id=3><b>owners</b></x-term>")
    body = BODY.replace(PARAGRAPHS[1], line)
    assert raw(html(linked(), f"<x-story><article>{body}</article></x-story>")).text == TEXT


def test_second_opinion_only_where_there_is_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    import trafilatura

    asked: list[int] = []
    monkeypatch.setattr(trafilatura, "bare_extraction", lambda *_, **__: asked.append(1))
    assert raw(html(linked())).text == TEXT
    assert not asked
    raw(html(linked(), f"<div>{BODY}</div>"))
    raw(html(linked(), f"<article><p>{PARAGRAPHS[0]}</p></article>"))
    assert len(asked) == 2


def test_a_short_story_among_many_teasers() -> None:
    short = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS[:5])
    teasers = "".join(
        f"<li class=item><a href=/{n}>Story {n}</a><div class=text{chr(97 + n)}><p>{line}</p></div></li>"
        for n, line in enumerate(
            ("Ferry fares will rise in April, for the third time in two years, it was said on Monday.",
             "The museum of the sea has found a new director after a search of fourteen months.",
             "Two teenagers were found safe on Monday after a night at sea in a small boat.",
             "A whale has been seen off the coast for the third time this year, and nobody knows why.")
        )
    )  # fmt: skip
    body = f"<div class=page><div class=left><h1>A quay is shut</h1>{short}</div><ul class=right>{teasers}</ul></div>"
    assert raw(html(linked(), body)).text == "\n\n".join(PARAGRAPHS[:5])
