"""Two runs on one warehouse at once: one waits or is refused with one line, nothing is lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import here
from tests.conftest import EXAMPLES, PATIENCE, ROOT, content

_PLAIN = """
import sys
from pathlib import Path
from flows.run.files import Files
from flows.run.pipeline import Pipeline
from flows.resources.settings import settings
from tests import here
from warehouse.errors import DatelineError

if __name__ == "__main__":
    here.recall(sys.argv[4])
    try:
        with here.in_this_process():
            options = settings(warehouse=Path(sys.argv[2]), processes=1, wait=float(sys.argv[3]))
            pipeline = Pipeline(options, Files([sys.argv[1]]))
            print("started", flush=True)
            if sys.argv[5:]:
                sys.stdin.readline()
            for batch in pipeline.batches():
                pipeline.load(batch)
            pipeline.finish()
    except DatelineError as error:
        sys.exit(f"dateline: {error}")
"""
FIRST, SECOND = "zamfara-abduction.txt", "hanoi-dialogue-wire.txt"


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("script") / "plain.py"
    path.write_text(_PLAIN, "utf-8")
    return path


def _run(script: Path, *args: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(script), *map(str, args)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_the_second_run_is_refused_or_waits(
    tmp_path: Path, script: Path, run_pipeline: Any
) -> None:
    folders = []
    for name in (FIRST, SECOND):
        (tmp_path / name).mkdir()
        shutil.copy(EXAMPLES / name, tmp_path / name)
        folders.append(tmp_path / name)
    read = tmp_path / "read.pickle"
    for folder in folders:
        run_pipeline(tmp_path / "before.duckdb", [folder])
    here.write_down(read)
    path = tmp_path / "w.duckdb"
    first = _run(script, folders[0], path, 0, read, "hold")
    assert first.stdout is not None and first.stdout.readline() == "started\n"
    refused = _run(script, folders[1], path, 0, read)
    out, err = refused.communicate(timeout=PATIENCE)
    assert refused.returncode == 1 and out == ""
    assert str(path) in err and f"process {first.pid}" in err and err.count("\n") == 1
    waiting = _run(script, folders[1], path, PATIENCE, read)
    first.communicate("go\n", timeout=PATIENCE)
    _, err = waiting.communicate(timeout=PATIENCE)
    assert (first.returncode, waiting.returncode) == (0, 0), err
    together = tmp_path / "together.duckdb"
    run_pipeline(together, folders)
    assert content(path) == content(together)
    from warehouse.store import open_reader

    reader = open_reader(path)
    runs = reader.execute("SELECT status, articles_loaded FROM runs ORDER BY started_at").fetchall()
    reader.close()
    assert runs == [("completed", 1), ("completed", 1)]
