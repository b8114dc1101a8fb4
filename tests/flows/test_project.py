"""A project: `dateline init`, and `dateline.toml` read by every command."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from flows.commands.cli import app
from flows.resources.filters import BY_KEY, choose
from flows.resources.project import KEYS, Project, inputs, project, template
from flows.resources.settings import Settings, settings
from warehouse.errors import DatelineError

runner = CliRunner()
TALKS = "Chad and Niger held talks in Niamey on Friday, the two ministries said."


def call(*args: str) -> Any:
    return runner.invoke(app, list(args))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("DATELINE_WAREHOUSE", "DATELINE_PROCESSES", "DATELINE_PROJECT"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def write(folder: Path, text: str) -> None:
    (folder / "dateline.toml").write_text(text, "utf-8")


def test_init_makes_a_project_once(folder: Path) -> None:
    assert call("init").exit_code == 0
    assert (folder / "inbox").is_dir()
    held = project()
    assert held and held.inputs == ("inbox",) and held.warehouse == Path("data/dateline.duckdb")
    again = call("init")
    assert again.exit_code == 1 and again.stderr.startswith("dateline: dateline.toml: it is there")


def test_init_takes_what_to_read(folder: Path) -> None:
    assert call("init", "a dir/", "x/*.csv", "--warehouse", "w.duckdb").exit_code == 0
    held = project()
    assert held and held.inputs == ("a dir/", "x/*.csv") and held.warehouse == Path("w.duckdb")
    assert not (folder / "inbox").exists()


def test_the_template_names_every_key_and_shows_its_default(folder: Path) -> None:
    """Each commented line read in; a key that is forgotten there is found by nobody."""
    text = re.sub(
        r"^# ([a-z_]+ = .*|\[\[watch\]\])$", r"\1", template(["inbox"], "data/d.duckdb"), flags=re.M
    )
    write(folder, text)
    held = project()
    assert held is not None
    told = tomllib.loads(text)
    assert set(told) == set(Project.model_fields) - {"file"}
    assert set(told["schedule"]) == set(type(held.schedule).model_fields)
    assert set(told["show"]) == {"shown", *BY_KEY} - {"first", "last", "entity"}
    assert {*told["watch"][0]} <= {"name", "dyad", "place", "min_sources", *BY_KEY}
    assert held.channels().used() == ["file", "mail", "webhook"]
    choose(**{key: value for key, value in held.show.items() if key != "shown"})
    assert held.schedule == type(held.schedule)()
    shown = Settings(**told["run"])
    defaults = Settings.model_fields
    examples = {"processes", "cluster", "exchange", "lake_data"}
    for name in set(told["run"]) - examples:
        assert getattr(shown, name) == defaults[name].default, name


def test_every_setting_of_a_run_has_a_place_in_the_file() -> None:
    assert set(Settings.model_fields) <= {*KEYS, *Project.model_fields}


def test_the_environment_goes_before_the_file_and_options_before_both(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, 'warehouse = "file.duckdb"\n[run]\nprocesses = 3\nbatch_size = 7\n')
    assert (settings().warehouse, settings().processes) == (Path("file.duckdb"), 3)
    assert "file.duckdb" in call("status").stderr
    monkeypatch.setenv("DATELINE_WAREHOUSE", "env.duckdb")
    monkeypatch.setenv("DATELINE_PROCESSES", "2")
    assert (settings().warehouse, settings().processes) == (Path("env.duckdb"), 2)
    assert settings().batch_size == 7
    assert "env.duckdb" in call("status").stderr
    assert settings(processes=1).processes == 1
    assert "option.duckdb" in call("status", "--warehouse", "option.duckdb").stderr
    assert "option.duckdb" in call("quarantine", "list", "--warehouse", "option.duckdb").stderr


def test_a_folder_below_is_of_the_project(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder, 'inputs = ["in", "s3://bucket/news/"]\nwarehouse = "w.duckdb"\n')
    below = folder / "notes" / "2026"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert settings().warehouse == folder / "w.duckdb"
    assert inputs([]) == [str(folder / "in"), "s3://bucket/news/"]
    assert inputs(["here"]) == ["here"]
    assert str(folder / "w.duckdb") in call("quarantine", "list").stderr
    monkeypatch.chdir("/")
    monkeypatch.setenv("DATELINE_PROJECT", str(folder))
    assert settings().warehouse == folder / "w.duckdb"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("inputs = [", "dateline.toml: no TOML: "),
        ('input = ["a"]', "dateline.toml: input: there is no such key; did you mean inputs?"),
        (
            "[show]\nmin_confidense = 1",
            "show.min_confidense: there is no such filter; did you mean ",
        ),
        (
            "[show]\nmin_confidence = 2",
            "dateline.toml: show.min_confidence: '2' is no number from 0 to 1",
        ),
        ("[schedule]\nevery = 1", "dateline.toml: schedule.every: "),
        ("[run]\nproceses = 1", "dateline.toml: run.proceses: there is no such key; did you mean"),
        ("[run]\nprocesses = 0", "dateline.toml: run.processes: Input should be greater"),
        ('timezone = "Mars/Olympus"', "dateline.toml: timezone: 'Mars/Olympus' is no time zone"),
        ('[[watch]]\ncountry = ["KOR"]', "dateline.toml: watch 1: name: each watch needs a name"),
        ('[[watch]]\nname = "a"\ntypes = ["X"]', "watch 1: types: there is no such filter; did"),
        ('[[watch]]\nname = "a"\ntype = "ASALT"', "watch 1: type: 'ASALT' is none of them; did"),
        ('[[watch]]\nname = "a"\ndyad = ["KOR"]', "watch 1: dyad: names two countries"),
        ('[[watch]]\nname = "a"\n[[watch]]\nname = "a"', "watch: 'a' stands twice"),
        (
            '[alerts]\nfiel = "a"',
            "dateline.toml: alerts.fiel: there is no such key; did you mean f",
        ),
        ('file = "x"', "dateline.toml: file: there is no such key"),
    ],
)
def test_a_fault_of_the_file_is_one_line_that_names_the_key(
    folder: Path, text: str, said: str
) -> None:
    write(folder, text)
    done = call("status")
    assert done.exit_code == 1
    assert said in done.stderr and done.stderr.count("\n") == 1, done.stderr


def test_run_without_paths_reads_what_the_project_names(folder: Path) -> None:
    nothing = call("run")
    assert nothing.exit_code == 1
    assert "dateline init" in nothing.stderr and nothing.stderr.count("\n") == 1
    write(folder, 'warehouse = "w.duckdb"')
    assert "dateline.toml: inputs: it names nothing" in call("run").stderr
    write(folder, 'inputs = ["no/such"]')
    assert "no/such: no such file" in call("run").stderr
    assert not list(folder.glob("**/*.duckdb"))


def test_what_is_given_for_articles_holds_in_every_run(folder: Path, run_pipeline: Any) -> None:
    """Columns, publisher and zone; languages and topics choose."""
    write(
        folder,
        'source = "Own Wire"\ntimezone = "Asia/Seoul"\nlanguages = ["en"]\n'
        'topics = ["held  talks", "Oslo"]\n[columns]\ntext = "corps"\npublished = "jour"\n',
    )
    german = (
        "Die Minister trafen sich am Freitag in Oslo und sprachen über den Haushalt des Landes."
    )
    records = [
        {"title": "A", "jour": "2026-01-03 02:00", "corps": TALKS},
        {"title": "B", "jour": "2026-01-03 02:00", "corps": german},
        {"title": "C", "jour": "2026-01-03 02:00", "corps": TALKS.replace("talks", "polls")},
        {"title": "D", "jour": "2026-01-03T02:00Z", "corps": TALKS, "url": "https://x.org/d"},
    ]
    (folder / "in.json").write_text(json.dumps(records))
    summary = run_pipeline(folder / "w.duckdb", ["in.json"])
    from warehouse.store import open_reader

    con = open_reader(folder / "w.duckdb")
    rows = con.execute(
        "SELECT title, source, strftime(published_at, '%d %H:%M') FROM articles ORDER BY 1"
    ).fetchall()
    con.close()
    assert rows == [("A", "Own Wire", "02 17:00"), ("D", "x.org", "03 02:00")]
    assert (summary.articles, summary.left_out) == (2, 2)


def test_serve_takes_inputs_and_schedules(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[Any] = []
    monkeypatch.setattr(
        "flows.orchestration.serve.serve",
        lambda options, watch, schedule, port: served.append((options.warehouse, watch, schedule)),
    )
    assert call("serve").exit_code == 0
    write(folder, 'inputs = ["in", "x/*.csv"]\nwarehouse = "w.duckdb"\n[schedule]\nevery = 7\n')
    assert call("serve").exit_code == 0
    assert call("serve", "--watch", "a", "--watch", "b", "--every", "9").exit_code == 0
    assert [(str(path), watch, plan.every) for path, watch, plan in served] == [
        ("data/dateline.duckdb", ["data/inbox"], 30),
        ("w.duckdb", ["in", "x/*.csv"], 7),
        ("w.duckdb", ["a", "b"], 9),
    ]
    assert served[1][2].publish == "30 2 * * *"


def test_commands_outside_a_project_need_none(folder: Path) -> None:
    assert project() is None
    with pytest.raises(DatelineError, match="dateline init"):
        inputs([])
