"""Runs on a lake give the rows of a run on a file, also of two at once, also when one is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from benchmarks import acceptance
from tests.conftest import EXAMPLES, ROOT, content
from tests.warehouse import lakes
from warehouse.opening import store_at

pytest.importorskip("duckdb_extension_ducklake", reason="the extra `cluster`")
pytestmark = pytest.mark.slow  # five runs, two of them side by side

_RUN = """
import os, signal, sys
from flows.resources.settings import settings
from flows.run.files import Files
from flows.run.pipeline import Pipeline
from warehouse import loading

write, calls = loading.write_run, []

def die(*given):
    calls.append(1)
    if sys.argv[1] == "killed" and len(calls) == 3:  # at the start, in the first batch, the second
        os.kill(os.getpid(), signal.SIGKILL)
    write(*given)

if __name__ == "__main__":
    loading.write_run = die
    options = settings(warehouse=sys.argv[2], processes=1, batch_size=4, wait=600)
    pipeline = Pipeline(options, Files(sys.argv[3:]))
    for batch in pipeline.batches():
        pipeline.load(batch)
    pipeline.finish()
"""


def test_two_committers_of_which_one_is_killed(tmp_path: Path, example_warehouse: Path) -> None:
    script = tmp_path / "run.py"
    script.write_text(_RUN)
    address = f"ducklake:sqlite:{tmp_path}/l.sqlite"
    paths = sorted(str(path) for path in EXAMPLES.iterdir())
    shares = paths[0::2], paths[1::2]

    def run(how: str, share: list[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, script, how, address, *share], cwd=ROOT,
                                env={**os.environ, "PYTHONPATH": str(ROOT)})  # fmt: skip

    killed, other = run("killed", shares[0]), run("whole", shares[1])
    assert (killed.wait(), other.wait()) == (-signal.SIGKILL, 0)
    assert run("whole", shares[0]).wait() == 0
    assert content(Path(address), skip={"error"}) == content(example_warehouse, skip={"error"})
    con = store_at(Path(address)).reader()
    said = con.execute("SELECT status FROM runs ORDER BY 1").fetchall()
    con.close()
    assert "crashed" in {status for (status,) in said} and len(said) == 3


def test_commands_answer(tmp_path: Path, run_pipeline: Any, monkeypatch: Any) -> None:
    from flows.commands.cli import app

    monkeypatch.setenv("DATELINE_WAREHOUSE", f"ducklake:sqlite:{tmp_path}/l.sqlite")
    path = sorted(EXAMPLES.iterdir())[0]
    run_pipeline(Path(f"ducklake:sqlite:{tmp_path}/l.sqlite"), [path])
    call = CliRunner().invoke
    for command in (
        ["query", "SELECT count(*) FROM articles"], ["status"], ["quarantine", "list"],
        ["query", "FROM event_details", "--type", "CONSULT"],
        ["export", str(tmp_path / "out"), "--format", "csv"],
        ["report", "--output", str(tmp_path / "page.html")],
        ["run", str(path)], ["retract", str(path), "--dry-run"], ["retract", str(path)],
    ):  # fmt: skip
        done = call(app, command)
        assert done.exit_code == 0, (command, done.output)
    done = call(app, ["query", "SELECT count(*) FROM articles", "--format", "csv"])
    assert done.stdout.split() == ["count_star()", "0"]


@pytest.mark.skipif(not lakes.WANTED, reason="DATELINE_TEST_CLUSTER=1")
def test_a_file_by_processes_and_lakes_by_dask_and_two_committers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """On PostgreSQL and S3; then with a worker, the scheduler and a committer killed."""
    pytest.importorskip("distributed")
    given = ["--folder", str(tmp_path / "a"), "--workers", "2"]
    assert acceptance.main(given) == 0
    assert acceptance.main([*given, "--kill"]) == 0
    said = capsys.readouterr().out
    assert said.count("lake, Dask of 2, 2 committers") == 2 and "NOT THE FILE'S" not in said
    assert said.rstrip().endswith("killed: worker-0, scheduler, committer")
