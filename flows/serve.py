"""`dateline serve`: a Prefect server if none runs, schedules, and a watched folder.

The server is a child of this process and ends with it; its database is Prefect's own, so runs of
yesterday are there tomorrow.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flows.prefect_setup import prepare
from flows.settings import Settings
from warehouse.errors import DatelineError

_START_SECONDS = 120
_STOP_SECONDS = 10


def healthy(api: str) -> bool:
    """Whether a Prefect server answers at this address."""
    try:
        with urllib.request.urlopen(f"{api}/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
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
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as out:
        child = subprocess.Popen(
            [sys.executable, "-m", "prefect", "server", "start", "--port", str(port)],
            env={**os.environ, "PREFECT_UI_API_URL": api},
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + _START_SECONDS
        while not healthy(api):
            if child.poll() is not None or time.monotonic() > deadline:
                raise DatelineError(f"the Prefect server did not start; see {log}", subject="serve")
            time.sleep(0.5)
        yield api
    finally:
        _end(child)


def _end(child: subprocess.Popen[Any]) -> None:
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(child.pid, sign)
            child.wait(_STOP_SECONDS)
            return
        except (ProcessLookupError, PermissionError):
            return
        except subprocess.TimeoutExpired:
            continue


def serve(options: Settings, watch: Path, *, every: int, port: int) -> None:
    """Register the schedules and serve them until SIGINT or SIGTERM.

    Every `every` seconds the folder `watch` is looked at; a run that finds nothing new starts no
    worker. One run at a time: a schedule that comes due during a run is dropped. Raises
    DatelineError when no server can be had.
    """
    prepare()
    watch.mkdir(parents=True, exist_ok=True)
    data = options.warehouse.parent
    with server(port, data / "prefect-server.log") as api:
        os.environ["PREFECT_API_URL"] = api
        print_line(f"Prefect UI: {api.removesuffix('/api')}")
        print_line(f"watching {watch} every {every} s; warehouse {options.warehouse}; Ctrl-C stops")
        signal.signal(signal.SIGTERM, _stop)
        from datetime import timedelta

        from prefect import serve as run_deployments
        from prefect.client.schemas.objects import (
            ConcurrencyLimitConfig,
            ConcurrencyLimitStrategy,
        )

        from flows.ingest import ingest

        deployment = ingest.to_deployment(
            name="watched-folder",
            interval=timedelta(seconds=every),
            parameters={
                "paths": [str(watch.absolute())],
                "warehouse": str(options.warehouse.absolute()),
                "only_if_new": True,
            },
            description=f"Reads what is new in {watch}.",
            tags=["dateline"],
            concurrency_limit=ConcurrencyLimitConfig(
                limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW
            ),
        )
        run_deployments(deployment, limit=1, print_starting_message=False)  # type: ignore[arg-type]


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


def print_line(text: str) -> None:
    """One line for whoever started the command."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
