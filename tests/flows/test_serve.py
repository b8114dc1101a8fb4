"""`dateline serve`: the watched folder gets loaded, a second one is refused, it stops cleanly."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import httpx
import pytest

from flows.orchestration import serve as serving
from flows.orchestration.serve import server
from flows.resources.project import Schedule
from flows.resources.settings import settings
from tests.conftest import EXAMPLES, PATIENCE, ROOT
from warehouse.errors import DatelineError
from warehouse.store import open_reader


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.5)
    return condition()


def children_of(session: int) -> list[int]:
    """Processes whose parent is `session`."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if int(fields[1]) == session:
                found.append(int(entry.name))
    return found


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for children in /proc")
def test_a_dropped_file_is_loaded_and_everything_ends(
    tmp_path: Path, prefect_home: Callable[[Path], Path]
) -> None:
    inbox, path = tmp_path / "inbox", tmp_path / "data" / "w.duckdb"
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PREFECT_HOME": str(prefect_home(tmp_path / "home")),
        "DATELINE_PROCESSES": "1",
    }
    environment.pop("PREFECT_API_URL", None)
    environment.pop("PREFECT_API_AUTH_STRING", None)
    port = free_port()
    command = [sys.executable, "-m", "flows.commands.cli", "serve", "--watch", str(inbox),
               "--every", "5", "--port", str(port), "--warehouse", str(path)]  # fmt: skip
    log = tmp_path / "serve.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            command, cwd=tmp_path, env=environment, stdout=out, stderr=subprocess.STDOUT
        )
    try:
        assert until(lambda: "watching" in log.read_text(), PATIENCE), log.read_text()
        second = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=PATIENCE
        )
        assert second.returncode == 1
        assert str(path) in second.stderr and second.stderr.count("\n") == 1
        shutil.copy(EXAMPLES / "zamfara-abduction.txt", inbox)
        published = path.with_name("w.snapshots")

        def loaded() -> bool:
            newest = sorted(published.glob("*.duckdb"))[-1:]
            if not newest:
                return False
            reader = open_reader(newest[0])
            rows = reader.execute("SELECT count(*) FROM articles").fetchone()
            reader.close()
            return bool(rows == (1,))

        assert until(loaded, PATIENCE), log.read_text()
        inside = children_of(process.pid)
        assert inside
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) is not None
        assert until(lambda: not [pid for pid in inside if Path(f"/proc/{pid}").exists()], PATIENCE)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_a_port_in_use_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with (
            pytest.raises(DatelineError, match=f"port {port}: another program"),
            server(port, tmp_path / "server.log"),
        ):
            pass
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_goes_costs_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_: object) -> int:
        raise httpx.ConnectError("refused")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(serving, "server", lambda *_: nullcontext("http://127.0.0.1:1/api"))
    monkeypatch.setattr(serving, "end_orphans", gone)
    monkeypatch.setattr("flows.orchestration.registered.register", lambda *_: None)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    with pytest.raises(DatelineError, match="the Prefect server no longer answers"):
        serving.serve(settings(warehouse=tmp_path / "w.duckdb"), ["in"], Schedule(), port=1)
