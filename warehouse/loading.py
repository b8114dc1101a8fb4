"""Loading one batch: rows replaced, changes logged, bookkeeping written, all in one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from warehouse import tallies
from warehouse.connection import Connection, value
from warehouse.dialects import quote
from warehouse.numbers import number
from warehouse.schema import Origin, Table
from warehouse.store import transaction
from warehouse.tables import BOOKKEEPING, CONTENT, EXTRACTED, TABLES

VOLATILE = {"run_id", "loaded_at"}  # a row that differs only here has not changed
_TOUCHED = {  # owner of a table → the ids of it that a batch replaces
    "article_id": "touched_articles",
    "event_mention_id": "touched_mentions",
    "entity_id": "touched_entities",
    "event_id": "touched_events",
}
_REFERRING = {  # a table that rows are only added to → (table, column) of what refers to it
    shared: [
        (name, column)
        for name in CONTENT
        for column, parent, _ in TABLES[name].references()
        if parent == shared
    ]
    for shared in CONTENT
    if TABLES[shared].origin is Origin.SHARED
}


@dataclass(slots=True)
class Load:
    """Everything one transaction writes.

    `frames` holds the new rows of content and bookkeeping tables. `replaced` are the articles
    whose rows these are (their old rows go), `entity_ids` and `event_ids` the rolled-up rows
    that may change or vanish. `moved` gives other articles' mentions a new event
    (`event_mention_id`, `event_id`), `relinked` another report that they joined
    (`event_mention_id`, `joins`); `articles` changes other articles' `version`,
    `cluster_id`, `is_cluster_lead`.
    """

    frames: dict[str, pl.DataFrame] = field(default_factory=dict)
    replaced: list[str] = field(default_factory=list)
    entity_ids: list[str] = field(default_factory=list)
    event_ids: list[str] = field(default_factory=list)
    moved: pl.DataFrame | None = None
    relinked: pl.DataFrame | None = None
    articles: pl.DataFrame | None = None
    append: dict[str, pl.DataFrame] = field(default_factory=dict)


@dataclass(slots=True)
class Changes:
    """How many rows of the public tables were written."""

    inserted: int = 0
    updated: int = 0
    deleted: int = 0

    def add(self, other: Changes) -> None:
        self.inserted += other.inserted
        self.updated += other.updated
        self.deleted += other.deleted


def load(
    con: Connection,
    batch: Load,
    *,
    run: Mapping[str, Any],
    now: dt.datetime,
    also: Callable[[], None] = lambda: None,
) -> Changes:
    """Write `batch`, the row of its run and what `also` writes, or nothing at all.

    Returns what changed of the content.
    """
    total = Changes()
    with transaction(con):
        _ids(con, "touched_articles", batch.replaced)
        _ids(con, "touched_entities", batch.entity_ids)
        _ids(con, "touched_events", batch.event_ids)
        con.execute(
            "CREATE OR REPLACE TEMP TABLE touched_mentions AS SELECT event_mention_id AS id "
            "FROM event_mentions WHERE "
            + ("article_id IN (SELECT id FROM touched_articles)" if batch.replaced else "false")
        )
        touched = {  # owners of which the batch replaces rows; where all is new nothing is scanned
            "article_id": bool(batch.replaced),
            "event_mention_id": bool(batch.replaced),
            "entity_id": bool(batch.entity_ids),
            "event_id": bool(batch.event_ids),
        }
        stamp = (str(run["run_id"]), now)
        tallies.begin(con)
        for shared in _REFERRING:
            _may_be_left(con, shared, batch)
        _update_others(con, batch, stamp, total)
        for name in CONTENT:
            if name in batch.frames:
                scope = _scope(name, touched)
                total.add(replace(con, TABLES[name], batch.frames[name], scope, stamp))
        for shared in _REFERRING:
            total.add(_drop_left(con, TABLES[shared], stamp))
        for name in BOOKKEEPING:
            if name in batch.frames:
                scope = _scope(name, touched)
                if TABLES[name].origin is Origin.ROLLUP:
                    _rewrite(con, TABLES[name], batch.frames[name], scope)
                else:
                    replace(con, TABLES[name], batch.frames[name], scope, None)
        tallies.keep(con)
        for name, rows in batch.append.items():
            upsert(con, TABLES[name], rows)
        also()
        write_run(con, run)
    return total


def stage(con: Connection, name: str, rows: pl.DataFrame) -> None:
    """Copy a frame into a temporary table.

    Joins with the frame itself fail now and then: DuckDB 1.5.5 pushes Bloom filters into Arrow
    scans, which cannot take them. Within a transaction a table is held until its end, also when it
    was replaced.
    """
    with _incoming(con, rows):
        con.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" AS SELECT * FROM incoming')


@contextmanager
def _incoming(con: Connection, rows: pl.DataFrame) -> Iterator[None]:
    """A frame under the name `incoming`, to be read through and never joined."""
    con.register("incoming", rows.to_arrow())
    try:
        yield
    finally:
        con.unregister("incoming")


def write_run(con: Connection, run: Mapping[str, Any]) -> None:
    """The run's row, in place of the one it had."""
    names = TABLES["runs"].columns
    con.execute("DELETE FROM runs WHERE run_id = ?", [run["run_id"]])
    con.execute(
        f"INSERT INTO runs VALUES ({', '.join('?' * len(names))})", [run[name] for name in names]
    )


