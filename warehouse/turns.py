"""Who may write to a lake just now, and who is still alive.

A lake has no owner: any process can commit to it. What a batch changes of earlier rows depends on
all that was committed before, so those that write take turns, a batch at a time. A turn ends with
the process that has it: an advisory lock of PostgreSQL's, or of the file system beside an SQLite
catalog. In the same way a run says that it is alive.
"""

from __future__ import annotations

import fcntl
import hashlib
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from warehouse.addresses import Lake
from warehouse.errors import DatelineError, WarehouseBusy

WRITING = "writing"
_POLL_SECONDS = 0.05
# A machine that vanishes gives its turn back after so many seconds of silence.
_ALIVE = {"keepalives": 1, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 4}


@contextmanager
def turn(lake: Lake, name: str = WRITING, *, wait: float | None = None) -> Iterator[None]:
    """Alone for the length of the `with`. Waits for ever, or `wait` seconds.

    Raises WarehouseBusy.
    """
    with _files(lake, name, wait) if lake.file else _server(lake, name, wait):
        yield


def held(lake: Lake, names: Iterable[str]) -> set[str]:
    """Which of these turns somebody has."""
    found = set()
    for name in names:
        try:
            with turn(lake, name, wait=0):
                pass
        except WarehouseBusy:
            found.add(name)
    return found


def connect(lake: Lake) -> Any:
    """A connection to the catalog's PostgreSQL. Raises DatelineError."""
    import psycopg

    try:
        return psycopg.connect(lake.place, autocommit=True, connect_timeout=10, **_ALIVE)
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[-1]
        raise DatelineError(reason, subject=str(lake)) from None


@contextmanager
def _server(lake: Lake, name: str, wait: float | None) -> Iterator[None]:
    import psycopg

    key = int.from_bytes(hashlib.sha256(f"dateline|{name}".encode()).digest()[:8], signed=True)
    with connect(lake) as con:
        try:
            if wait is not None:
                con.execute(f"SET lock_timeout = {max(1, int(wait * 1000))}")
            con.execute("SELECT pg_advisory_lock(%s)", [key])
        except psycopg.errors.LockNotAvailable:
            raise _busy(lake) from None
        yield


@contextmanager
def _files(lake: Lake, name: str, wait: float | None) -> Iterator[None]:
    assert lake.file is not None
    folder = lake.file.with_name(lake.file.name + ".turns")
    folder.mkdir(parents=True, exist_ok=True)
    deadline = None if wait is None else time.monotonic() + wait
    path = folder / name
    with path.open("w") as handle:
        while True:
            with suppress(OSError):
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            if deadline is not None and time.monotonic() >= deadline:
                raise _busy(lake)
            time.sleep(_POLL_SECONDS)
        try:
            yield
        finally:
            if name != WRITING:  # that of a run serves nobody after it
                path.unlink(missing_ok=True)


def _busy(lake: Lake) -> WarehouseBusy:
    return WarehouseBusy("another process writes to it; wait for it or stop it", subject=str(lake))
