"""The command line: what it prints, how it fails."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
import typer
from typer.testing import CliRunner

from flows.commands.base import guarded
from flows.commands.cli import app, main
from flows.resources.settings import settings
from flows.run.files import Files
from flows.run.pipeline import Pipeline
from tests.conftest import EXAMPLES, ROOT, content
from tests.here import in_this_process
from warehouse import loading
from warehouse.store import open_writer

runner = CliRunner()
_AS_INSTALLED = "import sys; sys.argv[0] = 'dateline'; from flows.commands.cli import main; main()"


def call(*args: str) -> Any:
    return runner.invoke(app, list(args))


def test_query_prints_a_table(example_warehouse: Path) -> None:
    done = call("query", "SELECT 1 AS one, 'two' AS other", "--warehouse", str(example_warehouse))
    assert done.exit_code == 0
    assert "one" in done.stdout and "two" in done.stdout and "1 row" in done.stdout


def test_a_run_with_nothing_new_starts_nothing(
    example_warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither server, workers nor quality page; a second of processor time."""
    monkeypatch.setitem(sys.modules, "flows.commands.console", None)  # an import of it fails
    pages = sorted((example_warehouse.parent / "quality").iterdir())
    done = call("run", str(EXAMPLES), "--warehouse", str(example_warehouse))
    assert done.exit_code == 3, "what was refused still is"
    first, still, second = done.stdout.splitlines()
    assert first == "nothing new: 37 files (2 refused before, 35 unchanged)"
    assert still.startswith("refused before, open: ")
    assert second.startswith("entities, all runs: ")
    assert sorted((example_warehouse.parent / "quality").iterdir()) == pages


@pytest.mark.parametrize("form", ["csv", "json", "jsonl", "parquet"])
def test_query_formats_agree(example_warehouse: Path, tmp_path: Path, form: str) -> None:
    out = tmp_path / f"out.{form}"
    sql = "SELECT article_id, word_count FROM articles ORDER BY article_id"
    done = call("query", sql, "-f", form, "-o", str(out), "--warehouse", str(example_warehouse))
    assert done.exit_code == 0, done.output
    if form == "csv":
        rows = pl.read_csv(out).to_dicts()
    elif form == "parquet":
        rows = pl.read_parquet(out).to_dicts()
    elif form == "json":
        rows = json.loads(out.read_text())
    else:
        rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert len(rows) == 39 and set(rows[0]) == {"article_id", "word_count"}


