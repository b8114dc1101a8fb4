"""E-mail (`.eml`): a newsletter or an alert with one article in its body."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator, Mapping

from transforms.readers.base import Item, Limits, RawArticle, ReadError
from transforms.readers.feed import plain_text


def read_mail(data: bytes, name: str, limits: Limits, mapping: Mapping[str, str]) -> Iterator[Item]:
    """The text part, or the HTML part as text."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        yield ReadError("no-text", "a message without a text part")
        return
    try:
        text = part.get_content()
    except (LookupError, ValueError) as error:
        yield ReadError("encoding", f"the body cannot be decoded: {error}")
        return
    if part.get_content_type() == "text/html":
        text = plain_text(text)
    sender = message.get("from")
    yield RawArticle(
        text=text,
        title=message.get("subject"),
        source=(sender.addresses[0].display_name or sender.addresses[0].domain)
        if sender and sender.addresses
        else None,
        published=message.get("date"),
        published_method="header",
        declared_id=message.get("message-id"),
    )
