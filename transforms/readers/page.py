"""HTML pages: what the page says of itself (JSON-LD, OpenGraph, meta, microdata), then trafilatura.

Nothing is executed and nothing is fetched. trafilatura and htmldate are imported on first use.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from transforms.lexicons.loader import words
from transforms.readers.base import Item, Limits, RawArticle, ReadError, decode
from transforms.readers.fields import people

_ARTICLE_TYPES = ("NewsArticle", "Article", "ReportageNewsArticle", "BlogPosting", "LiveBlogPosting",  # noqa: E501
                  "AnalysisNewsArticle", "OpinionNewsArticle", "BackgroundNewsArticle")  # fmt: skip
_DATES = (
    "article:published_time", "og:article:published_time", "datePublished", "date", "dc.date",
    "dc.date.issued", "dcterms.created", "parsely-pub-date", "sailthru.date", "pubdate",
    "publish-date", "publication_date", "cXenseParse:recs:publishtime", "og:published_time",
)  # fmt: skip
_MODIFIED = ("article:modified_time", "og:updated_time", "dateModified", "last-modified")
_TAIL = re.compile(r"\s+[|–—-]\s+[^|–—-]{2,40}$|\s+\|\s+.*$")
_CHARSET = re.compile(rb"<meta[^>]+charset=[\"']?([\w-]+)", re.I)


def read_html(data: bytes, name: str, limits: Limits, mapping: Mapping[str, str]) -> Iterator[Item]:
    """The article of one page."""
    yield page(_decoded(data))


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        declared = _CHARSET.search(data[:4096])
        if declared:
            try:
                return data.decode(declared.group(1).decode("ascii"), errors="replace")
            except LookupError:
                pass
    return decode(data)


def page(html: str, *, url: str | None = None, record: str | None = None) -> Item:
    """The article of a page's HTML."""
    import lxml.html

    try:
        tree = lxml.html.document_fromstring(html.encode("utf-8", "replace"), parser=_parser())
    except Exception as error:
        return ReadError("bad-html", f"no HTML tree: {type(error).__name__}", record)
    linked = _json_ld(tree)
    meta = _meta(tree)
    found = RawArticle(record=record)
    found.url = (
        _href(tree, "//link[@rel='canonical']/@href")
        or meta.get("og:url")
        or _ld_url(linked)
        or url
    )
    if found.url and "://" not in found.url:
        found.url = url
    found.title = _title(tree, linked, meta)
    found.source = (
        meta.get("og:site_name")
        or _name(linked.get("publisher"))
        or (urlsplit(found.url).hostname if found.url else None)
    )
    found.language = _str(linked.get("inLanguage")) or tree.get("lang") or meta.get("og:locale")
    found.authors = _authors(tree, linked, meta)
    _dates(tree, linked, meta, found)
    body = _body(tree, linked)
    if not body:
        return ReadError("no-text", "a page without an article in it", record)
    heads = {_clean(node.text_content()) for node in tree.iter("h1")}
    first, _, rest = body.partition("\n\n")
    if rest and (first in heads or first == found.title):
        body = rest
    found.text = body
    if not found.authors or not found.title:
        from trafilatura import extract_metadata

        more = extract_metadata(tree)
        if more is not None:
            found.authors = found.authors or people(more.author)
            found.title = found.title or more.title
    if not found.published:
        from htmldate import find_date

        day = find_date(html, original_date=True, extensive_search=False, url=found.url)
        if day:
            found.published, found.published_method = day, "page"
    return found


def _parser() -> Any:
    import lxml.html

    return lxml.html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True)


def _body(tree: Any, linked: Mapping[str, Any]) -> str:
    """Paragraphs by blank lines, without subheadings and what a page says of itself."""
    import trafilatura

    text = ""
    for recall in (False, True):
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
        text = "\n\n".join(_without_furniture([" ".join(line.split()) for line in lines]))
        if len(text) > 150:
            break
    declared = _str(linked.get("articleBody"))
    if declared and len(declared) > 1.5 * len(text) and "<" not in declared[:200]:
        text = "\n\n".join(line.strip() for line in declared.split("\n") if line.strip())
    return text


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


@cache
def _furniture() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{entry})" for entry in words("readers/furniture.txt")), re.I)


def _without_furniture(lines: Sequence[str]) -> list[str]:
    """Lines without calls to sign up, follow, share, read more, and credits of pictures."""
    return [line for line in lines if line and not _furniture().match(line)]


