"""Giving memory back: glibc keeps what was freed, and a run of many batches would seem to grow.

So does Arrow's own allocator, through which every frame goes to DuckDB: `be_frugal` leaves its
work to glibc. Of 256 articles loaded beside 25,000 the process holds some 20 MiB less.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from functools import cache

_TRIM_THRESHOLD = -1  # glibc's M_TRIM_THRESHOLD; it grows with what is asked for unless it is set
_FREE_KEPT = 128 * 2**10


@cache
def _glibc(name: str) -> Callable[..., int] | None:
    """A function of glibc; other C libraries have none of these, and do without."""
    if not sys.platform.startswith("linux"):
        return None
    return getattr(ctypes.CDLL(None), name, None)


@cache
def be_frugal() -> None:
    """From now on what is freed goes back to the system soon."""
    import pyarrow as pa

    pa.set_memory_pool(pa.system_memory_pool())
    if (option := _glibc("mallopt")) is not None:
        option(_TRIM_THRESHOLD, _FREE_KEPT)


def trim() -> None:
    """Return freed pages to the system; some milliseconds."""
    if (release := _glibc("malloc_trim")) is not None:
        release(0)
