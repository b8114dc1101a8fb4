"""The type of a connection to a warehouse, and a question with one answer."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from duckdb import DuckDBPyConnection as Connection
from duckdb import Error as DuckDBError

__all__ = ["Connection", "beside", "let_go", "value"]


def beside(con: Connection) -> Connection:
    """Another connection to the same warehouse. DuckDB's own forgets which database is in use."""
    other = con.cursor()
    database = str(value(con, "SELECT current_database()")).replace('"', '""')
    other.execute(f'USE "{database}"')
    return other


def let_go(con: Connection) -> None:
    """Drop the blocks that DuckDB keeps of what it has read, up to its limit of memory.

    They would stand beside what comes next; to read them again takes some milliseconds.
    """
    limit = value(con, "SELECT current_setting('memory_limit')")
    with suppress(DuckDBError):  # what cannot be dropped
        con.execute("SET memory_limit = '16MB'")
    con.execute(f"SET memory_limit = '{limit}'")


def value(con: Connection, sql: str, values: object = None) -> Any:
    """The first column of the only row. Raises LookupError when there is no row.

    The answer is read to its end: one half read is a transaction that goes on, and holds up the
    checkpoint, until which what was loaded stays in memory.
    """
    rows = con.execute(sql, values).fetchall()
    if not rows:
        raise LookupError(f"no row: {sql}")
    return rows[0][0]
