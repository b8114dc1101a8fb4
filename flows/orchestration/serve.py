"""`dateline serve`: a Prefect server if none of ours runs, all flows on their schedules, a folder.

The server is a child of this process and ends with it; its database is Prefect's own, so runs of
yesterday are there tomorrow. Should it die, it is started again. Whoever does not know the secret
of `door` is not let in.
"""

from __future__ import annotations

import fcntl
import logging
import os
import signal
import socket
import time
import urllib.error
import urllib.request
import warnings
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from http.client import HTTPException
from pathlib import Path
from typing import Any

from flows.orchestration import door, registered
from flows.orchestration.orphans import end_orphans, retire
from flows.orchestration.prefect_setup import prepare
from flows.orchestration.server_process import ServerProcess
from flows.resources.project import Schedule, project
from flows.resources.settings import Settings
from flows.resources.terminal import say
from warehouse import addresses
from warehouse.errors import DatelineError, WarehouseBusy
from warehouse.wording import counted

_START_SECONDS = 300
_AUTH = "PREFECT_API_AUTH_STRING"
_SETTINGS = {
    "PREFECT_SERVER_CSRF_PROTECTION_ENABLED": "true",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,orphans",  # logs of deleted runs go too
}


def healthy(api: str) -> bool:
    """Whether a Prefect server answers at this address."""
    return _answer(f"{api}/health") == 200


def _answer(url: str, auth: str | None = None) -> int | None:
    """The status of the answer, None without one."""
    request = urllib.request.Request(url)
    if auth:
        request.add_header("Authorization", f"Basic {b64encode(auth.encode()).decode()}")
    try:
        with urllib.request.urlopen(request, timeout=2) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except (urllib.error.URLError, OSError, HTTPException):
        return None


@contextmanager
def server(port: int, log: Path, hosts: Sequence[str] = ()) -> Iterator[str]:
    """The API address of a server: the one that is configured or runs, else a child of ours.

    What a client needs to be let in stands in the environment for the length of the `with`.
    """
    configured = os.environ.get("PREFECT_API_URL")
    if configured:
        if not healthy(configured):
            subject = f"PREFECT_API_URL={configured}"
            raise DatelineError("no Prefect server answers there", subject=subject)
        auth = os.environ.get(_AUTH) or door.secret_for(configured)
        with _environment({_AUTH: auth} if auth else {}):
            yield configured
        return
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # of one that ended just now
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen(64)
    except OSError:
        listener.close()
        api = f"http://127.0.0.1:{port}/api"
        with _environment({"PREFECT_API_URL": api, _AUTH: _admitted(port, api)}):
            yield api
        return
    given = os.environ.get("PREFECT_SERVER_API_AUTH_STRING")
    auth = given or os.environ.get(_AUTH) or door.secret()
    log.parent.mkdir(parents=True, exist_ok=True)
    child = ServerProcess(
        listener, _SETTINGS, log.open("ab"), auth=auth, hosts=hosts, starts=None,
        on_restart=lambda: say("the Prefect server ended; starting it again"),
    )  # fmt: skip
    try:
        _wait_until_healthy(child, log)
        with _environment({"PREFECT_API_URL": child.address, _AUTH: auth}):
            yield child.address
    finally:
        child.stop()


def _admitted(port: int, api: str) -> str:
    """The secret by which the server that runs on the port lets us in, and nobody without.

    Raises DatelineError.
    """
    reason = "another program listens there"
    if healthy(api):
        auth, question = os.environ.get(_AUTH) or door.known_secret(), f"{api}/admin/version"
        if auth and _answer(question) == 401 and _answer(question, auth) == 200:
            return auth
        reason = "a Prefect server that is not ours listens there; name it by PREFECT_API_URL, or"
    raise DatelineError(f"{reason}; choose another --port".replace("or;", "or"),
                        subject=f"port {port}")  # fmt: skip


