"""What runs on a worker of a Dask cluster: it finds the work, and a `LocalPool` does it.

A Dask worker with N threads keeps N processes, which are those of a run on one machine: one parses
while others do, each has its bounds of time and memory, and one that dies costs its task again. The
Dask worker itself stays idle and so answers its scheduler. Model and gazetteer are loaded once a
process, and stay for the next run of the same settings.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import secrets
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import metadata, resources
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from flows.resources.gazetteer import gazetteer_path, open_gazetteer
from flows.resources.version import extractor_version
from flows.run.exchange import Exchange
from flows.run.workers import LocalPool
from warehouse.errors import DatelineError

_IDLE = 60  # seconds after which the processes of other settings make room
_LIBRARIES = ("spacy", "thinc", "numpy", "polars", "onnxruntime", "tokenizers", "distributed")
_GRACE = 5  # seconds in which a worker that closes may do so by itself
_ONE = threading.Lock()
_CODE = ("flows.run", "flows.resources", "transforms", "warehouse")


@dataclass(frozen=True, slots=True)
class Task:
    """One call: where its run's files lie, its name there, and what its files must be.

    `setup` and `work` are digests of what makes a worker and of the arguments.
    """

    folder: str
    name: str
    call: Callable[..., Any]
    setup: str
    work: str
    attempts: int
    model: str
    versions: dict[str, str]


def perform(task: Task) -> str:
    """Make the call on this worker, unless its answer is there. Returns the answer's address.

    Raises WorkerLost, DatelineError where this worker is another one than the run wants.
    """
    refuse(_here(), task.versions, versions(task.model))
    exchange = Exchange(task.folder)
    if not exchange.is_answered(task.name):
        with _station().pool(task, exchange) as pool:
            pool.submit(_carry, task, attempts=task.attempts).result()
    return f"{task.folder}/{task.name}"


def _carry(task: Task) -> None:
    """In a process of the pool."""
    exchange = Exchange(task.folder)
    exchange.answer(task.name, task.call(*exchange.asked(task.name, task.work)))


def present(folder: str, setup: str, model: str) -> dict[str, str]:
    """The versions of this worker, where it can read and write in the run's folder.

    Raises OSError, DatelineError.
    """
    exchange = Exchange(folder)
    exchange.get("setup.work", setup)
    name = f"seen-{secrets.token_hex(4)}"
    exchange.put({name: b"yes"})
    exchange.remove(name)
    return versions(model)


def refuse(worker: str, wanted: dict[str, str], found: dict[str, str]) -> None:
    """Raises DatelineError that names the worker and the first version that differs."""
    for name in wanted:
        if wanted[name] != found.get(name):
            raise DatelineError(
                f"has {name} {found.get(name, 'none')}, the run {wanted[name]}; "
                "all machines need the same Dateline, packages and Python",
                subject=worker,
            )


@cache
def versions(model: str) -> dict[str, str]:
    """What rows are made with: Python, packages, extractor, and digests of code and model."""
    held = {"Python": f"{sys.version_info.major}.{sys.version_info.minor}"}
    held |= {name: metadata.version(name) for name in _LIBRARIES}
    held["extractor"] = extractor_version(model)
    held["gazetteer"] = gazetteer_path().stem
    held["code"] = _digest(*(Path(str(resources.files(name))) for name in _CODE))
    spec = None if Path(model).exists() else find_spec(model.split(".")[0])
    places = spec.submodule_search_locations if spec else None
    held["model"] = _digest(Path(places[0]) if places else Path(model))
    return held


def _digest(*folders: Path) -> str:
    found = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                found.update(path.relative_to(folder).as_posix().encode())
                found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()[:12]


def _here() -> str:
    from distributed import get_worker

    return str(get_worker().address)


class _Station:
    """The processes of this Dask worker, by what makes them."""

    def __init__(self) -> None:
        from distributed import get_worker

        worker = get_worker()
        self.threads = worker.state.nthreads
        self.lock = threading.Lock()
        self.pools: dict[str, LocalPool] = {}
        self.calls: dict[str, int] = {}
        self.used: dict[str, float] = {}
        # A nanny's child is a daemon, which may have no children; ours end with it by themselves.
        multiprocessing.current_process().daemon = False
        threading.Thread(target=_end_with, args=(worker,), daemon=True).start()

    @contextmanager
    def pool(self, task: Task, exchange: Exchange) -> Iterator[LocalPool]:
        """The processes for a task, begun at the first of their kind."""
        key = task.setup
        with self.lock:
            if key not in self.pools:
                self._make_room()
                if not gazetteer_path().exists():
                    open_gazetteer()  # once for all processes
                self.pools[key] = LocalPool(self.threads, exchange.asked("setup", key))
            self.calls[key] = self.calls.get(key, 0) + 1
            pool = self.pools[key]
        try:
            yield pool
        finally:
            with self.lock:
                self.calls[key] -= 1
                self.used[key] = time.monotonic()

    def _make_room(self) -> None:
        for key in [key for key, calls in self.calls.items() if not calls]:
            if time.monotonic() - self.used[key] > _IDLE:
                self.pools.pop(key).close()
                del self.calls[key], self.used[key]


def _end_with(worker: Any) -> None:
    """End this process soon after its worker closes, and with it the pool.

    Python's exit would wait for processes in the midst of a task, while a nanny that lost its
    scheduler waits for Python, and nothing starts the worker again.
    """
    while worker.status.name not in ("closing", "closed", "failed"):
        time.sleep(1)
    time.sleep(_GRACE)
    os._exit(0)


@cache
def _only() -> _Station:
    return _Station()


def _station() -> _Station:
    with _ONE:
        return _only()
