"""Plain text and Markdown with header lines, Factiva fields and Nexis exports."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from transforms.readers.base import Item, Limits, RawArticle, ReadError, decode, long_line
from transforms.readers.date_line import Dated, dated
from transforms.readers.fields import article, people

_LEADING_DATE = re.compile(
    r"^\s*date\s+(\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?Z?)?)\s+", re.I
)
_HEADER = re.compile(r"^([A-Za-z][A-Za-z _-]{1,20}):\s*(.*)$")
_KEYS = {
    "title": "title", "headline": "title", "date": "published", "published": "published",
    "publication date": "published", "source": "source", "publication": "source",
    "publisher": "source", "author": "authors", "authors": "authors", "by": "authors",
    "byline": "authors", "url": "url", "link": "url", "language": "language", "id": "id",
    "updated": "modified", "modified": "modified", "corrected": "modified", "section": "",
}  # fmt: skip
_FACTIVA = re.compile(r"^(HD|BY|CR|WC|PD|ET|SN|SC|ED|PG|LA|CY|LP|TD|RF|CO|IN|NS|RE|PUB|AN|SE|VOL)\s{2,}(.*)$|^(HD|LP|TD|PD|SN|BY|AN)\s*$")  # fmt: skip  # noqa: E501
_IN_FRONT = frozenset(
    ("HD", "BY", "CR", "WC", "PD", "ET", "SN", "SC", "ED", "PG", "LA", "CY", "SE", "VOL")
)
_TEXT = frozenset(("LP", "TD"))
# Fields behind a text and what their value looks like. A line of the text may begin with the same
# two letters ("IN  Brussels ...").
_BEHIND = {
    **dict.fromkeys(("CO", "IN", "NS", "RE"), re.compile(r"[\w&]+ : \S")),
    "AN": re.compile(r"Document \S"),
    **dict.fromkeys(("RF", "PUB"), re.compile(r"")),
}
_FACTIVA_END = re.compile(r"^Document \S{10,}\s*$")
_NEXIS_END = re.compile(r"^\s*End of Document\s*$")
_NEXIS_TAIL = re.compile(r"\s*(?:Load-Date:\s*(?:$|.*\d{4})|(?:Classification|Graphic|Notes)\s*$)")
_NEXIS_KEY = re.compile(
    r"^(Length|Byline|Section|Dateline|Load-Date|Highlight|Headline):\s*(.*)$", re.I
)
_DAY = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r"\s+\d{1,2},?\s+\d{4}\b|\b\d{1,2}\s+(?:January|February|March|April|May|June|July|August|"
    r"September|October|November|December)\s+\d{4}\b"
)


def read_text(data: bytes, name: str, limits: Limits, mapping: Mapping[str, str]) -> Iterator[Item]:
    """One article: ` date 2025-12-18 Text…`, `Title:`/`Date:`/… lines, or a day on its own line."""
    text = decode(data).replace("\r\n", "\n").replace("\r", "\n")
    problem = long_line(text, limits)
    if problem:
        yield problem
        return
    yield plain(text)


def plain(text: str) -> Item:
    """The article in a text with header lines."""
    first = _LEADING_DATE.match(text)
    if first:
        return RawArticle(
            text=text[first.end() :], published=first.group(1), published_method="header"
        )
    fields: dict[str, str] = {}
    lines = text.lstrip("\n").split("\n")
    used = 0
    for line in lines:
        match = _HEADER.match(line.strip())
        key = _KEYS.get(match.group(1).strip().lower()) if match else None
        if match is None or key is None:
            break
        used += 1
        if key:
            fields.setdefault(key, match.group(2).strip())
    own = Dated() if "published" in fields else dated(lines[used:])
    if used == 1 and "published" not in fields and own.published is None:
        used, fields, own = 0, {}, dated(lines)
    gone = {used + at for at in own.used}
    body = "\n".join(line for at, line in enumerate(lines) if at >= used and at not in gone)
    if not body.strip():
        return ReadError("no-text", "header lines, but no text after them")
    return RawArticle(
        text=body,
        title=fields.get("title"),
        authors=people(fields.get("authors")) or own.authors,
        source=fields.get("source"),
        url=fields.get("url"),
        published=fields.get("published") or own.published,
        published_method="line" if own.published else "header",
        modified=fields.get("modified") or own.modified,
        language=fields.get("language"),
        declared_id=fields.get("id"),
    )


def read_markdown(
    data: bytes, name: str, limits: Limits, mapping: Mapping[str, str]
) -> Iterator[Item]:
    """Front matter between `---` lines, then Markdown, whose marks are taken off."""
    text = decode(data).replace("\r\n", "\n")
    problem = long_line(text, limits)
    if problem:
        yield problem
        return
    parts = re.split(r"^---\s*$", text, maxsplit=2, flags=re.M)
    if len(parts) == 3 and not parts[0].strip():
        fields = {
            m.group(1).strip(): m.group(2).strip().strip("\"'")
            for line in parts[1].splitlines()
            if (m := _HEADER.match(line.strip()))
        }
        found = article({**fields, "text": _unmark(parts[2])}, None, mapping)
        if isinstance(found, RawArticle):
            found.published_method = "front-matter"
            if found.title and found.text:
                found.text = re.sub(rf"^\s*{re.escape(found.title)}\s*\n", "", found.text)
        yield found
        return
    yield plain(_unmark(text))


def _unmark(text: str) -> str:
    text = re.sub(r"```.*?```", "", text, flags=re.S)
    text = re.sub(r"!\[[^\[\]]{0,500}\]\([^()]{0,2000}\)", "", text)
    text = re.sub(r"\[([^\[\]]{1,500})\]\([^()]{0,2000}\)", r"\1", text)
    text = re.sub(r"^\s{0,3}(#{1,6}|>|[-*+])\s+", "", text, flags=re.M)
    return re.sub(r"(\*\*|__|\*|`)(\S.{0,500}?\S|\S)\1", r"\2", text)


def read_factiva(
    data: bytes, name: str, limits: Limits, mapping: Mapping[str, str]
) -> Iterator[Item]:
    """Documents with two-letter fields, each ended by a `Document …` line."""
    fields: dict[str, list[str]] = {}
    key, number, blank = "", 0, True
    for line in [*decode(data).splitlines(), "Document (end of file)"]:
        match = _FACTIVA.match(line)
        if match and (match.group(1) or match.group(3)) == "HD" and "AN" in fields:
            number += 1
            yield _factiva(fields, str(number))
            fields, key = {}, ""
        if match and not _is_field(match, fields, key, after_blank=blank):
            match = None
        blank = not line.strip()
        if _FACTIVA_END.match(line) or line.startswith("Document (end"):
            if fields:
                number += 1
                yield _factiva(fields, str(number))
            fields, key = {}, ""
        elif match:
            key = match.group(1) or match.group(3)
            fields.setdefault(key, []).append(match.group(2) or "")
        elif key:
            fields[key].append(line)


def _is_field(
    match: re.Match[str], fields: Mapping[str, list[str]], key: str, *, after_blank: bool
) -> bool:
    """Whether a line with a field's label is one, and no line of the text."""
    label, value = match.group(1) or match.group(3), match.group(2) or ""
    if not _TEXT.intersection(fields):
        return True
    if label in _TEXT:
        return label not in fields and key in _TEXT
    if label in _IN_FRONT:
        return False
    return bool(_BEHIND[label].match(value)) and (
        label not in ("RF", "PUB") or after_blank or key not in _TEXT
    )


