"""The flows beside `ingest` do what they say, on real warehouses, in Prefect's engine."""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import EXAMPLES, ROOT, content
from tests.here import in_this_process
from warehouse import snapshots
from warehouse.errors import DatelineError
from warehouse.store import open_reader, open_writer

STORIES = ("zamfara-abduction.txt", "hanoi-dialogue-wire.txt")
OTHER = "okavango-water-case.txt"


def rows(warehouse: Path, sql: str, *values: Any) -> list[Any]:
    reader = open_reader(warehouse)
    try:
        return reader.execute(sql, list(values)).fetchall()
    finally:
        reader.close()


def artifacts(home: Path, key: str) -> list[str]:
    import sqlite3

    con = sqlite3.connect(home / "prefect.db")
    found = con.execute("SELECT data FROM artifact WHERE key = ?", [key]).fetchall()
    con.close()
    return [str(data) for (data,) in found]


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """What flows and tasks log, as it comes."""
    from prefect.logging.configuration import setup_logging

    setup_logging()  # the first run of a process does it, and takes other handlers away
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]
    loggers = [logging.getLogger(name) for name in ("prefect.flow_runs", "prefect.task_runs")]
    for logger in loggers:
        logger.addHandler(handler)
    yield lines
    for logger in loggers:
        logger.removeHandler(handler)


_REEXTRACT = """
import json, sys
from pathlib import Path
from flows.run.files import Files
from flows.run.pipeline import Pipeline
from flows.run.reextraction import Extraction, Spool
from flows.run.stored import StoredArticles
from flows.resources.settings import settings
from tests.here import in_this_process

def load(path, files):
    pipeline = Pipeline(settings(warehouse=path, processes=1), Files(files))
    for batch in pipeline.batches():
        pipeline.load(batch)
    pipeline.finish()
    return pipeline.run_id

if __name__ == "__main__":
    old, fresh, spool = (Path(name) for name in sys.argv[1:4])
    files = sys.argv[4:]
    with in_this_process():
        late = load(old, files[-1:])
        pipeline = Pipeline(settings(warehouse=old, processes=1), StoredArticles())
        kept = Spool(spool)
        found = Extraction(pipeline.batches(), pipeline.con, kept).compare(pipeline.log)
        for batch in kept.batches():
            pipeline.load(batch)
        done = pipeline.finish()
        load(fresh, files)
    print(json.dumps({"run": done.run_id, "late": late, "articles": done.articles,
                      "version": pipeline.extractor.name, "rows": found.rows(),
                      "lost": found.lost_share()}))
"""


