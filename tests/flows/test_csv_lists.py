"""Lists in CSV are JSON: names hold commas, quotes and brackets."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from flows.published import query
from flows.published.export import export

NAMES = ["Office of Foreign Assets, Control", 'Kim "the [elder]" Jae', "Zoë Müller; Ana"]


def test_a_query_writes_lists_as_json(example_warehouse: Path, tmp_path: Path) -> None:
    listed = ", ".join("'" + name + "'" for name in NAMES)
    target = tmp_path / "a.csv"
    query.answer(
        f"SELECT [{listed}] AS names, [] AS none, NULL::VARCHAR[] AS unknown, {{'a': [1]}} AS held",
        example_warehouse, None, target, 0,
    )  # fmt: skip
    (row,) = csv.DictReader(target.open(encoding="utf-8", newline=""))
    assert json.loads(row["names"]) == NAMES
    assert (row["none"], row["unknown"], json.loads(row["held"])) == ("[]", "", {"a": [1]})
    assert "Zoë" in row["names"]


def test_an_export_writes_lists_as_json(example_warehouse: Path, tmp_path: Path, con: Any) -> None:
    export(example_warehouse, tmp_path / "out", "csv", ["entities", "articles"])
    with (tmp_path / "out" / "entities.csv").open(encoding="utf-8", newline="") as stream:
        written = {row["entity_id"]: json.loads(row["aliases"]) for row in csv.DictReader(stream)}
    assert written == dict(con.execute("SELECT entity_id, aliases FROM entities").fetchall())
