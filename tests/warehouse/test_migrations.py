"""A warehouse that version 1 of the schema made opens, is migrated and goes on working."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from tests.warehouse import known
from transforms import rollups
from transforms.near_duplicates import bands
from transforms.nlp.identity.assign import event_ids
from transforms.nlp.identity.reports import block_key, weeks_of
from warehouse import migrations, store
from warehouse.errors import SchemaMismatch

OLD = Path(__file__).with_name("version-1.duckdb.gz")  # made by commit 7d1f1d7 from three articles
LAYOUT = (
    "SELECT table_name, column_name, data_type, is_nullable, comment FROM duckdb_columns() "
    "WHERE NOT internal ORDER BY ALL"
)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "old.duckdb"
    path.write_bytes(gzip.decompress(OLD.read_bytes()))
    return path


def rows(con: Any, sql: str) -> Any:
    return con.execute(sql).fetchall()


def test_the_old_file_is_old(old: Path) -> None:
    con = duckdb.connect(str(old), read_only=True)
    assert store.schema_version(con) == 1
    assert rows(con, "SELECT count(*) FROM events") == [(19,)]
    con.close()


def test_it_is_migrated_to_what_a_new_one_is(old: Path, tmp_path: Path) -> None:
    con, new = store.open_writer(old), store.open_writer(tmp_path / "new.duckdb")
    # The order of columns added to an old table may differ; nothing else may.
    assert rows(con, LAYOUT) == rows(new, LAYOUT)
    assert rows(con, "SELECT version FROM schema_version ORDER BY 1") == [(1,), (store.VERSION,)]
    names = "SELECT view_name, sql, comment FROM duckdb_views() WHERE NOT internal ORDER BY ALL"
    assert rows(con, names) == rows(new, names)
    con.close()
    new.close()


def test_no_row_is_lost_and_identity_is_kept(old: Path) -> None:
    before = duckdb.connect(str(old), read_only=True)
    names = ("articles", "events", "event_mentions", "event_participants", "event_evidence")
    counts = [rows(before, f"SELECT count(*) FROM {name}") for name in names]
    before.close()
    con = store.open_writer(old)
    assert [rows(con, f"SELECT count(*) FROM {name}") for name in names] == counts
    joins = dict(rows(con, "SELECT event_mention_id, joins FROM event_evidence"))
    assert any(joins.values())
    assert event_ids(joins) == dict(
        rows(con, "SELECT event_mention_id, event_id FROM event_mentions")
    )
    con.close()


def test_every_event_gets_the_sentence_of_its_lead(old: Path) -> None:
    con = store.open_writer(old)
    told = rows(
        con,
        "SELECT count(*) FROM event_leads l JOIN event_mentions m USING (event_id, "
        "event_mention_id, sentence_id) WHERE contains(l.sentence, m.trigger_text)",
    )
    assert told == rows(con, "SELECT count(*) FROM events")
    con.close()


def test_block_keys_are_those_of_today(old: Path) -> None:
    before = duckdb.connect(str(old), read_only=True)
    dated = "SELECT event_mention_id, blocks FROM event_evidence WHERE date_start IS NOT NULL"
    texts = dict(rows(before, dated))
    before.close()
    con = store.open_writer(old)
    keys = dict(rows(con, dated))
    con.close()
    whole = {key: held for key, held in texts.items() if not any(b.endswith("?") for b in held)}
    assert whole
    for key, held in whole.items():
        parts = [(kind, *rest.rsplit("|", 1)) for kind, rest in (b.split("|", 1) for b in held)]
        assert keys[key] == sorted({block_key(*part) for part in parts})


def test_what_is_looked_up_is_what_a_batch_would_write(old: Path) -> None:
    con = store.open_writer(old)
    evidence = con.execute("SELECT * FROM event_evidence").pl()
    weeks = [weeks_of(key) or (None, None) for key in rollups.report_keys(evidence)]
    assert len(weeks) > 15
    assert list(evidence.select("first_week", "last_week").iter_rows()) == weeks
    copies = rows(
        con,
        "SELECT count(*) FROM event_evidence e JOIN event_mentions m USING (event_mention_id) "
        "JOIN articles a ON a.article_id = m.article_id WHERE (e.event_id, e.event_type, "
        "e.modality, e.place_id, e.date_method, e.published_at) IS NOT DISTINCT FROM (m.event_id, "
        "m.event_type, m.modality, m.place_id, m.date_method, a.published_at)",
    )
    assert copies == [(evidence.height,)]
    sides = rollups.parties(con.execute("SELECT * FROM event_participants").pl())
    told = evidence.drop_nulls("initiators").select("event_mention_id", "initiators")
    mine = sides.filter(pl.col("initiators").list.len() > 0).select(told.columns)
    assert told.height and told.sort("event_mention_id").equals(mine.sort("event_mention_id"))
    marks = rows(con, "SELECT article_id, signature FROM article_signatures")
    assert rows(con, "SELECT article_id, band FROM article_bands ORDER BY ALL") == sorted(
        (key, band) for key, mark in marks for band in bands(mark)
    )
    pairs = rows(con, "FROM event_dyads ORDER BY ALL")
    assert pairs and pairs == rows(con, f"{known.DYADS} ORDER BY ALL")
    for name, select in migrations.fills().items():
        assert rows(con, f"FROM {name} ORDER BY ALL") == rows(con, f"FROM ({select}) ORDER BY ALL")
        assert rows(con, f"SELECT count(*) > 0 FROM {name}") == [(True,)]
    counted = rows(con, "SELECT sum(mentions), sum(articles) FROM entity_tallies")
    assert counted == rows(con, "SELECT sum(mention_count), count(*) FROM entity_evidence")
    assert (
        rollups.entities(con.execute("SELECT * FROM entity_tallies").pl()).height
        == rows(con, "SELECT count(*) FROM entities")[0][0]
    )
    con.close()


def test_opening_twice_changes_nothing(old: Path) -> None:
    store.open_writer(old).close()
    con = store.open_writer(old)
    assert rows(con, "SELECT count(*) FROM schema_version") == [(2,)]
    con.close()


def test_views_are_made_anew_when_the_package_has_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = known.build(tmp_path / "w.duckdb")
    now = store.views()
    later = [("011_later.sql", "CREATE OR REPLACE VIEW later AS SELECT 7 AS seven"), *now]
    monkeypatch.setattr(store, "views", lambda: later)
    con = store.open_writer(path)
    assert rows(con, "FROM later") == [(7,)]
    assert rows(con, "SELECT count(*) FROM events") == [(3,)]
    con.close()


@pytest.mark.parametrize("name", migrations.fills())
def test_a_new_table_that_is_counted_is_filled(name: str, tmp_path: Path) -> None:
    path = known.build(tmp_path / "w.duckdb")
    con = store.open_writer(path)
    kept = rows(con, f"FROM {name} ORDER BY ALL")
    con.execute(f"DROP TABLE {name} CASCADE")
    con.execute("UPDATE schema_version SET views = 'earlier'")
    con.close()
    con = store.open_writer(path)
    assert kept and rows(con, f"FROM {name} ORDER BY ALL") == kept
    con.close()


def test_a_later_version_is_refused(tmp_path: Path) -> None:
    path = known.build(tmp_path / "w.duckdb")
    con = duckdb.connect(str(path))
    con.execute("UPDATE schema_version SET version = 99")
    con.close()
    with pytest.raises(SchemaMismatch, match="later version"):
        store.open_writer(path)


def test_a_step_that_fails_leaves_the_file_as_it_was(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = [*migrations.steps(), (store.VERSION, "SELECT no_such_function()")]
    monkeypatch.setattr(migrations, "steps", lambda: broken)
    with pytest.raises(duckdb.Error):
        store.open_writer(old)
    con = duckdb.connect(str(old), read_only=True)
    assert store.schema_version(con) == 1
    assert rows(con, "SELECT count(*) FROM events") == [(19,)]
    con.close()


def test_every_version_has_its_step() -> None:
    assert [number for number, _ in migrations.steps()] == list(range(2, store.VERSION + 1))
