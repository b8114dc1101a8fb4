"""Ids: digests of content, the same on any machine and in any order."""

from __future__ import annotations

import hashlib

_SEPARATOR = "\x1f"


def digest(*parts: str | int | None) -> str:
    """20 hex digits (80 bits) of BLAKE2b over the parts. None and "" differ.

    Among 10^9 ids the chance of any collision is below 10^-6.
    """
    text = _SEPARATOR.join("\x00" if part is None else str(part) for part in parts)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()


def entity_id(key: str) -> str:
    """The id of an entity's key. Where people said which entity it is, the key is "id:" and that.

    Keys that extractors make begin with the type of the entity.
    """
    return key[3:] if key.startswith("id:") else digest("entity", key)
