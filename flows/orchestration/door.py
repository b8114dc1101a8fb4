"""Who may talk to a Prefect server of ours: whoever knows its secret, by a name of this machine.

Prefect's own password, CSRF and CORS settings are used. Beside them stand two checks it has not:
of the `Host` a request is for, against names that are made to lead here, and of the `Origin` it
comes from, for a browser sends some requests before it asks whether it may.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
import tempfile
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from warehouse.errors import DatelineError

LOOPBACK = ("127.0.0.1", "localhost")
_FILE = "dateline-secret"
_USER = "dateline"

Scope = MutableMapping[str, Any]
Asgi = Callable[[Scope, Callable[..., Any], Callable[..., Any]], Awaitable[None]]


def secret_file() -> Path:
    """Where the secret of this user's servers lies: one for all of a Prefect home."""
    home = os.environ.get("PREFECT_HOME")
    return (Path(home).expanduser() if home else Path.home() / ".prefect") / _FILE


def new_secret() -> str:
    """`user:password`, as Prefect's settings have it."""
    return f"{_USER}:{secrets.token_urlsafe(24)}"


def known_secret() -> str | None:
    """The secret of this user's servers, None before there is one.

    Raises DatelineError where others could have read or written it.
    """
    file = secret_file()
    try:
        with file.open("r", encoding="ascii") as stream:
            about = os.fstat(stream.fileno())
            text = stream.read().strip()
    except FileNotFoundError:
        return None
    if about.st_uid != os.geteuid() or stat.S_IMODE(about.st_mode) & 0o077:
        raise DatelineError("others can read it; delete it, a new one is made", subject=str(file))
    if ":" not in text:
        raise DatelineError("holds no secret; delete it, a new one is made", subject=str(file))
    return text


def secret() -> str:
    """The secret of this user's servers, made when there is none. Raises DatelineError."""
    if (known := known_secret()) is not None:
        return known
    file = secret_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{_FILE}.")  # of mode 600
    part = Path(name)
    try:
        with os.fdopen(handle, "w") as stream:
            stream.write(new_secret() + "\n")
        with contextlib.suppress(FileExistsError):
            file.hardlink_to(part)  # unlike a rename it leaves another's that came first
    finally:
        part.unlink()
    return known_secret() or secret()


def secret_for(address: str | None) -> str | None:
    """What a client without a password of its own says to the server at `address`.

    Told to servers of this machine alone.
    """
    if address is None or urlsplit(address).hostname not in LOOPBACK:
        return None
    return known_secret()


def environment(auth: str, port: int, hosts: Sequence[str]) -> dict[str, str]:
    """Settings of Prefect for a server on `port`, called by a loopback name or one of `hosts`."""
    own = [f"http://{name}:{port}" for name in LOOPBACK]
    more = [f"{scheme}://{name}" for name in hosts for scheme in ("http", "https")]
    return {
        "PREFECT_SERVER_API_AUTH_STRING": auth,
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": ",".join([*own, *more]),
    }


def application(app: Asgi, port: int, hosts: Sequence[str]) -> Asgi:
    """`app` for requests that name this machine, or one of `hosts`, and come from no other page."""
    from starlette.middleware.trustedhost import TrustedHostMiddleware

    return TrustedHostMiddleware(
        _SameOrigin(app, port, hosts), allowed_hosts=[*LOOPBACK, *hosts], www_redirect=False
    )


class _SameOrigin:
    """Refuses what a browser sends for a page of another origin; others send no `Origin`."""

    def __init__(self, app: Asgi, port: int, hosts: Sequence[str]) -> None:
        self.app = app
        self.own = {f"http://{name}:{port}" for name in LOOPBACK}
        self.hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        from starlette.responses import PlainTextResponse
        from starlette.websockets import WebSocketClose

        origins = [value for key, value in scope.get("headers", ()) if key.lower() == b"origin"]
        if all(self._is_ours(value.decode("latin-1")) for value in origins):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await WebSocketClose(code=1008)(scope, receive, send)
        else:
            await PlainTextResponse("another origin", 403)(scope, receive, send)

    def _is_ours(self, origin: str) -> bool:
        if origin in self.own:
            return True
        try:
            return urlsplit(origin).hostname in self.hosts
        except ValueError:
            return False
