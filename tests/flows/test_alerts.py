"""What a project watches for is told once by each channel, by the next run where one failed."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import EXAMPLES
from warehouse.store import open_reader

HANOI, ZAMFARA = "hanoi-dialogue-wire.txt", "zamfara-abduction.txt"
PROJECT = """
warehouse = "w.duckdb"
[[watch]]
name = "pair"
dyad = ["tran quoc DAT", "Han Jae-wook"]
type = ["CONSULT"]
[[watch]]
name = "countries"
dyad = ["kor", "VNM"]
[[watch]]
name = "Hanoi"
place = ["hanoi"]
shown = true
[[watch]]
name = "many"
type = "CONSULT"
min_sources = 9
[alerts]
file = "told/alerts.jsonl"
mail = "mail"
to = "desk@example.org"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATELINE_WAREHOUSE", raising=False)
    monkeypatch.setattr("flows.resources.post.PAUSE_SECONDS", 0.01)
    (tmp_path / "in").mkdir()
    return tmp_path


@pytest.fixture
def hook() -> Iterator[tuple[str, list[dict[str, Any]], list[int]]]:
    """An address, what was posted there, and the statuses it answers with, then 200."""
    posted: list[dict[str, Any]] = []
    statuses: list[int] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status = statuses.pop(0) if statuses else 200
            if status == 200:
                posted.append(body)
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", posted, statuses
    server.shutdown()
    server.server_close()


def asked(sql: str) -> list[Any]:
    con = open_reader(Path("w.duckdb"))
    rows: list[Any] = con.execute(sql).fetchall()
    con.close()
    return rows


def test_each_new_event_is_told_once(folder: Path, run_pipeline: Any) -> None:
    (folder / "dateline.toml").write_text(PROJECT)
    shutil.copy(EXAMPLES / ZAMFARA, folder / "in")
    assert run_pipeline(folder / "w.duckdb", ["in"]).alerts == 0
    assert not (folder / "told").exists() and not (folder / "mail").exists()
    shutil.copy(EXAMPLES / HANOI, folder / "in")
    done = run_pipeline(folder / "w.duckdb", ["in"])
    told = [json.loads(line) for line in (folder / "told" / "alerts.jsonl").open(encoding="utf-8")]
    assert done.alerts == len(told)
    assert {row["watch"] for row in told} == {"pair", "countries", "Hanoi"}
    pair = [row for row in told if row["watch"] == "pair"]
    assert pair and all(row["event_type"] == "CONSULT" for row in pair)
    assert all("Han Jae-wook" in row["initiators"] + row["recipients"] for row in pair)
    assert all(row["place"] == "Hanoi" and row["modality"] == "asserted" for row in told
               if row["watch"] == "Hanoi")  # fmt: skip
    (mail,) = (folder / "mail").glob("*.eml")
    message = message_from_bytes(mail.read_bytes())
    assert message["To"] == "desk@example.org" and f"{len(told)} new (" in message["Subject"]
    text = message.get_payload(decode=True).decode()  # type: ignore[union-attr]
    assert all(" ".join(row["sentence"].split()) in text for row in told)
    assert " · " in mail.read_text("utf-8"), "it can be read as it lies"
    listed = asked("SELECT watch, event_id, told_by FROM alerts")
    assert {(row[0], row[1]) for row in listed} == {(r["watch"], r["event_id"]) for r in told}
    assert {tuple(row[2]) for row in listed} == {("file", "mail")}
    again = run_pipeline(folder / "w.duckdb", ["in"], force=True)
    assert again.alerts == 0
    assert len((folder / "told" / "alerts.jsonl").read_text().splitlines()) == len(told)
    assert len(list((folder / "mail").glob("*.eml"))) == 1


def test_what_a_channel_refuses_is_told_by_the_next_run(
    folder: Path, run_pipeline: Any, hook: Any
) -> None:
    address, posted, statuses = hook
    statuses += [500] * 3
    text = PROJECT.replace('mail = "mail"', f'webhook = "{address}"')
    (folder / "dateline.toml").write_text(text)
    shutil.copy(EXAMPLES / HANOI, folder / "in")
    done = run_pipeline(folder / "w.duckdb", ["in"])
    assert done.status == "completed" and done.alerts > 0 and posted == []
    assert {tuple(row[0]) for row in asked("SELECT told_by FROM alerts")} == {("file",)}
    shutil.copy(EXAMPLES / ZAMFARA, folder / "in")
    run_pipeline(folder / "w.duckdb", ["in"])
    assert [len(body["alerts"]) for body in posted] == [done.alerts]
    assert len((folder / "told" / "alerts.jsonl").read_text().splitlines()) == done.alerts
    assert {tuple(row[0]) for row in asked("SELECT told_by FROM alerts")} == {("file", "webhook")}


def test_without_a_channel_alerts_stand_in_the_view(folder: Path, run_pipeline: Any) -> None:
    (folder / "dateline.toml").write_text('[[watch]]\nname = "all"\ntype = ["CONSULT"]\n')
    shutil.copy(EXAMPLES / HANOI, folder / "in")
    assert run_pipeline(folder / "w.duckdb", ["in"]).alerts > 0
    rows = asked("SELECT watch, told_by, told_at IS NOT NULL FROM alerts")
    assert rows and {(row[0], row[1], row[2]) for row in rows} == {("all", None, True)}
