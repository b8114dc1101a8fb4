"""What is kept for look-ups says what it is made from, whatever comes, is replaced or goes."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from flows.run import identify, settle
from flows.run.staged import Staged
from transforms.nlp.identity.assign import links
from transforms.nlp.identity.reports import ReportKey, block_keys, weeks_of
from warehouse import store
from warehouse.dialects import polars_schema
from warehouse.loading import stage
from warehouse.tables import TABLES

EVIDENCE = polars_schema(TABLES["entity_evidence"])
COUNTED = """
SELECT entity_id, name, entity_type, country_code, sector, kb_id, sum(mention_count)::BIGINT,
    count(*), list_sort(list_distinct(flatten(list(aliases))))
FROM entity_evidence GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY ALL
"""


def evidence(article: str, chooser: random.Random) -> list[dict[str, Any]]:
    """What an article says of some of six entities; two names, countries and some aliases each."""
    return [
        {
            "entity_id": entity,
            "article_id": article,
            "name": entity + chooser.choice(("", "x")),
            "entity_type": "person",
            "country_code": chooser.choice((None, "KOR")),
            "sector": None,
            "aliases": sorted(chooser.sample("pqrs", chooser.randint(0, 3))),
            "kb_id": None,
            "mention_count": chooser.randint(1, 5),
        }
        for entity in chooser.sample("ABCDEF", chooser.randint(0, 4))
    ]


def test_tallies_are_those_of_the_evidence(tmp_path: Path) -> None:
    """A hundred batches over fourteen articles: new ones, other texts of old ones, retracted ones.
    Names, counts and aliases go with the last article that gave them."""
    con, chooser = store.open_writer(tmp_path / "w.duckdb"), random.Random(5)
    live: set[str] = set()
    for number in range(100):
        batch = chooser.sample([f"a{n}" for n in range(14)], chooser.randint(1, 5))
        gone = sorted({*batch} & live)
        new = [article for article in batch if chooser.random() < 0.75]
        rows = pl.DataFrame([row for a in new for row in evidence(a, chooser)], schema=EVIDENCE)
        frames = {"entity_evidence": rows}
        with Staged(con, "s_ids", pl.DataFrame({"id": gone}, schema={"id": pl.String})):
            before = settle._entities(con, frames, replaces=bool(gone))
            con.execute("DELETE FROM entity_evidence WHERE article_id IN (SELECT id FROM s_ids)")
        con.execute(
            "DELETE FROM entity_tallies WHERE entity_id IN (SELECT unnest($ids))", {"ids": before}
        )
        for name, made in (("entity_evidence", rows), ("entity_tallies", frames["entity_tallies"])):
            stage(con, "made", made)
            con.execute(f"INSERT INTO {name} SELECT * FROM made")
        live = (live - {*gone}) | {*new}
        kept = con.execute("FROM entity_tallies ORDER BY ALL").fetchall()
        assert kept == con.execute(COUNTED).fetchall(), f"batch {number}"
    assert len(kept) > 10
    con.close()


def report(key: str, word: str, kind: str, anchors: str) -> ReportKey:
    """Of pirates who took a tanker: `anchors` are words of the sentence common in the article."""
    told = [mark + word for word in anchors.split() for mark in ("d:", "w:")]
    return ReportKey(
        event_mention_id=key, article_id=f"of-{key}", event_type=kind, modality="asserted",
        initiators=("pirates",), recipients=(f"tanker-{key}",), date_start=dt.date(2026, 1, 19),
        date_end=dt.date(2026, 1, 19), date_precision="day", place_id=None, country_code=None,
        trigger_lemma=word, content=("i:@Ebo", "r:@Lysa", "n:lagos", *sorted(told)),
        date_method="explicit", reported_on=dt.date(2026, 1, 20),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("hijack", "ASSAULT"), ("seize", "COERCE")),
        (("abduct", "ASSAULT"), ("seize", "COERCE")),
        (("resign", "RETREAT"), ("departure", "SANCTION")),
    ],
)
def test_an_earlier_report_is_found_as_one_of_the_batch_is(
    tmp_path: Path, first: tuple[str, str], second: tuple[str, str]
) -> None:
    """Two desks give one act two words and types: one block is common to them, of an act and a
    party; their second anchor is a word of the sentence."""
    one, two = report("a", *first, "danish gulf"), report("b", *second, "danish gulf")
    held: dict[str, Any] = {
        "event_mention_id": "a", "article_id": "of-a", "event_id": "e", "blocks": block_keys(one),
        "date_start": one.date_start, "date_end": one.date_end, "date_precision": "day",
        "trigger_lemma": one.trigger_lemma, "content": [*one.content],
        "event_type": one.event_type, "modality": one.modality, "date_method": "explicit",
        "initiators": [*one.initiators], "recipients": [*one.recipients],
        "published_at": dt.datetime(2026, 1, 20),
    }  # fmt: skip
    held["first_week"], held["last_week"] = weeks_of(one) or (None, None)
    schema = polars_schema(TABLES["event_evidence"])
    con = store.open_writer(tmp_path / "w.duckdb")
    stage(con, "held", pl.DataFrame([held], schema=schema))
    con.execute("INSERT INTO event_evidence FROM held")
    in_one_batch = links([one, two])
    assert in_one_batch["b"] == "a"
    assert identify._link(con, [two], {"b": block_keys(two)}, None, None)["b"] == "a"
