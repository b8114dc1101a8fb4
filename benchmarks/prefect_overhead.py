"""What Prefect costs: the plain pipeline beside `dateline run`, each in a process of its own.

Wall time and processor time of the whole command, start-up and end included, on the same
articles; the flow is `dateline run` without a named server, so its local server is counted too,
on a database of earlier runs (the first run of all makes it, which takes some 5 s more).
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.parses import ROOT
from benchmarks.speed import PROCESSES, corpus, texts

_PLAIN = """
import sys
from pathlib import Path
from flows.run.files import Files
from flows.run.pipeline import Pipeline
from flows.resources.settings import settings

if __name__ == "__main__":
    options = settings(warehouse=Path(sys.argv[2]), processes=int(sys.argv[3]))
    pipeline = Pipeline(options, Files([sys.argv[1]]))
    for batch in pipeline.batches():
        pipeline.load(batch)
    pipeline.finish()
"""


def timed(command: list[str]) -> tuple[float, float]:
    """(wall, processor) seconds of a command and all its children."""
    environment = {
        **os.environ,
        "PREFECT_HOME": str(ROOT / ".cache" / "prefect"),
        "PYTHONPATH": str(ROOT),
    }
    environment.pop("PREFECT_API_URL", None)
    before, began = _processor(), time.perf_counter()
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return time.perf_counter() - began, _processor() - before


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Print both and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "in").mkdir()
        corpus(folder / "in", texts(options.articles))
        script = folder / "plain.py"
        script.write_text(_PLAIN, "utf-8")
        (folder / "one").mkdir()
        corpus(folder / "one", texts(1))  # makes Prefect's database, which others have by now
        timed([sys.executable, "-m", "flows.commands.cli", "run", str(folder / "one"),
               "--warehouse", str(folder / "one.duckdb")])  # fmt: skip
        best: dict[str, tuple[float, float]] = {}
        for number in range(options.rounds):
            for kind in ("plain", "flow"):
                target = str(folder / f"{kind}{number}" / "w.duckdb")
                source, workers = str(folder / "in"), str(PROCESSES)
                command = [sys.executable, str(script), source, target, workers]
                if kind == "flow":
                    command = [sys.executable, "-m", "flows.commands.cli", "run", source]
                    command += ["--warehouse", target, "--processes", workers]
                took = timed(command)
                best[kind] = min(took, best.get(kind, took))
                print(f"{kind:6} {took[0]:7.1f} s wall  {took[1]:7.1f} s processor", flush=True)
    plain, flow = best["plain"], best["flow"]
    print(
        f"Prefect adds {flow[0] - plain[0]:.1f} s wall ({flow[0] / plain[0] - 1:+.1%}; "
        f"at most 5%), {flow[1] - plain[1]:.1f} s processor ({flow[1] / plain[1] - 1:+.1%}) "
        f"to {options.articles:,} articles"
    )


if __name__ == "__main__":
    main()
