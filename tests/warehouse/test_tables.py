"""What follows from the declarations."""

from __future__ import annotations

from pathlib import Path

import pytest

from warehouse import store
from warehouse.schema import Field, Origin, Table, Type
from warehouse.tables import BOOKKEEPING, BY_MENTION, CONTENT, EXTRACTED, TABLES

ID = Field("article_id", Type.TEXT, "The article", references="articles.article_id")
NOTES = Table("notes", "One note", (ID,), key=("article_id",), origin=Origin.ARTICLE,
              owner="article_id")  # fmt: skip


def test_a_row_is_loaded_after_what_it_refers_to() -> None:
    for place, name in enumerate(CONTENT):
        for _, parent, _ in TABLES[name].references():
            assert parent == "runs" or CONTENT.index(parent) < place, (name, parent)


def test_tables_are_told_apart_by_where_their_rows_come_from() -> None:
    assert NOTES.is_content and not TABLES["files"].is_content
    assert not set(CONTENT) & set(BOOKKEEPING)
    assert set(CONTENT) - set(EXTRACTED) == {"entities", "events"}
    assert set(BY_MENTION) == {"event_participants", "event_counts"}
    with pytest.raises(ValueError, match="notes: an owner goes with"):
        Table("notes", "One note", (ID,), key=("article_id",), origin=Origin.ARTICLE)
    with pytest.raises(ValueError, match="notes: no column 'text'"):
        Table("notes", "", (ID,), key=("article_id",), span=("text", "article_id", "article_id"))


def test_a_declared_table_is_made_in_a_warehouse_of_the_same_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "w.duckdb"
    store.open_writer(path).close()
    monkeypatch.setitem(TABLES, "notes", NOTES)
    con = store.open_writer(path)
    assert con.execute("SELECT count(*) FROM notes").fetchone() == (0,)
    assert con.execute("SELECT version FROM schema_version").fetchall() == [(store.VERSION,)]
    con.close()
