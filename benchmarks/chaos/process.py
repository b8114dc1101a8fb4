"""Processes with what they take: seconds, and the most memory that any one of them held."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HANG_SECONDS = 60.0  # on a machine of its own; `patience` is more on one that is shared
MOST_MB = 1500
_LOOK_SECONDS = 0.3


@dataclass
class Ended:
    """How a process ended: `code` None when it was ended for taking too long."""

    code: int | None
    seconds: float
    peak_mb: int
    out: str


@dataclass
class Row:
    """One line of the table."""

    part: str
    what: str
    tries: int = 0
    good: int = 0
    seconds: float = 0.0  # the slowest
    peak_mb: int = 0
    fault: str = ""

    def add(self, done: Ended, fault: str) -> None:
        """Count one try; the different faults are told."""
        self.tries += 1
        self.good += not fault
        self.seconds = max(self.seconds, done.seconds)
        self.peak_mb = max(self.peak_mb, done.peak_mb)
        if fault and fault not in self.fault:
            self.fault = f"{self.fault}; {fault}" if self.fault else fault


def fault_of(done: Ended) -> str:
    """What is wrong with how a process ended, "" for nothing."""
    if done.code is None:
        return f"hung for {done.seconds:.0f} s"
    if done.peak_mb > MOST_MB:
        return f"a process of {done.peak_mb} MB"
    if "Traceback (most recent call last)" in done.out:
        return "crashed: " + done.out.strip().splitlines()[-1][:90]
    return ""


def start(
    command: Sequence[str | Path], *, env: Mapping[str, str] | None = None, cwd: Path = ROOT
) -> subprocess.Popen[bytes]:
    """A Python process in a session of its own, its output in a pipe."""
    outside = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "DATELINE_"))}
    return subprocess.Popen(
        [sys.executable, *map(str, command)],
        cwd=cwd,
        env={**outside, "PYTHONPATH": str(ROOT), **(env or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def follow(
    process: subprocess.Popen[bytes], patience: float, *, kill_after: float | None = None
) -> Ended:
    """Wait for its end, or kill it and all of its session after so many seconds."""
    began, peak = time.monotonic(), 0
    parts: list[bytes] = []
    assert process.stdout is not None
    stream = process.stdout
    reader = threading.Thread(
        target=lambda: parts.extend(iter(lambda: os.read(stream.fileno(), 65536), b""))
    )
    reader.start()
    limit = patience if kill_after is None else kill_after
    while process.poll() is None and time.monotonic() - began < limit:
        peak = max(peak, _largest(process.pid))
        time.sleep(min(_LOOK_SECONDS, max(0.01, limit - (time.monotonic() - began))))
    seconds = time.monotonic() - began
    code = process.poll()
    if code is None:
        kill(process)
    process.wait()
    kill(process)  # what it left behind
    reader.join(5)
    return Ended(code, seconds, peak, b"".join(parts).decode("utf-8", "replace"))


def kill(process: subprocess.Popen[bytes]) -> None:
    """-9 for the process and all of its session."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def _largest(session: int) -> int:
    """Megabytes of the largest process of a session, at its largest; 0 where there is no /proc."""
    most = 0
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if int((entry / "stat").read_text().rsplit(")", 1)[1].split()[3]) == session:
                held = re.search(r"VmHWM:\s+(\d+) kB", (entry / "status").read_text())
                most = max(most, int(held[1]) // 1000 if held else 0)
        except (OSError, IndexError, ValueError):
            continue
    return most
