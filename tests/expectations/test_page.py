"""The quality page and the Data Docs."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from expectations.gate import HANGS
from expectations.refusals import refusals
from expectations.report import quality_page
from tests.conftest import ROOT
from tests.expectations.conftest import Rows, batch, frames_of

RUN = {
    "run_id": "r2", "started_at": dt.datetime(2026, 5, 6, 1), "finished_at": None,
    "status": "partial", "articles_loaded": 20, "events_loaded": 19, "rows_quarantined": 2,
}  # fmt: skip


def quarantined(verdict: Any) -> list[dict[str, Any]]:
    """Refusals as rows of `quarantine`."""
    return [
        {"kind": "row", "table_name": r.table, "record": json.dumps(r.record, default=str),
         "rule": r.rule, "reason": r.reason}
        for r in verdict.refusals
    ]  # fmt: skip


def test_page_says_what_was_refused_and_why(check: Any, rows: Rows) -> None:
    rows["entity_mentions"][0]["text"] = "<script>Uganda"
    verdict = check(rows)
    page = quality_page(RUN, verdict.results, quarantined(verdict), [RUN, {**RUN, "run_id": "r1"}])
    assert "Loaded, but 2 things were refused" in page
    assert "It says “&lt;script&gt;Uganda”, but characters 0 to 5 of the article read" in page
    assert "<script" not in page
    assert "Refused because of another row" in page
    assert "this run" in page


def test_page_names_file_record_and_remedy() -> None:
    refused = [
        {"kind": "file", "table_name": None, "rule": "no-date", "reason": "it says no date",
         "record": json.dumps({"source_uri": "/news/a<b>.txt", "record": None})},
        {"kind": "article", "table_name": None, "rule": "bad-json", "reason": "record 7 is no JSON",
         "record": json.dumps({"source_uri": "/news/b.jsonl", "record": "7"})},
    ]  # fmt: skip
    page = quality_page({**RUN, "rows_quarantined": 2}, [], refused, [RUN])
    assert "<strong>b.jsonl</strong> · record 7" in page and "/news</span>" in page
    assert "a&lt;b&gt;.txt" in page
    assert "Put <code>date 2026-03-01</code> on the first line" in page


def test_every_rule_of_refusal_has_its_words() -> None:
    sources = [path.read_text("utf-8") for folder in ("transforms", "flows")
               for path in (ROOT / folder).rglob("*.py")]  # fmt: skip
    used = {rule for text in sources
            for rule in re.findall(
                r'(?:(?:ReadError|OverBudget|BadRow)\(\s*|"rule": )"([a-z-]+)"', text)}  # fmt: skip
    assert "bad-json" in used
    assert used | {HANGS} == set(refusals())


def test_page_needs_no_other_file(check: Any, rows: Rows) -> None:
    page = quality_page({**RUN, "rows_quarantined": 0}, check(rows).results, [], [RUN])
    assert "Everything was loaded" in page
    assert not re.search(r"https?://|<link|<script|@import|url\(", page)


def test_page_of_a_refused_batch() -> None:
    whole = {"kind": "article", "table_name": None, "record": '{"batch": 1}',
             "rule": "batch-refused", "reason": "30% of the rows broke a rule"}  # fmt: skip
    page = quality_page({**RUN, "articles_loaded": 0, "events_loaded": 0}, [], [whole], [])
    assert "1 batch refused altogether" in page
    assert "Nothing of it was loaded" in page


def test_data_docs_are_written(tmp_path: Path) -> None:
    from expectations.docs import data_docs

    index = data_docs(frames_of(batch(2)), tmp_path / "docs", known={})
    assert index.is_file()
    pages = set((tmp_path / "docs" / "validations").rglob("*.html"))
    links = re.findall(r'<a href="(validations/[^"]+)">(\w+)</a>', index.read_text("utf-8"))
    assert {index.parent / unquote(link) for link, _ in links} == pages and len(pages) == 13
    assert "event_mentions" in {name for _, name in links}  # without a script or a network