def upsert(con: Connection, table: Table, rows: pl.DataFrame) -> None:
    """Rows in place of those with the same key."""
    if rows.is_empty():
        return
    stage(con, "staged", rows.select(table.key))
    first = f'"{table.key[0]}"'
    if value(
        con,
        f'SELECT count(*) FROM "{table.name}" WHERE {first} IN (SELECT {first} FROM staged)',
    ):
        same = _same(table.key, "t", "staged")
        con.execute(f'DELETE FROM "{table.name}" t USING staged WHERE {same}')
    _add(con, table, rows, None)


def replace(
    con: Connection,
    table: Table,
    rows: pl.DataFrame,
    scope: str | None,
    stamp: tuple[str, dt.datetime] | None,
) -> Changes:
    """Make `rows` all there is within `scope` (SQL over the table), touching only what differs.

    `stamp`, (run_id, time), logs each change in `change_log`; None logs nothing.
    """
    if scope is None:
        return _add(con, table, rows, stamp)
    name = f'"{table.name}"'
    stage(con, "staged", rows)
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE old AS SELECT rowid AS place, * FROM {name} WHERE {scope}"
    )
    tallies.came(con, table.name, "staged")
    tallies.went(con, table.name, "old")
    compared = [column for column in table.columns if column not in VOLATILE]
    equal = _same(compared, "o", "n")
    changes = Changes()
    if value(con, "SELECT count(*) FROM old"):
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE gone AS SELECT o.* FROM old o "
            f"WHERE NOT EXISTS (SELECT 1 FROM staged n WHERE {equal})"
        )
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE fresh AS SELECT n.* FROM staged n "
            f"WHERE NOT EXISTS (SELECT 1 FROM old o WHERE {equal})"
        )
        _delete(con, table, "gone")
        source, gone = "fresh", "gone"
    else:
        source, gone = "staged", "old"
    if stamp:
        changes = _log(con, table, source, gone, stamp)
    columns = _columns(table.columns)
    con.execute(f"INSERT INTO {name} ({columns}) SELECT {columns} FROM {source}")
    return changes


def _add(
    con: Connection, table: Table, rows: pl.DataFrame, stamp: tuple[str, dt.datetime] | None
) -> Changes:
    """Rows where there are none of these keys."""
    if rows.is_empty():
        return Changes()
    columns = _columns(table.columns)
    with _incoming(con, rows):
        con.execute(f'INSERT INTO "{table.name}" ({columns}) SELECT {columns} FROM incoming')
        tallies.came(con, table.name, "incoming")
        if stamp:
            con.execute(
                f"INSERT INTO change_log SELECT $now, $run, {quote(table.name)}, {_key(table)}, "
                "'insert' FROM incoming a",
                {"now": stamp[1], "run": stamp[0]},
            )
    return Changes(inserted=rows.height if stamp else 0)


