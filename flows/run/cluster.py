"""The workers of a run: of this machine, or of a Dask cluster where the settings name one.

Tasks carry names and digests; articles and rows go through the `Exchange`. What a lost worker had
in hand Dask gives to another one. When the scheduler is lost, what is open is given to the next
one at its address; what was finished before lies in the exchange and is not made again.
"""

from __future__ import annotations

import hashlib
import itertools
import logging
import threading
import time
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

from flows.resources.settings import Settings
from flows.resources.version import Extractor
from flows.run import station
from flows.run.exchange import Exchange
from flows.run.pool import ATTEMPTS, Pool, WorkerLost
from flows.run.summary import now
from flows.run.workers import LocalPool
from warehouse.addresses import absolute, place_of
from warehouse.errors import DatelineError

_LOG = logging.getLogger("dateline")
HERE = "local"  # a cluster of this machine, which begins and ends with the run
REHEARSAL = "rehearsal-"  # before the id of a run that does not hold the warehouse
_PATIENCE = 300  # seconds without scheduler or worker that a run survives
_FIRST = 30  # and that it waits for them at its start
_ANSWER = 10  # seconds that a scheduler may take to answer
_LOOK = 10  # seconds between looks whether there are workers
_QUIET = {  # for a cluster of this machine; docs/dask.yaml is for others
    "distributed.worker.profile.enabled": False,
    "distributed.scheduler.work-stealing-interval": "1s",
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "10s",
}
_KEPT = timedelta(days=2)  # a rehearsal takes no longer


def open_pool(options: Settings, extractor: Extractor, lines: Sequence[str], run_id: str) -> Pool:
    """The workers of a run. They load its model when there is work.

    Raises DatelineError in one line where a cluster is named and is not there, or is another one.
    """
    if options.cluster is None:
        return LocalPool.of(options, extractor, lines)
    setup = (options.model, extractor, options.max_article_chars, lines)
    return DaskPool(options, setup, run_id)


def sweep(options: Settings) -> None:
    """Delete what killed runs left in the exchange. For who holds the warehouse, or has a turn."""
    place = _place(options)
    if options.cluster is None and not Path(place).exists():
        return
    exchange = Exchange(place)
    oldest = f"{REHEARSAL}{now() - _KEPT:%Y%m%dT%H%M%S}"
    left = [name for name in exchange.runs() if not name.startswith(REHEARSAL) or name < oldest]
    if dead := sorted({*left} - options.store.alive(left)):
        exchange.remove(*dead)


def _place(options: Settings) -> str:
    """The folder of this warehouse's runs: several warehouses may share an exchange."""
    mark = hashlib.sha256(absolute(options.warehouse).encode()).hexdigest()[:12]
    return f"{options.exchange_folder}/{place_of(options.warehouse).stem}-{mark}"


def _distributed() -> Any:
    """Dask, which only the extra `cluster` brings. Raises DatelineError."""
    try:
        held = import_module("distributed")
    except ModuleNotFoundError:
        reason = "a cluster needs Dask: pip install 'dateline[cluster]'"
        raise DatelineError(reason, subject="DATELINE_CLUSTER") from None
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # we tell it in a line
    return held


class DaskJob:
    """A call on its way through a cluster."""

    def __init__(self, pool: DaskPool, task: station.Task) -> None:
        self.pool, self.task = pool, task
        self.generation, self.future = pool.send(task)

    def result(self) -> Any:
        """The call's value. Raises WorkerLost, and DatelineError when the cluster is gone."""
        lost = _distributed().KilledWorker
        while True:
            error: BaseException | None = None
            state = "lost"
            try:
                error = self.future.exception(timeout=_LOOK)
                state = self.future.status
            except TimeoutError:
                if self.pool.look():
                    continue
            except Exception:  # there is no future, or its client was closed
                pass
            if state == "finished":  # the value itself is of no use: the answer lies there
                self.future = None
                return self.pool.take(self.task)
            if isinstance(error, lost):
                raise WorkerLost from None
            if error is not None:
                raise error
            self.pool.renew(self.generation)
            self.generation, self.future = self.pool.send(self.task)


