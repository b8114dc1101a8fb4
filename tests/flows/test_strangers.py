"""Texts of strangers and anybody's queries do no harm to files, spreadsheets and terminals."""

from __future__ import annotations

import ast
import csv
import io
import os
import re
import shutil
import stat
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

import dateline
from flows.commands.cli import app
from flows.published import output
from flows.published.cells import without_formula, without_formulas
from flows.resources.settings import settings
from flows.resources.terminal import plain
from tests.conftest import EXAMPLES, ROOT
from transforms.articles import address
from warehouse.errors import DatelineError
from warehouse.store import open_writer

STORY = "zamfara-abduction.txt"
ESCAPE = "\x1b]0;owned\x07\x1b[31mred\x9b2J\x7f"


def call(*args: object) -> Any:
    return CliRunner().invoke(app, [str(arg) for arg in args])


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory, run_pipeline: Any) -> Path:
    """A warehouse whose texts a stranger chose."""
    path = tmp_path_factory.mktemp("odd") / "w.duckdb"
    run_pipeline(path, [EXAMPLES / STORY])
    con = open_writer(path)
    con.execute(
        "UPDATE articles SET title = ?, url = ?, source = '@SUM(1+1)', authors = ['=1+1', 'A']",
        ['=HYPERLINK("https://evil.example", "x")', f"https://x.example/{ESCAPE}"],
    )
    con.execute("UPDATE entities SET name = ? || name", [ESCAPE])
    con.execute(
        "INSERT INTO quarantine SELECT 'q1', run_id, 'file', NULL, json_object('source_uri', ?, "
        "'text', ?)::VARCHAR, 'bad-json', ?, 'open', started_at FROM runs",
        [f"/in/{ESCAPE}.json", ESCAPE, f"no {ESCAPE} JSON"],
    )
    con.close()
    shutil.rmtree(path.with_name("w.snapshots"))
    return path


@pytest.mark.parametrize(
    "sql",
    [
        "EXPLAIN ANALYZE COPY articles TO '{out}'",
        "explain  analyze\nCOPY (SELECT 1) TO '{out}'",
        "EXPLAIN (ANALYZE, FORMAT json) COPY articles TO '{out}'",
        "EXPLAIN (ANALYZE) COPY articles TO '{out}'",
        "/* ü */ EXPLAIN /* ( */ ANALYZE COPY articles TO '{out}'",
        "EXPLAIN COPY articles TO '{out}'",
        "EXPLAIN PREPARE p AS COPY articles TO '{out}'",
        "PREPARE p AS SELECT 1",
        "EXECUTE p",
        "SELECT 1; COPY articles TO '{out}'",
        "SELECT 1; SELECT 2",
        "COPY articles TO '{out}'",
        "ATTACH '{out}' AS x",
        "EXPLAIN ANALYZE ATTACH '{out}' AS x",
        "EXPLAIN ANALYZE INSERT INTO articles SELECT * FROM articles",
        "CALL enable_logging(storage := 'file', storage_config := {{'path': '{out}'}})",
        "FROM enable_logging('QueryLog', storage := 'file', storage_config := {{'path': '{out}'}})",
        "SELECT * FROM \"Enable_Logging\"(storage := 'file')",
        "SELECT (SELECT count(*) FROM system.main.checkpoint())",
        "WITH q AS (FROM enable_logging()) SELECT 1",
        "FROM query('FROM enable_logging()')",
        "EXPLAIN ANALYZE FROM enable_logging()",
        "SELECT write_log('x')",
        "FROM ducklake_expire_snapshots('lake', older_than => now())",
        "FROM lake.cleanup_old_files(cleanup_all => true)",
        "FROM postgres_query('__ducklake_metadata_lake', 'DROP TABLE ducklake_snapshot')",
        "SELECT postgres_execute('lake', 'DROP TABLE x')",
        "FROM sqlite_scan('{out}', 't')",
        "PRAGMA enable_profiling",
        "PRAGMA version",
        "SET memory_limit = '1GB'",
        "EXPORT DATABASE '{out}'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "USE memory",
        "COMMENT ON TABLE articles IS 'x'",
        "WITH q AS (INSERT INTO articles FROM articles RETURNING *) FROM q",
    ],
)
def test_only_what_reads_is_run(odd: Path, tmp_path: Path, sql: str) -> None:
    done = call("query", sql.format(out=tmp_path / "out"), "--warehouse", odd)
    assert done.exit_code == 1, done.output
    assert done.stderr.startswith("dateline: SQL: ") and done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count(*) FROM articles",
        "FROM articles SELECT word_count",
        "WITH a AS (SELECT 1 AS x) FROM a",
        "EXPLAIN SELECT 1",
        "EXPLAIN ANALYZE SELECT count(*) FROM articles",
        "EXPLAIN (FORMAT json) FROM articles",
        "DESCRIBE articles",
        "SHOW TABLES",
        "SUMMARIZE articles",
        "VALUES (1)",
        "FROM entity_timeline('Nigeria')",
        'SELECT \'copy\', "query" FROM (SELECT 1 AS "query")',
    ],
)
def test_what_reads_is_run(odd: Path, sql: str) -> None:
    done = call("query", sql, "--warehouse", odd)
    assert done.exit_code == 0, done.output


