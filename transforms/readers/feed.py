"""RSS and Atom: one article an entry that carries its text. XML without entities."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from transforms.readers.base import Item, Limits, RawArticle, ReadError, decode

_DOCTYPE = re.compile(rb"<!(DOCTYPE|ENTITY)", re.I)
_BREAK = re.compile(r"</(p|div|li|h\d|blockquote)>|<br\s*/?>", re.I)
_TAG = re.compile(r"<[^>]+>")


def read_feed(data: bytes, name: str, limits: Limits, mapping: Mapping[str, str]) -> Iterator[Item]:
    """Entries of a feed. A document type or entity declaration is refused unread."""
    if _DOCTYPE.search(data[:4096]):
        yield ReadError("xml-entities", "declares a document type; feeds have none")
        return
    import feedparser

    feed = feedparser.parse(
        decode(data).encode("utf-8"), response_headers={"content-type": "text/xml; charset=utf-8"}
    )
    if feed.bozo and not feed.entries:
        yield ReadError("bad-feed", f"no feed: {str(feed.get('bozo_exception'))[:150]}")
        return
    if not feed.entries:
        yield ReadError("no-articles", "a feed without entries")
        return
    source = feed.feed.get("title")
    language = feed.feed.get("language")
    for number, entry in enumerate(feed.entries[: limits.max_records], start=1):
        contents = [part.get("value", "") for part in entry.get("content", [])]
        text = max([*contents, entry.get("summary", "")], key=len)
        if not text.strip():
            yield ReadError("no-text", f"entry {number} has no text", str(number))
            continue
        link = entry.get("link")
        yield RawArticle(
            text=plain_text(text),
            title=entry.get("title"),
            authors=[a["name"] for a in entry.get("authors", []) if a.get("name")],
            source=entry.get("source", {}).get("title") or source,
            url=link if link and "://" in link else None,
            published=entry.get("published") or entry.get("updated"),
            published_method="feed",
            modified=entry.get("updated"),
            language=language,
            declared_id=entry.get("id"),
            record=str(number),
        )


def plain_text(html: str) -> str:
    """Paragraphs of a fragment of HTML."""
    import html as entities

    text = _TAG.sub(" ", _BREAK.sub("\n\n", html))
    lines = (" ".join(line.split()) for line in entities.unescape(text).split("\n"))
    return "\n\n".join(line for line in lines if line)
