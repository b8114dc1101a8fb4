"""The services of compose.yaml as processes of this machine: PostgreSQL, server with auth, worker.

Two minutes long and in need of PostgreSQL's programs (Debian: `apt-get install postgresql`), so it
runs only when asked:

    DATELINE_TEST_COMPOSE=1 python -m pytest tests/flows/test_compose.py
"""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import EXAMPLES, ROOT
from tests.flows.test_serve import free_port
from warehouse import snapshots
from warehouse.store import open_reader

SERVICES = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]
SECRETS = {"DATELINE_AUTH": "editor:a-long-password", "DATELINE_DB_PASSWORD": "another-one"}
_FOUND = [
    folder
    for folder in (*Path("/usr/lib/postgresql").glob("*/bin"), *map(Path, os.get_exec_path()))
    if all((folder / name).is_file() for name in ("initdb", "postgres", "createdb"))
]

pytestmark = [
    pytest.mark.skipif(not os.environ.get("DATELINE_TEST_COMPOSE"), reason="runs when asked"),
    pytest.mark.skipif(not _FOUND, reason="no PostgreSQL here"),
]


def filled(text: str, names: Mapping[str, str]) -> str:
    """`text` with its ${NAME}, ${NAME:?why} and ${NAME:-default} as Compose fills them in."""
    return re.sub(
        r"\$\{(\w+)(?::([?-])([^}]*))?\}",
        lambda m: names.get(m[1]) or (m[3] if m[2] == "-" else ""),
        text,
    )


