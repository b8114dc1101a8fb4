"""HTML pages: what the page says of itself (JSON-LD, OpenGraph, meta, microdata), and its story.

Nothing is executed and nothing is fetched. trafilatura is asked for a second opinion where the
structure of a page leaves doubt; it and htmldate are imported on first use.
"""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from transforms.readers.base import Item, Limits, RawArticle, ReadError, decode
from transforms.readers.bylines import looks_like_name, names_in
from transforms.readers.page_body import Story, is_furniture, story
from transforms.readers.page_data import Linked, linked_data, meta, text_of
from transforms.readers.page_date import declared
from transforms.readers.page_hidden import without_hidden
from transforms.readers.page_live import entries
from transforms.readers.page_people import authors
from transforms.readers.page_script import plain_lines, script_text
from transforms.readers.page_title import headline

_CHARSET = re.compile(rb"<meta[^>]+charset=[\"']?([\w-]+)", re.I)
# what pages mean by these names, as browsers read them
_WIDER = {
    "iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252",
    "gb2312": "gb18030", "gbk": "gb18030", "euc-kr": "cp949", "ks_c_5601-1987": "cp949",
    "shift_jis": "cp932", "shift-jis": "cp932", "iso-8859-9": "cp1254",
}  # fmt: skip
_LANGUAGE = re.compile(r"[A-Za-z]{2}(?:[-_]|$)")
_WORD = re.compile(r"\w+")
_LITTLE = 800  # characters of a story below which trafilatura is asked as well
_ABOUT = 0.5  # share of the headline's words in a story below which it may be another's
_TEASER = 2500  # characters that a page may show of a story it keeps
_NONE = 150  # characters that are no story


def read_html(data: bytes, name: str, limits: Limits, mapping: Mapping[str, str]) -> Iterator[Item]:
    """The article of one page."""
    yield from pages(decoded(data))


def decoded(data: bytes, charset: str | None = None) -> str:
    """The text of a page's bytes: UTF-8, or in the charset that its sender or itself names."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    inside = _CHARSET.search(data[:4096])
    for name in (charset, inside.group(1).decode("ascii") if inside else None):
        if not name:
            continue
        try:
            return data.decode(_WIDER.get(name.lower(), name), errors="replace")
        except LookupError:
            continue
    return decode(data)


def pages(html: str, *, url: str | None = None, record: str | None = None) -> Iterator[Item]:
    """The articles of a page's HTML: one, or the entries of a live blog."""
    found, linked = _page(html, url, record)
    parts: list[Item] = []
    if isinstance(found, RawArticle):
        parts += entries(found, linked)
    yield from parts or [found]


def page(html: str, *, url: str | None = None, record: str | None = None) -> Item:
    """The page as one article."""
    return _page(html, url, record)[0]


def _page(html: str, url: str | None, record: str | None) -> tuple[Item, Linked]:
    import lxml.html

    try:
        tree = lxml.html.document_fromstring(html.encode("utf-8", "replace"), parser=_parser())
    except Exception as error:
        reason = f"no HTML tree: {type(error).__name__}"
        return ReadError("bad-html", reason, record), Linked()
    said = meta(tree)
    found = RawArticle(record=record)
    found.url = _url(tree, said, url)
    linked = linked_data(tree, found.url)
    found.url = found.url or _ld_url(linked)
    found.title = headline(tree, linked, said, found.url)
    publisher = text_of(linked.first("publisher"))
    site = text_of(said.get("og:site_name"))
    found.source = site or publisher or (urlsplit(found.url).hostname if found.url else None)
    found.language = _language(tree, linked, said)
    without_hidden(tree)
    told = story(tree, title=found.title)
    found.authors = authors(tree, linked, said, [site, publisher, found.source], told.edges)
    dated, found.modified = declared(tree, linked, said)
    if dated is not None:
        found.published, found.published_method = dated
    lines = _body(tree, linked, told, _subject(found.title, said))
    heads = {" ".join(node.text_content().split()) for node in tree.iter("h1")} | {found.title}
    if len(lines) > 1 and lines[0] in heads:
        lines = lines[1:]
    if not lines:
        return ReadError("no-text", "a page without an article in it", record), linked
    found.text = "\n\n".join(lines)
    if not found.authors or not found.title:
        _more(tree, found)
    if not found.published:
        from htmldate import find_date

        day = find_date(html, original_date=True, extensive_search=False, url=found.url)
        if day:
            found.published, found.published_method = day, "page"
    return found, linked


def _parser() -> Any:
    import lxml.html

    return lxml.html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True)


def _url(tree: Any, said: Mapping[str, Sequence[str]], url: str | None) -> str | None:
    shown = [str(href).strip() for href in tree.xpath("//link[@rel='canonical']/@href")]
    for address in (*shown, *said.get("og:url", [])):
        if re.match(r"https?://[^/\s]+/\S", address):
            return address
    return url


