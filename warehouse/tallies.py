"""Tallies: counts over rows of other tables, to which a load adds what it brings, less what goes.

A tally is linear in the rows it counts, so `fills/TALLY.sql` over the rows that came, minus the
same over those that went, is what changes of it. Rows whose counts are all 0 are deleted.
"""

from __future__ import annotations

from warehouse.connection import Connection, value
from warehouse.migrations import fills
from warehouse.schema import Table
from warehouse.tables import TABLES, TALLIES

COUNTED = {  # table → its columns that tallies read
    "articles": ("source", "source_uri", "published_at", "is_cluster_lead", "word_count"),
    "events": ("date_start", "event_type", "modality", "country_code", "place_id"),
    "event_parties": ("entity_number", "entity_id", "date_start", "modality"),
    "event_reports": ("source", "source_uri", "published_at"),
}
_OF = {  # tally → the tables it counts
    "entity_months": ("event_parties",),
    "event_months": ("events",),
    "place_months": ("events",),
    "source_days": ("articles", "event_reports"),
}


def begin(con: Connection) -> None:
    """From now on `came` and `went` are noted, within a transaction."""
    for name, columns in COUNTED.items():
        for side in ("came", "went"):
            con.execute(
                f"CREATE OR REPLACE TEMP TABLE {side}_{name} AS "
                f"SELECT {', '.join(columns)} FROM {name} LIMIT 0"
            )


def came(con: Connection, name: str, rows: str) -> None:
    """Note that these `rows` (what stands after FROM) come to a table."""
    _note(con, name, "came", rows)


def went(con: Connection, name: str, rows: str) -> None:
    """Note that they go from it."""
    _note(con, name, "went", rows)


def _note(con: Connection, name: str, side: str, rows: str) -> None:
    if name in COUNTED:
        con.execute(f"INSERT INTO {side}_{name} SELECT {', '.join(COUNTED[name])} FROM {rows}")


def keep(con: Connection) -> None:
    """Bring every tally up to date with what was noted."""
    for name in TALLIES:
        if any(
            value(con, f"SELECT count(*) FROM {side}_{table}")
            for table in _OF[name]
            for side in ("came", "went")
        ):
            _add(con, TABLES[name])
    for table in COUNTED:
        for side in ("came", "went"):
            con.execute(f"DROP TABLE {side}_{table}")


def _add(con: Connection, tally: Table) -> None:
    keys, counts = _keys(tally), [c for c in tally.columns if c not in tally.key]
    plus = ", ".join(counts)
    minus = ", ".join(f"-{count}" for count in counts)
    sums = ", ".join(f"sum({count})::BIGINT AS {count}" for count in counts)
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE delta AS SELECT {keys}, {sums} FROM ("
        f"SELECT {keys}, {plus} FROM ({_counted(tally.name, 'came')}) UNION ALL "
        f"SELECT {keys}, {minus} FROM ({_counted(tally.name, 'went')})) GROUP BY {keys} "
        f"HAVING {' OR '.join(f'sum({count}) <> 0' for count in counts)}"
    )
    same = " AND ".join(
        f"t.{key} {'IS NOT DISTINCT FROM' if tally[key].nullable else '='} d.{key}"
        for key in tally.key
    )
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE held AS SELECT t.* FROM {tally.name} t "
        f"SEMI JOIN delta d ON {same}"
    )
    # Rows that are counted again go to the end of the table: to change them where they lie would
    # write their columns anew for all rows of their row groups, and they lie in all of these.
    if value(con, "SELECT count(*) FROM held"):
        con.execute(f"DELETE FROM {tally.name} t USING delta d WHERE {same}")
    con.execute(
        f"INSERT INTO {tally.name} ({keys}, {plus}) SELECT {keys}, {sums} FROM ("
        f"SELECT {keys}, {plus} FROM held UNION ALL SELECT {keys}, {plus} FROM delta) "
        f"GROUP BY {keys} HAVING {' OR '.join(f'sum({count}) <> 0' for count in counts)}"
    )


def _counted(name: str, side: str) -> str:
    """The tally over the rows that came or went: these stand under the names of the tables."""
    rows = ", ".join(f"{table} AS (FROM {side}_{table})" for table in _OF[name])
    return f"WITH {rows} SELECT * FROM ({fills()[name]})"


def _keys(tally: Table) -> str:
    return ", ".join(tally.key)
