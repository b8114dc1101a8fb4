"""The main job on the example articles: what it fills, and that nothing but content decides."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import EXAMPLES, ROOT, content
from warehouse.tables import PUBLIC, TABLES

SPANS = [
    ("entity_mentions", "text", "start_char", "end_char"),
    ("time_mentions", "text", "start_char", "end_char"),
    ("place_mentions", "text", "start_char", "end_char"),
    ("event_mentions", "trigger_text", "trigger_start", "trigger_end"),
]


@pytest.mark.parametrize("table", [t.name for t in PUBLIC if t.name != "corrections"])
def test_the_examples_fill_every_table(con: Any, table: str) -> None:
    assert con.execute(f"SELECT count(*) FROM {table}").fetchone()[0] > 0


@pytest.mark.parametrize("span", SPANS, ids=lambda span: span[0])
def test_text_stands_at_its_offsets(con: Any, span: tuple[str, ...]) -> None:
    table, text, start, end = span
    rows = con.execute(
        f"SELECT m.{text}, substr(a.text, m.{start} + 1, m.{end} - m.{start}) "
        f"FROM {table} m JOIN articles a USING (article_id) "
        f"WHERE m.{text} IS DISTINCT FROM substr(a.text, m.{start} + 1, m.{end} - m.{start})"
    ).fetchall()
    assert rows == []


def test_an_event_is_shown_by_its_first_report_in_a_lead_article(con: Any) -> None:
    """It has the event's modality; of near-copies the lead speaks, with the article's sentence."""
    kept = con.execute("SELECT event_id, event_mention_id, sentence FROM event_leads").fetchall()
    expected = con.execute(
        """
        SELECT event_id, event_mention_id,
            substr(text, s.start_char + 1, s.end_char - s.start_char)
        FROM event_mentions m JOIN articles a USING (article_id)
            JOIN sentences s USING (sentence_id) JOIN events e USING (event_id)
        QUALIFY row_number() OVER (PARTITION BY event_id
            ORDER BY m.modality <> e.modality, NOT is_cluster_lead,
            published_at, a.article_id, trigger_start, event_mention_id) = 1
        """
    ).fetchall()
    assert sorted(kept) == sorted(expected)
    assert len(kept) == con.execute("SELECT count(*) FROM events").fetchone()[0]


@pytest.mark.parametrize(
    "reference",
    [(t.name, c, p, k) for t in PUBLIC for c, p, k in t.references()],
    ids=lambda r: f"{r[0]}.{r[1]}",
)
def test_foreign_keys_hold(con: Any, reference: tuple[str, str, str, str]) -> None:
    table, column, parent, key = reference
    orphans = con.execute(
        f"SELECT count(*) FROM {table} WHERE {column} IS NOT NULL "
        f"AND {column} NOT IN (SELECT {key} FROM {parent})"
    ).fetchone()[0]
    assert orphans == 0


@pytest.mark.parametrize("table", [t.name for t in PUBLIC if t.name != "quality_results"])
def test_keys_are_unique(con: Any, table: str) -> None:
    key = ", ".join(TABLES[table].key)
    twice = con.execute(f"SELECT {key} FROM {table} GROUP BY {key} HAVING count(*) > 1").fetchall()
    assert twice == []


def test_the_correction_is_version_two(con: Any) -> None:
    rows = con.execute(
        "SELECT version, title FROM articles WHERE url LIKE '%grain-corridor-attack%'"
    ).fetchall()
    assert rows == [(2, "Attack on Chornomorsk terminal kills six, threatens grain corridor")]


def test_near_copies_share_a_cluster_with_one_lead(con: Any) -> None:
    rows = con.execute(
        "SELECT count(DISTINCT cluster_id), count(*), count(*) FILTER (is_cluster_lead) "
        "FROM articles WHERE source_uri LIKE '%hanoi-dialogue-%.txt'"
    ).fetchone()
    assert rows == (1, 3, 1)


def test_other_languages_are_stored_but_not_read(con: Any) -> None:
    rows = con.execute(
        "SELECT language, count(s.sentence_id) FROM articles a LEFT JOIN sentences s "
        "USING (article_id) WHERE source_uri LIKE '%manifestation%' GROUP BY 1"
    ).fetchall()
    assert rows == [("fr", 0)]


def test_broken_files_are_quarantined_with_a_reason(con: Any) -> None:
    rows = dict(
        con.execute(
            "SELECT json_extract_string(record, '$.source_uri'), rule FROM quarantine"
        ).fetchall()
    )
    named = {Path(uri).name: rule for uri, rule in rows.items()}
    assert named == {
        "broken-binary-junk.txt": "binary-junk",
        "broken-half-written.json": "bad-json",
    }


@pytest.fixture(scope="session")
def some_examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dozen of the examples, with copies and the correction among them."""
    folder = tmp_path_factory.mktemp("some")
    names = [
        "hanoi-dialogue-wire.txt", "hanoi-dialogue-edited-lead.txt", "hanoi-dialogue-cut-tail.txt",
        "grain-corridor.json", "grain-corridor-corrected.json", "odesa-terminal-strike-kyiv.txt",
        "kordofan-ceasefire-talks.txt", "kordofan-truce-feed.xml", "regional-briefs.jsonl",
        "zamfara-abduction.txt", "zamfara-pupils-freed.txt",
    ]  # fmt: skip
    for name in names:
        shutil.copy(EXAMPLES / name, folder / name)
    return folder