def _ld_url(linked: Linked) -> str | None:
    main = linked.article.get("mainEntityOfPage")
    for value in (main.get("@id") if isinstance(main, dict) else main, linked.article.get("url")):
        if isinstance(value, str) and "://" in value:
            return value.strip()
    return None


def _language(tree: Any, linked: Linked, said: Mapping[str, Sequence[str]]) -> str | None:
    stated = (
        text_of(linked.article.get("inLanguage")), tree.get("lang"), text_of(said.get("og:locale")),
        text_of(said.get("content-language")), text_of(said.get("language")),
    )  # fmt: skip
    return next((value for value in stated if value and _LANGUAGE.match(value)), None)


def _subject(title: str | None, said: Mapping[str, Sequence[str]]) -> set[str]:
    """The longer words of the headline and the description, which a story will use as well."""
    stated = [
        title or "",
        *(said[key][0] for key in ("og:description", "description") if key in said),
    ]
    return {word for word in _WORD.findall(" ".join(stated).lower()) if len(word) > 3}


def _used(lines: Sequence[str], subject: set[str]) -> float:
    """Share of the subject's words in the lines; 1 where there are too few to tell."""
    if len(subject) < 4:
        return 1.0
    return len(subject.intersection(_WORD.findall(" ".join(lines).lower()))) / len(subject)


def _body(tree: Any, linked: Linked, told: Story, subject: set[str]) -> list[str]:
    """Paragraphs: by structure, by trafilatura where that is in doubt, as declared elsewhere."""
    whole = _declared(linked)
    if _size(whole) > (1.5 if told.size < _TEASER else 4) * told.size:
        return whole  # the page shows the beginning only; else it is boxes and captions too
    lines = told.lines
    if not told.sure or told.size < _LITTLE or _used(lines, subject) < _ABOUT:
        lines = _agreed(lines, _second_opinion(tree, enough=bool(lines)), subject)
    if _size(lines) < _NONE:
        lines = max(lines, script_text(tree), key=_size)
    return lines


def _size(lines: Sequence[str]) -> int:
    return sum(map(len, lines))


def _agreed(lines: list[str], others: list[str], subject: set[str]) -> list[str]:
    """Ours, unless the other reading is elsewhere in the page and closer to the headline."""
    one = Counter(_WORD.findall(" ".join(lines).lower()))
    other = Counter(_WORD.findall(" ".join(others).lower()))
    if not one or not other:
        return lines or others
    shared = sum((one & other).values()) / min(one.total(), other.total())
    if shared >= 0.6:
        return others if other.total() > 2 * one.total() and one.total() < 60 else lines
    ours, theirs = _used(lines, subject), _used(others, subject)
    if other.total() < one.total() / 4:
        theirs -= 0.2  # the more text, the more of a headline's words are in it; but so little
    return lines if ours > theirs else others


def _second_opinion(tree: Any, *, enough: bool) -> list[str]:
    """trafilatura's paragraphs, with more recall in a second pass where the first finds none."""
    import trafilatura

    lines: list[str] = []
    for recall in (False,) if enough else (False, True):
        found: Any = trafilatura.bare_extraction(
            copy.deepcopy(tree),
            include_comments=False,
            with_metadata=False,
            include_tables=recall,
            favor_recall=recall,
            include_formatting=False,
        )
        if found is None:
            continue
        lines = _paragraphs(found.body) or (found.text or "").split("\n")
        lines = [" ".join(line.split()) for line in lines]
        lines = [line for line in lines if line and not is_furniture(line)]
        if _size(lines) > _NONE:
            break
    return lines


def _paragraphs(body: Any) -> list[str]:
    """Paragraphs, quotes and list items of trafilatura's tree; no heads."""
    if body is None:
        return []
    found = []
    for node in body.iter("p", "quote", "item", "cell"):
        if any(above.tag in ("p", "quote", "item", "cell") for above in node.iterancestors()):
            continue
        text = " ".join("".join(node.itertext()).split())
        if text:
            found.append(text.removeprefix("- "))
    return found


def _declared(linked: Linked) -> list[str]:
    """Paragraphs of JSON-LD's articleBody, whether text, HTML or Markdown."""
    value = linked.article.get("articleBody")
    if not isinstance(value, str) or len(value) < _NONE:
        return []
    return plain_lines(value)


def _more(tree: Any, found: RawArticle) -> None:
    """What trafilatura finds where we find nothing; its authors only where they are names."""
    from trafilatura import extract_metadata

    more = extract_metadata(tree)
    if more is not None:
        named = names_in(more.author or "")
        if not found.authors and all(looks_like_name(name) for name in named):
            found.authors = named
        found.title = found.title or more.title
