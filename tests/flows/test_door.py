"""`dateline serve` lets nobody in who does not know its secret, and its runs touch nothing else."""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any

import pytest

from flows.orchestration import door, registered, serve
from flows.resources.settings import settings
from tests.conftest import EXAMPLES, PATIENCE, ROOT
from tests.flows.test_serve import children_of, free_port, until
from warehouse.errors import DatelineError

needs_proc = pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for children in /proc")


@dataclass
class Served:
    """A `dateline serve` of its own, and what it printed."""

    process: subprocess.Popen[bytes]
    folder: Path
    port: int
    log: Path

    @property
    def secret(self) -> str:
        return (self.folder / "home" / "dateline-secret").read_text().strip()

    def ask(
        self, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, Any, Message]:
        """(status, JSON, headers) of an answer, to whoever says `headers`."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/api{path}")
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        for name, value in (headers or {}).items():
            request.add_header(name, value)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return answer.status, json.loads(answer.read() or b"null"), answer.headers
        except urllib.error.HTTPError as error:
            return error.code, error.read(), error.headers

    def known(self) -> dict[str, str]:
        """Headers of somebody who knows the secret, with Prefect's token against forgery."""
        word = base64.b64encode(self.secret.encode()).decode()
        held = {"Authorization": f"Basic {word}"}
        _, token, _ = self.ask("/csrf-token?client=test", headers=held)
        return {**held, "Prefect-Csrf-Token": token["token"], "Prefect-Csrf-Client": "test"}

    def deployments(self) -> list[dict[str, Any]]:
        return list(self.ask("/deployments/filter", {}, self.known())[1])

    def deployment(self, name: str) -> dict[str, Any]:
        (item,) = [item for item in self.deployments() if item["name"].startswith(name)]
        return dict(item)

    def ended(self, name: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """The state in which a run with these parameters ended."""
        path = f"/deployments/{self.deployment(name)['id']}/create_flow_run"
        for _ in range(30):  # 503 while Prefect's database is in use: its clients ask again
            code, made, _ = self.ask(path, {"parameters": dict(parameters)}, self.known())
            if code != 503:
                break
            time.sleep(1)
        assert code in (200, 201), made
        run: dict[str, Any] = {}

        def is_done() -> bool:
            _, got, _ = self.ask(f"/flow_runs/{made['id']}", headers=self.known())
            run.update(got)
            return got["state_type"] in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")

        assert until(is_done, PATIENCE), self.log.read_text()
        return dict(run["state"])


def begin(folder: Path, *, every: int = 3600) -> Served:
    port, log = free_port(), folder / "serve.log"
    outside = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "DATELINE_"))}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "flows.commands.cli", "serve", "--watch", "inbox",
             "--every", str(every), "--port", str(port), "--warehouse", "data/w.duckdb"],
            cwd=folder, stdout=out, stderr=subprocess.STDOUT,
            env={**outside, "PYTHONPATH": str(ROOT), "PREFECT_HOME": str(folder / "home"),
                 "DATELINE_PROCESSES": "1"},
        )  # fmt: skip
    made = Served(process, folder, port, log)
    if not until(lambda: "watching" in log.read_text(), PATIENCE):
        end(made)
        raise AssertionError(log.read_text())
    return made


def end(made: Served) -> None:
    if made.process.poll() is None:
        made.process.send_signal(signal.SIGTERM)
        made.process.wait(PATIENCE)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    made = begin(tmp_path_factory.mktemp("served"))
    try:
        assert until(lambda: len(made.deployments()) == 5, PATIENCE), made.log.read_text()
        yield made
    finally:
        end(made)


def test_the_secret_is_made_at_first_start_and_its_place_is_printed(served: Served) -> None:
    file = served.folder / "home" / "dateline-secret"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(served.secret) > 30
    said = served.log.read_text()
    assert f"log in with the line in {file}" in said and served.secret not in said


