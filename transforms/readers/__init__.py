"""Raw bytes → raw articles, one reader per format.

Formats are told by content first and by name where content does not say. A reader never raises
on bad input: it gives a `ReadError` with a rule and a reason. To add a format, write one file
with a function of type `Reader` and add one line to `FORMATS`.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from transforms.readers.base import (
    ENDING,
    Item,
    Limits,
    OverBudget,
    RawArticle,
    Reader,
    ReadError,
    Spent,
    Undecodable,
    fault,
    is_binary,
)
from transforms.readers.foreign import WORD, foreign

_HTML = re.compile(rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]|<article[\s>]", re.I)
_FEED = re.compile(rb"<(rss|feed|rdf:RDF)[\s>]", re.I)
_MAIL = re.compile(rb"^(Return-Path|Received|From|Date|Subject|Message-ID|MIME-Version|To):", re.I)
_MBOX = re.compile(rb"From \S+.*\d{4}\r?$")
_KEY = re.compile(rb"[A-Za-z][A-Za-z0-9-]{1,40}:")
_FRONT = re.compile(rb"\A\s*---\s*\r?\n[A-Za-z_-]+:")


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its name, whether (first bytes stripped, file name) look like it, its reader."""

    name: str
    fits: Callable[[bytes, str], bool]
    reader: str  # "module:function" below this package, imported on first use


def _mail(head: bytes, name: str) -> bool:
    lines = head.split(b"\n")[:200]
    if _MBOX.match(lines[0]):
        lines = lines[1:]
    if not _KEY.match(lines[0]):
        return False
    ends = next((at for at, line in enumerate(lines) if not line.strip()), len(lines))
    keys = {m.group(1).lower() for line in lines[:ends] if (m := _MAIL.match(line))}
    return {b"from", b"subject", b"date"} <= keys or (
        len(keys) > 1 and name.endswith((".eml", ".mbox"))
    )


def _jsonl(head: bytes, name: str) -> bool:
    if name.endswith((".jsonl", ".ndjson")):
        return True
    lines = [line for line in head.split(b"\n") if line.strip()]
    return (
        len(lines) > 1
        and not name.endswith(".json")
        and all(line.strip().startswith(b"{") and line.strip().endswith(b"}") for line in lines[:2])
    )


def _csv(head: bytes, name: str) -> bool:
    return name.endswith((".csv", ".tsv"))


def _factiva(head: bytes, name: str) -> bool:
    return b"\nHD" in b"\n" + head and bool(re.search(rb"\n(LP|TD)\s", head))


def _nexis(head: bytes, name: str) -> bool:
    return bool(re.search(rb"^[ \t]*Body[ \t\r]*$", head, re.M)) and bool(
        re.search(rb"^[ \t]*(Load-Date:.*|End of Document|Length:.*words?)[ \t\r]*$", head, re.M)
    )


FORMATS: tuple[Format, ...] = (
    Format("warc", lambda d, n: d.startswith(b"WARC/") or n.endswith((".warc.gz", ".warc")), "web_archive:read_warc"),  # noqa: E501
    Format("gzip", lambda d, n: d.startswith(b"\x1f\x8b"), "archives:read_gzip"),
    Format("zstd", lambda d, n: d.startswith(b"\x28\xb5\x2f\xfd"), "archives:read_zstd"),
    Format("docx", lambda d, n: d.startswith(b"PK\x03\x04") and (WORD in d or n.endswith(".docx")), "documents:read_docx"),  # noqa: E501
    Format("pdf", lambda d, n: d.startswith(b"%PDF-"), "documents:read_pdf"),
    Format("rtf", lambda d, n: d.startswith(b"{\\rtf"), "documents:read_rtf"),
    Format("zip", lambda d, n: d.startswith(b"PK\x03\x04"), "archives:read_zip"),
    Format("tar", lambda d, n: d[257:262] == b"ustar", "archives:read_tar"),
    Format("parquet", lambda d, n: d.startswith(b"PAR1"), "records:read_parquet"),
    Format("mail", _mail, "mail:read_mail"),  # before what its parts may hold
    Format("feed", lambda d, n: bool(_FEED.search(d[:1024])), "feed:read_feed"),
    Format("html", lambda d, n: bool(_HTML.search(d[:4096])) or n.endswith((".html", ".htm")), "page:read_html"),  # noqa: E501
    Format("jsonl", _jsonl, "records:read_jsonl"),
    Format("json", lambda d, n: d[:1] in (b"{", b"[") or n.endswith(".json"), "records:read_json"),
    Format("csv", _csv, "records:read_csv"),
    Format("markdown", lambda d, n: bool(_FRONT.match(d)) or n.endswith((".md", ".markdown")), "plain:read_markdown"),  # noqa: E501
    Format("factiva", _factiva, "plain:read_factiva"),
    Format("nexis", _nexis, "plain:read_nexis"),
    Format("text", lambda d, n: True, "plain:read_text"),
)  # fmt: skip
_HEAD = 65536


def _find(data: bytes, name: str) -> Format:
    head = data[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    lowered = name.lower()
    if data[:4] in (b"\x1f\x8b\x08\x00", b"PK\x03\x04") or data[257:262] == b"ustar":
        head = data[:_HEAD]
    return next(form for form in FORMATS if form.fits(head, lowered))


def detect(data: bytes, name: str) -> str:
    """The format's name, by content and then by file name."""
    return _find(data, name).name


def read(
    data: bytes,
    name: str,
    *,
    limits: Limits | None = None,
    mapping: Mapping[str, str] | None = None,
) -> Iterator[Item]:
    """Articles of one file, and an error for each part of it that cannot be read.

    `name` is the file's name, `mapping` gives our field → their column for records.
    """
    limits = replace(limits or Limits(), size=len(data), spent=Spent())
    try:
        for item in read_part(data, name, limits, mapping or {}):
            limits.record()
            yield item
    except OverBudget as error:
        yield ReadError(error.rule, error.reason, whole=True)


def read_part(data: bytes, name: str, limits: Limits, mapping: Mapping[str, str]) -> Iterator[Item]:
    """`read` of a file or of one in it. Raises OverBudget when all of them take too much."""
    if len(data) > limits.max_file_bytes:
        size, most = len(data) >> 20, limits.max_file_bytes >> 20
        yield ReadError("too-large", f"{size} MiB, more than the {most} MiB allowed")
        return
    if not data.strip():
        yield ReadError("empty-file", "nothing in it")
        return
    if not name.lower().endswith(".docx") and (other := foreign(data)):
        yield ReadError("other-format", f"{other}; only text can be read")
        return
    form = _find(data, name)
    if form.name in ("text", "markdown", "csv", "json", "jsonl", "html") and is_binary(data):
        yield ReadError("binary-junk", "binary data of no known format")
        return
    module, function = form.reader.split(":")
    reader: Reader = getattr(importlib.import_module(f"transforms.readers.{module}"), function)
    try:
        yield from reader(data, name, limits, mapping)
    except Undecodable as error:
        yield ReadError("encoding", str(error))
    except ENDING:
        raise
    except BaseException as error:  # a fault in polars' own code is a PanicException, no Exception
        yield ReadError("reader-error", fault(error))


__all__ = [
    "FORMATS",
    "Format",
    "Item",
    "Limits",
    "OverBudget",
    "RawArticle",
    "ReadError",
    "detect",
    "fault",
    "read",
]