def _rewrite(con: Connection, table: Table, rows: pl.DataFrame, scope: str | None) -> None:
    """As `replace`, of rows nobody follows and most of which differ: the old ones are not read, for
    a column of lists is read whole."""
    if scope:
        _find(con, f"FROM {table.name} a WHERE {scope}")
        tallies.went(con, table.name, f"{table.name} WHERE {_FOUND}")
        _delete(con, table, "found")
    _add(con, table, rows, None)


_FOUND = "rowid IN (SELECT place FROM found)"


def _find(con: Connection, rows: str) -> None:
    """Where `rows` (FROM table a …) lie, in the table `found`: a text is looked for once, and what
    follows takes only the stretches of the table that have such a row."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE found AS SELECT a.rowid AS place {rows}")


def _delete(con: Connection, table: Table, places: str) -> None:
    """Delete the rows that lie at the `place` of a row of the table `places`."""
    con.execute(f'DELETE FROM "{table.name}" WHERE rowid IN (SELECT place FROM {places})')


def _log(
    con: Connection, table: Table, source: str, gone: str, stamp: tuple[str, dt.datetime]
) -> Changes:
    keys = _same(table.key, "a", "b")
    counts = []
    for change, first, second, where in (
        ("update", source, gone, "EXISTS"),
        ("insert", source, gone, "NOT EXISTS"),
        ("delete", gone, source, "NOT EXISTS"),
    ):
        counts.append(
            value(
                con,
                f"INSERT INTO change_log SELECT $now, $run, {quote(table.name)}, {_key(table)}, "
                f"{quote(change)} FROM {first} a "
                f"WHERE {where} (SELECT 1 FROM {second} b WHERE {keys})",
                {"now": stamp[1], "run": stamp[0]},
            )
        )
    return Changes(inserted=counts[1], updated=counts[0], deleted=counts[2])


def _update_others(
    con: Connection, batch: Load, stamp: tuple[str, dt.datetime], total: Changes
) -> None:
    """Changes to rows of articles that are not in this batch: each names the rows by their key, so
    that a table is looked through once and nothing is compared."""
    if batch.articles is not None and not batch.articles.is_empty():
        stage(con, "changed", batch.articles)
        columns: tuple[str, ...] = ("version", "cluster_id", "is_cluster_lead")
        total.updated += _update(con, TABLES["articles"], "changed", "article_id", columns, stamp)
    if batch.moved is not None and not batch.moved.is_empty():
        numbers = pl.Series("event_number", map(number, batch.moved["event_id"]), pl.Int64)
        stage(con, "changed", batch.moved.with_columns(numbers))
        for name in EXTRACTED:
            table = TABLES[name]
            if {"event_mention_id", "event_id"} <= set(table.columns):
                logged = stamp if table.is_public else None
                key = "event_mention_id"
                columns = tuple(c for c in ("event_id", "event_number") if c in table.columns)
                total.updated += _update(con, table, "changed", key, columns, logged)
    if batch.relinked is not None and not batch.relinked.is_empty():
        stage(con, "changed", batch.relinked)
        evidence = TABLES["event_evidence"]
        _update(con, evidence, "changed", "event_mention_id", ("joins",), None)


def _update(
    con: Connection,
    table: Table,
    source: str,
    by: str,
    columns: Sequence[str],
    stamp: tuple[str, dt.datetime] | None,
) -> int:
    """Give rows the `columns` of `source`, found by one column. Returns how many were logged.

    They go to the end of the table: to change them where they lie would write these columns anew
    for all rows of their row groups.
    """
    _find(con, f'FROM "{table.name}" a SEMI JOIN {source} USING ({by})')
    given = ", ".join(f"s.{column} AS {column}" for column in columns)
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE fresh AS SELECT a.* REPLACE ({given}) "
        f'FROM (FROM "{table.name}" WHERE {_FOUND}) a JOIN {source} s USING ({by})'
    )
    count = 0
    if stamp:
        count = value(
            con,
            f"INSERT INTO change_log SELECT $now, $run, {quote(table.name)}, {_key(table)}, "
            "'update' FROM fresh a",
            {"now": stamp[1], "run": stamp[0]},
        )
    if not {*columns}.isdisjoint(tallies.COUNTED.get(table.name, ())):
        tallies.went(con, table.name, f"{table.name} WHERE {_FOUND}")
        tallies.came(con, table.name, "fresh")
    _delete(con, table, "found")
    con.execute(f'INSERT INTO "{table.name}" FROM fresh')
    return int(count)


def _may_be_left(con: Connection, shared: str, batch: Load) -> None:
    """Note rows of a shared table that the batch may leave without any that refers to them: those
    of articles it replaces, and those it brings that none of its own rows names."""
    key = TABLES[shared].key[0]
    named = pl.concat(
        [pl.Series(key, [], pl.String)]
        + [
            batch.frames[name][column]
            for name, column in _REFERRING[shared]
            if name in batch.frames
        ]
    )
    brought = batch.frames[shared][key] if shared in batch.frames else pl.Series(key, [], pl.String)
    alone = brought.filter(~brought.is_in(named.drop_nulls().unique().implode()))
    stage(con, f"left_{shared}", pl.DataFrame({"id": alone}, schema={"id": pl.String}))
    if batch.replaced:
        for name, column in _REFERRING[shared]:
            if TABLES[name].owner == "article_id":
                con.execute(
                    f"INSERT INTO left_{shared} SELECT DISTINCT {column} FROM {name} WHERE "
                    f"article_id IN (SELECT id FROM touched_articles) AND {column} IS NOT NULL"
                )


def _drop_left(con: Connection, table: Table, stamp: tuple[str, dt.datetime]) -> Changes:
    """Delete what `_may_be_left` noted, where nothing refers to it now."""
    left = f"left_{table.name}"
    for name, column in _REFERRING[table.name]:
        if not value(con, f"SELECT count(*) FROM {left}"):
            return Changes()
        con.execute(f"DELETE FROM {left} WHERE id IN (SELECT {column} FROM {name} SEMI JOIN {left} "
                    f"ON {column} = {left}.id)")  # fmt: skip
    con.execute(f"CREATE OR REPLACE TEMP TABLE old AS SELECT t.* FROM {table.name} t "
                f"WHERE {table.key[0]} IN (SELECT id FROM {left})")  # fmt: skip
    con.execute(f"DELETE FROM {table.name} WHERE {table.key[0]} IN (SELECT id FROM {left})")
    con.execute("CREATE OR REPLACE TEMP TABLE staged AS SELECT * FROM old LIMIT 0")
    return _log(con, table, "staged", "old", stamp)


def _key(table: Table) -> str:
    """SQL of the key of a row `a`, as `change_log` has it."""
    return "concat_ws('/', " + ", ".join(f'a."{column}"' for column in table.key) + ")"


def _scope(name: str, touched: Mapping[str, bool]) -> str | None:
    owner = TABLES[name].owner
    if owner is None or not touched[owner]:
        return None
    scope = f"{owner} IN (SELECT id FROM {_TOUCHED[owner]})"
    if owner == "event_id" and "event_number" in TABLES[name].columns:
        scope = f"event_number IN (SELECT number FROM {_TOUCHED[owner]}) AND {scope}"
    return scope


def _ids(con: Connection, name: str, ids: Sequence[str]) -> None:
    held = sorted(set(ids))
    columns = {"id": held, "number": list(map(number, held))}
    stage(con, name, pl.DataFrame(columns, schema={"id": pl.String, "number": pl.Int64}))


def _same(columns: Sequence[str], first: str, second: str) -> str:
    return " AND ".join(
        f'{first}."{column}" IS NOT DISTINCT FROM {second}."{column}"' for column in columns
    )


def _columns(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
