"""What a run over known files costs: processor seconds and memory of `dateline run`.

    python -m benchmarks.known_files [100000]

Writes so many small files, puts them into a warehouse as a run would have, publishes it, and runs
the command on their folder. Processor seconds, not time on the wall: the machine may be shared.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from warehouse import loading, snapshots, store
from warehouse.dialects import frame
from warehouse.tables import TABLES

AIM_SECONDS, AIM_MIB = 5.0, 400.0


def fill(folder: Path, files: int) -> Path:
    """The files below `folder`/in, and a published warehouse that knows them."""
    began = dt.datetime.now(dt.UTC).replace(tzinfo=None) + dt.timedelta(days=1)
    rows = []
    for number in range(files):
        path = folder / "in" / f"{number // 1000:03d}" / f"article-{number:06d}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        data = f"Headline {number}\n\nChad and Niger held talks for the {number}th time.".encode()
        path.write_bytes(data)
        digest = hashlib.sha256(data).hexdigest()
        rows.append(
            {"file_id": digest[:20], "source_uri": str(path), "sha256": digest,
             "size_bytes": len(data), "format": "text", "status": "loaded", "article_count": 1,
             "error": None, "run_id": "run", "seen_at": began}
        )  # fmt: skip
    path = folder / "w.duckdb"
    con = store.open_writer(path)
    run = dict.fromkeys(TABLES["runs"].columns) | {
        "run_id": "run", "started_at": began, "finished_at": began, "status": "completed",
        "files_seen": files, "articles_loaded": files, "events_loaded": 0, "rows_quarantined": 0,
        "words": 0, "extractor_version": "x", "settings": "{}",
    }  # fmt: skip
    with store.transaction(con):
        loading.upsert(con, TABLES["files"], frame(TABLES["files"], rows))
        loading.write_run(con, run)
    snapshots.publish(con, path, keep=1)
    con.close()
    return path


def main(files: int) -> bool:
    """Print what the run costs. True when it keeps to the aims."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # Linux counts the memory of who starts a process as that process's own, so in another
        with ProcessPoolExecutor(1) as aside:
            path = aside.submit(fill, folder, files).result()
        process = subprocess.Popen(
            [sys.executable, "-m", "flows.commands.cli", "run", str(folder / "in"),
             "--warehouse", str(path)], stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert process.stdout is not None
        said = process.stdout.read().strip().splitlines()
        _, status, used = os.wait4(process.pid, 0)
    seconds, memory = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
    print(f"{said[0]}: {seconds:.1f} CPU seconds, {memory:.0f} MiB, status {status}")
    return status == 0 and seconds <= AIM_SECONDS and memory <= AIM_MIB


if __name__ == "__main__":
    sys.exit(not main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
