"""`dateline serve`: a Prefect server if none runs, all flows on their schedules, a watched folder.

The server is a child of this process and ends with it; its database is Prefect's own, so runs of
yesterday are there tomorrow. Should it die, it is started again.
"""

from __future__ import annotations

import fcntl
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from http.client import HTTPException
from pathlib import Path
from typing import Any

from flows.orchestration.orphans import end_orphans
from flows.orchestration.prefect_setup import prepare
from flows.resources.project import Schedule, project
from flows.resources.settings import Settings
from warehouse.errors import DatelineError, WarehouseBusy

_START_SECONDS = 120
_STOP_SECONDS = 10
_LOOK_SECONDS = 2
# Logs and artifacts of deleted runs go too.
_ENVIRONMENT = {"PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,orphans"}


def healthy(api: str) -> bool:
    """Whether a Prefect server answers at this address."""
    try:
        with urllib.request.urlopen(f"{api}/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError, HTTPException):
        return False


@contextmanager
def server(port: int, log: Path) -> Iterator[str]:
    """The API address of a server: the one that is configured or runs, else a child of ours."""
    configured = os.environ.get("PREFECT_API_URL")
    api = configured or f"http://127.0.0.1:{port}/api"
    if healthy(api):
        yield api
        return
    if configured:
        raise DatelineError("no Prefect server answers there", subject=f"PREFECT_API_URL={api}")
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise DatelineError("another program listens there; choose another --port",
                                subject=f"port {port}")  # fmt: skip
    log.parent.mkdir(parents=True, exist_ok=True)
    child = _Child(port, api, log)
    try:
        child.wait_until_healthy()
        yield api
    finally:
        child.stop()


class _Child:
    """A server process that is started again when it dies."""

    def __init__(self, port: int, api: str, log: Path) -> None:
        self.port, self.api, self.log = port, api, log
        self.ending = threading.Event()
        self.process = self._start()
        self.thread = threading.Thread(target=self._look_after, daemon=True)

    def _start(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as out:
            return subprocess.Popen(
                [sys.executable, "-m", "prefect", "server", "start", "--port", str(self.port)],
                env={**_ENVIRONMENT, **os.environ, "PREFECT_UI_API_URL": self.api},
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_until_healthy(self) -> None:
        """Raises DatelineError when it does not answer in time."""
        deadline = time.monotonic() + _START_SECONDS
        while not healthy(self.api):
            if self.process.poll() is not None or time.monotonic() > deadline:
                reason = f"the Prefect server did not start; see {self.log}"
                raise DatelineError(reason, subject="serve")
            time.sleep(0.5)
        self.thread.start()

    def _look_after(self) -> None:
        while not self.ending.wait(_LOOK_SECONDS):
            if self.process.poll() is not None:
                print_line("the Prefect server ended; starting it again")
                self.process = self._start()

    def stop(self) -> None:
        """End it and its children."""
        self.ending.set()
        if self.thread.is_alive():
            self.thread.join()
        for sign in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.process.pid, sign)
                self.process.wait(_STOP_SECONDS)
                return
            except (ProcessLookupError, PermissionError):
                return
            except subprocess.TimeoutExpired:
                continue


def deployments(options: Settings, watch: Sequence[str], schedule: Schedule) -> list[Any]:
    """All flows as Prefect deployments: the watched paths, the nightly ones, the manual ones.

    A schedule that comes due during a run of the same deployment is dropped.
    """
    from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
    from prefect.deployments.runner import EntrypointType

    from flows.orchestration.backfill import backfill
    from flows.orchestration.ingest import ingest
    from flows.orchestration.maintain import maintain
    from flows.orchestration.publish import publish
    from flows.orchestration.reextract import reextract

    warehouse = {"warehouse": str(options.warehouse.absolute())}
    inputs = {"paths": [_absolute(path) for path in watch], "only_if_new": True}
    every_look = {"interval": timedelta(seconds=schedule.every)}
    named = ", ".join(watch)
    wanted: list[tuple[Any, str, dict[str, Any], dict[str, Any], str]] = [
        (ingest, "watched-folder", every_look, inputs, f"Reads what is new in {named}."),
        (publish, "nightly-publish", {"cron": schedule.publish}, {}, "Publishes a snapshot."),
        (
            maintain,
            "nightly-maintain",
            {"cron": schedule.maintain},
            {},
            "Compacts, and deletes what is old.",
        ),
        (reextract, "manual-reextract", {}, {}, "After a new model or lexicon; try dry_run first."),
        (backfill, "manual-backfill", {}, {}, "Reads known raw files again."),
    ]
    one = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)
    return [
        flow.to_deployment(
            name=name,
            parameters={**warehouse, **parameters},
            description=description,
            tags=["dateline"],
            concurrency_limit=one,
            entrypoint_type=EntrypointType.MODULE_PATH,
            **schedule,
        )
        for flow, name, schedule, parameters, description in wanted
    ]


def _absolute(path: str) -> str:
    return path if "://" in path else str(Path(path).absolute())


@contextmanager
def _alone(warehouse: Path) -> Iterator[None]:
    """One `dateline serve` a warehouse. Raises WarehouseBusy."""
    warehouse.parent.mkdir(parents=True, exist_ok=True)
    with warehouse.with_suffix(".serve.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise WarehouseBusy(
                "another `dateline serve` looks after it", subject=str(warehouse)
            ) from None
        yield


def serve(options: Settings, watch: Sequence[str], schedule: Schedule, *, port: int) -> None:
    """Register all flows and serve them until SIGINT or SIGTERM.

    Every so often the paths `watch` are looked at; a run that finds nothing new starts no worker.
    One run at a time, of whatever flow. Raises DatelineError when no server can be had.
    """
    prepare()
    for path in watch:
        if "://" not in path and not set(path) & set("*?[") and not Path(path).exists():
            Path(path).mkdir(parents=True)
    data = options.warehouse.parent
    with _alone(options.warehouse), server(port, data / "prefect-server.log") as api:
        os.environ["PREFECT_API_URL"] = api
        print_line(f"Prefect UI: {api.removesuffix('/api')}")
        held = project()
        if held is not None:  # for the processes of the runs
            os.environ["DATELINE_PROJECT"] = str(held.file)
        looks = f"watching {', '.join(watch)} every {schedule.every} s"
        print_line(f"{looks}; warehouse {options.warehouse}; Ctrl-C stops")
        signal.signal(signal.SIGTERM, _stop)
        from prefect import serve as run_deployments

        # Prefect 3.8 says on SIGTERM that it forgot to wait for its own end, which follows.
        warnings.filterwarnings("ignore", message="coroutine 'Runner.astop' was never awaited")
        logging.getLogger("prefect.runner").addFilter(_is_news)
        ended = end_orphans(options.warehouse)
        if ended:
            print_line(f"{ended} runs had ended without a word; marked as crashed")
        run_deployments(
            *deployments(options, watch, schedule), limit=1, print_starting_message=False
        )


def _is_news(record: logging.LogRecord) -> bool:
    """Not that a run that is due waits for the one that is under way, every ten seconds anew."""
    return "skipped (at capacity)" not in record.getMessage()


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


def print_line(text: str) -> None:
    """One line for whoever started the command."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
