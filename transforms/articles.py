"""Raw articles → articles: clean text, a stable identity, a date that is believed."""

from __future__ import annotations

import datetime as dt
import hashlib
import html
import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import ftfy

from transforms import published as dates
from transforms.ids import digest
from transforms.language_id import language_of
from transforms.readers.base import RawArticle, ReadError
from transforms.versions import lead

_CONFIG = ftfy.TextFixerConfig(
    unescape_html=False, uncurl_quotes=False, normalization="NFC", fix_latin_ligatures=True
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ufffd]")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#\d{2,7}|#[xX][0-9A-Fa-f]{2,6});")
_HALVES = re.compile("[\ud800-\udfff]")  # of pairs; no text in UTF-8 can hold one
# Runs that a tokenizer takes apart sign by sign, in time that grows with their square.
_SIGNS = re.compile(r"([^\w\s])[^\w\s]{59,}")
_VOID = re.compile(r"\n(?:[ \t]*\n){9,}")
_BLOB = re.compile(r"[!-~]{1000,}")
_SPACE = re.compile(r"[^\S\n]+")
_TRACKING = re.compile(r"^(utm_\w+|fbclid|gclid|mc_[ce]id|cmpid|ref|ref_src|smid|s?share|at_\w+)$")
# "SEOUL (Yonhap) — ", "AREQUIPA, Peru (Labour Monitor) - ", "KYIV, March 3 (Reuters) – "
_DATELINE = re.compile(
    r"(?P<place>[A-Z][A-Z.'’\- ]{2,40}(?:,\s+[A-Z][\w.'’ ]{1,30})?(?:/[A-Z][A-Z ]+)?)"
    r"(?:,\s+(?:[A-Z][a-z]{2,8}\.?\s+\d{1,2}|\d{1,2}\s+[A-Z][a-z]{2,8})(?:,?\s+\d{4})?)?"
    r"(?:\s+\((?P<agency>[^()\n]{2,40})\))?\s*(?P<dash>—|–|--|-)\s+(?=\S)"
)
_TITLE_DATELINE = re.compile(
    r"(?:[A-Z][\w.'’\-]+(?:\s+[A-Z][\w.'’\-]+){0,3}(?:,\s+[A-Z][\w.'’ ]{1,30})?)"
    r"\s+\([^()\n]{2,40}\)\s*(?:—|–|--|-)\s+(?=\S)"
)
_MIN_LETTERS = 20


@dataclass(slots=True)
class Article:
    """One article as it will be stored. Offsets count code points of `text`."""

    article_id: str
    source_uri: str
    record: str | None
    url: str | None
    source: str | None
    title: str | None
    authors: list[str]
    language: str | None
    published_at: dt.datetime  # UTC without zone
    published_method: str
    published_precision: str  # day, second
    dateline: str | None
    dateline_end: int  # offset behind the dateline, 0 for none
    text: str
    word_count: int
    content_sha256: str
    identity: str  # what the id was made of: url, declared, title, content
    modified: dt.datetime | None = None
    utc_offset: int | None = None  # minutes of the outlet's clock before UTC, where it says so
    retracted: bool = False
    declared_id: str | None = None
    doubts: list[str] = field(default_factory=list)

    @property
    def day(self) -> dt.date:
        """The day of publication where the outlet is: what its text calls today."""
        return (self.published_at + dt.timedelta(minutes=self.utc_offset or 0)).date()


