"""Whatever was said is kept: retractions to their end, refusals until they are overcome."""

from __future__ import annotations

import pickle
import shutil
import signal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from flows.commands.cli import app
from flows.resources.settings import settings
from flows.resources.snapshot import reader
from flows.run.batch import Batch
from flows.run.reextraction import Spool, sweep
from tests.conftest import EXAMPLES, PATIENCE, content
from tests.flows.test_kill import start
from warehouse import snapshots
from warehouse.store import open_reader

pytestmark = pytest.mark.slow  # many runs of the whole pipeline

STORIES = ("zamfara-abduction.txt", "hanoi-dialogue-wire.txt")

_DIE = """
import os, signal, sys
from pathlib import Path
from flows.resources.settings import settings
from flows.run import retract
from warehouse import copies, loading, snapshots

def die(*_args, **_options):
    os.kill(os.getpid(), signal.SIGKILL)

if __name__ == "__main__":
    point, warehouse, target = sys.argv[1:]
    if point == "before the commit":
        loading.write_run = die
    elif point == "after the commit":
        snapshots.publish = die
    elif point == "before the old snapshots went":
        copy = copies.copy
        copies.copy = lambda *args: (copy(*args), die())
    retract.retract(settings(warehouse=warehouse), target)
"""


def call(*args: object) -> Any:
    return CliRunner().invoke(app, [str(arg) for arg in args])


def rows(warehouse: Path, sql: str) -> list[Any]:
    con = open_reader(warehouse)
    try:
        return con.execute(sql).fetchall()
    finally:
        con.close()


def published(warehouse: Path, sql: str) -> list[Any]:
    """What a reader of the published data sees."""
    con = reader(warehouse)
    try:
        return con.execute(sql).fetchall()
    finally:
        con.close()


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory, run_pipeline: Any) -> Path:
    path = tmp_path_factory.mktemp("two") / "w.duckdb"
    run_pipeline(path, [EXAMPLES / name for name in STORIES])
    return path


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory, run_pipeline: Any) -> dict[str, list[Any]]:
    """What is left when the first story has gone."""
    path = tmp_path_factory.mktemp("one") / "w.duckdb"
    run_pipeline(path, [EXAMPLES / STORIES[1]])
    return content(path)


ARTICLES = "SELECT regexp_extract(source_uri, '[^/]+$') FROM articles ORDER BY 1"


@pytest.mark.parametrize("finished_by", ["retract", "run", "publish"])
@pytest.mark.parametrize(
    "point", ["before the commit", "after the commit", "before the old snapshots went"]
)
def test_a_killed_retraction_is_finished(
    two: Path, one: dict[str, list[Any]], tmp_path: Path, point: str, finished_by: str,
    run_pipeline: Any,
) -> None:  # fmt: skip
    path, script = tmp_path / "w.duckdb", tmp_path / "die.py"
    shutil.copy(two, path)
    shutil.copytree(two.with_name("w.snapshots"), path.with_name("w.snapshots"))
    (target,) = rows(path, f"SELECT article_id FROM articles WHERE source_uri LIKE '%{STORIES[0]}'")
    script.write_text(_DIE)
    process = start(script, point, path, target[0])
    _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == -signal.SIGKILL, err
    committed = point != "before the commit"
    assert published(path, ARTICLES) == [(name,) for name in sorted(STORIES[committed:])]
    if finished_by == "retract":
        done = call("retract", target[0], "--warehouse", path)
        assert done.exit_code == 0 and "retracted" in done.stdout, done.output
    elif finished_by == "run":
        run_pipeline(path, [EXAMPLES / STORIES[1]])
    else:
        from flows.orchestration.publish import publish_snapshot

        publish_snapshot(settings(warehouse=path))
    assert snapshots.retraction(path) is None
    if committed or finished_by == "retract":
        for left in snapshots.published(path):
            assert rows(left, ARTICLES) == [(STORIES[1],)]
        got = content(left)
        assert {name: held for name, held in got.items() if name != "files"} == {
            name: held for name, held in one.items() if name != "files"
        }
        assert ("retracted",) in rows(left, "SELECT status FROM files")
        assert rows(left, "SELECT count(*) FROM article_versions") == [(1,)]
        assert rows(left, "SELECT count(*) FROM change_log WHERE table_name = 'files'") != [(0,)]


def test_a_retraction_takes_what_was_refused_of_the_article(tmp_path: Path, two: Path) -> None:
    from warehouse.store import open_writer

    path = tmp_path / "w.duckdb"
    shutil.copy(two, path)
    (key,) = rows(path, f"SELECT article_id FROM articles WHERE source_uri LIKE '%{STORIES[0]}'")
    con = open_writer(path)
    con.execute(
        "INSERT INTO quarantine SELECT 'q', run_id, 'row', 'quotations', "
        "json_object('article_id', ?, 'text', 'Gunmen came')::VARCHAR, 'span', 'x', 'open', "
        "started_at FROM runs", [key[0]],
    )  # fmt: skip
    con.close()
    assert call("retract", key[0], "--warehouse", path).exit_code == 0
    assert rows(path, "SELECT * FROM quarantine") == []


def test_reextract_keeps_its_texts_in_a_file_without_a_name(tmp_path: Path) -> None:
    with Spool(tmp_path) as spool:
        for number in (1, 2):
            spool.add(Batch(number, first_file=f"{number}.txt"))
        assert list(tmp_path.iterdir()) == []
        assert [batch.first_file for batch in spool.batches()] == ["1.txt", "2.txt"]
    left, other = tmp_path / "reextract-abc12345", tmp_path / "reextract-notes-of-mine"
    for folder in (left, other):
        folder.mkdir()
    (left / "000001").write_bytes(pickle.dumps("an article"))
    sweep(tmp_path)
    assert list(tmp_path.iterdir()) == [other]