def _factiva(fields: dict[str, list[str]], number: str) -> Item:
    def text(*keys: str) -> str:
        lines = [line.strip() for key in keys for line in fields.get(key, [])]
        return "\n".join(lines).strip()

    body = text("LP", "TD")
    if not body:
        return ReadError("no-text", f"document {number} has no LP or TD field", number)
    return RawArticle(
        text=body,
        title=text("HD").replace("\n", " ") or None,
        authors=people(text("BY", "CR")),
        source=text("SN") or None,
        published=text("PD") or None,
        published_method="field",
        language={"English": "en"}.get(text("LA")),
        declared_id=text("AN") or None,
        record=number,
    )


def read_nexis(
    data: bytes, name: str, limits: Limits, mapping: Mapping[str, str]
) -> Iterator[Item]:
    """Documents of a Nexis text export: title, source, day, keys, `Body`, text, `Load-Date`."""
    number, lines = 0, []
    for line in [*decode(data).splitlines(), "End of Document"]:
        if not _NEXIS_END.match(line):
            lines.append(line)
            continue
        if any(part.strip() for part in lines):
            number += 1
            yield _nexis(lines, str(number))
        lines = []


def _nexis(lines: list[str], number: str) -> Item:
    marks = [index for index, line in enumerate(lines) if line.strip() == "Body"]
    if not marks:
        return ReadError("no-text", f"document {number} has no Body", number)
    head = [line.strip() for line in lines[: marks[0]] if line.strip()]
    keys = {m.group(1).lower(): m.group(2) for line in head if (m := _NEXIS_KEY.match(line))}
    # the line that is a day, and not the headline that speaks of one
    days = [(at, m) for at, line in enumerate(head) if at and (m := _DAY.search(line))]
    at, first = next(((at, m) for at, m in days if m.start() == 0), days[0] if days else (0, None))
    source = max(at - 1, 1)  # a long headline has several lines
    behind = lines[marks[0] + 1 :]
    ends = next((at for at, line in enumerate(behind) if _NEXIS_TAIL.match(line)), len(behind))
    body = behind[:ends]
    loaded = (_DAY.search(line) for line in behind[ends:] if "Load-Date:" in line)
    day = first or next(filter(None, loaded), None)
    return RawArticle(
        text="\n".join(body).strip(),
        title=" ".join(head[:source]) or None,
        source=head[source] if len(head) > source else None,
        authors=people(keys.get("byline")),
        published=day.group(0) if day else None,
        published_method="field",
        record=number,
    )
