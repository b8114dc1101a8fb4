"""The type of a connection to a warehouse, and a question with one answer."""

from __future__ import annotations

from typing import Any

from duckdb import DuckDBPyConnection as Connection

__all__ = ["Connection", "beside", "value"]


def beside(con: Connection) -> Connection:
    """Another connection to the same warehouse. DuckDB's own forgets which database is in use."""
    other = con.cursor()
    database = str(value(con, "SELECT current_database()")).replace('"', '""')
    other.execute(f'USE "{database}"')
    return other


def value(con: Connection, sql: str, values: object = None) -> Any:
    """The first column of the only row. Raises LookupError when there is no row.

    The answer is read to its end: one half read is a transaction that goes on, and holds up the
    checkpoint, until which what was loaded stays in memory.
    """
    rows = con.execute(sql, values).fetchall()
    if not rows:
        raise LookupError(f"no row: {sql}")
    return rows[0][0]