class Stack:
    """Processes that take the places of the containers, on free ports of the loopback."""

    def __init__(self, folder: Path, closing: ExitStack) -> None:
        self.folder, self.closing = folder, closing
        self.database_port, self.port = free_port(), free_port()
        self.data = folder / "data"
        (self.data / "inbox").mkdir(parents=True)

    def here(self, text: str) -> str:
        """A setting of compose.yaml for this machine: its hosts, ports and folders."""
        text = filled(text, {**SECRETS, "DATELINE_UI_API_URL": f"http://127.0.0.1:{self.port}/api"})
        text = text.replace("database:5432", f"127.0.0.1:{self.database_port}")
        text = text.replace("http://server:4200", f"http://127.0.0.1:{self.port}")
        text = text.replace("$$", "$")
        return re.sub(r'(?:^|(?<=[ "]))/data/', f"{self.data}/", text)

    def environment(self, service: str) -> dict[str, str]:
        held = {
            name: self.here(str(value)) for name, value in SERVICES[service]["environment"].items()
        }
        bare = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "DATELINE_"))}
        return {
            **bare, **held, "PREFECT_HOME": str(self.folder / f"home-{service}"),
            "DATELINE_HOME": str(ROOT), "DATELINE_DATA": str(self.data), "DATELINE_PROCESSES": "1",
            "PYTHONPATH": str(ROOT), "DO_NOT_TRACK": "1",
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        }  # fmt: skip

    def start(self, service: str, command: list[str], **options: Any) -> subprocess.Popen[bytes]:
        log = (self.folder / f"{service}.log").open("ab")
        process = subprocess.Popen(
            command,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            cwd=ROOT,
            **options,
        )
        self.closing.callback(log.close)
        self.closing.callback(end, process)
        return process

    def log(self, service: str) -> str:
        return (self.folder / f"{service}.log").read_text("utf-8", "replace")[-3000:]

    def postgres(self) -> None:
        """A cluster of its own, run by a user who is not root, as PostgreSQL demands."""
        programs = _FOUND[0]
        place = self.folder / "postgres"
        place.mkdir()
        as_user: dict[str, Any] = {}
        if os.geteuid() == 0:
            shutil.chown(place, "postgres", "postgres")
            for above in (self.folder, *self.folder.parents):
                if above.stat().st_mode & 0o001 == 0:
                    above.chmod(above.stat().st_mode | 0o011)  # it must reach its folder
            as_user = {"user": "postgres", "group": "postgres"}
        secret = place / "password"
        secret.write_text(SECRETS["DATELINE_DB_PASSWORD"])
        if as_user:
            shutil.chown(secret, "postgres", "postgres")
        cluster = str(place / "cluster")
        subprocess.run(
            [programs / "initdb", "-D", cluster, "-U", "prefect", "--auth=scram-sha-256",
             f"--pwfile={secret}", "-E", "UTF8"],
            check=True, capture_output=True, cwd=place, **as_user,
        )  # fmt: skip
        log = (self.folder / "postgres.log").open("ab")
        process = subprocess.Popen(
            [programs / "postgres", "-D", cluster, "-p", str(self.database_port),
             "-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={place}"],
            stdout=log, stderr=subprocess.STDOUT, start_new_session=True, cwd=place, **as_user,
        )  # fmt: skip
        self.closing.callback(log.close)
        self.closing.callback(end, process, signal.SIGINT)
        name = {**os.environ, "PGPASSWORD": SECRETS["DATELINE_DB_PASSWORD"]}
        create: list[str | Path] = [
            programs / "createdb", "-h", "127.0.0.1", "-p", str(self.database_port),
            "-U", "prefect", "prefect",
        ]  # fmt: skip
        until(
            lambda: subprocess.run(create, env=name, capture_output=True).returncode == 0,
            30,
            lambda: self.log("postgres"),
        )

    def ask(self, path: str, body: Any = None, *, known: bool = True) -> Any:
        """What the server's API answers; without a password unless `known`."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/api{path}")
        if known:
            word = base64.b64encode(SECRETS["DATELINE_AUTH"].encode()).decode()
            request.add_header("Authorization", f"Basic {word}")
        if body is not None:
            token = self.ask("/csrf-token?client=test")["token"] if known else "none"
            request.add_header("Prefect-Csrf-Token", token)
            request.add_header("Prefect-Csrf-Client", "test")
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    def healthy(self) -> bool:
        try:
            return bool(self.ask("/health"))
        except (urllib.error.URLError, OSError):
            return False

    def runs(self) -> list[dict[str, Any]]:
        """Completed ones; scheduled ones stand in the same list."""
        done = {"flow_runs": {"state": {"type": {"any_": ["COMPLETED"]}}}}
        return list(self.ask("/flow_runs/filter", done))


def end(process: subprocess.Popen[bytes], sign: int = signal.SIGTERM) -> None:
    for each in (sign, signal.SIGKILL):
        if process.poll() is None:
            os.killpg(process.pid, each)
            try:
                process.wait(40)
            except subprocess.TimeoutExpired:
                continue


def until(condition: Callable[[], bool], seconds: float, why: Callable[[], str]) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, why()
        time.sleep(1)


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    with ExitStack() as closing:
        yield Stack(tmp_path, closing)


def test_two_scheduled_runs_on_postgres_with_a_password(stack: Stack) -> None:
    stack.postgres()
    command = [*SERVICES["server"]["entrypoint"][:-4], "--host", "127.0.0.1",
               "--port", str(stack.port)]  # fmt: skip
    assert SERVICES["server"]["entrypoint"][-4:] == ["--host", "0.0.0.0", "--port", "4200"]
    stack.start("server", command, env=stack.environment("server"))
    until(stack.healthy, 120, lambda: stack.log("server"))
    with pytest.raises(urllib.error.HTTPError) as refused:
        stack.ask("/flow_runs/filter", {}, known=False)
    assert refused.value.code in (401, 403)

    shutil.copy(EXAMPLES / "zamfara-abduction.txt", stack.data / "inbox")
    for service in ("deploy", "worker"):
        shell = [*SERVICES[service]["entrypoint"], *map(stack.here, SERVICES[service]["command"])]
        process = stack.start(service, shell, env=stack.environment(service))
        if service == "deploy":
            assert process.wait(180) == 0, stack.log("deploy")
    names = {item["name"] for item in stack.ask("/deployments/filter", {})}
    assert names == {
        "watched-folder-dateline", "nightly-publish-dateline", "nightly-maintain-dateline",
        "manual-reextract-dateline", "manual-backfill-dateline",
    }  # fmt: skip

    until(lambda: len(stack.runs()) >= 2, 240, lambda: stack.log("worker"))
    assert all("auto-scheduled" in run["tags"] for run in stack.runs())
    assert "asyncpg" in SERVICES["server"]["environment"]["PREFECT_API_DATABASE_CONNECTION_URL"]
    assert not list(stack.folder.glob("home-server/*.db"))  # nothing went into SQLite instead
    newest = snapshots.latest(stack.data / "dateline.duckdb")
    assert newest
    reader = open_reader(newest)
    assert reader.execute("SELECT count(*) FROM articles").fetchone() == (1,)
    reader.close()
    keys = {item["key"] for item in stack.ask("/artifacts/filter", {})}
    assert {"run-report", "quality-page"} <= keys
