"""The type of a connection to a warehouse, and a question with one answer."""

from __future__ import annotations

from typing import Any

from duckdb import DuckDBPyConnection as Connection

__all__ = ["Connection", "value"]


def value(con: Connection, sql: str, values: object = None) -> Any:
    """The first column of the only row. Raises LookupError when there is no row."""
    row = con.execute(sql, values).fetchone()
    if row is None:
        raise LookupError(f"no row: {sql}")
    return row[0]
