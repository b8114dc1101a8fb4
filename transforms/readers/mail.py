"""E-mail (`.eml`, mbox): a newsletter or an alert, a digest of several, a whole mailbox."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator, Mapping
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr

from transforms.readers.base import (
    ENDING,
    Item,
    Limits,
    RawArticle,
    ReadError,
    Undecodable,
    decode,
    fault,
)
from transforms.readers.feed import plain_text

_MBOX = re.compile(rb"^From \S+.*\d{4}\r?$", re.M)
_DIGEST = re.compile(r"^-{27,70}[ \t]*$", re.M)  # RFC 1153 has 70 before the first, 30 between
_HEADER = re.compile(r"\A\s*(?:[A-Z][A-Za-z-]{1,20}:[^\n]*\n(?:[ \t][^\n]*\n)*)+\s*\n")
_LONGEST = 2000  # bytes of a header; decoding is quadratic in its encoded words
_LITTLE = 200  # characters of a text part that only points at the HTML part


def read_mail(data: bytes, name: str, limits: Limits, mapping: Mapping[str, str]) -> Iterator[Item]:
    """The articles of each message."""
    messages = _messages(data)
    for number, raw in enumerate(messages, start=1):
        record = str(number) if len(messages) > 1 else None
        try:
            yield from _read(raw, record)
        except ENDING:
            raise
        except Undecodable as error:
            yield ReadError("encoding", str(error), record)
        except Exception as error:
            yield ReadError("reader-error", fault(error), record)


def _messages(data: bytes) -> list[bytes]:
    """The messages of a mailbox; one is a mailbox too."""
    starts = [m.start() for m in _MBOX.finditer(data)]
    if not starts or data[: starts[0]].strip():
        return [data]
    return [
        data[one:other].partition(b"\n")[2]
        for one, other in zip(starts, [*starts[1:], len(data)], strict=True)
    ]


def _read(data: bytes, record: str | None) -> Iterator[Item]:
    # the old policy reads headers when asked for them, the new one parses all of them
    message = email.message_from_bytes(_short(data), policy=email.policy.compat32)
    inner = [part for part in _parts(message) if part.get_content_type() == "message/rfc822"]
    if message.get_content_type() == "multipart/digest" or len(inner) > 1:
        for number, part in enumerate(inner, start=1):
            where = f"{record}.{number}" if record else str(number)
            yield _article(part.get_payload(0), where, message)  # type: ignore[arg-type]
        return
    made = _article(message, record, None)
    entries = _entries(made.text or "") if isinstance(made, RawArticle) else []
    if not entries or not isinstance(made, RawArticle):
        yield made
        return
    for number, entry in enumerate(entries, start=1):
        where = f"{record}.{number}" if record else str(number)
        article = _article(email.message_from_string(entry), where, message)
        yield article


def _short(data: bytes) -> bytes:
    """The message with no header longer than any that says something."""
    head, blank, body = data.partition(b"\r\n\r\n" if b"\r\n\r\n" in data[:65536] else b"\n\n")
    if len(head) <= _LONGEST:
        return data
    kept = []
    for header in re.split(rb"\r?\n(?![ \t])", head):
        if len(header) > _LONGEST:  # at the end of an encoded word, not within
            header = header[:_LONGEST]
            if b"?=" in header:
                header = header[: header.rindex(b"?=") + 2]
        kept.append(header)
    return b"\n".join(kept) + blank + body


def _parts(message: Message) -> Iterator[Message]:
    """The parts of a message, not those of messages in it."""
    if message.is_multipart() and message.get_content_type() != "message/rfc822":
        for part in message.get_payload():
            if isinstance(part, Message):
                yield from _parts(part)
    else:
        yield message


def _article(message: Message, record: str | None, around: Message | None) -> Item:
    text = _text(message)
    if text is None or not text.strip():
        return ReadError("no-text", "a message without a text part", record)
    name, address = parseaddr(_header(message, "from") or "")
    outer = around if around is not None else message
    if not (name or address):
        name, address = parseaddr(_header(outer, "from") or "")
    return RawArticle(
        text=text,
        title=_header(message, "subject"),
        source=name or address.rpartition("@")[2] or None,
        url=next((u for u in [_header(message, "archived-at") or ""] if "://" in u), "").strip("<>")
        or None,
        published=_date(message) or _date(outer),
        published_method="header",
        language=(_header(message, "content-language") or "").split(",")[0].strip() or None,
        declared_id=_header(message, "message-id"),
        record=record,
    )


def _date(message: Message) -> str | None:
    """When it was sent, else when it was last received."""
    sent = _header(message, "date")
    if sent:
        return sent
    received = _header(message, "received")
    return received.rpartition(";")[2].strip() or None if received else None


def _header(message: Message, name: str) -> str | None:
    value = message.get(name)
    if value is None:
        return None
    try:
        text = str(make_header(decode_header(value)))
    except (LookupError, ValueError, UnicodeError):  # an unknown charset
        text = str(value)
    return " ".join(text.split()) or None


def _text(message: Message) -> str | None:
    """The text part, or the HTML part where that says more than the text part points at it."""
    plains, pages = [], []
    for part in _parts(message):
        if part.get_content_disposition() == "attachment":
            continue
        kind = part.get_content_type()
        if kind == "text/plain":
            plains.append(_content(part))
        elif kind == "text/html":
            pages.append(plain_text(_content(part)))
    text, page = "\n\n".join(plains), "\n\n".join(pages)
    if not page or (text.strip() and (len(text) >= _LITTLE or len(page) < 2 * len(text))):
        return text or None
    return page


def _content(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return str(part.get_payload())
    charset = part.get_content_charset()
    if charset:
        try:
            return payload.decode(charset)
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(payload) if payload.strip() else ""


def _entries(text: str) -> list[str]:
    """The messages of a digest in plain text, each with header lines; [] where it is none."""
    pieces = [piece.lstrip("\n") for piece in _DIGEST.split(text.replace("\r\n", "\n"))]
    held = [piece for piece in pieces if _HEADER.match(piece) and "Subject:" in piece[:2000]]
    return held if len(held) > 1 else []