@pytest.mark.parametrize(
    ("sql", "hint"),
    [
        ("SELECT event_typ FROM events", "Did you mean event_type,"),
        ("SELECT e.event_tpye FROM events e", "Did you mean event_type,"),
        ("SELECT trigger_text FROM events", "event_mentions has it"),
        ("SELECT nothing_like_it FROM code_sectors", "code_sectors has cameo, sector, text"),
        ('SELECT "Quad Cod" FROM polecat_events', "Did you mean Quad Code?"),
        ("SELECT * FROM events JOIN places USING (plac_id)", "Did you mean place_id?"),
        (
            "SELECT kind FROM event_counts JOIN events USING (event_id)",
            "left side of join. Did you mean event_mention_id?",
        ),
        ("SELECT 1 FROM events WHERE event_date > DATE '2026-01-01'", "date_start and date_end"),
        ("FROM gdelt_event", "Did you mean gdelt_events"),
        ("FROM evidence", "write FROM evidence('event')"),
        ("FROM entity_timelin('x')", "Did you mean entity_timeline?"),
        ("FROM entity_timeline()", "write FROM entity_timeline('who')"),
        ("SELECT coun(*) FROM events", "Did you mean count,"),
        ("SELECT * FROM events WHERE event_date::DATE > 'x'", "Conversion Error"),
        ("COPY events TO 'x.csv'", "read-only"),
        ("SELECT * FROM evnts", "events"),
        ("DELETE FROM events", "read-only"),
        ("SELECT 1; SELECT 2", "one statement"),
        ("SELEC 1", "syntax"),
    ],
)
def test_query_errors_are_one_helpful_line(example_warehouse: Path, sql: str, hint: str) -> None:
    done = call("query", sql, "--warehouse", str(example_warehouse))
    assert done.exit_code == 1
    assert hint in done.stderr and done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("dateline que", "query"),
        ("dateline export out --format ge", ""),
        ("dateline export out --format gd", "gdelt\ngdelt-mentions"),
        ("dateline export out --table event_c", "event_counts"),
        ("dateline query x --format js", "json\njsonl"),
    ],
)
def test_the_shell_completes(words: str, expected: str) -> None:
    """As bash asks: the line so far in the environment, the answer on standard output."""
    count = str(len(words.split()) - 1)
    asked = {"_DATELINE_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": count}
    done = subprocess.run(
        [sys.executable, "-c", _AS_INSTALLED],
        cwd=ROOT, env={**os.environ, **asked}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.stdout.strip() == expected, done.stderr


def test_cells_are_printed_as_they_are(example_warehouse: Path) -> None:
    sql = "SELECT '[red]a[/red] :x:' AS text, 1234567.5 AS number"
    done = call("query", sql, "--warehouse", str(example_warehouse))
    assert "[red]a[/red] :x:" in done.stdout and "1234567.5" in done.stdout


def test_what_is_too_wide_for_a_table_stands_in_lines(example_warehouse: Path) -> None:
    done = call("query", "FROM events LIMIT 2", "--warehouse", str(example_warehouse))
    lines = done.stdout.splitlines()
    assert [line.strip("─") for line in lines if line[0] == "─"] == [" row 1 ", " row 2 "]
    assert sum(line.split() == ["quad_class", "4"] for line in lines) <= 2
    assert {line.split()[0] for line in lines if line[0].isalpha()} >= {"event_id", "confidence"}
    assert lines[-1] == "2 rows"


def test_a_long_cell_is_cut_and_says_so(example_warehouse: Path) -> None:
    at = ("--warehouse", str(example_warehouse))
    done = call("query", "SELECT repeat('ab ', 200) AS text", *at)
    assert "…" in done.stdout and "1 row (long cells are cut;" in done.stdout
    assert "ab" * 3 not in done.stdout and len(done.stdout) < 900
    whole = call("query", "SELECT repeat('x', 900) AS text", "--format", "csv", *at)
    assert "x" * 900 in whole.stdout
    plan = call("query", "EXPLAIN FROM event_details", *at)
    assert plan.exit_code == 0 and "…" not in plan.stdout and "cut" not in plan.stdout


def test_the_file_name_tells_the_format(example_warehouse: Path, tmp_path: Path) -> None:
    base = ("query", "SELECT 1 AS one", "--warehouse", str(example_warehouse), "--output")
    assert call(*base, str(tmp_path / "out.csv")).exit_code == 0
    assert (tmp_path / "out.csv").read_text() == "one\n1\n"
    done = call(*base, str(tmp_path / "out.txt"))
    assert done.exit_code == 1 and "--format" in done.stderr
    done = call(*base, str(tmp_path / "no" / "out.parquet"))
    assert "cannot be written" in done.stderr and done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("run --bath-size 3", "--batch-size"),
        ("serve --every 1", "--every"),
        ("serve --port 70000", "--port"),
        ("qurey x", "did you mean 'query'?"),
        ("query", "sql"),
    ],
)
def test_wrong_words_cost_one_line(
    words: str, hint: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["dateline", *words.split()])
    with pytest.raises(SystemExit) as stop:
        main()
    said = capsys.readouterr().err
    assert stop.value.code == 2
    assert hint in said and said.count("\n") == 1 and said.startswith("dateline")


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    done = call("run", str(EXAMPLES), "--warehouse", str(tmp_path / "file" / "w.duckdb"))
    assert done.exit_code == 1
    assert str(tmp_path / "file") in done.stderr and done.stderr.count("\n") == 1


def test_missing_warehouse_is_named(tmp_path: Path) -> None:
    done = call("status", "--warehouse", str(tmp_path / "none.duckdb"))
    assert done.exit_code == 1
    assert "none.duckdb" in done.stderr and done.stderr.count("\n") == 1


def test_a_path_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    done = call("run", str(tmp_path / "nowhere"), "--warehouse", str(tmp_path / "w.duckdb"))
    assert done.exit_code == 1
    assert "nowhere" in done.stderr and done.stderr.count("\n") == 1
    assert not (tmp_path / "w.duckdb").exists()


def test_a_wrong_option_is_named(tmp_path: Path) -> None:
    done = call(
        "run", str(EXAMPLES), "--batch-size", "0", "--warehouse", str(tmp_path / "w.duckdb")
    )
    assert done.exit_code == 1
    assert "--batch-size" in done.stderr and done.stderr.count("\n") == 1


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = call("run", str(EXAMPLES), "--model", "nomodel", "--warehouse", str(tmp_path / "w"))
    assert done.exit_code == 1
    assert done.stderr == "dateline: nomodel: no spaCy pipeline of this name or path\n"


