"""`dateline compare gdelt`: pairs of one address, and what either side has alone."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from flows.commands.cli import app
from flows.published.compare import compare
from flows.published.export import export
from tests.warehouse import known
from tests.warehouse.schemas import GDELT_EVENTS
from warehouse.errors import DatelineError

AT = {name: place for place, name in enumerate(GDELT_EVENTS)}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return known.build(tmp_path_factory.mktemp("known") / "w.duckdb")


@pytest.fixture(scope="module")
def own(warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> list[list[str]]:
    """Our own events as GDELT would write them, those with an address."""
    folder = tmp_path_factory.mktemp("own") / "g"
    export(warehouse, folder, "gdelt", [])
    text = (folder / "gdelt.export.CSV").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines()]
    return [row for row in rows if "://" in row[AT["SOURCEURL"]]]


def written(path: Path, rows: list[list[str]]) -> Path:
    path.write_text("".join("\t".join(row) + "\n" for row in rows), "utf-8")
    return path


def changed(row: list[str], **values: str) -> list[str]:
    made = list(row)
    for name, text in values.items():
        made[AT[name]] = text
    return made


def test_our_own_export_is_the_same(warehouse: Path, own: list[list[str]], tmp_path: Path) -> None:
    done = compare(warehouse, [written(tmp_path / "a.CSV", own)])
    assert len(done.pairs) == len(own) > 0
    assert all(one.id == other.id for one, other in done.pairs)
    assert {event.url for event in done.ours} <= {one.url for one, _ in done.pairs}
    assert done.theirs == []


def test_what_either_has_alone(warehouse: Path, own: list[list[str]], tmp_path: Path) -> None:
    first = own[0]
    url = first[AT["SOURCEURL"]]
    same = changed(first, SOURCEURL=url.replace("https://", "http://www.") + "?utm_source=x")
    other = changed(first, EventCode="195", EventRootCode="19", QuadClass="4")
    elsewhere = changed(first, SOURCEURL="https://nowhere.example/1")
    path = tmp_path / "b.CSV.zip"
    with zipfile.ZipFile(path, "w") as archive:
        text = "".join("\t".join(row) + "\n" for row in (same, other, elsewhere))
        archive.writestr("b.CSV", text)
    done = compare(warehouse, [path])
    assert (done.urls, done.shared) == (2, 1)
    assert [one.id for one, _ in done.pairs] == [first[0]]
    assert [event.code for event in done.theirs] == ["195"]
    whole = compare(warehouse, [written(tmp_path / "a.CSV", own)])
    assert len(done.ours) == len(whole.pairs) + len(whole.ours) - 1
    by_root = {row["root"]: row for row in done.by_root()}
    assert by_root["19"]["only theirs"] == 1


def test_one_quad_class_and_a_country_are_enough(
    warehouse: Path, own: list[list[str]], tmp_path: Path
) -> None:
    row = next(row for row in own if row[AT["Actor1CountryCode"]])
    near = changed(row, EventCode="000", EventRootCode="00")
    far = changed(near, Actor1CountryCode="ZZZ", Actor2CountryCode="")
    assert len(compare(warehouse, [written(tmp_path / "n.CSV", [near])]).pairs) == 1
    assert len(compare(warehouse, [written(tmp_path / "f.CSV", [far])]).pairs) == 0


def test_the_command_prints_and_writes(
    warehouse: Path, own: list[list[str]], tmp_path: Path
) -> None:
    path, out = written(tmp_path / "a.CSV", own), tmp_path / "out.csv"
    arguments = ["compare", "gdelt", str(path), "-o", str(out), "--warehouse", str(warehouse)]
    done: Any = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    assert f"both {len(own)} (same root code {len(own)}," in done.stdout
    frame = pl.read_csv(out, infer_schema=False)
    assert frame.filter(pl.col("side") == "both").height == len(own)
    assert {"url", "gdelt_code", "dateline_code"} <= set(frame.columns)


def test_another_file_is_named(warehouse: Path, tmp_path: Path) -> None:
    path = written(tmp_path / "x.csv", [["a", "b"]])
    with pytest.raises(DatelineError, match=r"x\.csv: 2 columns; a file of GDELT 2.0 Events has"):
        compare(warehouse, [path])
    done = CliRunner().invoke(app, ["compare", "gdelt", "/no/x", "--warehouse", str(warehouse)])
    assert done.exit_code == 1 and done.stderr.count("\n") == 1 and "/no/x" in done.stderr