@pytest.fixture(scope="session")
def undisturbed(
    some_examples: Path, tmp_path_factory: pytest.TempPathFactory, run_pipeline: Any
) -> dict[str, list[Any]]:
    path = tmp_path_factory.mktemp("undisturbed") / "w.duckdb"
    run_pipeline(path, [some_examples])
    return content(path)


def test_batch_size_and_order_change_nothing(
    some_examples: Path, undisturbed: dict[str, list[Any]], tmp_path: Path, run_pipeline: Any
) -> None:
    files = sorted(some_examples.iterdir(), reverse=True)
    run_pipeline(tmp_path / "w.duckdb", files, batch_size=3)
    assert content(tmp_path / "w.duckdb") == undisturbed


def test_one_file_at_a_time_backwards_gives_the_same_rows(
    some_examples: Path, undisturbed: dict[str, list[Any]], tmp_path: Path, run_pipeline: Any
) -> None:
    files = sorted(some_examples.iterdir(), reverse=True)
    for half in (files[:5], files[5:]):
        run_pipeline(tmp_path / "w.duckdb", half)
    assert content(tmp_path / "w.duckdb") == undisturbed


def test_a_second_run_does_nothing_new(
    some_examples: Path, undisturbed: dict[str, list[Any]], tmp_path: Path, run_pipeline: Any
) -> None:
    path = tmp_path / "w.duckdb"
    run_pipeline(path, [some_examples])
    again = run_pipeline(path, [some_examples])
    assert (again.articles, again.refused, again.status) == (0, 0, "completed")
    assert set(again.files) == {"unchanged"}
    skipped = {"status"}
    before = {name: rows for name, rows in undisturbed.items() if name != "files"}
    after = {name: rows for name, rows in content(path, skip=skipped).items() if name != "files"}
    assert after == before


