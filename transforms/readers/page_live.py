"""Live blogs: the entries that a page's JSON-LD tells, each an article with its own time.

A blog of a day tells at noon what was planned in the morning; read as one text, all of it would be
of the time when the page was made.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urldefrag

from transforms.readers.base import RawArticle
from transforms.readers.bylines import looks_like_name, names_in
from transforms.readers.page_data import Linked, kinds, text_of
from transforms.readers.page_script import plain_lines

_MOST = 2000  # entries
_LINE = 60  # characters of a line that may be a time, a name or a button
_SHARE = 0.3  # of the page's text that entries tell at least
_REST = 300  # characters beside the entries that are a text of their own


def entries(found: RawArticle, linked: Linked) -> Iterator[RawArticle]:
    """The entries of the page `found`, the first told first, and what it says beside them.

    None where the page is no live blog, or its data tells fewer than two entries with a text and a
    time, or too little of what the page shows.
    """
    told = [made for thing in _updates(linked) if (made := _entry(found, thing)) is not None]
    told = _joined(sorted(told, key=lambda entry: entry.published or ""))
    size = sum(len(entry.text or "") for entry in told)
    if len(told) < 2 or size < _SHARE * len(found.text or ""):
        return
    lines = {line for entry in told for line in (entry.text or "").split("\n\n")}
    held = "\n".join(lines)
    rest = [
        line
        for line in (found.text or "").split("\n\n")
        if line not in lines and (len(line) < _LINE or line not in held)
    ]
    if sum(len(line) for line in rest if len(line) >= _LINE) >= _REST:
        yield _part(found, text="\n\n".join(line for line in rest if len(line) >= _LINE))
    for number, entry in enumerate(told, start=1):
        entry.record = f"{found.record}#{number}" if found.record else str(number)
        yield entry


def _joined(told: list[RawArticle]) -> list[RawArticle]:
    """Entries of a line ("Half time.") with the one before them: they are no articles."""
    kept: list[RawArticle] = []
    for entry in told:
        if kept and len(entry.text or "") < _LINE:
            kept[-1].text = f"{kept[-1].text}\n\n{entry.text}"
        else:
            kept.append(entry)
    return kept


def _updates(linked: Linked) -> list[dict[str, Any]]:
    for thing in linked.articles:
        listed = thing.get("liveBlogUpdate")
        if "LiveBlogPosting" in kinds(thing) and listed:
            held = map(linked.resolved, listed if isinstance(listed, list) else [listed])
            return [item for item in held if isinstance(item, dict)][:_MOST]
    return []


def _entry(found: RawArticle, thing: Mapping[str, Any]) -> RawArticle | None:
    body = thing.get("articleBody") or thing.get("text") or thing.get("description")
    published = text_of(thing.get("datePublished")) or text_of(thing.get("dateCreated"))
    lines = plain_lines(body) if isinstance(body, str) else []
    if not lines or not published:
        return None
    own = next(
        (name.strip() for key in ("url", "@id", "mainEntityOfPage")
         if isinstance(name := thing.get(key), str)), ""
    )  # fmt: skip
    address, fragment = urldefrag(own)
    named = names_in(text_of(thing.get("author")) or "")
    entry = _part(found, text="\n\n".join(lines))
    if "://" in address:
        entry.url = own
    elif found.url and fragment:
        entry.url = f"{urldefrag(found.url)[0]}#{fragment}"
    entry.part = fragment or own or published
    entry.title = text_of(thing.get("headline")) or text_of(thing.get("name")) or found.title
    entry.published, entry.published_method = published, "json-ld"
    entry.modified = text_of(thing.get("dateModified"))
    if named and all(map(looks_like_name, named)):
        entry.authors = named
    return entry


def _part(found: RawArticle, *, text: str) -> RawArticle:
    made = copy.copy(found)
    made.authors, made.text = list(found.authors), text
    return made
