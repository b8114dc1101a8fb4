"""What a run asks of its workers, wherever they are.

`LocalPool` (`workers.py`) are processes of this machine, `DaskPool` (`cluster.py`) those of many.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

ATTEMPTS = 3  # two may be lost to neighbours that end their worker


class WorkerLost(Exception):
    """The worker of a call died each time it was tried."""


class Job(Protocol):
    """A call on its way through a pool."""

    def result(self) -> Any:
        """Wait for the call's value. Raises what the call raised, or WorkerLost."""


class Pool(Protocol):
    """Takes calls of module-level functions and makes each of them somewhere, once or again."""

    @property
    def slots(self) -> int:
        """How many calls are made at the same time, as of now; at least 1."""

    def submit(self, call: Callable[..., Any], *args: Any, attempts: int = ATTEMPTS) -> Job:
        """Begin a call. Where its worker dies it is tried again, so often in all."""

    def close(self) -> None:
        """Let go of everything; what was not asked for is lost."""