def test_a_full_disk_is_told_in_plain_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise duckdb.FatalException(
            'FATAL Error: Failed to create checkpoint because of error: Could not write file "w": '
            "No space left on device"
        )

    monkeypatch.setattr("flows.commands.console._flow", full)
    done = call("run", str(EXAMPLES), "--warehouse", str(tmp_path / "w.duckdb"))
    assert done.exit_code == 1
    assert done.stderr.splitlines()[-1].startswith("dateline: run: no space left on the disk")


def test_a_wrong_setting_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_REFUSED_SHARE", "7")
    done = call("run", str(EXAMPLES), "--warehouse", str(tmp_path / "w.duckdb"))
    assert done.exit_code == 1 and done.stderr.startswith("dateline: DATELINE_REFUSED_SHARE: ")


@pytest.mark.parametrize(
    ("pair", "said"), [("text", "is not field=column"), ("body=text", "'body' is none of text,")]
)
def test_a_wrong_column_is_named(tmp_path: Path, pair: str, said: str) -> None:
    path = tmp_path / "w.duckdb"
    done = call("run", str(EXAMPLES), "--column", pair, "--warehouse", str(path))
    assert done.exit_code == 1 and said in done.stderr and done.stderr.count("\n") == 1
    assert not path.exists()


def test_status_says_what_is_there(example_warehouse: Path) -> None:
    done = call("status", "--warehouse", str(example_warehouse))
    assert done.exit_code == 0
    assert "bad-json" in done.stdout and "39" in done.stdout


def test_quality_names_the_page_and_writes_data_docs(
    example_warehouse: Path, tmp_path: Path
) -> None:
    at = ("--warehouse", str(example_warehouse))
    done = call("quality", *at)
    page = Path(done.stdout.strip())
    assert done.exit_code == 0 and page.is_file()
    docs = tmp_path / "docs"
    done = call("quality", page.stem, "--data-docs", str(docs), *at)
    assert done.stdout.split() == [str(page), str(docs / "index.html")]
    pages = [path.read_text("utf-8") for path in (docs / "validations").rglob("*.html")]
    assert len(pages) == 13 and not any("Failed</" in text for text in pages)
    done = call("quality", "never-run", *at)
    assert done.exit_code == 1 and "no quality page of run never-run" in done.stderr


def test_quarantine_list_show_dismiss(example_warehouse: Path, tmp_path: Path) -> None:
    copy = tmp_path / "w.duckdb"
    shutil.copy(example_warehouse, copy)
    listed = call("quarantine", "list", "--warehouse", str(copy))
    assert "broken-half-written.json" in listed.stdout and "bad-json" in listed.stdout
    identifier = next(line.split()[0] for line in listed.stdout.splitlines() if "bad-json" in line)
    shown = call("quarantine", "show", identifier, "--warehouse", str(copy))
    assert "broken-half-written.json" in shown.stdout
    assert call("quarantine", "dismiss", identifier, "--warehouse", str(copy)).exit_code == 0
    assert "bad-json" not in call("quarantine", "list", "--warehouse", str(copy)).stdout
    none = call("quarantine", "show", "zzz", "--warehouse", str(copy))
    assert none.exit_code == 1 and "zzz" in none.stderr


def test_replay_after_a_fix(tmp_path: Path, run_pipeline: Any) -> None:
    file, path = tmp_path / "a.json", tmp_path / "w.duckdb"
    file.write_text('{"title": "Half')
    run_pipeline(path, [file])
    record = {
        "title": "Talks",
        "date": "2026-01-02",
        "text": "Chad and Niger held talks in Niamey.",
    }
    file.write_text(json.dumps(record))
    with in_this_process():
        done = call("quarantine", "replay", "--warehouse", str(path))
    assert done.exit_code == 0, done.output
    assert "1 now accepted" in done.stdout
    assert "nothing open" in call("quarantine", "list", "--warehouse", str(path)).stdout


