"""Numbers for ids. A column of numbers is looked through ten times as fast as one of texts."""

from __future__ import annotations

from functools import lru_cache
from hashlib import md5


@lru_cache(maxsize=65536)
def number(identifier: str) -> int:
    """63 bits of the MD5; in SQL `(md5_number_lower(id) >> 1)::BIGINT`.

    Two ids may share one: compare the ids too.
    """
    digest = md5(identifier.encode("utf-8"), usedforsecurity=False).digest()
    return int.from_bytes(digest[8:], "little") >> 1