CSV = "id,when,headline,words\n" + "".join(
    f"{n},2026-01-0{n},Talks {n},Chad and Niger held talks number {n} in Niamey on Monday.\n"
    for n in (1, 2)
)


def test_new_options_try_a_refused_file_again(tmp_path: Path) -> None:
    path, file = tmp_path / "w.duckdb", tmp_path / "a.csv"
    file.write_text(CSV)
    wrong = ("--column", "text=nothing", "--column", "published=when")
    right = ("--column", "text=words", "--column", "published=when", "--column", "title=headline")
    run = ("run", file, "--warehouse", path, "--processes", 1)
    assert call(*run, *wrong).exit_code == 3
    again = call(*run, *wrong)
    assert again.exit_code == 3 and "refused before" in again.output, "it still is"
    assert call(*run, *right).exit_code == 0
    assert rows(path, "SELECT count(*) FROM articles") == [(2,)]
    assert set(rows(path, "SELECT DISTINCT status FROM quarantine")) == {("replayed",)}
    assert "nothing in quarantine" in call("quarantine", "list", "--warehouse", path).output or (
        "nothing open" in call("quarantine", "list", "--warehouse", path).output
    )
    assert call(*run, *right).exit_code == 0


def test_replay_takes_new_options(tmp_path: Path) -> None:
    path, file = tmp_path / "w.duckdb", tmp_path / "a.csv"
    file.write_text(CSV)
    run = ("run", file, "--warehouse", path, "--processes", 1)
    assert call(*run, "--column", "text=nothing").exit_code == 3
    replay = ("quarantine", "replay", "--warehouse", path)
    assert "0 now accepted" in call(*replay).output
    done = call(*replay, "--column", "text=words", "--column", "published=when")
    assert "0 still refused" in done.output, done.output
    assert set(rows(path, "SELECT DISTINCT status FROM quarantine")) == {("replayed",)}


def test_exit_status_three_until_it_is_mended_or_put_aside(
    tmp_path: Path, run_pipeline: Any
) -> None:
    path, folder = tmp_path / "w.duckdb", tmp_path / "in"
    folder.mkdir()
    shutil.copy(EXAMPLES / STORIES[0], folder)
    (folder / "half.json").write_text('{"title": "Half')
    run = ("run", folder, "--warehouse", path, "--processes", 1)
    assert call(*run).exit_code == 3
    assert call(*run).exit_code == 3, "nothing new, but it stays refused"
    shutil.copy(EXAMPLES / STORIES[1], folder)
    assert call(*run).exit_code == 3, "new files beside it were taken, it was not"
    assert call("run", folder / STORIES[0], "--warehouse", path).exit_code == 0, "not its input"
    ((item,),) = rows(path, "SELECT quarantine_id FROM quarantine WHERE status = 'open'")
    assert call("quarantine", "dismiss", item, "--warehouse", path).exit_code == 0
    assert call(*run).exit_code == 0, "somebody has put it aside"


def test_a_record_that_was_refused_is_closed_when_its_file_is_mended(
    tmp_path: Path, run_pipeline: Any
) -> None:
    path, file = tmp_path / "w.duckdb", tmp_path / "two.jsonl"
    good = (
        '{"title": "Talks", "date": "2026-01-02", "text": "Chad and Niger held talks in Niamey."}'
    )
    file.write_text(f"{good}\n{{broken\n")
    assert run_pipeline(path, [file]).status == "partial"
    again = run_pipeline(path, [file])
    assert (again.refused, again.still_refused) == (0, 1)
    file.write_text(good + "\n")
    done = run_pipeline(path, [file])
    assert (done.refused, done.still_refused) == (0, 0)
    assert rows(path, "SELECT status FROM quarantine") == [("replayed",)]


@pytest.mark.parametrize("size", [1, 2, 256])
def test_places_that_nothing_names_go(tmp_path: Path, run_pipeline: Any, size: int) -> None:
    """A text that is replaced takes its places with it, whatever the size of a batch."""
    path, folder = tmp_path / "w.duckdb", tmp_path / "in"
    folder.mkdir()
    texts = {
        "1": ("2026-01-02T08:00:00Z", "The ministers held talks in Niamey, officials said."),
        "2": ("2026-01-02T12:00:00Z", "The ministers held talks in Windhoek, officials said."),
    }
    for name, (changed, text) in texts.items():
        (folder / f"{name}.json").write_text(
            f'{{"id": "x-1", "source": "Wire", "title": "Talks", "date": "2026-01-02", '
            f'"modified": "{changed}", "text": "{text}"}}'
        )
    run_pipeline(path, [folder], batch_size=size)
    assert rows(path, "SELECT name FROM places WHERE place_type = 'city'") == [("Windhoek",)]
    unnamed = (
        "SELECT place_id FROM places WHERE place_id NOT IN (SELECT place_id FROM place_mentions "
        "WHERE place_id IS NOT NULL UNION SELECT place_id FROM events WHERE place_id IS NOT NULL "
        "UNION SELECT place_id FROM event_mentions WHERE place_id IS NOT NULL)"
    )
    assert rows(path, unnamed) == []
    logged = rows(path, "SELECT change FROM change_log WHERE table_name = 'places' ORDER BY ALL")
    assert ("delete",) in logged or size > 1
