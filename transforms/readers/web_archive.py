"""WARC: the pages, texts and feeds that a crawl brought home, plain or gzipped by record.

A record is read for what it holds: responses and resources by their content, conversions (WET)
as text. Error pages are no articles. What a crawl also brings (pictures, scripts, styles) and
what it says of itself (requests, metadata) is passed over.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from transforms.readers.archives import Bomb, inflate
from transforms.readers.base import (
    ENDING,
    Item,
    Limits,
    RawArticle,
    ReadError,
    Undecodable,
    fault,
    guarded,
)

_HELD = frozenset(("response", "resource", "conversion"))
_PAGES = ("html", "xhtml")
_READ = ("text/plain", "json", "xml", "rss", "atom", "csv", "markdown", "message/rfc822")
_OTHER = ("pdf", "msword", "officedocument", "rtf", "epub", "opendocument")  # texts we do not read
_CHARSET = re.compile(r"charset=[\"']?([\w-]+)")


@dataclass(frozen=True, slots=True)
class _Captured:
    """One record: its number, its kind of content in lower case, its address, its bytes."""

    number: str
    content: str
    url: str | None
    body: bytes


def read_warc(data: bytes, name: str, limits: Limits, mapping: Mapping[str, str]) -> Iterator[Item]:
    """The articles of each record."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    number = 0
    seen: set[str] = set()
    records = ArchiveIterator(io.BytesIO(data))
    while True:
        try:
            record = next(records, None)
        except (ArchiveLoadFailed, OSError, EOFError, zlib.error, ValueError) as error:
            yield ReadError("bad-archive", f"no WARC from record {number + 1} on: {fault(error)}")
            return
        if record is None:
            return
        kind, url = record.rec_type, record.rec_headers.get_header("WARC-Target-URI")
        if kind == "revisit":
            number += 1
            if url not in seen:
                reason = f"a revisit of {url or 'a page'}, whose text is not in this file"
                yield ReadError("no-text", reason, str(number))
            continue
        if kind not in _HELD:
            continue
        number += 1
        limits.member()
        try:
            found = _captured(record, str(number), url, len(data), limits)
        except Bomb as error:
            yield ReadError("archive-bomb", str(error), str(number))
            continue
        except ENDING:
            raise
        except Exception as error:
            yield ReadError("bad-archive", f"a record is damaged: {fault(error)}", str(number))
            continue
        if isinstance(found, _Captured):
            seen.add(found.url or "")
            yield from _articles(found, limits, mapping, converted=kind == "conversion")
        elif found is not None:
            yield found


def _captured(
    record: Any, number: str, url: str | None, size: int, limits: Limits
) -> _Captured | ReadError | None:
    """What a record holds, why it holds no article, or None for what is no text."""
    headers = record.http_headers
    if record.rec_type == "response" and headers is not None:
        status = headers.get_statuscode() or ""
        if status.isdigit() and not 200 <= int(status) < 300:
            if status.startswith("3"):
                return None  # where it leads to has a record of its own
            return ReadError("http-error", f"the server answered {status} for {url}", number)
        content = headers.get_header("Content-Type") or ""
    else:
        content = record.rec_headers.get_header("Content-Type") or ""
    content = content.lower()
    if any(part in content for part in _OTHER):
        return ReadError("other-format", f"{content.split(';')[0]}; only text can be read", number)
    if content and not any(part in content for part in (*_PAGES, *_READ)):
        return None
    return _Captured(number, content, url, inflate(record.content_stream(), size, limits))


def _articles(
    found: _Captured, limits: Limits, mapping: Mapping[str, str], *, converted: bool
) -> Iterator[Item]:
    from transforms.readers import detect, read_part
    from transforms.readers.page import decoded, pages

    name = (found.url or "").split("?")[0]
    is_page = any(part in found.content for part in _PAGES)
    if not found.body.strip():
        yield ReadError("no-text", f"an empty record of {found.url}", found.number)
        return
    if is_page or (not converted and detect(found.body, name) == "html"):
        said = _CHARSET.search(found.content)
        try:
            text = decoded(found.body, said.group(1) if said else None)
        except Undecodable as error:
            yield ReadError("encoding", str(error), found.number)
            return
        yield from guarded(pages(text, url=found.url, record=found.number), found.number)
        return
    deeper = replace(limits, max_depth=limits.max_depth - 1)
    for item in read_part(found.body, "a.txt" if converted else name, deeper, mapping):
        where = found.number if item.record is None else f"{found.number}#{item.record}"
        if isinstance(item, RawArticle):
            if item.record is None:
                item.url = item.url or found.url
            item.record = where
            yield item
        else:
            yield replace(item, record=where)