def test_python_asks_as_the_command_does(odd: Path, tmp_path: Path) -> None:
    held, out = dateline.Warehouse(odd), tmp_path / "out.csv"
    (tmp_path / "in.csv").write_text("a\n1\n")
    for sql in (f"COPY articles TO '{out}'", "SELECT 1; SELECT 2", "FROM enable_logging()"):
        with pytest.raises(DatelineError, match=r"^SQL: "):
            held.query(sql)
    for name in (str(tmp_path / "in.csv"), 'articles" JOIN "events', "values"):
        with pytest.raises(DatelineError):
            held.table(name)
    assert not out.exists()
    assert "\x1b" not in repr(held.table("articles"))


@pytest.mark.parametrize("name", ["con", "sql", "os"])
def test_a_query_sees_no_variable_of_ours(odd: Path, name: str) -> None:
    done = call("query", f"FROM {name}", "--warehouse", odd)
    assert f"Table with name {name} does not exist" in done.stderr


FORMULAS = ["=1+1", "+cmd|x", "-2+3", "@SUM(1)", "\t=1", "\r=1", "＝1", "＠x"]
HARMLESS = ["", "a=1", "-5", "+3.5", "-1,000.25", "2026-01-02", "'=1", "– dash", "(1)"]


@pytest.mark.parametrize("text", FORMULAS + HARMLESS)
def test_cells_are_guarded_alike_everywhere(text: str) -> None:
    import duckdb

    wanted = f"'{text}" if text in FORMULAS else text
    frame = without_formulas(pl.DataFrame({"t": [text, None], "n": [-1, 2], "u": ["a", text]}))
    assert frame.rows() == [(wanted, -1, "a"), (None, 2, wanted)]
    sql = f"SELECT {without_formula('t')} FROM (SELECT ? AS t UNION ALL SELECT NULL)"
    assert duckdb.connect().execute(sql, [text]).fetchall() == [(wanted,), (None,)]


@pytest.mark.parametrize("raw", [False, True])
def test_csv_of_query_and_export(odd: Path, tmp_path: Path, raw: bool) -> None:
    first = "" if raw else "'"
    more = ["--raw"] if raw else []
    sql = "SELECT title, source, authors, -1 AS n FROM articles"
    done = call("query", sql, "-f", "csv", "--warehouse", odd, *more)
    (row,) = csv.DictReader(io.StringIO(done.stdout))
    assert row["title"].startswith(f"{first}=HYPERLINK") and row["source"] == f"{first}@SUM(1+1)"
    assert row["authors"] == '["=1+1", "A"]' and row["n"] == "-1"
    target = tmp_path / "out"
    done = call("export", target, "-f", "csv", "--table", "articles", "--warehouse", odd, *more)
    assert done.exit_code == 0, done.output
    with (target / "articles.csv").open(newline="") as stream:
        (exported,) = csv.DictReader(stream)
    assert exported["title"] == row["title"] and exported["source"] == row["source"]
    for form in ("gdelt", "gdelt-mentions", "polecat", "icews"):
        call("export", tmp_path / form, "-f", form, "--warehouse", odd, *more)
        (file,) = [item for item in (tmp_path / form).iterdir() if item.name[0] != "."]
        cells = {cell for line in file.read_text().splitlines() for cell in line.split("\t")}
        assert ("@SUM(1+1)" in cells) <= raw, form
        assert not any(re.fullmatch(r"'[-+]?\d+(\.\d+)?", cell) for cell in cells), form


def test_reports_guard_the_csv_they_save() -> None:
    script = (ROOT / "flows" / "report" / "templates" / "table.js").read_text("utf-8")
    assert (
        "`'${text}`"
        in script[script.index("cellText = ") : script.index("async function writeCsv")]
    )


