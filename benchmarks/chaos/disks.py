"""Full and read-only disks at six places; afterwards, with room again, all is as it should be."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.chaos.kills import STORIES
from benchmarks.chaos.process import ROOT, Ended, Row, fault_of, follow, start
from tests.conftest import content

# place → the folder of a run that lies on the disk
PLACES = {
    "warehouse": "data", "snapshots": "data/w.snapshots", "quality pages": "data/quality",
    "Prefect's home": "home", "cache": "cache", "export": "out",
}  # fmt: skip
_MB = {"warehouse": 64, "snapshots": 64, "quality pages": 4, "Prefect's home": 64, "cache": 128,
       "export": 16}  # fmt: skip


def disks(folder: Path, patience: float) -> Iterator[Row]:
    """A row for each place, on a full disk and on a read-only one."""
    inputs = folder / "stories"
    inputs.mkdir()
    for name in STORIES[:2]:
        shutil.copy(ROOT / "examples" / "articles" / name, inputs)
    good = folder / "good"
    good.mkdir()
    done = follow(_run(good, inputs), 20 * patience)
    if done.code != 0:
        raise RuntimeError(done.out)
    wanted = content(good / "data" / "w.duckdb")
    for what in ("full", "read-only"):
        for number, (place, below) in enumerate(PLACES.items()):
            row = Row(f"{what} disk", place)
            here = folder / f"{what}-{number}"
            (here / below).mkdir(parents=True)
            try:
                with _disk(here / below, _MB[place], read_only=what == "read-only"):
                    told = follow(_do(place, here, inputs, good), 20 * patience)
            except PermissionError:
                row.fault = "needs root, to mount a small disk"
                yield row
                return
            fault = _told(told)
            again = follow(_do(place, here, inputs, good), 20 * patience)
            fault = fault or fault_of(again) or (f"then exit {again.code}" if again.code else "")
            if not fault and place != "export":
                found = content(here / "data" / "w.duckdb")
                fault = next(
                    (f"{name} differs" for name in wanted if found[name] != wanted[name]), ""
                )
            row.add(told, fault)
            yield row


def _told(done: Ended) -> str:
    """It ends by itself; where it fails it says so in one line and exit status 1."""
    if fault := fault_of(done):
        return fault
    if done.code not in (0, 1, 3):
        return f"exit {done.code}"
    lines = [line for line in done.out.splitlines() if line.startswith("dateline: ")]
    return "no word of it" if done.code == 1 and len(lines) != 1 else ""


def _do(place: str, here: Path, inputs: Path, good: Path) -> subprocess.Popen[bytes]:
    if place == "export":
        command: list[str | Path] = [
            "-m", "flows.commands.cli", "export", here / "out" / "files", "-f", "csv",
            "--warehouse", good / "data" / "w.duckdb",
        ]  # fmt: skip
        return start(command, cwd=here)
    return _run(here, inputs)


def _run(here: Path, inputs: Path) -> subprocess.Popen[bytes]:
    return start(
        ["-m", "flows.commands.cli", "run", inputs, "--warehouse", here / "data" / "w.duckdb",
         "--processes", "1"],
        env={"PREFECT_HOME": str(here / "home"), "DATELINE_CACHE": str(here / "cache")},
        cwd=here,
    )  # fmt: skip


@contextmanager
def _disk(folder: Path, megabytes: int, *, read_only: bool) -> Iterator[None]:
    """A disk of its own at the folder: without room, or read-only. Gone afterwards, with its files.

    Raises PermissionError where nobody may mount one.
    """
    if os.geteuid() != 0:
        raise PermissionError
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "chaos", str(folder)]
    if subprocess.run(mount, capture_output=True).returncode:
        raise PermissionError
    try:
        if read_only:
            subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
        else:
            with (folder / "ballast").open("wb") as stream:
                stream.write(b"\0" * (megabytes * 2**20 - 200_000))
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
