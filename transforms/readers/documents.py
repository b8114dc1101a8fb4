"""Word, RTF and PDF documents: their text, read as what that is: Nexis, Factiva, or one article.

No date is taken from a document's own data: that is when somebody saved it.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping

from transforms.readers import read_part
from transforms.readers.base import ENDING, Item, Limits, RawArticle, ReadError, fault
from transforms.readers.date_line import is_date_line

_FULL = 0.75  # share of the usual length below which a line of a PDF ends its paragraph
_TOP = 12  # lines in which a day on a line of its own is that of publication
_NUMBER = re.compile(r"\s*(?:page\s+)?\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?\s*", re.I)
_HYPHEN = re.compile(r"(?<=[a-z])-\Z")


def read_docx(data: bytes, name: str, limits: Limits, mapping: Mapping[str, str]) -> Iterator[Item]:
    """The paragraphs of a Word document, those of its tables too."""
    import docx

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for info in archive.infolist():
                limits.unpack(info.file_size)
        document = docx.Document(io.BytesIO(data))
    except ENDING:
        raise
    except Exception as error:  # every damage has an error of its own here
        yield ReadError("bad-document", f"no Word document: {fault(error)}")
        return
    lines: list[str] = []
    title = None
    for part in document.iter_inner_content():
        if isinstance(part, docx.table.Table):
            lines += [cell.text for row in part.rows for cell in row.cells]
            continue
        style = (part.style.name or "") if part.style is not None else ""
        if title is None and style in ("Title", "Heading 1"):
            title = part.text.strip()
        lines += part.text.split("\n")
    yield from _as_text(lines, title, limits, mapping)


def read_rtf(data: bytes, name: str, limits: Limits, mapping: Mapping[str, str]) -> Iterator[Item]:
    """The text of an RTF document; its code page is named in it."""
    from striprtf.striprtf import rtf_to_text

    text = rtf_to_text(data.decode("cp1252", "replace"), errors="replace")  # type: ignore[no-untyped-call]
    yield from _as_text(text.splitlines(), None, limits, mapping)


def read_pdf(data: bytes, name: str, limits: Limits, mapping: Mapping[str, str]) -> Iterator[Item]:
    """The text of a PDF, its lines joined to paragraphs. A scan has none."""
    import pypdf

    try:
        document = pypdf.PdfReader(io.BytesIO(data))
        if document.is_encrypted and not document.decrypt(""):
            yield ReadError("bad-document", "a PDF that is locked by a password")
            return
        pages = []
        for page in document.pages:
            text = page.extract_text()
            limits.unpack(len(text))
            pages.append(text.splitlines())
        title = (document.metadata.title or "").strip() if document.metadata else ""
    except ENDING:
        raise
    except Exception as error:
        yield ReadError("bad-document", f"no PDF that can be read: {fault(error)}")
        return
    lines = _paragraphs([line for page in pages for line in page if not _NUMBER.fullmatch(line)])
    if not any(line.strip() for line in lines):
        yield ReadError("no-text", "a PDF without text, perhaps a scan; recognise its text first")
        return
    begins = " ".join(title.split())
    yield from _as_text(
        lines, begins if begins and begins in " ".join(lines[:5]) else None, limits, mapping
    )


def _paragraphs(lines: list[str]) -> list[str]:
    """Lines of a page's width joined: a PDF says where lines end, not where paragraphs do."""
    lengths = sorted(len(line.rstrip()) for line in lines if line.strip())
    usual = lengths[len(lengths) * 9 // 10] if lengths else 0
    found: list[str] = []
    held = ""
    for at, raw in enumerate([*lines, ""]):
        line = raw.strip()
        if at < _TOP and is_date_line(line):
            found += [held, line] if held else [line]
            held = ""
            continue
        if held and _HYPHEN.search(held) and line[:1].islower():
            held = held[:-1] + line
        else:
            held = f"{held} {line}".strip()
        if held and len(line) < _FULL * usual:
            found.append(held)
            held = ""
    return found


def _as_text(
    lines: list[str], title: str | None, limits: Limits, mapping: Mapping[str, str]
) -> Iterator[Item]:
    """What the text says it is; a single article without a title has the document's."""
    text = "\n".join(line.replace("\xa0", " ").rstrip() for line in lines)
    if not text.strip():
        yield ReadError("no-text", "a document without text")
        return
    for item in read_part(text.encode("utf-8", "replace"), "document.txt", limits, mapping):
        if isinstance(item, RawArticle) and item.record is None and title and not item.title:
            item.title = title
            item.text = re.sub(rf"\A\s*{re.escape(title)}\s*\n", "", item.text or "")
        yield item
