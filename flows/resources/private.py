"""Files that Dateline keeps are made for their owner alone, unless the settings say otherwise."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from flows.resources.settings import Settings

_OWNER_ONLY = 0o077


def umask() -> int:
    """The permissions that this process takes from whatever it makes."""
    held = os.umask(_OWNER_ONLY)
    os.umask(held)
    return held


@contextmanager
def owner_only(options: Settings) -> Iterator[None]:
    """Whatever this process and its children make is readable by its owner only.

    The whole process, for DuckDB and SQLite make files beside the one they are asked for.
    """
    if not options.private:
        yield
        return
    before = os.umask(_OWNER_ONLY)
    try:
        yield
    finally:
        os.umask(before)
