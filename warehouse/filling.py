"""Filling a table that is kept with each load, over rows that were there before it.

`fills/TABLE.sql` is one SELECT. Where it makes lists, which DuckDB holds in memory whatever its
limit, it is run a slice at a time: some articles, or events, with all their rows. They are taken in
the order in which they lie, so that each slice reads a stretch of each table. DuckDB's sort of all
rows, too, asks for memory by their number, so a stretch of the order is sorted at a time. A quarter
of a million articles take 160 MB and 450 CPU seconds, 100,000 take 120.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from warehouse.connection import Connection, value
from warehouse.migrations import fills
from warehouse.tables import TABLES


@dataclass(frozen=True, slots=True)
class Sliced:
    """Rows of two `key`s have nothing to do with each other; the first of the `tables` has all keys
    that matter. A slice has so `many` of them."""

    key: str
    tables: tuple[str, ...]
    many: int


_OF_ARTICLES = ("sentences", "entity_mentions", "articles")
SLICED = {
    "event_parties": Sliced("event_id", ("event_participants", "events", "event_leads"), 20_000),
    "event_reports": Sliced(
        "article_id", (*_OF_ARTICLES, "event_mentions", "event_participants"), 2_000
    ),
    "named_together": Sliced("article_id", _OF_ARTICLES, 1_000),
}
_AT_ONCE = 8  # slices' rows that are sorted at once: each time all of them are looked through


def fill(con: Connection, name: str) -> None:
    """Give an empty table what the loads before would have kept in it, in its declared order."""
    select = fills()[name]
    sliced = SLICED.get(name)
    if sliced is None:
        con.execute(f"INSERT INTO {name} {select}")
        return
    table = TABLES[name]
    number, order = table.order[0], ", ".join(dict.fromkeys((*table.order, *table.key)))
    con.execute(f"CREATE OR REPLACE TEMP TABLE filled AS FROM {name} LIMIT 0")
    slices = _slices(con, sliced)
    for tables in slices:  # each in order, so that a stretch is found in all of them
        con.execute(f"INSERT INTO filled WITH {tables} SELECT * FROM ({select})")
    for first, last in pairwise(_bounds(len(slices) // _AT_ONCE + 1)):
        con.execute(
            f"INSERT INTO {name} FROM filled WHERE {number} BETWEEN {first} AND {last - 1} "
            f"ORDER BY {order}"
        )
    con.execute("DROP TABLE filled")
    con.execute("DROP TABLE slices")


def _bounds(parts: int) -> list[int]:
    """Of so many stretches of the numbers of ids, which are spread evenly over 63 bits."""
    return [(part << 63) // parts for part in range(parts)] + [1 << 63]


def _slices(con: Connection, sliced: Sliced) -> list[str]:
    """Of each slice the queries, for a WITH, that stand for its tables under their names."""
    key, first = sliced.key, sliced.tables[0]
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE slices AS SELECT {key}, "
        f"(row_number() OVER (ORDER BY min(rowid)) - 1) // {sliced.many} AS slice "
        f"FROM {first} GROUP BY {key}"
    )
    count = int(value(con, "SELECT coalesce(max(slice) + 1, 0) FROM slices"))
    found: list[list[str]] = [[] for _ in range(count)]
    for table in sliced.tables:
        owner = key if key in TABLES[table].columns else "event_mention_id"
        owners = "slices" if owner == key else f"event_mentions USING ({owner}) JOIN slices"
        stretches = con.execute(
            f"SELECT slice, min(t.rowid), max(t.rowid) FROM {table} t JOIN {owners} USING ({key}) "
            "GROUP BY slice"
        ).fetchall()
        lies = {number: (begin, end) for number, begin, end in stretches}
        for number in range(count):
            begin, end = lies.get(number, (0, -1))
            kept = f"(FROM slices WHERE slice = {number})" if owner == key else "event_mentions"
            found[number].append(
                f"{table} AS (SELECT t.* FROM main.{table} t SEMI JOIN {kept} USING ({owner}) "
                f"WHERE t.rowid BETWEEN {begin} AND {end})"
            )
    return [", ".join(tables) for tables in found]
