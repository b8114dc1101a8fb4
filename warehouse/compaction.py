"""Rewriting the warehouse file without the space that deleted rows left in it."""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from pathlib import Path

import duckdb

from warehouse import store
from warehouse.connection import Connection, value
from warehouse.dialects import quote
from warehouse.errors import DatelineError, WarehouseBusy
from warehouse.schema import Type
from warehouse.tables import TABLES

_AT_ONCE = 100_000_000  # characters of rows that are sorted at once
_SAMPLE = 20_000
_SORTED = (Type.DAY, Type.TIME, Type.INTEGER)


def free_share(con: Connection) -> float:
    """The share of the file's blocks that hold nothing, once the log is written into it."""
    con.execute("CHECKPOINT")
    size = "FROM pragma_database_size()"
    total = value(con, f"SELECT total_blocks {size}")
    free = value(con, f"SELECT free_blocks {size}")
    return free / total if total else 0.0


def expire_changes(con: Connection, before: dt.datetime) -> int:
    """Delete changes older than `before`, and those of a row that has changed again since.

    That an article was deleted stays, as long as it is the last that was done to it: it is not to
    be read again. Returns how many went.
    """
    with store.transaction(con):
        # Only a row that was changed twice can have changed again, and most never are.
        con.execute(
            "CREATE OR REPLACE TEMP TABLE again AS SELECT table_name, key, max(changed_at) "
            "AS last FROM change_log SEMI JOIN (SELECT table_name, key FROM change_log "
            "WHERE change <> 'insert') USING (table_name, key) GROUP BY table_name, key"
        )
        gone = value(
            con,
            "DELETE FROM change_log c USING again a WHERE a.table_name = c.table_name "
            "AND a.key = c.key AND c.changed_at < a.last",
        )
        old = value(
            con,
            "DELETE FROM change_log WHERE changed_at < ? "
            "AND NOT (table_name = 'articles' AND change = 'delete')",
            [before],
        )
    return int(gone) + int(old)


def compact(path: Path, *, memory_limit: str = "1GB") -> int:
    """Copy all rows, views and macros to a new file and put it in place. Returns bytes saved.

    Tables that are declared in an order of time come to lie in it, so that a query for some days
    reads few blocks.

    The old file is open for reading until the new one stands in its place, so no other process
    can write to it meanwhile. Raises WarehouseBusy; DatelineError when the copy is not equal.
    """
    part = path.with_name(path.name + ".compact")
    part.unlink(missing_ok=True)
    before = path.stat().st_size
    con = duckdb.connect(
        config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
    )
    try:
        con.execute(f"SET memory_limit = '{memory_limit}'")
        con.execute("SET threads = 1")
        con.execute("SET enable_progress_bar = false")
        try:
            con.execute(f"ATTACH {quote(str(path))} AS old (READ_ONLY)")
        except duckdb.IOException:
            raise WarehouseBusy("another process is using it", subject=str(path)) from None
        if path.with_name(path.name + ".wal").exists():
            raise DatelineError("it has an unfinished log; run again", subject=str(path))
        con.execute(f"ATTACH {quote(str(part))} AS new")
        con.execute(f"SET temp_directory = {quote(str(part.with_name(part.name + '.tmp')))}")
        con.execute("COPY FROM DATABASE old TO new (SCHEMA)")
        _fill(con)
        _compare(con, path)
        con.execute("CHECKPOINT new")
        con.execute("DETACH new")
        with part.open("rb+") as handle:
            os.fsync(handle.fileno())
        part.replace(path)
    finally:
        con.close()
        part.unlink(missing_ok=True)
        part.with_name(part.name + ".wal").unlink(missing_ok=True)
    return before - path.stat().st_size


def _fill(con: duckdb.DuckDBPyConnection) -> None:
    names = con.execute(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = 'old' ORDER BY 1"
    ).fetchall()
    for (name,) in names:
        for part in _parts(con, name, _order(name)):
            con.execute(f'INSERT INTO new."{name}" SELECT * FROM old."{name}"{part}')


def _parts(con: duckdb.DuckDBPyConnection, name: str, order: str) -> list[str]:
    """WHERE and ORDER BY that together give all rows of a table in its order, some at a time.

    DuckDB's sort of all of them asks for memory by their size. Values of a sample bound the
    parts; rows of one value that are more than such a part stay as they lie.
    """
    count = int(value(con, f'SELECT count(*) FROM old."{name}"'))
    if not count or not order:
        return [order]
    width = f'SELECT avg(length(t::VARCHAR)) FROM (FROM old."{name}" LIMIT 1000) t'
    parts = -(-int(count * float(value(con, width))) // _AT_ONCE)
    if parts < 2:
        return [order]
    first = f'"{TABLES[name].order[0]}"'
    shares = [part / parts for part in range(1, parts)]
    edges = value(
        con,
        f"SELECT quantile_disc({first}, {shares}) FROM "
        f'(SELECT {first} FROM old."{name}" USING SAMPLE {_SAMPLE} ROWS)',
    )
    found, low = [], ""
    for edge, times in sorted(Counter(edges or []).items()):
        found.append(f" WHERE {low}{first} < '{edge}'{order}")
        low = f"{first} >= '{edge}' AND "
        if times > 1:
            found.append(f" WHERE {first} = '{edge}'")
            low = f"{first} > '{edge}' AND "
    return [*found, f" WHERE {low}{first} IS NOT NULL{order}", f" WHERE {first} IS NULL{order}"]


def _order(name: str) -> str:
    """By time or number where the declared order begins with one; else as loaded, by article.

    On a million events rows in the order of their ids, which are digests, cost queries a fifth
    more: what belongs together lay apart. Rows kept for one entity or event lie by its number.
    """
    table = TABLES.get(name)
    if table is None or not table.order or table[table.order[0]].type not in _SORTED:
        return ""
    return f" ORDER BY {', '.join(table.order)}"


def _compare(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    names = con.execute(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = 'old'"
    ).fetchall()
    for (name,) in names:
        old, new = (
            con.execute(f'SELECT count(*) FROM {side}."{name}"').fetchall()
            for side in ("old", "new")
        )
        if old != new:
            raise DatelineError(f"the copy of table {name} is not equal", subject=str(path))