def test_who_does_not_know_it_is_not_let_in(served: Served) -> None:
    assert served.ask("/health")[0] == 200
    assert served.ask("/flow_runs/filter", {})[0] in (401, 403)
    assert served.ask("/deployments/filter", {}, {"Authorization": "Basic eDp5"})[0] in (401, 403)
    assert served.ask("/admin/settings")[0] == 401
    assert served.ask("/deployments/filter", {}, served.known())[0] == 200


def test_a_page_that_does_not_know_the_token_is_refused(served: Served) -> None:
    """A browser that has logged in sends the password with what any page makes it send."""
    only = {"Authorization": served.known()["Authorization"]}
    assert served.ask("/deployments/filter", {}, only)[0] == 403


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost:3000", "http://127.0.0.1.evil.io"]
)
def test_another_origin_is_refused(served: Served, origin: str) -> None:
    code, _, headers = served.ask("/deployments/filter", {}, {**served.known(), "Origin": origin})
    assert code == 403
    assert headers.get("Access-Control-Allow-Origin") is None
    own = {**served.known(), "Origin": f"http://localhost:{served.port}"}
    assert served.ask("/deployments/filter", {}, own)[0] == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:4200", "127.0.0.1.evil.io"])
def test_another_host_is_refused(served: Served, host: str) -> None:
    """A name that its owner lets point to 127.0.0.1 makes a page of the same origin."""
    assert served.ask("/admin/version", headers={**served.known(), "Host": host})[0] == 400


def test_the_ui_asks_the_server_that_it_came_from(served: Served) -> None:
    """Else the page of another --port than 4200 cannot even log in."""
    address = f"http://127.0.0.1:{served.port}"
    with urllib.request.urlopen(f"{address}/ui-settings", timeout=PATIENCE) as answer:
        assert json.load(answer)["api_url"] == f"{address}/api"


def test_names_of_deployments_carry_the_warehouse(served: Served) -> None:
    label = registered.label(served.folder / "data" / "w.duckdb")
    assert {item["name"] for item in served.deployments()} == {
        f"{name}-{label}"
        for name in ("watched-folder", "nightly-publish", "nightly-maintain", "manual-reextract",
                     "manual-backfill")
    }  # fmt: skip
    assert label != registered.label(Path("/elsewhere/data/w.duckdb"))


@pytest.mark.parametrize("what", ["paths", "warehouse"])
def test_a_run_touches_only_what_its_deployment_was_registered_with(
    served: Served, tmp_path: Path, what: str
) -> None:
    shutil.copy(EXAMPLES / "zamfara-abduction.txt", tmp_path)
    other = tmp_path / "other.duckdb"
    given = {"paths": [str(tmp_path)]} if what == "paths" else {"warehouse": str(other)}
    state = served.ended("watched-folder", {**given, "only_if_new": False})
    assert state["type"] == "FAILED"
    assert "this deployment" in state["message"] and "\n" not in state["message"].strip()
    assert not other.exists()


def test_what_is_kept_is_for_its_owner(served: Served) -> None:
    kept = [path for name in ("home", "data") for path in (served.folder / name).rglob("*")]
    assert any(path.name == "prefect.db" for path in kept)
    assert not [path for path in kept if stat.S_IMODE(path.stat().st_mode) & 0o077]


@needs_proc
@pytest.mark.slow
def test_killed_it_leaves_no_server_and_no_run(tmp_path: Path) -> None:
    made = begin(tmp_path, every=5)
    try:
        assert until(lambda: len(children_of(made.process.pid)) > 1, PATIENCE), made.log.read_text()
        inside = children_of(made.process.pid)
        inside += [below for pid in inside for below in children_of(pid)]
        made.process.kill()
        made.process.wait()
        assert until(lambda: not [pid for pid in inside if Path(f"/proc/{pid}").exists()], PATIENCE)
    finally:
        end(made)


