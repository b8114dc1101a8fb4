"""The webhook of failed runs: what it says, what it keeps to itself, and that it tries again."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from flows.orchestration import webhook
from warehouse.errors import DatelineError


class Receiver:
    """An HTTP server that answers with `statuses` in turn and keeps what it got."""

    def __init__(self, statuses: list[int]) -> None:
        self.got: list[dict[str, Any]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append(json.loads(body))
                self.send_response(statuses.pop(0) if statuses else 200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                return

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch, request: Any) -> Iterator[Receiver]:
    made = Receiver(getattr(request, "param", []))
    monkeypatch.setenv("DATELINE_WEBHOOK_URL", made.url)
    monkeypatch.setattr("flows.resources.post.PAUSE_SECONDS", 0.01)
    yield made
    made.server.shutdown()


def ended(error: BaseException | None = None, *, crashed: bool = False, message: str = "") -> Any:
    name = "Crashed" if crashed else "Failed"
    state = SimpleNamespace(name=name, data=error, message=message, is_crashed=lambda: crashed)
    return SimpleNamespace(name="ingest"), SimpleNamespace(name="ingest inbox", id="r1"), state


@pytest.mark.parametrize("receiver", [[500, 503]], indirect=True)
def test_it_is_tried_again_and_says_what_happened(receiver: Receiver) -> None:
    webhook.tell(*ended(DatelineError("another process is using it", subject="/data/w.duckdb")))
    assert len(receiver.got) == 3
    assert receiver.got[-1] | {"url": None} == {
        "run": "ingest inbox",
        "flow": "ingest",
        "status": "failed",
        "message": "/data/w.duckdb: another process is using it",
        "url": None,
    }


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (ValueError("could not read 'The minister met his colleague'"), "ValueError; see the log"),
        (DatelineError("gone", subject="s3://key:secret@bucket/a?sig=1"), "s3://bucket/a: gone"),
        (None, "WarehouseBusy; see the log"),
    ],
)
def test_no_article_text_and_no_secret_is_told(
    receiver: Receiver, error: BaseException | None, message: str
) -> None:
    left = "Flow run encountered an exception: WarehouseBusy: 'The minister met his colleague'"
    webhook.tell(*ended(error, message=left))
    text = json.dumps(receiver.got)
    assert message in text
    assert "minister" not in text and "secret" not in text and "sig=1" not in text


def test_a_crash_is_told(receiver: Receiver) -> None:
    webhook.tell(*ended(crashed=True, message="Flow run process exited with status -9."))
    assert receiver.got[0]["status"] == "crashed" and "-9" in receiver.got[0]["message"]


def test_nothing_is_sent_without_an_address(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATELINE_WEBHOOK_URL")
    webhook.tell(*ended(ValueError("x")))
    assert receiver.got == []


def test_a_dead_address_does_not_disturb_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_WEBHOOK_URL", "http://127.0.0.1:9/")
    monkeypatch.setattr("flows.resources.post.PAUSE_SECONDS", 0.01)
    webhook.tell(*ended(ValueError("x")))


def test_the_address_is_not_written_to_the_runs_table(receiver: Receiver) -> None:
    from flows.resources.settings import settings

    assert settings().webhook_url == receiver.url
    assert receiver.url not in json.dumps(settings().model_dump(mode="json"))


def test_a_failing_flow_posts(receiver: Receiver, prefect_api: Path, tmp_path: Path) -> None:
    from flows.orchestration.ingest import ingest

    broken = tmp_path / "w.duckdb"
    broken.write_text("no database")
    with pytest.raises(DatelineError):
        ingest(paths=[str(tmp_path)], warehouse=str(broken), wait=0)
    assert [body["status"] for body in receiver.got] == ["failed"]
    assert str(broken) in receiver.got[0]["message"]