def test_retract_leaves_what_was_never_loaded(tmp_path: Path, run_pipeline: Any) -> None:
    """Loading A and B and retracting B leaves the rows of loading A alone."""
    folder = tmp_path / "in"
    folder.mkdir()
    kept, gone = "hanoi-dialogue-wire.txt", "hanoi-dialogue-edited-lead.txt"
    shutil.copy(EXAMPLES / kept, folder)
    run_pipeline(tmp_path / "alone.duckdb", [folder])
    shutil.copy(EXAMPLES / gone, folder)
    both = tmp_path / "both.duckdb"
    run_pipeline(both, [folder])
    before = content(both)
    dry = call("retract", str(folder / gone), "--dry-run", "--warehouse", str(both))
    assert content(both) == before, "a dry run changes nothing"
    done = call("retract", str(folder / gone), "--warehouse", str(both))
    assert dry.stdout.partition("would remove ")[2] == done.stdout.partition("removed ")[2] != ""
    assert done.exit_code == 0, done.output
    assert "1 article," in done.stdout
    alone, after = content(tmp_path / "alone.duckdb"), content(both)
    for name in alone:
        if name not in ("files", "places"):
            assert after[name] == alone[name], name
    assert [row[5] for row in after["files"]] == ["loaded", "retracted"] or {
        row[5] for row in after["files"]
    } == {"loaded", "retracted"}
    snapshots = list((tmp_path / "both.snapshots").glob("*.duckdb"))
    assert len(snapshots) == 1
    again = run_pipeline(both, [folder])
    assert again.articles == 0 and again.files["retracted"] == 1


def test_version_two_retracted_and_added_again_is_a_fresh_load(
    tmp_path: Path, run_pipeline: Any
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    names = ["hanoi-dialogue-wire.txt", "hanoi-dialogue-edited-lead.txt", "zamfara-abduction.txt"]
    for name in names:
        shutil.copy(EXAMPLES / name, folder)
    fresh, path = tmp_path / "fresh.duckdb", tmp_path / "w.duckdb"
    run_pipeline(fresh, [folder])
    run_pipeline(path, [folder])
    assert call("retract", str(folder / names[0]), "--warehouse", str(path)).exit_code == 0
    run_pipeline(path, [folder / names[0]], force=True)
    one, other = content(fresh), content(path)
    for name in one:
        if name not in ("files", "places"):
            assert other[name] == one[name], name


def test_a_withdrawal_by_the_publisher_removes_the_article(
    tmp_path: Path, run_pipeline: Any
) -> None:
    record = {
        "id": "x-1", "source": "Wire", "title": "Talks", "date": "2026-01-02",
        "text": "Chad and Niger held talks in Niamey on Friday, the two ministries said.",
    }  # fmt: skip
    first, second = tmp_path / "1.json", tmp_path / "2.json"
    first.write_text(json.dumps(record))
    run_pipeline(tmp_path / "w.duckdb", [first])
    assert len(content(tmp_path / "w.duckdb")["articles"]) == 1
    later = {"pubstatus": "canceled", "date_modified": "2026-01-03T10:00:00Z"}
    second.write_text(json.dumps({**record, **later}))
    run_pipeline(tmp_path / "w.duckdb", [second])
    rows = content(tmp_path / "w.duckdb")
    assert [rows[name] for name in ("articles", "sentences", "entities", "events")] == [[]] * 4


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), "no space left on the disk"),
        (duckdb.IOException(f'Could not write "w": {os.strerror(errno.ENOSPC)}'), "no space left"),
        (OSError(errno.EROFS, os.strerror(errno.EROFS)), "the disk is read-only"),
        (PermissionError(errno.EACCES, "Permission denied", "/x/y"), "/x/y: permission denied"),
    ],
)
def test_a_disk_that_takes_nothing_costs_one_line(
    error: Exception, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails() -> None:
        raise error

    with pytest.raises(typer.Exit):
        guarded(fails)()
    err = capsys.readouterr().err
    assert err.startswith(f"dateline: {said}") and err.count("\n") == 1


def test_a_run_that_cannot_write_its_end_tells_what_broke_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline = Pipeline(settings(warehouse=tmp_path / "w.duckdb", processes=1), Files([]))
    full = OSError(errno.ENOSPC, "no space")
    monkeypatch.setattr(loading, "write_run", lambda *_: (_ for _ in ()).throw(full))
    pipeline.abandon(full)
    assert pipeline.ended
    open_writer(tmp_path / "w.duckdb").close()  # it was let go


def test_the_package_is_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dateline", "--help"], capture_output=True, text=True, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    assert "Usage: dateline [OPTIONS]" in done.stdout
