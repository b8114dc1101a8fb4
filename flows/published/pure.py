"""What `dateline query` runs: one SELECT that only reads, told by DuckDB's own parser.

The type of a statement is not enough: `EXPLAIN ANALYZE` runs what it explains, and some functions
write files or change the database's settings within a SELECT.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import duckdb

from warehouse.connection import Connection, value
from warehouse.errors import DatelineError

# Functions that do something, or run a text that nobody has parsed.
_DOING = frozenset((
    "checkpoint", "force_checkpoint", "enable_logging", "disable_logging", "truncate_duckdb_logs",
    "enable_profiling", "disable_profiling", "write_log", "query", "json_execute_serialized_sql",
    "nextval",
))  # fmt: skip
# Of a lake: what changes it, and what asks its catalog's server, or another, by a text of its own.
_OF_A_LAKE = frozenset((
    "add_data_files", "cleanup_old_files", "commit", "delete_orphaned_files", "expire_snapshots",
    "flush_inlined_data", "merge_adjacent_files", "rewrite_data_files", "set_commit_message",
    "set_option",
))  # fmt: skip
_OF_ITS_SERVER = ("postgres_", "sqlite_", "read_postgres", "pg_clear_cache")
_ONLY = "only SELECT is allowed here; the data is read-only"


def check(con: Connection, sql: str) -> None:
    """Raises DatelineError for anything but one SELECT, or EXPLAIN of one, that only reads.

    Raises duckdb.Error for what is no SQL.
    """
    kind = _only_one(con, sql)
    if kind == duckdb.StatementType.EXPLAIN:
        sql = _explained(sql)
        kind = _only_one(con, sql)
    if kind != duckdb.StatementType.SELECT:
        raise DatelineError(_ONLY, subject="SQL")
    tree = json.loads(value(con, "SELECT json_serialize_sql(?)", [sql]))
    if tree.get("error"):  # PRAGMA and the like, which the parser turns into a SELECT
        raise DatelineError(_ONLY, subject="SQL")
    for name in _functions(tree):
        if (
            name in _DOING
            or name.removeprefix("ducklake_") in _OF_A_LAKE
            or name.startswith(_OF_ITS_SERVER)
        ):
            raise DatelineError(f"{name}() does more than read", subject="SQL")


def _only_one(con: Connection, sql: str) -> Any:
    statements = con.extract_statements(sql)
    if len(statements) != 1:
        raise DatelineError("give exactly one statement", subject="SQL")
    return statements[0].type


def _explained(sql: str) -> str:
    """What stands behind EXPLAIN, with ANALYZE or options in brackets."""
    data = sql.encode("utf-8")  # the parser counts bytes
    starts = [at for at, _ in duckdb.tokenize(sql)][1:]
    at = 0
    if starts and data[starts[0] : starts[0] + 1] == b"(":
        while data[starts[at] : starts[at] + 1] != b")":
            at += 1
        at += 1
    while data[starts[at] : starts[at] + 7].upper() in (b"ANALYZE", b"VERBOSE"):
        at += 1
    return data[starts[at] :].decode("utf-8")


def _functions(tree: Any) -> Iterator[str]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            if isinstance(name := node.get("function_name"), str):
                yield name.lower()
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)
