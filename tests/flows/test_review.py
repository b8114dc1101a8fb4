"""The review page: who may ask it, what it shows and writes, and that keys alone are enough."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from flows.commands.cli import app
from flows.resources.corrections import read_corrections
from flows.review.cards import cut
from flows.review.server import Review, listening
from tests.flows.browser import CHROMIUM, opened
from tests.warehouse import known
from warehouse.errors import DatelineError
from warehouse.store import open_reader


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return known.build(tmp_path_factory.mktemp("known") / "w.duckdb")


@pytest.fixture
def review(warehouse: Path, tmp_path: Path) -> Iterator[Review]:
    con = open_reader(warehouse)
    yield Review(con, tmp_path / "corrections.jsonl")
    con.close()


@pytest.fixture
def client(review: Review) -> TestClient:
    return TestClient(review.app(), base_url=f"http://127.0.0.1:8000/{review.token}")


def decided(review: Review) -> list[dict[str, Any]]:
    held = read_corrections(review.file).decisions.values()
    return [json.loads(one.line()) for one in held]


def post(client: TestClient, values: Any, **headers: str) -> Any:
    sent = {"Origin": "http://127.0.0.1:8000", "Content-Type": "application/json", **headers}
    return client.post("/decide", content=json.dumps(values), headers=sent)


def test_the_page_needs_nothing_from_elsewhere(client: TestClient) -> None:
    answer = client.get("/")
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; ") and "unsafe" not in policy
    nonce = re.search(r"script-src 'nonce-([^']+)'", policy)
    assert nonce is not None and answer.text.count(f'nonce="{nonce[1]}"') == 3
    assert not re.findall(r"(?:src|href)=|https?:", answer.text)


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/", {}, 200),
        ("/", {"Host": "localhost:8000"}, 200),
        ("/", {"Host": "evil.example:8000"}, 400),  # a name that was made to lead here
        ("/", {"Host": "127.0.0.1.evil.example"}, 400),
        ("/next", {"Origin": "http://evil.example"}, 403),
        ("/next", {"Origin": "null"}, 403),
        ("/next", {"Origin": "http://127.0.0.1:9000"}, 403),
        ("/next", {"Sec-Fetch-Site": "cross-site"}, 403),
        ("/next", {"Sec-Fetch-Site": "same-site"}, 403),
        ("/next", {"Sec-Fetch-Site": "same-origin"}, 200),
        ("/../wrong/", {}, 404),
        ("/../wrong/next", {}, 404),
        ("/../", {}, 404),
    ],
)
def test_who_may_ask(client: TestClient, path: str, headers: dict[str, str], status: int) -> None:
    assert client.get(path, headers=headers).status_code == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": ""}, 403),
        ({"Content-Type": "text/plain"}, 415),  # what a form of another page may send
        ({"Host": "evil.example"}, 400),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
    ],
)
def test_who_may_write(
    review: Review, client: TestClient, headers: dict[str, str], status: int
) -> None:
    assert post(client, {"report": "m4", "say": "right"}, **headers).status_code == status
    assert len(decided(review)) == (status == 200)


def test_no_origin_no_line(review: Review, client: TestClient) -> None:
    body = json.dumps({"report": "m4", "say": "right"})
    sent = client.post("/decide", content=body, headers={"Content-Type": "application/json"})
    assert sent.status_code == 403 and not review.file.exists()
    assert client.get("/decide").status_code == 405
    assert post(client, "x" * 200_000).status_code == 413


def test_the_least_sure_comes_first_and_goes_once_decided(
    review: Review, client: TestClient
) -> None:
    """What is told as fact, in the lead of its cluster: not the near-copy, not what may be."""
    shown, skip = [], 0
    while (found := client.get("/next", params={"skip": skip}).json())["card"]:
        shown.append(found["card"]["id"])
        skip = found["skip"]
    assert shown == ["m4", "m1", "m2"]
    assert post(client, {"report": "m4", "say": "wrong"}).status_code == 200
    assert client.get("/next").json()["card"]["id"] == "m1"
    done = post(
        client, {"say": "undo", "undoes": next(iter(read_corrections(review.file).numbers))}
    )
    assert done.json()["say"] == "undo"
    assert client.get("/next").json()["card"]["id"] == "m4"


def test_a_card(client: TestClient) -> None:
    card = client.get("/card", params={"report": "m4"}).json()["card"]
    assert card["url"] is None, "javascript: is no address"
    assert [part for part in card["parts"] if part[1]] == [
        ["China", ["initiator"]], ["accused", ["trigger"]], ["South Korea", ["recipient"]],
    ]  # fmt: skip
    assert "".join(text for text, _ in card["parts"]) == card["sentence"]
    assert card["before"] == "🙂 Park met Ma in Hanoi. "
    assert client.get("/card", params={"report": "none"}).json() == {
        "error": "none: no report has this id"
    }


def test_pieces() -> None:
    assert cut("abcd", [(1, 3, "x"), (2, 4, "y"), (-5, 1, "z")]) == [
        ["a", ["z"]], ["b", ["x"]], ["c", ["x", "y"]], ["d", ["y"]],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "held"),
    [
        ({"say": "type", "type": "REJECT"}, {"type": "REJECT"}),
        ({"say": "modality", "modality": "planned"}, {"modality": "planned"}),
        ({"say": "date", "date": "2026-03-01"}, {"date": "2026-03-01"}),
        ({"say": "date", "date": ""}, {"date": ""}),
        ({"say": "party", "side": "recipients", "parties": ["South Korea", "^Ma Zhaoxu"]},
         {"parties": [{"text": "South Korea", "start": 62}, {"text": "Ma Zhaoxu"}]}),
        ({"say": "party", "side": "initiators", "parties": []}, {"parties": []}),
        ({"say": "place", "place": "Hanoi"}, {"place": {"text": "Hanoi"}}),
        ({"say": "place", "place": ""}, {}),
        ({"say": "same", "other": "m1"}, {}),
        ({"say": "apart", "other": "m1"}, {}),
    ],
)  # fmt: skip
def test_decisions(
    review: Review, client: TestClient, asked: dict[str, Any], held: dict[str, Any]
) -> None:
    assert post(client, {"report": "m4", **asked}).status_code == 200
    (line,) = decided(review)
    assert line["of"]["text"] == "accused" and line["of"]["article"] == "a2"
    assert {key: line[key] for key in held} == held
    if asked["say"] in ("same", "apart"):
        assert (line["with"]["article"], line["with"]["text"]) == ("a1", "met")


def test_the_entity_met_less_often_takes_the_id_of_the_other(
    review: Review, client: TestClient
) -> None:
    card = client.get("/card", params={"report": "m4"}).json()["card"]
    china = next(one for one in card["named"] if one["entity"] == "chn")
    found = client.get("/entities", params={"entity": "chn", "text": "Korea"}).json()
    assert [row["entity_id"] for row in found] == ["kor"]
    values = {"report": "m4", "mention": china["mention"]}
    assert post(client, {**values, "say": "one", "entity": "kor"}).status_code == 200
    assert post(client, {**values, "say": "two", "name": "Taiwan"}).status_code == 200
    one, two = decided(review)
    assert (one["of"]["entity"]["id"], one["with"]["entity"]["id"]) == ("chn", "kor")
    assert (two["of"]["text"], two["name"]) == ("China", "Taiwan")


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"say": "type", "type": "KISS"}, "type: Input should be"),
        ({"say": "date", "date": "soon"}, "'soon' is no date like"),
        ({"say": "date", "date": "2027-01-01"}, "is after the report of 2026-03-02"),
        ({"say": "party", "side": "recipients", "parties": ["Japan"]}, "'Japan' does not stand in"),
        ({"say": "party", "side": "recipients", "parties": ["^Japan"]}, "'Japan' stands nowhere"),
        ({"say": "place", "place": "Paris"}, "'Paris' does not stand in the article"),
        ({"say": "same", "other": "m9"}, "no report has this id"),
        ({"say": "one", "mention": "x", "entity": "kor"}, "the article has no such mention"),
        ({"say": "nonsense"}, "Input tag 'nonsense'"),
        ({"say": None}, "say"),
        ({"report": 7, "say": "right"}, "7: no report has this id"),
    ],
)
def test_what_cannot_be_is_said(
    review: Review, client: TestClient, asked: dict[str, Any], reason: str
) -> None:
    answer = post(client, {"report": "m4", **asked})
    assert answer.status_code == 400 and reason in answer.json()["error"]
    assert not review.file.exists()


def test_nothing_is_added_to_a_broken_file(review: Review, client: TestClient) -> None:
    review.file.write_text("{\n")
    answer = post(client, {"report": "m4", "say": "right"})
    assert answer.json()["error"].startswith(f"{review.file}:1: no JSON")
    assert review.file.read_text() == "{\n"


def test_a_taken_port_is_named() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(DatelineError, match=f"--port {port}: cannot listen"), listening(port):
            pass


def test_the_command_says_what_was_written_when_it_is_ended(
    warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C is how it ends, not an error; what is said is what the README shows."""
    from flows.review import server

    serve = server.serve

    def use(held: Review, bound: socket.socket) -> None:
        address = f"http://127.0.0.1:{bound.getsockname()[1]}"

        def press() -> None:
            # Interrupted at its imports the command may leave the lock of `logging` taken.
            transport = httpx.HTTPTransport(retries=8)
            try:
                with httpx.Client(
                    base_url=f"{address}/{held.token}", timeout=30, transport=transport
                ) as page:
                    sent = {"report": "m4", "say": "right"}
                    assert page.post("/decide", json=sent, headers={"Origin": address}).is_success
            finally:
                os.kill(os.getpid(), signal.SIGINT)

        threading.Timer(0.3, press).start()
        serve(held, bound)

    monkeypatch.setattr(server, "serve", use)
    monkeypatch.setenv("DATELINE_CORRECTIONS", str(tmp_path / "corrections.jsonl"))
    done = CliRunner().invoke(app, ["review", "--warehouse", str(warehouse)])
    assert done.exit_code == 0, done.output
    assert re.fullmatch(
        r"http://127\.0\.0\.1:\d+/[\w-]+/\n"
        rf"1 decision written to {tmp_path}/corrections\.jsonl; `dateline run` applies it\n",
        done.stdout,
    )


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
def test_keys_are_enough(review: Review, tmp_path: Path) -> None:
    """Every decision by the keyboard alone, and the page at two sizes."""
    import uvicorn

    config = uvicorn.Config(review.app(), log_level="error", access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    with listening(0) as held:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [held]}, daemon=True)
        thread.start()
        address = f"http://127.0.0.1:{held.getsockname()[1]}/{review.token}/"
        try:
            with opened(address, tmp_path / "profile") as page:
                press_all(page, review)
        finally:
            server.should_exit = True
            thread.join(30)


