"""What is kept for look-ups says what it is made from, whatever comes, is replaced or goes."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import polars as pl

from flows.run import settle
from flows.run.staged import Staged
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