def _json_ld(tree: Any) -> dict[str, Any]:
    """The first object of an article type in the page's JSON-LD, {} when there is none."""
    stack: list[Any] = []
    for text in tree.xpath("//script[@type='application/ld+json']/text()"):
        try:
            stack.append(json.loads(text, strict=False))
        except (json.JSONDecodeError, RecursionError):
            continue
    stack.reverse()
    seen = 0
    while stack and seen < 2000:
        seen += 1
        value = stack.pop()
        if isinstance(value, list):
            stack.extend(reversed(value))
        elif isinstance(value, dict):
            kinds = value.get("@type")
            kinds = kinds if isinstance(kinds, list) else [kinds]
            if any(kind in _ARTICLE_TYPES for kind in kinds):
                return value
            stack.extend(reversed([v for v in value.values() if isinstance(v, dict | list)]))
    return {}


def _meta(tree: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in tree.iter("meta"):
        key = node.get("property") or node.get("name") or node.get("itemprop")
        value = (node.get("content") or "").strip()
        if key and value:
            found.setdefault(key, value)
            found.setdefault(key.lower(), value)
    return found


def _str(value: Any) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    return value.strip() if isinstance(value, str) and value.strip() else None


def _name(value: Any) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        return _str(value.get("name"))
    return _str(value)


def _ld_url(linked: Mapping[str, Any]) -> str | None:
    main = linked.get("mainEntityOfPage")
    if isinstance(main, dict):
        return _str(main.get("@id")) or _str(linked.get("url"))
    return _str(main) or _str(linked.get("url"))


def _href(tree: Any, path: str) -> str | None:
    found = tree.xpath(path)
    return str(found[0]).strip() if found else None


def _clean(text: str) -> str:
    import html

    return " ".join(html.unescape(text).split())


def _title(tree: Any, linked: Mapping[str, Any], meta: Mapping[str, str]) -> str | None:
    """The headline of JSON-LD, else og:title without the site's name, the h1, the title.

    Where these differ (a fifth of real pages) neither is right more often: one is the page's
    headline, the other the one for sharing.
    """
    site = _clean(meta.get("og:site_name", "") or _name(linked.get("publisher")) or "")
    shared = _clean(meta.get("og:title", "") or meta.get("twitter:title", ""))
    headline = _str(linked.get("headline"))
    if headline:
        return _clean(headline)
    if shared:
        return _without_site(shared, site)
    heads = [_clean(node.text_content()) for node in tree.iter("h1")]
    page_title = _clean("".join(tree.xpath("//head/title/text()")[:1]))
    for head in heads:
        if len(head.split()) > 2 and head in page_title:
            return head
    if page_title:
        return _TAIL.sub("", page_title) or page_title
    return next((head for head in heads if head), None)


def _without_site(title: str, site: str) -> str:
    """A title without " | Site" or " - Site" behind it."""
    match = re.search(r"\s+[|–—·-]\s+([^|–—·]{2,40})$", title)
    if match:
        tail = match.group(1).strip().lower()
        name = site.lower()
        if "|" in match.group(0) or (name and (tail in name or name in tail)):
            return title[: match.start()].rstrip()
    return title


def _authors(tree: Any, linked: Mapping[str, Any], meta: Mapping[str, str]) -> list[str]:
    listed = linked.get("author")
    listed = listed if isinstance(listed, list) else [listed] if listed else []
    names: list[str] = []
    for item in listed:
        name = _name(item)
        if name and "://" not in name:
            names += people(name)
    if not names:
        for key in (
            "author",
            "article:author",
            "parsely-author",
            "sailthru.author",
            "dc.creator",
            "byl",
        ):
            value = meta.get(key)
            if value and "://" not in value and "@" not in value:
                names = people(value)
                break
    if not names:
        nodes = tree.xpath("//*[@itemprop='author']") or tree.xpath("//a[@rel='author']")
        names = [n for node in nodes for n in people(_clean(node.text_content())) if len(n) < 60]
    organisation = {
        (_name(linked.get("publisher")) or "").lower(),
        meta.get("og:site_name", "").lower(),
    }
    kept = [n for n in dict.fromkeys(_clean(name) for name in names) if n]
    people_only = [n for n in kept if n.lower() not in organisation]
    return people_only or kept


def _dates(
    tree: Any, linked: Mapping[str, Any], meta: Mapping[str, str], found: RawArticle
) -> None:
    published = _str(linked.get("datePublished"))
    if published:
        found.published, found.published_method = published, "json-ld"
    else:
        for key in _DATES:
            if meta.get(key.lower()) or meta.get(key):
                found.published = meta.get(key) or meta.get(key.lower())
                found.published_method = "meta"
                break
    if not found.published:
        times = tree.xpath("//*[@itemprop='datePublished']/@datetime | //article//time/@datetime")
        if times:
            found.published, found.published_method = str(times[0]), "microdata"
    found.modified = _str(linked.get("dateModified")) or next(
        (meta[key] for key in _MODIFIED if meta.get(key)), None
    )