class DaskPool:
    """The workers of a Dask cluster, by the address of its scheduler, or one of this machine.

    Raises DatelineError when there is none, or when a worker has other versions of anything that
    rows are made with, or does not see the exchange.
    """

    def __init__(self, options: Settings, setup: tuple[Any, ...], run_id: str) -> None:
        _distributed()
        self.options, self.run_id = options, run_id
        self.lock = threading.Lock()
        self.generation = 0
        self.numbers = itertools.count(1)
        self.versions = station.versions(options.model)
        self.lost: DatelineError | None = None
        self.seen = time.monotonic()
        self._threads = 1
        self._cluster: Any = None
        self._client: Any = None
        self.exchange = Exchange(f"{_place(options)}/{run_id}")
        try:
            self.exchange.make()
            self.setup = self.exchange.ask("setup", setup)
            self._connect(_FIRST)
            self._wait()
            self._compare()
        except BaseException:
            self.close()
            raise

    @property
    def address(self) -> str:
        """As the settings name it."""
        return str(self.options.cluster)

    def _connect(self, patience: float) -> None:
        """Raises DatelineError when nobody answers for so many seconds."""
        distributed = _distributed()
        if self.address == HERE and self._cluster is None:
            with import_module("dask.config").set(_QUIET):
                self._cluster = distributed.LocalCluster(
                    n_workers=self.options.processes, threads_per_worker=1, security=True,
                    dashboard_address=None, memory_limit=0,
                )  # fmt: skip
        until = time.monotonic() + patience
        while True:
            try:
                with warnings.catch_warnings():  # what differs is told by `_compare`, in one line
                    warnings.simplefilter("ignore")
                    self._client = distributed.Client(
                        self._cluster or self.address,
                        timeout=_ANSWER,
                        set_as_default=False,
                        name=f"dateline-{self.run_id}",
                    )
                return
            except ValueError as error:
                raise DatelineError(str(error), subject=self.address) from None
            except (OSError, TimeoutError):
                if time.monotonic() > until:
                    reason = f"no scheduler answers there for {patience:.0f} seconds"
                    raise DatelineError(reason, subject=self.address) from None
                time.sleep(1)

    def _wait(self) -> None:
        try:
            self._client.wait_for_workers(1, timeout=_FIRST)
        except TimeoutError:
            reason = f"no worker there within {_FIRST} seconds"
            raise DatelineError(reason, subject=self.address) from None

    def _compare(self) -> None:
        found = self._client.run(
            station.present, self.exchange.folder, self.setup, self.options.model, on_error="return"
        )
        for worker, held in sorted(found.items()):
            if isinstance(held, ModuleNotFoundError):
                raise DatelineError(f"has no Dateline there ({held})", subject=worker)
            if isinstance(held, OSError):
                reason = (
                    f"does not see {self.exchange.folder} ({type(held).__name__}); set "
                    "DATELINE_EXCHANGE to a folder or an address that every machine sees"
                )
                raise DatelineError(reason, subject=worker)
            if isinstance(held, BaseException):
                raise DatelineError(f"{type(held).__name__}: {held}", subject=worker)
            station.refuse(worker, self.versions, held)
        self.look()

    @property
    def slots(self) -> int:
        """One a thread of the workers there are."""
        if time.monotonic() - self.seen > _LOOK:
            self.look()
        return self._threads

    def look(self) -> bool:
        """Does the scheduler answer? Raises DatelineError when no worker was there for long."""
        client = self._client
        try:
            threads = client.nthreads() if client.status == "running" else None
        except Exception:  # whatever the connection was doing
            return False
        if threads is None:
            return False
        if threads:
            self._threads, self.seen = sum(threads.values()), time.monotonic()
        elif time.monotonic() - self.seen > _PATIENCE:
            raise DatelineError(f"no worker there for {_PATIENCE} seconds", subject=self.address)
        return True

    def submit(self, call: Callable[..., Any], *args: Any, attempts: int = ATTEMPTS) -> DaskJob:
        """Write the arguments down and hand out their address."""
        name = f"{next(self.numbers):06d}"
        work = self.exchange.ask(name, args)
        return DaskJob(
            self,
            station.Task(
                self.exchange.folder, name, call, self.setup, work, attempts, self.options.model,
                self.versions,
            ),
        )  # fmt: skip

    def send(self, task: station.Task) -> tuple[int, Any]:
        """(generation of the connection, future) of a task."""
        with self.lock:
            if self.lost:
                raise self.lost
            key = f"dateline-{self.run_id}-{task.name}"
            try:
                future = self._client.submit(station.perform, task, key=key, pure=False)
            except Exception:  # the connection broke; who asks for the result renews it
                future = None
            return self.generation, future

    def renew(self, generation: int) -> None:
        """Look for the next scheduler, unless another job already did."""
        with self.lock:
            if self.lost:
                raise self.lost
            if generation != self.generation:
                return
            self.generation += 1
            _LOG.warning("%s: lost; waiting %d seconds for the next", self.address, _PATIENCE)
            self._let_go()
            try:
                self._connect(_PATIENCE)
            except DatelineError as error:
                self.lost = error
                raise
            self.seen = time.monotonic()

    def take(self, task: station.Task) -> Any:
        """The answer to a task, which is deleted."""
        value = self.exchange.answered(task.name)
        self.exchange.remove(f"{task.name}.work", task.name)
        return value

    def _let_go(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            with suppress(Exception):  # of a connection that is broken anyway
                client.close(timeout=_ANSWER)

    def close(self) -> None:
        """Forget all tasks, delete the run's files, end a cluster of this machine."""
        self._let_go()
        if self._cluster is not None:
            self._cluster.close()
        self.exchange.remove()