def clean(text: str) -> str:
    """Mojibake and `&rsquo;` repaired, NFC, no control or invisible characters; paragraphs by
    blank lines."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "&" in text:  # of a system that escapes twice
        text = _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
    text = _HALVES.sub("", text)
    text = _VOID.sub("\n\n", text)
    text = _BLOB.sub(_short, _SIGNS.sub(r"\1", text))
    text = ftfy.fix_text(text, _CONFIG)
    text = _INVISIBLE.sub("", text)
    text = "".join(
        c if c == "\n" or c == "\t" or unicodedata.category(c) != "Cc" else " " for c in text
    ) if not text.isprintable() else text  # fmt: skip
    lines = (_SPACE.sub(" ", line).strip() for line in text.split("\n"))
    return unicodedata.normalize("NFC", "\n\n".join(_paragraphs(lines)))


def _short(run: re.Match[str]) -> str:
    """What is left of a run without a space: its beginning, where that may be a word."""
    return run.group(0)[:100] + "…"


def _paragraphs(lines: object) -> list[str]:
    """Lines of one paragraph joined where the text is wrapped, else one a line."""
    held = list(lines)  # type: ignore[call-overload]
    blank = sum(not line for line in held)
    full = [line for line in held if line]
    wrapped = (
        blank > 0 and len(full) > 3 and max(map(len, full)) <= 100 and len(full) > 2 * (blank + 1)
    )
    if not wrapped:
        return full
    found: list[str] = []
    current: list[str] = []
    for line in [*held, ""]:
        if line:
            current.append(line)
        elif current:
            found.append(" ".join(current))
            current = []
    return found


def _inline(text: str | None) -> str | None:
    if not text:
        return None
    return " ".join(clean(text).split()) or None


def address(url: str | None) -> str | None:
    """The address of an article, None for what is none ("http://[half")."""
    url = "".join(_HALVES.sub("", url or "").split())
    url = _CONTROL.sub(lambda sign: quote(sign[0]), url)  # what steers a terminal is no address
    try:
        parts = urlsplit(url)
        return url if parts.scheme and parts.hostname else None
    except ValueError:
        return None


def normal_url(url: str) -> str:
    """The address without scheme, `www.`, fragment, tracking parameters and end slash.

    Raises ValueError for what is no `address`.
    """
    parts = urlsplit(url.strip())
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    query = [(k, v) for k, v in parse_qsl(parts.query) if not _TRACKING.match(k.lower())]
    path = parts.path.rstrip("/").removesuffix("/amp")
    return f"{host}{path}" + (f"?{urlencode(sorted(query))}" if query else "")


def dateline_of(text: str) -> tuple[str | None, int]:
    """("SEOUL (Yonhap) —", offset behind it), or (None, 0)."""
    match = _DATELINE.match(text) or _TITLE_DATELINE.match(text)
    if not match:
        return None, 0
    if "agency" in match.re.groupindex and not match["agency"] and match["dash"] == "-":
        return None, 0
    return match.group(0).strip(), match.end()


def make_article(raw: RawArticle, *, source_uri: str, today: dt.date) -> Article | ReadError:
    """The article, or why there is none: rules `no-text`, `no-date`, `doubtful-date`.

    `today` is the day of the run, against which a date in the future is doubted.
    """
    text = clean(raw.text or "")
    title = _inline(raw.title)
    if sum(character.isalpha() for character in text[:500]) < _MIN_LETTERS:
        return ReadError("no-text", "too little text for an article", raw.record)
    found = _published(raw, source_uri, today)
    if isinstance(found, ReadError):
        return found
    moment, precision, method, doubts = found
    modified = dates.parse(raw.modified) if raw.modified else None
    if modified and dates.doubt(modified[0], today):
        modified = None
    source = _inline(raw.source)
    url = address(raw.url)
    declared_id = _inline(raw.declared_id)
    dateline, end = dateline_of(text)
    sha = hashlib.sha256("\n".join([title or "", text]).encode()).hexdigest()
    identity, key = _identity(declared_id, url, raw.part, source, title, moment, text)
    return Article(
        article_id=digest("article", *key),
        source_uri=source_uri,
        record=raw.record,
        url=url,
        source=source or (urlsplit(url).hostname if url else None),
        title=title,
        authors=[name for author in raw.authors if (name := _inline(author))],
        language=language_of(text, raw.language),
        published_at=moment,
        published_method=method,
        published_precision=precision,
        dateline=dateline,
        dateline_end=end,
        text=text,
        word_count=len(text.split()),
        content_sha256=sha,
        identity=identity,
        modified=modified[0] if modified else None,
        utc_offset=dates.offset(raw.published if method == raw.published_method else raw.modified)
        if method in (raw.published_method, "modified")
        else None,
        retracted=raw.retracted,
        declared_id=declared_id,
        doubts=doubts,
    )


def _identity(
    declared_id: str | None,
    url: str | None,
    part: str | None,
    source: str | None,
    title: str | None,
    moment: dt.datetime,
    text: str,
) -> tuple[str, tuple[str | None, ...]]:
    if url:
        return "url", ("url", normal_url(url), *([part] if part else []))
    if declared_id and source:
        return "declared", ("declared", source.lower(), declared_id)
    if title:
        day = f"{moment:%Y-%m-%d}"  # more texts than one may stand under a headline that day
        return "title", ("title", (source or "").lower(), day, title.lower(), lead(text))
    return "content", ("content", f"{moment:%Y-%m-%d}", " ".join(text.split()))


def _published(
    raw: RawArticle, source_uri: str, today: dt.date
) -> tuple[dt.datetime, str, str, list[str]] | ReadError:
    doubts: list[str] = []
    for text, method in ((raw.published, raw.published_method), (raw.modified, "modified")):
        if not text:
            continue
        parsed = dates.parse(text)
        if parsed is None:
            doubts.append(f"{text[:40]!r} is no date")
            continue
        doubt = dates.doubt(parsed[0], today)
        if doubt is None:
            return parsed[0], parsed[1], method, doubts
        doubts.append(doubt)
    names = ((raw.url, "url"), (raw.record, "path"), (PurePosixPath(source_uri).name, "path"))
    for text, method in names:
        day = dates.in_path(text) if text else None
        if day is not None and dates.doubt(day, today) is None:
            return day, "day", method, doubts
    if doubts:
        return ReadError("doubtful-date", f"no date to believe: {'; '.join(doubts)}", raw.record)
    return ReadError("no-date", "it does not say when it was published", raw.record)
