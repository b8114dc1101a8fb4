"""A Prefect server for the length of one command, where none is named.

Prefect can start one itself, but then the client imports the whole server too, polls until it
answers, and leaves it running when the client is killed. Ours listens before it has started, so
the first request simply waits; it runs beside the start of the workers; and it ends with its
parent. Nobody else gets in: its password is made for the one command.
"""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from flows.orchestration import door
from flows.orchestration.prefect_setup import prepare
from flows.orchestration.server_process import ServerProcess
from warehouse.errors import DatelineError

serving: list[str] = []  # addresses of servers of ours that are up; they have no UI
# Nobody watches this server: no UI, and no services that look after schedules and workers.
_SETTINGS = {
    "PREFECT_UI_ENABLED": "0",
    "PREFECT__SERVER_EPHEMERAL": "1",
    "PREFECT__SERVER_FINAL": "1",
    "PREFECT_SERVER_CSRF_PROTECTION_ENABLED": "false",  # no browser ever knows the password
    "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_ACTIONS_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_ENABLED": "false",
}


@contextmanager
def api() -> Iterator[None]:
    """Prefect's API for a `with`: the server that is named, else one of our own.

    A server is named by PREFECT_API_URL or by Prefect's profile; one of `dateline serve` on this
    machine is told its secret. Enter it before a flow is imported: that import then takes place
    while the server starts. Raises DatelineError.
    """
    prepare()
    from prefect import settings

    named = settings.get_current_settings().api
    if named.url:
        auth = None if named.auth_string or named.key else door.secret_for(named.url)
        with settings.temporary_settings({settings.PREFECT_API_AUTH_STRING: auth} if auth else {}):
            yield
        return
    auth = door.new_secret()
    server = ServerProcess(_listener(), _SETTINGS, tempfile.TemporaryFile(), auth=auth)  # noqa: SIM115
    serving.append(server.address)
    try:
        with _client_of(server.address, auth):
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


def _listener() -> socket.socket:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(64)
    return listener


@contextmanager
def _client_of(address: str, auth: str) -> Iterator[None]:
    """Prefect's client talks to this server, without what only a shared server needs."""
    from prefect import settings

    with settings.temporary_settings(
        {
            settings.PREFECT_API_URL: address,
            settings.PREFECT_API_AUTH_STRING: auth,
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
