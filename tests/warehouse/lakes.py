"""Catalogs and object stores for tests: PostgreSQL and an S3 server as processes of their own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

WANTED = bool(os.environ.get("DATELINE_TEST_CLUSTER"))
_BIN = Path("/usr/lib/postgresql")  # where Debian's package puts what is no client
_SECONDS = 120


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


@contextmanager
def postgres() -> Iterator[str]:
    """A server with a database `news`. Gives what libpq needs to reach it."""
    with tempfile.TemporaryDirectory() as folder:  # pytest's own is for its user alone
        yield from _postgres(Path(folder))


def _postgres(folder: Path) -> Iterator[str]:
    tools = max(_BIN.glob("*/bin"), default=None)
    assert tools is not None, "DATELINE_TEST_CLUSTER needs Debian's `postgresql`"
    as_user: dict[str, Any] = {}
    if os.geteuid() == 0:  # it refuses to run as root
        shutil.chown(folder, "postgres")
        as_user = {"user": "postgres", "cwd": "/"}
    data, port = folder / "db", free_port()
    subprocess.run(
        [tools / "initdb", "-D", data, "-A", "trust", "-U", "dateline"],
        check=True, capture_output=True, **as_user,
    )  # fmt: skip
    server = subprocess.Popen(
        [tools / "postgres", "-D", data, "-p", str(port), "-k", folder, "-c", "fsync=off",
         "-c", "listen_addresses=127.0.0.1"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **as_user,
    )  # fmt: skip
    try:
        reach = ["-h", "127.0.0.1", "-p", str(port), "-U", "dateline"]
        _until(lambda: subprocess.run([tools / "pg_isready", *reach]).returncode == 0)
        subprocess.run([tools / "createdb", *reach, "news"], check=True)
        yield f"host=127.0.0.1 port={port} user=dateline dbname=news"
    finally:
        server.terminate()
        server.wait()


@contextmanager
def s3() -> Iterator[dict[str, str]]:
    """An S3 server with a bucket `news`. Gives the environment in which it is reached."""
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        _until(lambda: bool(urllib.request.urlopen(f"{address}/moto-api/", timeout=5)))
        made = urllib.request.Request(f"{address}/news", method="PUT")
        urllib.request.urlopen(made, timeout=30).close()
        yield {
            "AWS_ENDPOINT_URL": address, "AWS_ACCESS_KEY_ID": "key-of-tests",
            "AWS_SECRET_ACCESS_KEY": "secret-of-tests", "AWS_REGION": "us-east-1",
        }  # fmt: skip
    finally:
        server.terminate()
        server.wait()


def _until(is_up: Any) -> None:
    deadline = time.monotonic() + _SECONDS
    while True:
        try:
            if is_up():
                return
        except OSError:
            pass
        assert time.monotonic() < deadline, "the server did not come up"
        time.sleep(0.2)
