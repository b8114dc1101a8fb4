"""A project's dictionary from its folder to the warehouse: what it touches and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import dateline
from flows.commands.cli import app
from flows.resources.dictionary import dictionary_of, templates
from flows.resources.settings import settings
from flows.resources.version import extractor
from flows.run.pipeline import Pipeline
from flows.run.stored import StoredArticles, stale_articles
from tests.conftest import content
from tests.flows.test_flows import rows
from tests.transforms.test_dictionary import files
from warehouse.errors import DatelineError
from warehouse.store import open_reader

runner = CliRunner()
STORIES = {
    "block.txt": ("2026-03-02", "Students zarped the minister in Tamour, Mali, on Monday.\n\n"
                  "The Dawn Front killed two soldiers."),
    "talks.txt": ("2026-03-03", "Estonia's foreign minister met the Finnish president on Tuesday."),
    "pact.txt": ("2026-03-04", "France and Germany signed a trade agreement in Paris on Monday."),
}  # fmt: skip
ZARP = "zarp\tverb\tPROTEST\tobstruct\t-\t-\tStudents zarped the minister on Tuesday."


def write(folder: Path, **given: str) -> Path:
    """A dictionary of these lines alone."""
    folder.mkdir(exist_ok=True)
    for name in files():
        (folder / Path(name).name).unlink(missing_ok=True)
    for name, text in files(**given).items():
        if Path(name).stem in given:
            (folder / Path(name).name).write_text(text, "utf-8")
    return folder


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    for name, (day, text) in STORIES.items():
        (folder / name).write_text(f"date: {day}\ntitle: {name}\n\n{text}\n", "utf-8")
    return folder


def stale(warehouse: Path, folder: Path) -> set[str]:
    """Titles of what would be read again."""
    con = open_reader(warehouse)
    try:
        ids = stale_articles(con, extractor(settings(warehouse=warehouse, dictionary=folder)))
        found = con.execute(
            "SELECT title FROM articles WHERE article_id IN (SELECT unnest(?))", [ids]
        ).fetchall()
        return {title for (title,) in found}
    finally:
        con.close()


def read_again(warehouse: Path, folder: Path) -> Any:
    options = settings(warehouse=warehouse, dictionary=folder, processes=1)
    pipeline = Pipeline(options, StoredArticles())
    for batch in pipeline.batches():
        pipeline.load(batch)
    return pipeline.finish()


def test_what_a_dictionary_touches_is_read_again_and_nothing_else(
    tmp_path: Path, inbox: Path, run_pipeline: Any
) -> None:
    warehouse, fresh = tmp_path / "w.duckdb", tmp_path / "fresh.duckdb"
    run_pipeline(warehouse, [inbox])
    folder = write(tmp_path / "dictionary", events=ZARP)
    assert stale(warehouse, folder) == {"block.txt"}
    done = read_again(warehouse, folder)
    assert (done.articles, stale(warehouse, folder)) == (1, set())
    kinds = "SELECT event_type, event_mode FROM events WHERE event_type = 'PROTEST'"
    assert rows(warehouse, kinds) == [("PROTEST", "obstruct")]
    run_pipeline(fresh, [inbox], dictionary=folder)
    assert content(warehouse) == content(fresh)
    # An entry that comes, one that changes, one that goes.
    office = "Anu Rebane\tforeign minister\tEST\tGOV\t-\t-"
    actor = "Anu Rebane\tperson\tEST\tPTY\t-\t-"
    write(folder, events=ZARP, actors=actor, offices=office)
    assert stale(warehouse, folder) == {"talks.txt"}
    write(folder, events=ZARP.replace("obstruct", "riot"))
    assert stale(warehouse, folder) == {"block.txt"}
    write(folder, events=f"# only a comment\n{ZARP}")
    assert stale(warehouse, folder) == set()
    write(folder, ignore="pact\tactor\t-")
    assert stale(warehouse, folder) == {"block.txt"}  # which the phrase no longer tells
    read_again(warehouse, folder)
    assert ("PROTEST", "obstruct") not in rows(warehouse, kinds)
    versions = "SELECT count(DISTINCT extractor_version) FROM article_versions"
    assert rows(warehouse, versions) == [(1,)]


def test_places_and_actors_of_ones_own_pass_the_gate(
    tmp_path: Path, inbox: Path, run_pipeline: Any
) -> None:
    folder = write(
        tmp_path / "dictionary",
        actors="Sahel Dawn Front\tgroup\tMLI\tREB\tDawn Front\t-",
        places="camp-tamour\tTamour\tsite\tMLI\t17.1\t-1.5\t-\t-\t-",
        types="zarping\tPROTEST\t-\tx",
        events=ZARP.replace("PROTEST\tobstruct", "zarping\t-"),
    )
    warehouse = tmp_path / "w.duckdb"
    done = run_pipeline(warehouse, [inbox], dictionary=folder)
    assert done.refused == 0
    sql = "SELECT event_type, event_mode, place, initiators FROM event_details"
    assert ("PROTEST", "zarping", "Tamour", ["students"]) in rows(warehouse, sql)
    sides = "SELECT name, entity_type, country_code, sector FROM entities WHERE sector = 'REB'"
    assert rows(warehouse, sides) == [("Sahel Dawn Front", "group", "MLI", "REB")]
    where = "SELECT latitude, longitude FROM places WHERE place_id = 'own:camp-tamour'"
    assert rows(warehouse, where) == [(17.1, -1.5)]


def test_the_project_names_it_for_every_command(
    tmp_path: Path, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert runner.invoke(app, ["init"]).exit_code == 0
    done = runner.invoke(app, ["dictionary", "new"])
    assert 'dateline.toml: dictionary = "dictionary"' in done.stdout
    assert settings().dictionary == Path("dictionary")
    assert {path.name for path in Path("dictionary").iterdir()} == set(templates())
    again = runner.invoke(app, ["dictionary", "new"])
    assert "all files are there already" in again.stdout
    empty = runner.invoke(app, ["dictionary", "check"])
    assert (empty.exit_code, empty.stdout) == (0, "dictionary: nothing yet\n")
    write(tmp_path / "dictionary", events=ZARP)
    event = dateline.extract("Students zarped the minister on Monday.", date="2026-03-02").events[0]
    assert (event.type, event.mode) == ("PROTEST", "obstruct")
    write(tmp_path / "dictionary", events=ZARP.replace("obstruct", "riot"))
    event = dateline.extract("Students zarped the minister on Monday.", date="2026-03-02").events[0]
    assert event.mode == "riot"


def test_check_tries_each_example(tmp_path: Path) -> None:
    good = write(tmp_path / "good", events=ZARP)
    done = runner.invoke(app, ["dictionary", "check", str(good), "--warehouse", "none.duckdb"])
    assert (done.exit_code, done.stdout, done.stderr) == (0, f"{good}: 1 phrase\n", "")
    bad = write(tmp_path / "bad", events=ZARP.replace("zarped", "met"), places=(
        "999999999999\tNowhere\tsite\tMLI\t-\t-\t-\t-\t-"
    ))  # fmt: skip
    done = runner.invoke(app, ["dictionary", "check", str(bad), "--warehouse", "none.duckdb"])
    assert done.exit_code == 1
    assert f"{bad / 'events.tsv'}:2: the example of 'zarp' tells no event" in done.stderr
    assert "Nowhere: the gazetteer has no place 999999999999; give its coord" in done.stderr


@pytest.mark.parametrize("command", [["status"], ["dictionary", "check"], ["run", "x.txt"]])
def test_a_mistake_costs_every_command_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, example_warehouse: Path, command: list[str]
) -> None:
    folder = write(tmp_path / "d", events=ZARP.replace("verb", "word"))
    monkeypatch.setenv("DATELINE_DICTIONARY", str(folder))
    (tmp_path / "x.txt").write_text("date: 2026-03-02\n\nA word.\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    done = runner.invoke(app, [*command, "--warehouse", str(example_warehouse)])
    assert done.exit_code == 1
    assert f"{folder / 'events.tsv'}:2: pos is 'word', expected one of" in done.stderr
    assert done.stderr.strip().count("\n") == 0


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatelineError, match="no such folder; `dateline dictionary new` makes one"):
        dictionary_of(tmp_path / "none")


def test_unknown_lists_what_nothing_resolved_ready_to_paste(
    tmp_path: Path, inbox: Path, run_pipeline: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (inbox / "more.txt").write_text(
        "date: 2026-03-05\ntitle: More\n\nFrance outgrew Germany on Monday.\n\nThe Dawn Front "
        "killed five soldiers near Qarvenholm.\n\nTwo men were seen in Qarvenholm.\n\n"
        "Michael Varrow accused Jaskil Holdings of fraud.\n", "utf-8",
    )  # fmt: skip
    warehouse = tmp_path / "w.duckdb"
    run_pipeline(warehouse, [inbox])
    done = runner.invoke(app, ["unknown", "--warehouse", str(warehouse)])
    assert done.exit_code == 0, done.output
    actors, places, verbs = done.stdout.strip().split("\n\n")
    assert "\nDawn Front\torganization\t?\t?\t" in actors  # the name says so, no guess
    assert "in 2 event reports: The Dawn Front" in actors
    assert "\nMichael Varrow\tperson\t?" in actors and "\nJaskil Holdings\t?\t?" in actors
    assert places.splitlines()[2].startswith("# 2 mentions in 1 article: ")
    assert places.splitlines()[3].startswith("qarvenholm\tQarvenholm\t?\t?\t?\t?\t-")
    assert "\tverb\t?\t-\t-\t-\tFrance outgrew Germany on Monday." in verbs
    # What is pasted is named where it is yet to be filled in, and read when it is.
    folder = tmp_path / "d"
    folder.mkdir()
    (folder / "actors.tsv").write_text(actors, "utf-8")
    with pytest.raises(DatelineError, match="is '\\?', expected"):
        dictionary_of(folder)
    filled = "\n".join(
        line.replace("\t?\t?\t?", "\tgroup\tMLI\tREB").replace("\t?\t?", "\tMLI\tREB")
        for line in actors.splitlines()
    )
    (folder / "actors.tsv").write_text(filled, "utf-8")
    assert "Dawn Front" in {actor.name for actor in dictionary_of(folder).actors}
    monkeypatch.setenv("DATELINE_DICTIONARY", str(folder))
    again = runner.invoke(app, ["unknown", "actors", "--warehouse", str(warehouse)])
    assert "\nDawn Front\t" not in again.stdout


def test_unknown_names_a_kind_there_is_not(example_warehouse: Path) -> None:
    done = runner.invoke(app, ["unknown", "nouns", "--warehouse", str(example_warehouse)])
    assert (done.exit_code, done.stderr) == (
        1,
        "dateline: nouns: there are actors, places, verbs\n",
    )
