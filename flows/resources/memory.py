"""Giving memory back: glibc keeps what was freed, and a run of many batches would seem to grow."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from functools import cache


@cache
def _trimmer() -> Callable[[int], int] | None:
    """glibc's `malloc_trim`; other C libraries have none, and do without."""
    if not sys.platform.startswith("linux"):
        return None
    return getattr(ctypes.CDLL(None), "malloc_trim", None)


def trim() -> None:
    """Return freed pages to the system; some milliseconds."""
    if (release := _trimmer()) is not None:
        release(0)
