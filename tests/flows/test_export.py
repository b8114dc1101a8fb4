"""Exports: complete, replaced whole, and readable by those who read such files."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import polars as pl
import pytest

from flows.published.export import FORMATS, export
from tests.warehouse import known
from tests.warehouse.schemas import GDELT_EVENTS, GDELT_MENTIONS, ICEWS, POLECAT
from warehouse.errors import DatelineError
from warehouse.store import open_reader, open_writer
from warehouse.tables import PUBLIC


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return known.build(tmp_path_factory.mktemp("known") / "w.duckdb")


def lines(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in path.read_text("utf-8").splitlines()]


def test_parquet_by_month_holds_every_row(warehouse: Path, tmp_path: Path) -> None:
    target = tmp_path / "out"
    written = dict(export(warehouse, target, "parquet", []))
    assert set(written) == {table.name for table in PUBLIC} | {"event_details"}
    assert written["events"] == 3
    assert {path.name for path in (target / "events").iterdir()} == {
        "month=2026-03", "month=unknown",
    }  # fmt: skip
    events = pl.read_parquet(target / "events", hive_partitioning=True)
    assert set(events["event_id"]) == set(known.EVENT_IDS.values())


def test_csv_and_jsonl(warehouse: Path, tmp_path: Path) -> None:
    export(warehouse, tmp_path / "c", "csv", ["events", "entities"])
    assert {p.name for p in (tmp_path / "c").glob("*.csv")} == {"events.csv", "entities.csv"}
    names = pl.read_csv(tmp_path / "c" / "entities.csv")["name"]
    assert 'Rebels "of the <hills>"' in names.to_list()
    export(warehouse, tmp_path / "j", "jsonl", ["articles"])
    rows = [json.loads(line) for line in (tmp_path / "j" / "articles.jsonl").open(encoding="utf-8")]
    assert {row["text"] for row in rows} == {known.MET, known.DAILY}


def test_gdelt_events_load_column_for_column(warehouse: Path, tmp_path: Path) -> None:
    """Read as the codebook says: tab-separated, no header, no quotes, by position."""
    export(warehouse, tmp_path / "g", "gdelt", [])
    raw = lines(tmp_path / "g" / "gdelt.export.CSV")
    assert [len(row) for row in raw] == [61, 61]
    frame = pl.read_csv(
        tmp_path / "g" / "gdelt.export.CSV", separator="\t", has_header=False,
        new_columns=list(GDELT_EVENTS), quote_char=None, infer_schema=False,
    )  # fmt: skip
    con = open_reader(warehouse)
    cursor = con.execute("FROM gdelt_events ORDER BY GLOBALEVENTID")
    told = [dict(zip(GDELT_EVENTS, row, strict=True)) for row in cursor.fetchall()]
    con.close()
    for read, meant in zip(frame.to_dicts(), told, strict=True):
        for name, value in meant.items():
            assert read[name] == (None if value is None else str(value)), name


def test_gdelt_mentions_load(warehouse: Path, tmp_path: Path) -> None:
    export(warehouse, tmp_path / "m", "gdelt-mentions", [])
    raw = lines(tmp_path / "m" / "gdelt.mentions.CSV")
    assert [len(row) for row in raw] == [len(GDELT_MENTIONS)] * 4
    assert {row[0] for row in raw} == {"0", str(int(known.EVENT_IDS["accuse"][:15], 16))}


@pytest.mark.parametrize(
    ("form", "file", "columns", "empty"),
    [("polecat", "polecat.txt", POLECAT, "None"), ("icews", "icews.tab", ICEWS, "")],
)
def test_headed_files(
    warehouse: Path, tmp_path: Path, form: str, file: str, columns: tuple[str, ...], empty: str
) -> None:
    export(warehouse, tmp_path / form, form, [])
    with (tmp_path / form / file).open(encoding="utf-8", newline="") as handle:
        head, *rows = csv.reader(handle, delimiter="\t")
    assert tuple(head) == columns
    assert [len(row) for row in rows] == [len(columns)] * 2
    assert rows[0][columns.index("District")] == empty


def test_tabs_and_line_ends_in_a_text_cannot_break_a_row(tmp_path: Path) -> None:
    path = known.build(tmp_path / "w.duckdb")
    con = open_writer(path)
    con.execute("UPDATE entities SET name = E'\"Park\\t\\nYoon\"' WHERE entity_id = 'park'")
    con.close()
    export(path, tmp_path / "g", "gdelt", [])
    raw = lines(tmp_path / "g" / "gdelt.export.CSV")
    assert [len(row) for row in raw] == [61, 61]
    assert raw[0][6] == '"PARK YOON"'


def test_graphml_is_the_network(warehouse: Path, tmp_path: Path) -> None:
    assert export(warehouse, tmp_path / "n", "graphml", []) == [("actors", 4), ("pairs", 2)]
    space = {"g": "http://graphml.graphdrawing.org/xmlns"}
    root = ElementTree.parse(tmp_path / "n" / "actors.graphml").getroot()

    def data(node: Any) -> dict[str, str | None]:
        return {item.get("key"): item.text for item in node.findall("g:data", space)}

    nodes = {node.get("id"): data(node) for node in root.findall(".//g:node", space)}
    assert nodes["park"]["node.name"] == "Park Yoon-joo"
    assert set(nodes) == {"park", "ma", "chn", "kor"}  # the possible attack links nobody
    edges = {(e.get("source"), e.get("target")): data(e) for e in root.findall(".//g:edge", space)}
    assert set(edges) == {("chn", "kor"), ("ma", "park"), ("park", "ma")}
    assert edges["ma", "park"]["edge.is_mutual"] == "true"
    assert edges["chn", "kor"]["edge.verbal_conflict"] == "1"
    assert edges["chn", "kor"]["edge.first_day"] == "2026-03-04"
    declared = {key.get("id") for key in root.findall("g:key", space)}
    assert {key for edge in edges.values() for key in edge} <= declared


def test_characters_xml_cannot_hold_are_replaced(tmp_path: Path) -> None:
    path = known.build(tmp_path / "w.duckdb")
    con = open_writer(path)
    con.execute("UPDATE entities SET name = 'Park' || chr(7) || '<&>' WHERE entity_id = 'park'")
    con.close()
    export(path, tmp_path / "n", "graphml", [])
    text = (tmp_path / "n" / "actors.graphml").read_text("utf-8")
    ElementTree.fromstring(text)
    assert "Park\ufffd&lt;&amp;&gt;" in text


def test_an_earlier_export_is_replaced_and_nothing_else(warehouse: Path, tmp_path: Path) -> None:
    target = tmp_path / "out"
    export(warehouse, target, "csv", ["events"])
    export(warehouse, target, "icews", [])
    assert {p.name for p in target.iterdir()} == {"icews.tab", ".dateline-export"}
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("precious")
    with pytest.raises(DatelineError, match="no earlier export"):
        export(warehouse, mine, "csv", ["events"])
    assert (mine / "thesis.txt").read_text() == "precious"
    assert {p.name for p in tmp_path.iterdir()} == {"out", "mine"}


def test_data_of_an_earlier_version_is_named(tmp_path: Path) -> None:
    path = known.build(tmp_path / "w.duckdb")
    con = open_writer(path)
    con.execute("DROP VIEW gdelt_events")
    con.close()
    with pytest.raises(DatelineError, match="earlier version"):
        export(path, tmp_path / "out", "gdelt", [])
    assert [item.name for item in tmp_path.iterdir()] == ["w.duckdb"]


def test_errors_name_the_option(warehouse: Path, tmp_path: Path) -> None:
    for form, tables, message in (
        ("xml", [], f"--format: 'xml' is none of {', '.join(FORMATS)}"),
        ("csv", ["event"], "event: no such table"),
        ("gdelt", ["events"], "--table: goes with"),
    ):
        with pytest.raises(DatelineError) as caught:
            export(warehouse, tmp_path / "out", form, tables)
        assert str(caught.value).startswith(message)
    assert list(tmp_path.iterdir()) == []
