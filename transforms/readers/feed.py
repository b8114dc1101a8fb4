"""RSS and Atom: one article an entry that carries its text. XML without entities."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from transforms.readers.base import ENDING, Item, Limits, RawArticle, ReadError, decode, fault
from warehouse.wording import counted

_DOCTYPE = re.compile(rb"<!DOCTYPE\s+[^<>\[\]]*>", re.I)
_ENTITIES = re.compile(rb"<!(DOCTYPE|ENTITY)", re.I)
_MARKUP = re.compile(r"<[a-zA-Z!/]")


def read_feed(data: bytes, name: str, limits: Limits, mapping: Mapping[str, str]) -> Iterator[Item]:
    """Entries of a feed. A document type of its own making is refused unread."""
    head = _DOCTYPE.sub(b"", data[:4096])  # RSS 0.91 names one, with nothing in it
    if _ENTITIES.search(head):
        yield ReadError("xml-entities", "declares a document type of its own; feeds have none")
        return
    import feedparser

    feed = feedparser.parse(
        decode(head + data[4096:]).encode("utf-8"),
        response_headers={"content-type": "text/xml; charset=utf-8"},
    )
    if feed.bozo and not feed.entries:
        yield ReadError("bad-feed", f"no feed: {str(feed.get('bozo_exception'))[:150]}")
        return
    if not feed.entries:
        yield ReadError("no-articles", "a feed without entries")
        return
    for number, entry in enumerate(feed.entries, start=1):
        try:
            yield _entry(entry, str(number), feed.feed)
        except ENDING:
            raise
        except Exception as error:
            yield ReadError("reader-error", fault(error), str(number))
    if feed.bozo and data.count(b"<item") > len(feed.entries):
        lost = data.count(b"<item") - len(feed.entries)
        yield ReadError(
            "bad-feed",
            f"{counted(lost, 'entry', 'entries')} more than could be read: it is no valid XML",
        )


def _entry(entry: Any, number: str, feed: Any) -> Item:
    # the whole text, where there is one; the summary may be longer by its markup
    contents = [plain_text(part.get("value") or "") for part in entry.get("content", [])]
    text = max(contents, key=len, default="")
    summary = plain_text(entry.get("summary") or "")
    if len(text) < len(summary) / 2:
        text = summary
    if not text.strip():
        return ReadError("no-text", f"entry {number} has no text", number)
    link = entry.get("link")
    return RawArticle(
        text=text,
        title=plain_text(entry.get("title") or "") or None,
        authors=[a["name"] for a in entry.get("authors", []) if a.get("name")],
        source=(entry.get("source") or {}).get("title") or feed.get("title"),
        url=link if link and "://" in link else None,
        published=entry.get("published") or entry.get("updated"),
        published_method="feed",
        modified=entry.get("updated"),
        language=entry.get("language") or feed.get("language"),
        declared_id=entry.get("id"),
        record=number,
    )


def plain_text(html: str) -> str:
    """Paragraphs of a fragment of HTML, without what no reader of it sees."""
    import html as entities

    if not _MARKUP.search(html):
        return entities.unescape(html).strip()
    from transforms.readers.page_blocks import fragment_lines

    return "\n\n".join(fragment_lines(html))
