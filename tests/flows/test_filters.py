"""Filters of one name and meaning in `query`, `report`, `export` and the project's file."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import typer.main
from typer.testing import CliRunner

from flows.commands.cli import app
from flows.report.page import report
from flows.resources.filters import OPTIONS, choose, shown_in_words
from flows.resources.snapshot import reader
from tests.conftest import ROOT
from warehouse import store
from warehouse.connection import value
from warehouse.errors import DatelineError

runner = CliRunner()
README = (ROOT / "README.md").read_text("utf-8")
GIVEN = {
    "--from": ("2026-01-15", "date_end >= DATE '2026-01-15'"),
    "--to": ("2026-01-15", "date_start <= DATE '2026-01-15'"),
    "--entity": (
        "han JAE-wook",
        "list_contains(coalesce(initiators, []) || recipients, 'Han Jae-wook')",
    ),
    "--country": (
        "nga,KOR",
        "coalesce(country_code IN ('NGA', 'KOR'), false) OR coalesce(list_has_any("
        "initiator_countries, ['NGA', 'KOR']), false) OR coalesce(list_has_any("
        "recipient_countries, ['NGA', 'KOR']), false)",
    ),
    "--type": ("consult,ASSAULT", "event_type IN ('CONSULT', 'ASSAULT')"),
    "--mode": ("Visit,phone", "event_mode IN ('visit', 'phone')"),
    "--modality": ("planned", "modality = 'planned'"),
    "--told": ("attributed,Claimed", "told IN ('attributed', 'claimed')"),
    "--min-confidence": ("0.8", "confidence >= 0.8"),
}


def call(*args: str) -> Any:
    return runner.invoke(app, list(args))


def ids(con: Any, where: str = "true") -> set[str]:
    return {
        row[0]
        for row in con.execute(f"SELECT event_id FROM event_details WHERE {where}").fetchall()
    }


@pytest.mark.parametrize("flag", sorted(GIVEN))
def test_a_filter_means_the_same_everywhere(
    example_warehouse: Path, tmp_path: Path, con: Any, flag: str
) -> None:
    text, where = GIVEN[flag]
    expected = ids(con, where)
    assert 0 < len(expected) < len(ids(con))
    at = ("--warehouse", str(example_warehouse), flag, text)
    asked = call("query", "SELECT event_id FROM events", "-f", "json", *at)
    assert {row["event_id"] for row in json.loads(asked.stdout)} == expected
    assert call("export", str(tmp_path / "out"), "-f", "csv", *at).exit_code == 0
    for table in ("events", "event_details", "event_mentions", "event_participants"):
        with (tmp_path / "out" / f"{table}.csv").open(encoding="utf-8") as file:
            assert {row["event_id"] for row in csv.DictReader(file)} == expected, table
    key = next(option.key for option in OPTIONS if option.flag == flag)
    given: dict[str, Any] = {key: text}
    shown, total = report(example_warehouse, tmp_path / "r.html", choose(**given))
    assert shown == total == len(expected)


def test_every_option_is_tried_here() -> None:
    assert {option.flag for option in OPTIONS} == {*GIVEN, "--source"}


def test_a_source_chooses_events_it_reports(example_warehouse: Path, con: Any) -> None:
    source = con.execute(
        "SELECT source FROM articles JOIN event_mentions USING (article_id) WHERE source <> '' "
        "GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
    ).fetchall()[0][0]
    narrowed = reader(example_warehouse, choose(source=source.upper()))
    found = ids(narrowed)
    narrowed.close()
    rows = con.execute(
        "SELECT DISTINCT event_id FROM event_mentions JOIN articles USING (article_id) "
        "WHERE source = ?", [source],
    ).fetchall()  # fmt: skip
    assert found == {row[0] for row in rows} != ids(con)


def test_views_and_macros_see_the_chosen_events_alone(example_warehouse: Path, con: Any) -> None:
    narrowed = reader(example_warehouse, choose(type="CONSULT", modality="asserted"))
    for sql, column in (
        ("FROM gdelt_events", "SOURCEURL"),
        ("FROM entity_timeline('Han Jae-wook')", "event_id"),
        ("FROM dyad_reports", "event_id"),
        ("FROM event_counts", "event_mention_id"),
        ("FROM actor_network", "source_id"),
    ):
        few = value(narrowed, f"SELECT count({column}) {sql}")
        many = value(con, f"SELECT count({column}) {sql}")
        assert few < many, sql
    assert narrowed.execute("SELECT DISTINCT event_type FROM event_details").fetchall() == [
        ("CONSULT",)
    ]
    assert narrowed.execute("SELECT count(*) FROM articles").fetchone() == (39,)
    narrowed.close()


def test_data_of_an_earlier_version_can_be_filtered(
    example_warehouse: Path, tmp_path: Path
) -> None:
    old = tmp_path / "old.duckdb"
    shutil.copy(example_warehouse, old)
    con = store.open_writer(old)
    con.execute("DROP VIEW alerts")
    con.execute("DROP TABLE alert_log")
    con.close()
    narrowed = reader(old, choose(type="CONSULT"))
    assert {row[0] for row in narrowed.execute("SELECT event_type FROM events").fetchall()} == {
        "CONSULT"
    }
    narrowed.close()


def test_filters_join(example_warehouse: Path, con: Any) -> None:
    narrowed = reader(example_warehouse, choose(shown=True, type=["CONSULT"]))
    assert ids(narrowed) == ids(
        con,
        "event_type = 'CONSULT' AND modality = 'asserted' AND confidence >= 0.5 "
        "AND told IN ('narrated', 'attributed')",
    )
    narrowed.close()
    assert choose(shown=True, min_confidence=0.1).values["min_confidence"] == 0.1


@pytest.mark.parametrize(
    ("flag", "text", "said"),
    [
        ("--type", "ASALT", "--type: 'ASALT' is none of them; did you mean ASSAULT?"),
        ("--modality", "asserted,sure", "--modality: 'sure' is none of them; there are asserted"),
        ("--told", "narated", "--told: 'narated' is none of them; did you mean narrated?"),
        ("--min-confidence", "1.5", "--min-confidence: '1.5' is no number from 0 to 1"),
        ("--from", "March", "--from: 'March' is no day like 2026-01-31"),
        ("--entity", "Han Jaewook", "Han Jaewook: no entity of this name; did you mean Han Jae-"),
        ("--entity", "Xqzzy", "Xqzzy: no entity of this name\n"),
        ("--country", "Nigeria", "NIGERIA: no event of this country; did you mean NGA?"),
        ("--source", "Nowhere Times", "Nowhere Times: no article is of this source"),
    ],
)
def test_a_value_that_nothing_has_costs_one_helpful_line(
    example_warehouse: Path, flag: str, text: str, said: str
) -> None:
    for command in (("query", "FROM events"), ("report", "-o", "/dev/null/x"), ("export", "/x/y")):
        done = call(*command, flag, text, "--warehouse", str(example_warehouse))
        assert done.exit_code == 1 and said in done.stderr, done.stderr
        assert done.stderr.count("\n") == 1


def test_the_three_commands_have_the_same_options() -> None:
    commands: Any = typer.main.get_command(app)
    wanted = {option.flag for option in OPTIONS} | {"--shown"}
    for name in ("query", "report", "export"):
        assert wanted <= {flag for item in commands.commands[name].params for flag in item.opts}


def test_every_filter_is_in_the_readme_with_what_is_shown_first() -> None:
    for option in OPTIONS:
        assert f"`{option.flag}" in README, option.flag
    assert f"`--shown`: {shown_in_words()}" in README


def test_the_projects_file_sets_defaults(
    example_warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "dateline.toml").write_text(
        f'warehouse = "{example_warehouse}"\n[show]\nshown = true\ntype = ["CONSULT"]\n'
    )
    sql = "SELECT DISTINCT event_type, modality FROM events"
    assert json.loads(call("query", sql, "-f", "json").stdout) == [
        {"event_type": "CONSULT", "modality": "asserted"}
    ]
    other = json.loads(call("query", sql, "-f", "json", "--type", "ASSAULT", "--all").stdout)
    assert {row["event_type"] for row in other} == {"ASSAULT"} and len(other) > 1


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("Nobody Atall", "no entity is called Nobody Atall\n"),
        ("Han Jae wook", "no entity is called Han Jae wook; did you mean Han Jae-wook?"),
    ],
)
def test_a_name_nothing_has_is_answered_with_near_ones(
    example_warehouse: Path, who: str, said: str
) -> None:
    for macro in ("entity_timeline", "co_mentions_of"):
        done = call("query", f"FROM {macro}('{who}')", "--warehouse", str(example_warehouse))
        assert done.exit_code == 0 and said in done.stdout
    known = "SELECT * FROM entity_timeline('Han Jae-wook') WHERE false"
    assert "named" not in call("query", known, "--warehouse", str(example_warehouse)).stdout
    where = ("--type", "RETREAT", "--warehouse", str(example_warehouse))
    none = call("query", "FROM entity_timeline('Han Jae-wook')", *where).stdout
    assert "Han Jae-wook is named, but is in none of these events\n" in none


def test_an_unknown_filter_is_named() -> None:
    with pytest.raises(DatelineError, match="min_confidance: there is no such filter; did you"):
        choose(min_confidance=1)
