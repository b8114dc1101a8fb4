"""Texts under one generic headline are articles; edits of one are its versions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

BRIEFS = (
    "Nepal recalled its ambassador from Dhaka on Friday, the foreign ministry said.",
    "Nepal recalled its ambassador from Minsk on Friday, officials said, after a week of talks.",
    "Bolivia imposed a ban on wheat imports from Paraguay on Friday, the trade ministry said.",
    "Rebels attacked a convoy of Chad near the border on Friday, the army said.",
)
HEADLINES = ("News in brief", "Correction", "World briefs", "Live updates")


def stored(warehouse: Path) -> list[tuple[str, int]]:
    from warehouse.store import open_reader

    con = open_reader(warehouse)
    rows = con.execute("SELECT text, version FROM articles ORDER BY text").fetchall()
    con.close()
    return [(text, version) for text, version in rows]


def as_files(folder: Path, headline: str) -> None:
    for number, text in enumerate(BRIEFS):
        head = f"Title: {headline}\nDate: 2025-10-17\nSource: Example Wire\n\n"
        (folder / f"{number}.txt").write_text(head + text + "\n", "utf-8")


def as_records(folder: Path, headline: str) -> None:
    rows = [{"title": headline, "date": "2025-10-17", "source": "Post", "text": text}
            for text in BRIEFS]  # fmt: skip
    (folder / "a.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")


@pytest.mark.parametrize("headline", HEADLINES[:2])
@pytest.mark.parametrize("write", [as_files, as_records])
def test_different_texts_are_different_articles(
    write: Any, headline: str, tmp_path: Path, run_pipeline: Any
) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    write(inbox, headline)
    run_pipeline(tmp_path / "w.duckdb", [inbox])
    assert stored(tmp_path / "w.duckdb") == [(text, 1) for text in sorted(BRIEFS)]


def test_an_edited_or_grown_text_is_a_version(tmp_path: Path, run_pipeline: Any) -> None:
    """Also in a file of another name, and in a later run."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    text = (
        "Three people were killed when a bridge fell into the river at Kasama on Friday, the "
        "police said. The minister of works travelled to the town and met the mayor. Trains to "
        "the north were stopped until Monday, and the army sent engineers with a pontoon."
    )
    head = "Title: Bridge falls\nDate: 2025-10-17\nSource: Example Wire\n"
    (inbox / "a.txt").write_text(f"{head}\n{text}\n", "utf-8")
    run_pipeline(tmp_path / "w.duckdb", [inbox])
    grown = text.replace("Three people", "Five people") + " A judge opened an inquiry into it."
    (inbox / "b.txt").write_text(f"{head}Updated: 2025-10-18\n\n{grown}\n", "utf-8")
    run_pipeline(tmp_path / "w.duckdb", [inbox])
    assert stored(tmp_path / "w.duckdb") == [(grown, 2)]