def _wait_until_healthy(child: ServerProcess, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not healthy(child.address):
        if child.lost or time.monotonic() > deadline:
            reason = f"the Prefect server did not start; see {log}"
            raise DatelineError(reason, subject="serve")
        time.sleep(0.5)


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    """For Prefect's client, which is imported later, and for the processes of the runs."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def deployments(options: Settings, watch: Sequence[str], schedule: Schedule) -> list[Any]:
    """All flows as Prefect deployments: the watched paths, the nightly ones, the manual ones.

    Their names end in the warehouse's, for Prefect knows a deployment by its name. A schedule that
    comes due during a run of the same deployment is dropped.
    """
    from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
    from prefect.deployments.runner import EntrypointType

    from flows.orchestration.backfill import backfill
    from flows.orchestration.ingest import ingest
    from flows.orchestration.maintain import maintain
    from flows.orchestration.publish import publish
    from flows.orchestration.reextract import reextract

    warehouse = {"warehouse": addresses.absolute(options.warehouse)}
    inputs = {"paths": [absolute(path) for path in watch], "only_if_new": True}
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
            name=f"{name}-{registered.label(options.warehouse)}",
            parameters={**warehouse, **parameters},
            description=description,
            tags=["dateline"],
            concurrency_limit=one,
            entrypoint_type=EntrypointType.MODULE_PATH,
            **schedule,
        )
        for flow, name, schedule, parameters, description in wanted
    ]


def absolute(path: str) -> str:
    """As the processes of the runs find it."""
    return path if "://" in path else str(Path(path).absolute())


@contextmanager
def _alone(options: Settings) -> Iterator[None]:
    """One `dateline serve` a warehouse. Raises WarehouseBusy."""
    place = addresses.place_of(options.warehouse)
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.with_suffix(".serve.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise WarehouseBusy(
                "another `dateline serve` looks after it", subject=options.store.address
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
    data = options.folder
    log = data / "prefect-server.log"
    with _alone(options), server(port, log, options.hosts) as api, _while_it_answers(api):
        say(f"Prefect UI: {api.removesuffix('/api')}{_how_to_log_in()}")
        held = project()
        if held is not None:  # for the processes of the runs
            os.environ["DATELINE_PROJECT"] = str(held.file)
        registered.register(options.warehouse, [absolute(path) for path in watch])
        looks = f"watching {', '.join(watch)} every {schedule.every} s"
        say(f"{looks}; warehouse {options.warehouse}; Ctrl-C stops")
        signal.signal(signal.SIGTERM, _stop)
        from prefect import serve as run_deployments

        # Prefect 3.8 says on SIGTERM that it forgot to wait for its own end, which follows.
        warnings.filterwarnings("ignore", message="coroutine 'Runner.astop' was never awaited")
        logging.getLogger("prefect.runner").addFilter(_is_news)
        ended = end_orphans(options.warehouse)
        if ended:
            say(f"{counted(ended, 'run')} had ended without a word; marked as crashed")
        retire(options.warehouse)
        made = deployments(options, watch, schedule)
        run_deployments(*made, limit=1, print_starting_message=False)


@contextmanager
def _while_it_answers(api: str) -> Iterator[None]:
    """Raises DatelineError when the server goes, which may be that of another `serve`."""
    import httpx

    try:
        yield
    except httpx.TransportError as error:
        reason = f"the Prefect server no longer answers ({type(error).__name__})"
        raise DatelineError(reason, subject=api.removesuffix("/api")) from None


def _how_to_log_in() -> str:
    """What the UI asks for, where it is our own secret; what somebody set is not told."""
    if os.environ.get(_AUTH) != door.known_secret():
        return ""
    return f" (log in with the line in {door.secret_file()})"


def _is_news(record: logging.LogRecord) -> bool:
    """Not that a run that is due waits for the one that is under way, every ten seconds anew."""
    return "skipped (at capacity)" not in record.getMessage()


def _stop(*_: object) -> None:
    raise KeyboardInterrupt