def press_all(page: Any, review: Review) -> None:
    """What somebody would press."""
    is_open = "document.getElementById('panel').open"
    listed = "document.querySelector('#panel .choices label')"

    def saved(count: int, say: str) -> None:
        page.until(f"!{is_open}")
        assert [one["say"] for one in decided(review)][count - 1 :] == [say]

    page.until("document.body && document.body.hasAttribute('data-ready')")
    assert "accused South Korea" in page.ask("document.getElementById('card').innerText")
    assert page.ask("document.querySelector('img') === null && window.boom === undefined")
    page.press("t")
    page.until(is_open)
    page.press("r", "e", "q", "Enter")
    saved(1, "type")
    assert decided(review)[0]["type"] == "REQUEST"
    assert "REQUEST" in page.ask("document.getElementById('card').innerText")
    page.press("p")
    page.until(is_open)
    page.press("Tab", " ", "Enter")  # the first who is named, too
    saved(2, "party")
    page.press("d")
    page.until(is_open)
    page.write("soon")
    page.press("Enter")
    page.until("!document.getElementById('panel-error').hidden")
    page.press("Escape")
    page.until(f"!{is_open}")
    page.press("d")
    page.until(is_open)
    page.write("2026-03-01")
    page.press("Enter")
    saved(3, "date")
    page.press("l")
    page.until(is_open)
    page.write("Hanoi")
    page.press("Enter")
    saved(4, "place")
    page.press("m")
    page.until(is_open)
    page.press("p", "o", "Enter")
    saved(5, "modality")
    page.press("s")
    page.until(f"{is_open} && {listed}")
    page.press("Enter")
    saved(6, "same")
    page.press("v")
    page.until(is_open)
    page.press("Tab")
    page.write("China (the other)")
    page.press("Enter")
    saved(7, "two")
    page.press("e")
    page.until(is_open)
    page.press("Tab")
    page.write("Ma Zhaoxu")
    page.until("document.querySelectorAll('#panel .choices')[1].innerText.includes('Ma Zhaoxu')")
    page.press("Enter")
    saved(8, "one")
    page.press("x")  # it is the only report of its event
    page.until("document.getElementById('status').className === 'bad'")
    page.press("w")
    page.until("document.getElementById('card').innerText.includes('Talks in Hanoi')")
    saved(9, "wrong")
    page.press("u")
    page.until("document.getElementById('card').innerText.includes('accused South Korea')")
    saved(10, "undo")
    page.press("n")
    page.until("document.getElementById('card').innerText.includes('Talks in Hanoi')")
    page.press("x")
    page.until(f"{is_open} && {listed}")
    page.press("Enter")
    saved(11, "apart")
    page.press("r")
    page.until("document.getElementById('card').innerText.includes('Daily')")
    saved(12, "right")
    for width in (1400, 390):
        page.send("Emulation.setDeviceMetricsOverride", width=width, height=844,
                  deviceScaleFactor=1, mobile=width < 600)  # fmt: skip
        assert page.ask("document.documentElement.scrollWidth <= window.innerWidth"), width
