"""The page on the loopback address: a random token in every path, Host and Origin checked."""

from __future__ import annotations

import datetime as dt
import hmac
import json
import secrets
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from flows.resources.corrections import add_corrections, read_corrections
from flows.resources.pages import asset, template
from flows.review import cards
from flows.review.deciding import decide, of_report
from transforms.corrections.decisions import Decision, OfEvent, standing
from warehouse.connection import Connection
from warehouse.errors import DatelineError
from warehouse.vocabulary import EVENT_TYPES, MODALITIES

HOST = "127.0.0.1"
_HOSTS = [HOST, "localhost"]
_PAGE = 64  # reports looked through at a time
_LARGEST = 100_000  # bytes of a request
_SAFE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_POLICY = (
    "default-src 'none'; style-src 'nonce-{0}'; script-src 'nonce-{0}'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class Review:
    """The page over one connection to the published data, and the file decisions go to."""

    def __init__(self, con: Connection, file: Path) -> None:
        self.con, self.file = con, file
        self.token = secrets.token_urlsafe(24)
        self.written = 0
        self._lock = threading.Lock()  # one request at a time asks the connection

    def app(self) -> Starlette:
        """The routes, all below the token."""
        routes = [
            Route("/{token}/", self._guarded(self._page)),
            Route("/{token}/next", self._guarded(self._next)),
            Route("/{token}/card", self._guarded(self._card)),
            Route("/{token}/others", self._guarded(self._others)),
            Route("/{token}/events", self._guarded(self._events)),
            Route("/{token}/entities", self._guarded(self._entities)),
            Route("/{token}/places", self._guarded(self._places)),
            Route("/{token}/decide", self._decide, methods=["POST"]),
        ]
        app = Starlette(routes=routes)
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=_HOSTS, www_redirect=False)
        return app

    def _guarded(self, answer: Callable[[Request], Response]) -> Callable[[Request], Response]:
        def guarded(request: Request) -> Response:
            if (refusal := self._refusal(request)) is not None:
                return refusal
            try:
                with self._lock:
                    made = answer(request)
            except DatelineError as error:
                made = JSONResponse({"error": str(error)}, 400)
            made.headers.update(_SAFE)
            return made

        return guarded

    def _refusal(self, request: Request) -> Response | None:
        given = request.path_params["token"].encode("utf-8", "replace")
        if not hmac.compare_digest(given, self.token.encode()):
            return PlainTextResponse("no such page", 404, _SAFE)
        own = f"http://{request.headers.get('host')}"
        if request.headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            return PlainTextResponse("asked from another page", 403, _SAFE)
        if request.headers.get("origin", own) != own:
            return PlainTextResponse("asked from another origin", 403, _SAFE)
        return None

    def _page(self, _: Request) -> Response:
        nonce = secrets.token_urlsafe(16)
        text = template("flows.review", "review.html").render(
            nonce=nonce, types=EVENT_TYPES, modalities=MODALITIES, file=self.file.name,
            style=asset("flows.review", "review.css"), script=asset("flows.review", "review.js"),
        )  # fmt: skip
        return HTMLResponse(text, headers={"Content-Security-Policy": _POLICY.format(nonce)})

    def _standing(self) -> list[Decision]:
        return standing(read_corrections(self.file).decisions.values())

    def _next(self, request: Request) -> Response:
        """The first card from `skip` on that nobody has decided about."""
        skip = _number(request, "skip")
        decided = _decided(self._standing())
        while found := cards.order(self.con, _PAGE, skip):
            for report, *_ in found:
                skip += 1
                held = cards.card(self.con, report)
                if not decided.get(_place(of_report(held))):
                    return JSONResponse({"card": cards.shown(held), "skip": skip})
        return JSONResponse({"card": None, "skip": skip})

    def _card(self, request: Request) -> Response:
        held = cards.card(self.con, request.query_params.get("report", ""))
        said = _decided(self._standing()).get(_place(of_report(held)), [])
        return JSONResponse({"card": cards.shown(held), "said": said})

    def _others(self, request: Request) -> Response:
        return JSONResponse(cards.other_reports(self.con, self._asked(request)))

    def _events(self, request: Request) -> Response:
        text = request.query_params.get("text", "").strip()
        return JSONResponse(cards.near_events(self.con, self._asked(request), text))

    def _entities(self, request: Request) -> Response:
        asked = request.query_params
        found = cards.near_entities(self.con, asked.get("entity", ""), asked.get("text", ""))
        return JSONResponse(found)

    def _places(self, request: Request) -> Response:
        from flows.resources.gazetteer import open_gazetteer

        gazetteer = open_gazetteer()
        found = sorted(gazetteer.lookup(request.query_params.get("text", "")),
                       key=lambda one: (one.kind, -one.weight))[: cards.CHOICES]  # fmt: skip
        rows = [gazetteer.place(gazetteer.id_of(one.index)) for one in found]
        return JSONResponse([
            {"place_id": row.place_id, "name": row.name, "type": row.place_type,
             "admin1": row.admin1, "country": row.country_code}
            for row in rows
        ])  # fmt: skip

    def _asked(self, request: Request) -> cards.Card:
        return cards.card(self.con, request.query_params.get("report", ""))

    async def _decide(self, request: Request) -> Response:
        if (refusal := self._refusal(request)) is not None:
            return refusal
        if request.headers.get("origin") is None:
            return PlainTextResponse("no origin given", 403, _SAFE)
        if request.headers.get("content-type", "").split(";")[0] != "application/json":
            return PlainTextResponse("JSON is taken, nothing else", 415, _SAFE)
        return await _answered(self._written, request)

    def _written(self, body: bytes) -> Response:
        try:
            asked = json.loads(body)
            if not isinstance(asked, dict):
                raise ValueError
        except (ValueError, RecursionError):
            return JSONResponse({"error": "no JSON object"}, 400, _SAFE)
        try:
            with self._lock:
                now = dt.datetime.now(dt.UTC)
                made = decide(self.con, asked, now)
                read_corrections(self.file)  # nothing is added to a file that cannot be read
                add_corrections(self.file, [made])
                self.written += 1
        except DatelineError as error:
            return JSONResponse({"error": str(error)}, 400, _SAFE)
        return JSONResponse({"id": made.correction_id, "say": made.say}, headers=_SAFE)