COMMANDS: tuple[tuple[object, ...], ...] = (
    ("query", "SELECT title, url, authors FROM articles"),
    ("query", "SELECT * FROM articles"),  # too wide: as records
    ("query", "SELECT name FROM entities LIMIT 3"),
    ("query", "FROM entity_timeline('nobody \x1b[31m')"),
    ("query", "SELECT \x1b[31m"),
    ("quarantine", "list"),
    ("quarantine", "show", "q1"),
    ("status",),
    ("run", f"/nowhere/{ESCAPE}"),
    ("retract", ESCAPE),
    ("retract", ESCAPE, "--dry-run"),
    ("export", "/proc/x\x1b[31m"),
    ("publish",),
)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda parts: " ".join(map(str, parts))[:40])
def test_no_command_prints_what_steers_a_terminal(
    odd: Path, command: tuple[object, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    if command == ("publish",):
        from flows.orchestration import here

        monkeypatch.setattr(here, "run_here", lambda *_, **__: f"/in/{ESCAPE}")
    done = call(*command, "--warehouse", odd)
    assert done.output
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", done.output), repr(done.output)


NO_UTF8 = "a\udcff"
ARGUMENTS: tuple[tuple[object, ...], ...] = (
    ("retract", NO_UTF8),
    ("run", NO_UTF8),
    ("query", f"SELECT '{NO_UTF8}"),
    ("query", "FROM articles", "--entity", NO_UTF8),
    ("query", "FROM articles", "--output", f"/nowhere/{NO_UTF8}.csv"),
    ("export", f"/nowhere/{NO_UTF8}"),
)


@pytest.mark.parametrize("command", ARGUMENTS, ids=lambda parts: f"{parts[0]} {len(parts)}")
def test_arguments_that_are_no_utf8_cost_one_line(odd: Path, command: tuple[object, ...]) -> None:
    done = call(*command, "--warehouse", odd)
    assert done.exit_code == 1 and done.stderr.startswith("dateline: "), done.output
    assert "\\xff" in done.stderr and done.stderr.count("\n") == 1


def test_a_folder_of_any_name_holds_a_warehouse(odd: Path, tmp_path: Path) -> None:
    from warehouse.compaction import compact

    path = tmp_path / "it's; DROP" / "w.duckdb"
    path.parent.mkdir()
    shutil.copy(odd, path)
    open_writer(path).close()
    compact(path)
    assert call("query", "FROM articles", "--warehouse", path).exit_code == 0


def test_a_run_prints_the_name_of_a_file_plainly(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from flows.commands.console import print_summary
    from flows.run.summary import Summary

    refusal = {"what": "file", "where": ESCAPE, "rule": "x", "reason": ESCAPE}
    print_summary(Summary("r", refused=1, refusals=[refusal]))
    out = capsys.readouterr().out
    assert "\\x1b" in out and "\x1b" not in out and "\x9b" not in out


def test_commands_print_by_way_of_what_cleans() -> None:
    faults = [
        f"{path.name}:{node.lineno}: {ast.unparse(node.func)}"
        for path in sorted((ROOT / "flows" / "commands").glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in ("typer.echo", "print", "sys.stdout.write", "Console")
        and "stderr=True" not in ast.unparse(node)
    ]
    assert not faults, faults


def test_plain() -> None:
    assert plain("a\tb\nc") == "a\tb\nc"
    assert plain("\x1b[31m\r\x9b\u202e") == "\\x1b[31m\\r\\x9b\\u202e"
    assert output.console().is_terminal is False


def test_addresses_hold_no_control_characters() -> None:
    assert address("https://x.example/\x1b[31m\x9b") == "https://x.example/%1B[31m%C2%9B"


def modes(folder: Path) -> dict[str, int]:
    return {
        str(item.relative_to(folder)): stat.S_IMODE(item.stat().st_mode) & 0o077
        for item in folder.rglob("*")
        if not item.is_symlink()
    }


@pytest.fixture
def open_umask() -> Any:
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.mark.parametrize("private", [True, False])
def test_what_is_kept_is_for_its_owner(
    tmp_path: Path, run_pipeline: Any, open_umask: Any, private: bool
) -> None:
    path = tmp_path / "data" / "w.duckdb"
    run_pipeline(path, [EXAMPLES / STORY], private=private)
    found = modes(tmp_path)
    assert {"data/w.duckdb", "data/w.snapshots/000001.duckdb"} <= found.keys()
    assert set(found.values()) == ({0} if private else {0o044, 0o055})
    assert os.umask(0o022) == 0o022, "as it was before the run"


def test_commands_keep_for_their_owner_and_write_for_others(
    odd: Path, tmp_path: Path, open_umask: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "w.duckdb"
    shutil.copy(odd, path)
    path.chmod(0o644)
    done = call("retract", EXAMPLES / STORY, "--warehouse", path)
    assert done.exit_code == 0, done.output
    assert set(modes(path.with_name("w.snapshots")).values()) == {0}
    for mask, others in ((0o022, 0o044), (0o077, 0)):
        os.umask(mask)
        out = tmp_path / f"out-{mask}"
        assert call("export", out / "files", "-f", "csv", "--warehouse", odd).exit_code == 0
        assert call("report", "--output", out / "r.html", "--warehouse", odd).exit_code == 0
        found = modes(out)
        assert found["files/articles.csv"] == found["r.html"] == others
        assert found["files"] == (0o055 if others else 0)
    monkeypatch.setenv("DATELINE_PRIVATE", "false")
    assert settings().private is False
