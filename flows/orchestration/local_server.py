"""A Prefect server for the length of one command, where none is named.

Prefect can start one itself, but then the client imports the whole server too, polls until it
answers, and leaves it running when the client is killed. Ours listens before it has started, so
the first request simply waits; it runs beside the start of the workers; and it ends when the
pipe to its parent closes, however the parent ended.
"""

from __future__ import annotations

import contextlib
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flows.orchestration.prefect_setup import prepare
from warehouse.errors import DatelineError

_STOP_SECONDS = 10
_STARTS = 3
_NOT_STARTED = 3  # exit status
serving: list[str] = []  # addresses of servers of ours that are up; they have no UI
# Nobody watches this server: no UI, and no services that look after schedules and workers.
_ENVIRONMENT = {
    "PREFECT_UI_ENABLED": "0",
    "PREFECT__SERVER_EPHEMERAL": "1",
    "PREFECT__SERVER_FINAL": "1",
    "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_ACTIONS_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_ENABLED": "false",
}


@contextmanager
def api() -> Iterator[None]:
    """Prefect's API for a `with`: the server that is named, else one of our own.

    A server is named by PREFECT_API_URL or by Prefect's profile. Enter it before a flow is
    imported: that import then takes place while the server starts. Raises DatelineError.
    """
    prepare()
    from prefect.settings import get_current_settings

    if get_current_settings().api.url:
        yield
        return
    server = _Server()
    serving.append(server.address)
    try:
        with _client_of(server.address):
            try:
                yield
            except BaseException as error:
                if server.lost:
                    raise DatelineError(server.last_words(), subject="prefect") from error
                raise
            finally:
                if not server.lost:
                    _drain()
    finally:
        serving.remove(server.address)
        server.stop()


class _Server:
    """The server's process, on a socket that stays open: when it dies another one takes over.

    A client sees no more of that than one broken request, which it sends again.
    """

    def __init__(self) -> None:
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(64)
        self.address = f"http://127.0.0.1:{self.listener.getsockname()[1]}/api"
        self.ending = self.lost = False
        self.log = tempfile.TemporaryFile()  # noqa: SIM115  (as long as the server)
        self.process = self._start()
        threading.Thread(target=self._look_after, daemon=True).start()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "flows.orchestration.local_server", str(self.listener.fileno())],
            env={**os.environ, **_ENVIRONMENT},
            stdin=subprocess.PIPE,
            stdout=self.log,
            stderr=self.log,
            pass_fds=[self.listener.fileno()],
            start_new_session=True,  # Ctrl-C is for the parent: the run's end is still to be told
        )

    def _look_after(self) -> None:
        for _ in range(_STARTS):
            self.process.wait()
            if self.ending:
                return
            if self.process.returncode == _NOT_STARTED:
                break
            self.process = self._start()
        self.process.wait()
        self.lost = True
        self.listener.close()  # clients are refused, rather than kept waiting

    def last_words(self) -> str:
        """Why there is no server, in one line."""
        self.log.seek(0)
        lines = self.log.read().decode("utf-8", "replace").splitlines()
        errors = [line.strip() for line in lines if re.match(r"\S*(Error|Exception)\b.*: ", line)]
        reason = errors[-1] if errors else "it ended again and again"
        return f"the local server did not start: {reason}"

    def stop(self) -> None:
        """End the process: it follows its standard input."""
        self.ending = True
        if self.process.stdin:
            self.process.stdin.close()
        try:
            self.process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.listener.close()
        self.log.close()


@contextmanager
def _client_of(address: str) -> Iterator[None]:
    """Prefect's client talks to this server, without what only a shared server needs."""
    from prefect import settings

    with settings.temporary_settings(
        {
            settings.PREFECT_API_URL: address,
            settings.PREFECT_CLIENT_CSRF_SUPPORT_ENABLED: False,
            settings.PREFECT_CLIENT_SERVER_VERSION_CHECK_ENABLED: False,
            settings.PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None,
        }
    ):
        yield


def _drain() -> None:
    """Send what is left of the log and of the events of task runs."""
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker

    APILogWorker.drain_all(at_exit=False)
    EventsWorker.drain_all(at_exit=False)


def main(descriptor: int) -> None:
    """Serve on a listening socket until standard input ends."""
    import gc

    gc.disable()  # its imports make some million objects and no garbage: a quarter of their time
    import uvicorn
    from prefect.server.api.server import create_app

    config = uvicorn.Config(
        create_app(), fd=descriptor, log_level="error", lifespan="on", access_log=False
    )
    gc.freeze()
    gc.enable()
    server: Any = uvicorn.Server(config)

    def follow() -> None:
        while os.read(0, 1):
            pass
        server.should_exit = True

    threading.Thread(target=follow, daemon=True).start()
    with contextlib.suppress(KeyboardInterrupt):
        server.run()
    if not server.started:
        sys.exit(_NOT_STARTED)


if __name__ == "__main__":
    main(int(sys.argv[1]))
