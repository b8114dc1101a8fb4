"""What a page says of itself in data: JSON-LD of any shape, and `<meta>`.

Nothing in it is executed: scripts of other types are not read, and an `@id` that refers is looked
up in the same page only.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

_KINDS = ("Report", "Review", "CreativeWork")
_NESTED = frozenset((  # parts of an article that are articles of their own
    "liveBlogUpdate", "hasPart", "isPartOf", "itemListElement", "mentions", "about", "citation",
    "relatedLink", "comment", "video", "associatedMedia", "isBasedOn", "potentialAction",
))  # fmt: skip
_TRAILING_COMMA = re.compile(r",\s*([}\]])")
# A tag, long only with attributes: "<i>", `<a rel="nofollow" href="https://…">`.
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,80}>|<[a-zA-Z][\w-]*\s+[\w:-]+\s*=[^<>]{1,4000}>")
_MOST_NODES = 5000


@dataclass(slots=True)
class Linked:
    """The page's JSON-LD: its articles, the page's own first, and all objects by `@id`."""

    articles: list[dict[str, Any]] = field(default_factory=list)
    pages: list[dict[str, Any]] = field(default_factory=list)
    by_id: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def article(self) -> dict[str, Any]:
        """The article the page is about, {} without one."""
        return self.articles[0] if self.articles else {}

    def first(self, *keys: str) -> Any:
        """The first value that says something, in the articles and then in the page."""
        for thing in [*self.articles, *self.pages]:
            for key in keys:
                value = thing.get(key)
                if value not in (None, "", [], {}):
                    return value
        return None

    def resolved(self, value: Any) -> Any:
        """The object that `{"@id": …}` refers to, else the value."""
        if isinstance(value, dict) and isinstance(value.get("@id"), str) and "name" not in value:
            return self.by_id.get(value["@id"], value)
        return value


def linked_data(tree: Any, url: str | None) -> Linked:
    """The JSON-LD of a page. Articles in other articles (updates, parts) are left out."""
    found = Linked()
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        for value in _values("".join(script.itertext())):
            _walk(value, found)
    if url:
        plain = url.split("?")[0].rstrip("/")
        found.articles.sort(key=lambda thing: not _is_about(thing, plain))
    head = str(found.article.get("headline") or found.article.get("name") or "")
    found.articles[1:] = [
        thing
        for thing in found.articles[1:]
        if str(thing.get("headline") or thing.get("name") or "") == head
    ]
    return found


def _is_about(thing: Mapping[str, Any], url: str) -> bool:
    main = thing.get("mainEntityOfPage")
    named = [main.get("@id"), main.get("url")] if isinstance(main, dict) else [main]
    return any(
        isinstance(name, str) and name.split("?")[0].split("#")[0].rstrip("/") == url
        for name in (*named, thing.get("url"), thing.get("@id"))
    )


def _values(text: str) -> Iterator[Any]:
    text = text.strip().removeprefix("<!--").removesuffix("-->")
    if "CDATA[" in text[:40]:
        text = text[text.index("CDATA[") + 6 :].rpartition("]]>")[0].removesuffix("//")
    text = text.strip().rstrip(";")
    attempts: tuple[Callable[[], str], ...] = (
        lambda: text,
        lambda: _TRAILING_COMMA.sub(r"\1", text),
        lambda: html.unescape(text),
    )
    for attempt in attempts:
        try:
            yield json.loads(attempt(), strict=False)
        except json.JSONDecodeError:
            continue
        except RecursionError:
            return
        return
    decoder = json.JSONDecoder(strict=False)
    try:  # several objects behind one another
        while text:
            value, end = decoder.raw_decode(text)
            yield value
            text = text[end:].lstrip(" \r\n\t,;")
    except (json.JSONDecodeError, RecursionError):
        return


def kinds(thing: Mapping[str, Any]) -> list[str]:
    """The `@type`s without their address."""
    value = thing.get("@type")
    listed = value if isinstance(value, list) else [value]
    return [kind.rsplit("/", 1)[-1] for kind in listed if isinstance(kind, str)]


def _is_article(thing: Mapping[str, Any], types: list[str]) -> bool:
    if any(kind.endswith(("Article", "BlogPosting")) for kind in types):
        return True
    return bool(thing.get("headline")) and any(kind in _KINDS for kind in types)


def _walk(value: Any, found: Linked) -> None:
    stack = [(value, False)]
    seen = 0
    while stack and seen < _MOST_NODES:
        seen += 1
        value, nested = stack.pop()
        if isinstance(value, list):
            stack.extend((item, nested) for item in reversed(value))
            continue
        if not isinstance(value, dict):
            continue
        types = kinds(value)
        name = value.get("@id")
        if isinstance(name, str) and len(value) > 1:
            found.by_id.setdefault(name, value)
        if not nested:
            if _is_article(value, types):
                found.articles.append(value)
            elif any(kind.endswith("WebPage") for kind in types):
                found.pages.append(value)
        stack.extend(
            (inner, nested or key in _NESTED)
            for key, inner in reversed(value.items())
            if isinstance(inner, dict | list)
        )


def meta(tree: Any) -> dict[str, list[str]]:
    """`<meta>` by property, name or itemprop in lower case; values in order, none empty."""
    found: dict[str, list[str]] = {}
    for node in tree.iter("meta"):
        value = (node.get("content") or "").strip()
        if not value:
            continue
        for attribute in ("property", "name", "itemprop"):
            key = node.get(attribute)
            if key:
                values = found.setdefault(key.strip().lower(), [])
                if value not in values:
                    values.append(value)
    return found


def text_of(value: Any) -> str | None:
    """The first text of a value: itself, its first item, its name."""
    while isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        return text_of(value.get("name") or value.get("@value"))
    if not isinstance(value, str):
        return None
    return clean(value) or None


def without_tags(text: str) -> str:
    """The text without tags, also those broken over lines."""
    return _TAG.sub("", text)


def clean(text: str) -> str:
    """One line without entities ("&amp;amp;" too) and tags."""
    if "&" in text:
        text = html.unescape(html.unescape(text))
    if "<" in text:
        text = without_tags(text)
    return " ".join(text.split())