def test_reextract_touches_what_another_lexicon_read(tmp_path: Path, run_pipeline: Any) -> None:
    tree = tmp_path / "tree"
    for name in ("dateline", "flows", "transforms", "expectations", "warehouse"):
        shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
    card = tree / "transforms" / "nlp" / "reader" / "weights" / "card.json"
    said = json.loads(card.read_text("utf-8"))
    said["limits"]["report"] += 0.15  # a stricter reader
    card.write_text(json.dumps(said), "utf-8")
    old, fresh, spool = tmp_path / "old.duckdb", tmp_path / "fresh.duckdb", tmp_path / "spool"
    spool.mkdir()
    files = [str(EXAMPLES / name) for name in (*STORIES, OTHER)]
    run_pipeline(old, files[:2])
    script = tmp_path / "script.py"
    script.write_text(_REEXTRACT, "utf-8")
    done = subprocess.run(
        [sys.executable, str(script), str(old), str(fresh), str(spool), *files],
        env={**os.environ, "PYTHONPATH": f"{tree}{os.pathsep}{ROOT}"}, cwd=tree,
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["articles"] == 2, "the article read by the new lexicon is left alone"
    by_type = {row["type"]: row for row in told["rows"]}
    gone = by_type["all"]["gone"]
    assert gone > 0 and by_type["all"]["before"] > by_type["all"]["after"]
    assert 0 < told["lost"] < 1
    assert content(old) == content(fresh)
    versions = "SELECT DISTINCT extractor_version FROM article_versions"
    assert rows(old, versions) == [(told["version"],)]
    touched = rows(
        old,
        "SELECT DISTINCT table_name FROM change_log WHERE run_id = ? AND change <> 'delete'",
        told["run"],
    )
    assert not {"articles", "sentences", "entity_mentions"} & {name for (name,) in touched}
    assert rows(old, "SELECT count(*) FROM articles WHERE run_id = ?", told["late"]) == [(1,)]
    assert list(spool.iterdir()) == []


def test_a_dry_run_shows_the_difference_and_changes_nothing(
    tmp_path: Path, run_pipeline: Any, prefect_api: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.orchestration.reextract import reextract
    from flows.resources.version import Extractor
    from flows.run import pipeline, reextraction

    path = tmp_path / "w.duckdb"
    run_pipeline(path, [EXAMPLES / STORIES[0]])
    assert reextract(warehouse=str(path))["status"] == "nothing stale"
    before = path.read_bytes(), [p.name for p in snapshots.published(path)]
    for module in (pipeline, reextraction):
        monkeypatch.setattr(module, "extractor", lambda _options: Extractor("another 1"))
    with in_this_process():
        done = reextract(warehouse=str(path), dry_run=True)
    assert (done["status"], done["articles"]) == ("compared", 1)
    assert done["comparison"][-1]["before"] == done["comparison"][-1]["after"] > 0
    assert (path.read_bytes(), [p.name for p in snapshots.published(path)]) == before
    assert any("ASSAULT" in data for data in artifacts(prefect_api, "old-and-new"))


def test_a_great_loss_is_measured() -> None:
    from flows.run.reextraction import Comparison

    found = Comparison()
    found.before.update(ASSAULT=3, CONSULT=1)
    found.after.update(CONSULT=1)
    assert found.lost_share() == 0.75
    found.after.update(AID=9)
    assert found.lost_share() == 0.0


def test_backfill_reads_days_again_and_leaves_what_was_retracted(
    tmp_path: Path, run_pipeline: Any, prefect_api: Path, logged: list[str]
) -> None:
    from flows.orchestration.backfill import backfill
    from flows.resources.settings import settings
    from flows.run.known import known_files
    from flows.run.retract import retract

    folder, path = tmp_path / "in", tmp_path / "w.duckdb"
    folder.mkdir()
    for name in STORIES:
        shutil.copy(EXAMPLES / name, folder)
    records = [
        {"id": f"x-{day}", "source": "Wire", "title": f"Talks {day}", "date": f"2026-01-0{day}",
         "text": "Chad and Niger held talks in Niamey, the two ministries said."}
        for day in (2, 3)
    ]  # fmt: skip
    (folder / "two.jsonl").write_text("\n".join(json.dumps(record) for record in records))
    run_pipeline(path, [folder])
    gone = rows(path, "SELECT article_id FROM articles WHERE title = 'Talks 3'")[0][0]
    retract(settings(warehouse=path), gone)
    before = content(path)
    days = (dt.date(2026, 1, 1), dt.date(2026, 1, 31))
    assert [Path(uri).name for uri in known_files(path, days)] == ["two.jsonl"]
    (folder / STORIES[1]).unlink()
    with in_this_process():
        done = backfill(warehouse=str(path))
    assert (done["status"], done["articles"]) == ("completed", 2)
    assert content(path) == before
    text = "\n".join(logged)
    assert "2 raw files" in text and "Gone: 1 raw file (" in text and "2 articles" in text
    for words in ("held talks in Niamey", "Gunmen abducted", "Hauwa Bello"):
        assert words not in text, "no article text in the log"
    with pytest.raises(DatelineError, match="after"):
        backfill(warehouse=str(path), since=days[1], until=days[0])
    with pytest.raises(DatelineError, match="it knows 0 raw files"):
        backfill(warehouse=str(path), until=dt.date(1999, 1, 1))


def test_a_run_that_refused_something_says_so_in_its_state(
    tmp_path: Path, prefect_api: Path
) -> None:
    from flows.orchestration.ingest import ingest

    (tmp_path / "half.json").write_text('{"title": "Half')
    shutil.copy(EXAMPLES / STORIES[0], tmp_path)
    state = ingest(
        paths=[str(tmp_path / "half.json"), str(tmp_path / STORIES[0])],
        warehouse=str(tmp_path / "w.duckdb"),
        processes=1,
        return_state=True,
    )
    assert (state.name, state.is_completed()) == ("Partly loaded", True)
    assert "1 article loaded, 1 refused; first half.json: " in (state.message or "")
    assert state.result()["status"] == "partial"


def test_a_look_without_news_has_a_state_of_its_own_and_goes_after_a_day(
    tmp_path: Path, prefect_api: Path
) -> None:
    from prefect.client.orchestration import get_client
    from prefect.exceptions import ObjectNotFound
    from prefect.states import Cancelled

    from flows.orchestration import maintain
    from flows.orchestration.ingest import ingest

    (tmp_path / "inbox").mkdir()
    state = ingest(
        paths=[str(tmp_path / "inbox")],
        warehouse=str(tmp_path / "w.duckdb"),
        only_if_new=True,
        return_state=True,
    )
    assert (state.name, state.is_completed()) == ("Nothing new", True)
    run_id = state.state_details.flow_run_id
    assert run_id is not None
    with get_client(sync_client=True) as client:
        assert client.read_flow_run(run_id).state_name == "Nothing new"
        dropped = client.create_flow_run(ingest, parameters={"paths": ["x"]}).id
        client.set_flow_run_state(dropped, Cancelled(message="limit reached"))
        maintain.delete_runs(30)
        assert client.read_flow_run(run_id)  # it is not a day old
        later = dt.datetime.now(dt.UTC) + dt.timedelta(days=2)
        maintain.delete_runs(30, now=later)
        for gone in (run_id, dropped):
            with pytest.raises(ObjectNotFound):
                client.read_flow_run(gone)


def test_maintain_compacts_and_deletes_what_is_old(
    tmp_path: Path, example_warehouse: Path, prefect_api: Path
) -> None:
    from flows.orchestration.maintain import delete_runs, maintain
    from flows.orchestration.publish import publish

    path = tmp_path / "w.duckdb"
    shutil.copy(example_warehouse, path)
    con = open_writer(path)
    con.execute("CREATE TABLE ballast AS SELECT hash(range) AS x FROM range(1000000)")
    con.execute("CHECKPOINT")
    con.execute("DROP TABLE ballast")
    con.close()
    quality = tmp_path / "quality"
    quality.mkdir()
    for name in ("old.html", "new.html"):
        (quality / name).write_text("x")
    os.utime(quality / "old.html", (0, 0))
    made = [Path(publish(warehouse=str(path))) for _ in range(2)]
    assert [item.name for item in made] == ["000001.duckdb"] * 2, "nothing changed between"
    for number in (2, 3):
        shutil.copy(made[0], made[0].with_name(f"{number:06d}.duckdb"))
    before, size = content(path), path.stat().st_size
    done = maintain(warehouse=str(path), compact_above=0.1, keep_snapshots=2)
    assert done == {"bytes saved": size - path.stat().st_size, "changes": 0, "snapshots": 1,
                    "pages": 1, "flow runs": 0}  # fmt: skip
    assert path.stat().st_size < size
    assert content(path) == before
    assert rows(path, "SELECT count(*) FROM event_details") == [(len(before["events"]),)]
    assert [item.name for item in quality.iterdir()] == ["new.html"]
    assert [item.name for item in tmp_path.iterdir() if "compact" in item.name] == []
    assert delete_runs(0) >= 3
    assert delete_runs(0) == 0


def test_maintain_names_a_busy_warehouse(tmp_path: Path, prefect_api: Path) -> None:
    from flows.orchestration.maintain import maintain

    path = tmp_path / "w.duckdb"
    script = (
        "import sys\nfrom warehouse import store\nfrom pathlib import Path\n"
        "con = store.open_writer(Path(sys.argv[1]))\nprint('held', flush=True)\nsys.stdin.read()\n"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", script, str(path)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert holder.stdout is not None and holder.stdout.readline() == "held\n"
    with pytest.raises(DatelineError, match=f"process {holder.pid}"):
        maintain(warehouse=str(path), wait=0)
    holder.communicate("")
