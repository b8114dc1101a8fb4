"""What one file or article may take of a worker: processor seconds and memory.

A worker that passes the bounds gets OverBudget where it stands; one that hears nothing any more,
inside a library's code, is ended by the system a little later. Both are for the worker's main
thread; where the system knows no such bounds nothing is bounded.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from transforms.readers import OverBudget

_GRACE = 15  # seconds of a worker that does not hear
_AGAIN = 1.0  # seconds, where a library took the first OverBudget for an error of its own
_MIB = 2**20


@dataclass(frozen=True, slots=True)
class Bounds:
    """Of one file: `seconds` and `seconds_a_mib` of it on top, `memory` in bytes likewise."""

    seconds: float = 60
    seconds_a_mib: float = 5
    memory: int = 768 * _MIB
    memory_a_byte: float = 3

    def of(self, size: int) -> tuple[float, int]:
        """(seconds, bytes of memory) that a file of `size` bytes may take."""
        seconds = self.seconds + self.seconds_a_mib * size / _MIB
        return seconds, int(self.memory + self.memory_a_byte * size)


@contextmanager
def within(seconds: float, memory: int) -> Iterator[None]:
    """Raise OverBudget where the body takes more of this process than that."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "SIGPROF"):
        yield
        return
    import resource

    def over(_: int, frame: FrameType | None) -> None:
        if _would_keep_a_lock(frame):
            return  # it comes again
        reason = f"reading it takes more than {seconds:,.0f} seconds of a processor"
        raise OverBudget("over-budget", reason)

    before = signal.signal(signal.SIGPROF, over)
    used = resource.getrusage(resource.RUSAGE_SELF)
    ceiling = int(used.ru_utime + used.ru_stime + seconds + _GRACE) + 1
    limits = {resource.RLIMIT_CPU: ceiling}
    if (held := _held()) is not None:
        limits[resource.RLIMIT_DATA] = held + memory
    saved = {kind: resource.getrlimit(kind) for kind in limits}
    try:
        for kind, soft in limits.items():
            hard = saved[kind][1]
            unbounded = hard == resource.RLIM_INFINITY or soft <= hard
            resource.setrlimit(kind, (soft if unbounded else hard, hard))
        signal.setitimer(signal.ITIMER_PROF, seconds, _AGAIN)
        yield
    except MemoryError:
        reason = f"reading it takes more than {memory // _MIB:,} MiB of memory"
        raise OverBudget("over-budget", reason) from None
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        for kind, limit in saved.items():
            resource.setrlimit(kind, limit)
        signal.signal(signal.SIGPROF, before)


def _would_keep_a_lock(frame: FrameType | None) -> bool:
    """Is anything being logged: an error between taking logging's lock and letting go of it would
    keep it, and every other thread of the process would wait for ever to log."""
    while frame is not None:
        if frame.f_globals.get("__name__") == "logging":
            return True
        frame = frame.f_back
    return False


def _held() -> int | None:
    """Bytes of memory that this process has of its own, None where the system does not tell."""
    if sys.platform != "linux":
        return None
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[5])
    import resource

    return pages * resource.getpagesize()
