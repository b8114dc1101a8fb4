"""The gate refuses nothing of what our own extractor makes of the texts of `../shared/gold`.

Minutes long, and only where these texts are: what it refuses is a defect of a maker.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from warehouse.store import open_reader

GOLD = ROOT.parent / "shared" / "gold"
SETS = sorted(path.name for path in GOLD.glob("*_dev.jsonl"))

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not SETS, reason="no ../shared/gold here"),
]


def day(told: str | None) -> str:
    """The day told; some sets hold what a page shows ("7:58 AM ET"), which is none."""
    try:
        return dt.date.fromisoformat((told or "")[:10]).isoformat()
    except ValueError:
        return "2016-06-01"


def records(name: str) -> list[dict[str, Any]]:
    """Its different texts as records of articles."""
    found: dict[str, dict[str, Any]] = {}
    for number, line in enumerate((GOLD / name).read_text("utf-8").splitlines()):
        held = json.loads(line)
        text = held.get("text") or "\n\n".join(held.get("paragraphs") or ())
        if text.strip():
            found[text] = {
                "id": f"{name}-{number}", "source": "Gold", "title": held.get("title"),
                "text": text, "language": "en",
                "date": day(held.get("date") or held.get("published_at")),
            }  # fmt: skip
    return list(found.values())


@pytest.mark.parametrize("name", SETS)
def test_nothing_of_our_own_is_refused(name: str, tmp_path: Path, run_pipeline: Any) -> None:
    held = records(name)
    (tmp_path / "in.jsonl").write_text("\n".join(map(json.dumps, held)), "utf-8")
    path = tmp_path / "w.duckdb"
    summary = run_pipeline(path, [tmp_path / "in.jsonl"], publish_every=0)
    con = open_reader(path)
    refused = con.execute(
        "SELECT rule, table_name, reason, record FROM quarantine WHERE kind = 'row' "
        "OR rule IN ('extractor-error', 'batch-refused')"
    ).fetchall()
    con.close()
    assert not refused, refused[:5]
    assert summary.articles > 0.9 * len(held)
