"""How long `dateline report` takes on synthetic events, how large its page is, how fast it opens.

    python -m benchmarks.report_page [EVENTS]

The last figure needs a Chromium on the PATH: seconds from its start to the drawn page, beside those
of an empty page, medians of five openings in turn.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.synthetic import build
from flows.report.page import report

_CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome")
     if (path := shutil.which(name))), None,
)  # fmt: skip


def main(events: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        warehouse, target = Path(folder) / "w.duckdb", Path(folder) / "report.html"
        build(warehouse, events)
        clock = time.monotonic()
        shown, _ = report(warehouse, target)
        seconds = time.monotonic() - clock
        print(f"{shown:,} events: written in {seconds:.1f} s, {target.stat().st_size / 1e6:.1f} MB")
        if _CHROMIUM is None:
            print("no Chromium here: not opened")
            return
        empty = Path(folder) / "empty.html"
        empty.write_text("<!doctype html><html data-ready='0'></html>", "utf-8")
        pairs = [[_open(page, Path(folder) / "profile") for page in (target, empty)]
                 for _ in range(6)][1:]  # fmt: skip
        drawn, bare = (statistics.median(side) for side in zip(*pairs, strict=True))
        print(f"drawn {drawn:.2f} s after Chromium's start, an empty page {bare:.2f} s")


def _open(page: Path, profile: Path) -> float:
    clock = time.monotonic()
    done = subprocess.run(
        [str(_CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu",
         "--virtual-time-budget=20000", f"--user-data-dir={profile}", "--dump-dom",
         f"file://{page}"],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    if "data-ready" not in done.stdout:
        raise SystemExit("the page did not draw itself")
    return time.monotonic() - clock


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
