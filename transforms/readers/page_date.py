"""When a page was published: what it says in data, and what it shows beside its headline.

The day that a page shows as that of its publication is for readers and right; what it gives in
data may be of the last change, of the template or of another story.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from transforms import published
from transforms.readers.page_blocks import names
from transforms.readers.page_data import Linked, text_of

_META = (
    "article:published_time", "og:article:published_time", "article:published", "datepublished",
    "date", "dc.date", "dc.date.issued", "dcterms.created", "dcterms.date", "dc.date.created",
    "parsely-pub-date", "sailthru.date", "pubdate", "publishdate", "publish-date", "publish_date",
    "publication_date", "publicationdate", "published_date", "published", "article.published",
    "cxenseparse:recs:publishtime", "og:published_time", "og:pubdate", "article_date_original",
    "originalpublicationdate", "ptime", "displaydate", "firstpublished", "bt:pubdate",
    "iso-8601-publish-date", "dcsext.articlefirstpublished", "article:create_time",
)  # fmt: skip
_MODIFIED = (
    "article:modified_time", "og:updated_time", "datemodified", "last-modified", "lastmod",
    "article:modified", "dcterms.modified",
)  # fmt: skip
_CUE = re.compile(
    r"\b(?:(?:first\s+|originally\s+)?(?:published|posted)|publication\s+date|date\s+published"
    r"|publié|veröffentlicht|publicado|pubblicato)\b(?:\s+(?:on|at|le|am|el|em|il))?\s*:?\s*",
    re.I,
)
_CHANGE = re.compile(r"\b(?:last\s+)?(?:updated?|modified|edited|revised|changed)\b", re.I)
_DATE_PART = re.compile(
    r"-(?:published|pubdate|publish-date|published-date|publication-date|post-date|posted-on"
    r"|entry-date|article-date|date-published|timestamp|dateline|date)-"
)
_CHANGE_PART = re.compile(r"-(?:updated|modified|comment|comments|related|teaser|card|event)-")
_ELSEWHERE = frozenset(("aside", "nav", "footer", "script", "style", "form", "select"))
_WEEKDAY = re.compile(r"^(?:on\s+)?(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+", re.I)
_NUMBERS = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d")
_LONGEST = 160  # characters of an element that shows a date
_NEAR = 60  # elements around the headline in which the date of its story stands
_WIDE = 2  # days by which data and page may differ: a zone, a print edition

Dated = tuple[str, str]  # a written date, and where it was found


def declared(
    tree: Any, linked: Linked, said: Mapping[str, Sequence[str]]
) -> tuple[Dated | None, str | None]:
    """(when it was published, when it was changed) as the page says it, None where it does not.

    The day that the page shows goes before data that says another; else the data, which is finer.
    """
    stated = [(text_of(linked.first("datePublished")), "json-ld")]
    stated += [(said[key][0], "meta") for key in _META if key in said]
    stated += [
        (node.get("datetime") or node.get("content") or node.text_content(), "microdata")
        for node in tree.xpath("//*[@itemprop='datePublished']")
    ]
    found = _first(stated)
    day, sure = shown(tree)
    if day and (found is None or (sure and _apart(found[0], day) > _WIDE)):
        found = day, "page"
    if found and day:
        found = published.on_clock_of(found[0], day), found[1]
    if found is None:
        found = _first(
            [
                (text_of(linked.first("dateCreated", "uploadDate")), "json-ld"),
                *(
                    (value, "time")
                    for value in tree.xpath(
                        "//time[@pubdate]/@datetime | //article//time/@datetime"
                        " | //main//time/@datetime"
                    )[:3]
                ),
            ]
        )
    if found is None:  # no date, but what was written for one
        found = next(((text, how) for text, how in stated if text and text.strip()), None)
    modified = text_of(linked.first("dateModified")) or next(
        (said[key][0] for key in _MODIFIED if key in said), None
    )
    return found, modified


def _first(stated: Sequence[tuple[str | None, str]]) -> Dated | None:
    """The first that reads as a date."""
    for text, method in stated:
        text = " ".join((text or "").split())
        moment = published.parse(text) if text else None
        if moment is not None and moment[0].year >= 1900:
            return text, method
    return None


def _apart(one: str, other: str) -> int:
    first, second = published.parse(one), published.parse(other)
    return abs((first[0].date() - second[0].date()).days) if first and second else 0


def shown(tree: Any) -> tuple[str | None, bool]:
    """(the day of publication that the page shows, whether it says so in words and no numbers)."""
    body = tree.find("body")
    nodes = [node for node in (tree if body is None else body).iter() if isinstance(node.tag, str)]
    head = next((at for at, node in enumerate(nodes) if node.tag == "h1"), 0)
    told: list[tuple[int, str]] = []
    marked: list[tuple[int, str]] = []
    for at, node in enumerate(nodes):
        if abs(at - head) > _NEAR:
            continue
        if node.text and _CUE.search(node.text):
            text = _short(node) or ""
            if not _CUE.fullmatch(text.strip()) or node.getparent() is None:
                told += _told(text, at, node)
            else:  # the date stands beside the word
                told += _told(_short(node.getparent()) or "", at, node)
        elif node.tag == "time" or (node.attrib and _DATE_PART.search(names(node))):
            text = _short(node) or ""
            if text and not _CHANGE.search(text) and not _elsewhere(node):
                value = _dated(text)
                marked += [(abs(at - head), value)] if value else []
    if told:
        text = min(told)[1]
        return text, not _NUMBERS.search(text)
    return (min(marked)[1], False) if marked else (None, False)


def _told(text: str, at: int, node: Any) -> list[tuple[int, str]]:
    cue = _CUE.search(text)
    if cue is None or _elsewhere(node):
        return []
    behind = text[cue.end() :]
    change = _CHANGE.search(behind)
    value = _dated(behind[: change.start()] if change else behind)
    return [(at, value)] if value else []


def _dated(text: str) -> str | None:
    text = _WEEKDAY.sub("", " ".join(text.split()))
    moment = published.parse(text)
    return text if moment is not None and moment[0].year >= 1990 else None


def _short(node: Any) -> str | None:
    text = " ".join(" ".join(node.itertext()).split())
    return text if len(text) <= _LONGEST else None


def _elsewhere(node: Any) -> bool:
    while node is not None:
        if node.tag in _ELSEWHERE or (node.attrib and _CHANGE_PART.search(names(node))):
            return True
        node = node.getparent()
    return False