def test_only_below_what_was_registered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inbox, warehouse = tmp_path / "inbox", str(tmp_path / "w.duckdb")
    (inbox / "2026").mkdir(parents=True)
    (tmp_path / "other").mkdir()
    (inbox / "link").symlink_to(tmp_path / "other")
    monkeypatch.delenv(registered.VARIABLE, raising=False)
    registered.admit("anything", ["/"])
    globbed = f"{tmp_path}/more/*.txt"
    held = {"warehouse": warehouse, "paths": [str(inbox), globbed]}
    monkeypatch.setenv(registered.VARIABLE, json.dumps(held))
    registered.admit(warehouse, [str(inbox), str(inbox / "2026"), globbed])
    registered.admit(f"{tmp_path}/inbox/../w.duckdb", [f"{inbox}/2026/../2026"])
    for path in (
        "/", str(tmp_path), str(tmp_path / "other"), f"{inbox}/../other", f"{inbox}/link",
        f"{inbox}/*", f"{tmp_path}/more/a.txt", "s3://bucket/x", f"{inbox}2",
    ):  # fmt: skip
        with pytest.raises(DatelineError, match="this deployment reads"):
            registered.admit(warehouse, [path])
    with pytest.raises(DatelineError, match="not the warehouse of this deployment"):
        registered.admit(str(tmp_path / "v.duckdb"))
    with pytest.raises(DatelineError, match="not the model"):
        registered.admit(warehouse, model="/tmp/model")


def test_every_flow_asks_whether_it_may(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib

    from flows.orchestration.maintain import FLOWS

    held = {"warehouse": str(tmp_path / "mine.duckdb"), "paths": []}
    monkeypatch.setenv(registered.VARIABLE, json.dumps(held))
    for name in FLOWS:
        flow = getattr(importlib.import_module(f"flows.orchestration.{name}"), name)
        given = {"paths": ["/"]} if name == "ingest" else {}
        with pytest.raises(DatelineError, match="not the warehouse of this deployment"):
            flow.fn(warehouse=str(tmp_path / "other.duckdb"), **given)


def test_a_secret_that_others_can_read_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "home"))
    assert door.known_secret() is None
    made = door.secret()
    assert door.secret() == made and door.secret_for("http://127.0.0.1:1/api") == made
    assert door.secret_for("http://192.168.1.7:4200/api") is None
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["dateline-secret"]
    door.secret_file().chmod(0o644)
    with pytest.raises(DatelineError, match="dateline-secret: others can read it"):
        door.secret()


def test_a_server_that_is_not_ours_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.delenv("PREFECT_API_AUTH_STRING", raising=False)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "home"))
    answers: dict[tuple[str, bool], int] = {}
    monkeypatch.setattr(
        serve, "_answer", lambda url, auth=None: answers.get((url.rpartition("/")[2], bool(auth)))
    )
    with pytest.raises(DatelineError, match="another program"):
        serve._admitted(1, "http://127.0.0.1:1/api")
    door.secret()
    for open_to in ({("version", False): 200, ("version", True): 200},  # anybody
                    {("version", False): 401, ("version", True): 401}):  # not us  # fmt: skip
        answers = {("health", False): 200, **open_to}
        with pytest.raises(DatelineError, match="port 1: a Prefect server that is not ours"):
            serve._admitted(1, "http://127.0.0.1:1/api")
    answers = {("health", False): 200, ("version", False): 401, ("version", True): 200}
    assert serve._admitted(1, "http://127.0.0.1:1/api") == door.secret()


def test_a_local_server_of_a_command_is_closed_to_others(prefect_api: Path) -> None:
    address = os.environ["PREFECT_API_URL"]
    for path, code in (("health", 200), ("admin/settings", 401)):
        try:
            with urllib.request.urlopen(f"{address}/{path}", timeout=PATIENCE) as answer:
                assert answer.status == code
        except urllib.error.HTTPError as error:
            assert error.code == code, path


def test_hosts_can_be_added(tmp_path: Path) -> None:
    more = settings(warehouse=tmp_path / "w.duckdb", hosts=["news.example.org"]).hosts
    assert "https://news.example.org" in door.environment("a:b", 4200, more)[
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS"
    ].split(",")