async def _answered(answer: Callable[[bytes], Response], request: Request) -> Response:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _LARGEST:
            return PlainTextResponse("too long", 413, _SAFE)
    return await _aside(answer, body)


def _aside(answer: Callable[[bytes], Response], body: bytes) -> Awaitable[Response]:
    from starlette.concurrency import run_in_threadpool

    return run_in_threadpool(answer, body)


def _number(request: Request, name: str) -> int:
    text = request.query_params.get(name, "0")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _place(anchor: dict[str, Any]) -> tuple[str, int]:
    return str(anchor["sentence"]), int(anchor["start"])


def _decided(decisions: list[Decision]) -> dict[tuple[str, int], list[str]]:
    """Where something was said of an event → what, in words."""
    found: dict[tuple[str, int], list[str]] = {}
    for held in decisions:
        if isinstance(held, OfEvent):
            found.setdefault((held.of.sentence, held.of.start), []).append(held.say)
    return found


@contextmanager
def listening(port: int) -> Iterator[socket.socket]:
    """A socket on the loopback address; port 0 takes a free one. Raises DatelineError."""
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            held.bind((HOST, port))
        except OSError as error:
            raise DatelineError(
                f"cannot listen there: {error.strerror}", subject=f"--port {port}"
            ) from None
        yield held


def serve(review: Review, held: socket.socket) -> None:
    """Serve the page until interrupted."""
    import uvicorn

    config = uvicorn.Config(review.app(), log_level="error", access_log=False, lifespan="off")
    with suppress(KeyboardInterrupt):  # which uvicorn raises again once it has ended
        uvicorn.Server(config).run(sockets=[held])