BROKEN = {
    "empty.txt": (b"", "empty-file"),
    "junk.txt": (bytes(range(256)) * 40, "binary-junk"),
    "half.json": (b'{"title": "A", "text": "Half of', "bad-json"),
    "line.txt": (b"date 2026-01-01 " + b"word " * (10 * 2**20 // 4), "line-too-long"),
    "utf16.txt": ("date 2026-01-01 The minister met".encode("utf-16-le"), "binary-junk"),
    "undated.txt": (b"The minister met his colleague in the capital, an official said.", "no-date"),
    "future.txt": (
        b"Date: 2199-01-01\nTitle: T\n\nThe minister met his colleague.",
        "doubtful-date",
    ),
    "bad.csv": (b"id,date,text\n1,2026-01-01,a,b,c,d\n", "bad-record"),
}


def test_broken_input_is_refused_and_costs_nothing_else(tmp_path: Path, run_pipeline: Any) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name, (data, _) in BROKEN.items():
        (folder / name).write_bytes(data)
    shutil.copy(EXAMPLES / "zamfara-abduction.txt", folder)
    (folder / "locked").symlink_to(folder / "nowhere")
    summary = run_pipeline(tmp_path / "w.duckdb", [folder])
    assert (summary.status, summary.articles) == ("partial", 1)
    from warehouse.store import open_reader

    reader = open_reader(tmp_path / "w.duckdb")
    rows = reader.execute("SELECT record, rule, reason FROM quarantine").fetchall()
    reader.close()
    rules = {Path(json.loads(record)["source_uri"]).name: rule for record, rule, _ in rows}
    assert rules == {name: rule for name, (_, rule) in BROKEN.items()} | {"locked": "unreadable"}
    assert all(len(reason) > 8 and "\n" not in reason for _, _, reason in rows)
    again = run_pipeline(tmp_path / "w.duckdb", [folder])
    known = {"unchanged": 1, "refused before": len(BROKEN), "quarantined": 1}  # it may lie open
    assert (again.files, again.articles) == (known, 0)


@pytest.mark.parametrize("is_lake", [False, True])
def test_a_batch_that_is_refused_is_kept_as_such(
    is_lake: bool, tmp_path: Path, run_pipeline: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from expectations.gate import Gate, Verdict
    from warehouse.errors import BatchRefused
    from warehouse.opening import store_at

    warehouse = tmp_path / "w.duckdb"
    if is_lake:
        pytest.importorskip("duckdb_extension_ducklake", reason="the extra `cluster`")
        warehouse = Path(f"ducklake:sqlite:{tmp_path}/l.sqlite")
    monkeypatch.setattr(Gate, "check", lambda *_, **__: Verdict(batch_reason="too much is wrong"))
    with pytest.raises(BatchRefused, match="too much is wrong"):
        run_pipeline(warehouse, [EXAMPLES / "zamfara-abduction.txt"])
    reader = store_at(warehouse).reader()
    said = reader.execute("SELECT rule, reason FROM quarantine").fetchall()
    loaded = reader.execute("SELECT count(*) FROM articles").fetchall()
    reader.close()
    assert (said, loaded) == ([("batch-refused", "too much is wrong")], [(0,)])


def test_an_edited_file_replaces_its_rows_and_logs_the_change(
    tmp_path: Path, run_pipeline: Any
) -> None:
    file = tmp_path / "in.txt"
    file.write_text(
        "date 2026-03-03 Kenya and Uganda signed a trade agreement in Nairobi on Monday."
    )
    run_pipeline(tmp_path / "w.duckdb", [file])
    first = content(tmp_path / "w.duckdb")
    file.write_text(
        "date 2026-03-03 Kenya and Rwanda signed a trade agreement in Kigali on Monday."
    )
    run_pipeline(tmp_path / "w.duckdb", [file])
    second = content(tmp_path / "w.duckdb")
    assert len(second["articles"]) == 1
    columns = [c for c in TABLES["articles"].columns if c not in ("run_id", "loaded_at")]
    row = dict(zip(columns, second["articles"][0], strict=True))
    assert row["version"] == 2 and "Rwanda" in row["text"]
    assert first["articles"][0][0] == second["articles"][0][0]
    names = {entity[1] for entity in second["entities"]}
    assert "Rwanda" in names and "Uganda" not in names
    from warehouse.store import open_reader

    reader = open_reader(tmp_path / "w.duckdb")
    log = reader.execute(
        "SELECT DISTINCT table_name, change FROM change_log WHERE table_name IN ('articles', 'entities')"  # noqa: E501
    ).fetchall()
    reader.close()
    assert ("articles", "update") in log and ("entities", "delete") in log


def test_a_busy_warehouse_is_named_in_one_line(tmp_path: Path, run_pipeline: Any) -> None:
    from warehouse import store
    from warehouse.errors import WarehouseBusy

    path = tmp_path / "w.duckdb"
    script = (
        "import sys, time\nfrom warehouse import store\nfrom pathlib import Path\n"
        "con = store.open_writer(Path(sys.argv[1]))\nprint('held', flush=True)\ntime.sleep(60)\n"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", script, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        with pytest.raises(WarehouseBusy) as caught:
            store.open_writer(path)
    finally:
        holder.kill()
        holder.wait()
    assert str(path) in str(caught.value) and "\n" not in str(caught.value)


def test_names_are_spelt_as_written(con: Any) -> None:
    """“Sudan Doctors' Network”, not its tokens side by side."""
    apart = "SELECT name FROM entities WHERE regexp_matches(name, '\\s[,;:.)''’]')"
    assert con.execute(apart).fetchall() == []
