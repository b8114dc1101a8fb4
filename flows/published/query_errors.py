"""What DuckDB says of a wrong query, on one line, with what was probably meant."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

import duckdb

from warehouse import store
from warehouse.connection import Connection, value
from warehouse.tables import TABLES

_INTERNAL = {table.name for table in TABLES.values() if not table.is_public}
_NOISE = re.compile(
    r"\s*(LINE \d+:|Candidate (bindings|macros|functions)|Did you mean|You might need)"
)
_COLUMN = (
    re.compile(r'Referenced column "([^"]+)" not found'),
    re.compile(r'does not have a column named "([^"]+)"'),
    re.compile(r'Column "([^"]+)" does not exist on (?:left|right) side'),
)
_TEXT_DAY = re.compile(r"type VARCHAR and type (DATE|TIMESTAMP)")
_TABLE = re.compile(r'Table with name (\S+) does not exist|Referenced table "([^"]+)" not found')
_FUNCTION = re.compile(r"((?:Table|Scalar|Aggregate|Macro)\S* ?)Function with name (\S+) does")
_MACRO = re.compile(r"Macro (\w+)\(\) does not support")


def explain(con: Connection, sql: str, error: duckdb.Error) -> str:
    """One line: DuckDB's own first sentence, then the nearest names this warehouse has."""
    message = str(error).strip()
    if "Cannot execute statement of type" in message or "read-only mode" in message:
        return "only SELECT is allowed here; the data is read-only"
    first = _first(message)
    for pattern in _COLUMN:
        if found := pattern.search(message):
            return first + _columns(con, sql, found[1])
    if found := _TABLE.search(message):
        return first + _tables(con, next(group for group in found.groups() if group))
    if found := _FUNCTION.search(message):
        return first + _functions(con, found[2], table=found[1].startswith("Table"))
    if found := _MACRO.search(message):
        return f"{first}; write {_usage(con, found[1])}"
    if "event_date" in sql and _TEXT_DAY.search(message):
        return f"{first}; event_date is text (EDTF), date_start and date_end are days"
    return first


def _first(message: str) -> str:
    """The first sentence, without DuckDB's candidates and the place in the query."""
    text = message.split("\n\n")[0]
    cut = _NOISE.search(text, 1)
    return " ".join(text[: cut.start() if cut else None].split()).rstrip(" .!")


def _columns(con: Connection, sql: str, wrong: str) -> str:
    """Near columns of the query's own tables, else the tables that have a column of this name."""
    rows = con.execute(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal"
    ).fetchall()
    asked = set(re.findall(r"\w+", sql)) & {table for table, _ in rows}
    if found := [table for table in asked if (table, wrong) not in rows]:
        asked = set(found)  # in a join the column may stand in another table of the query
    mine = sorted({column for table, column in rows if table in asked})
    if hint := _near(wrong, mine):
        return hint
    where = sorted(
        {table for table, column in rows if column == wrong and table not in _INTERNAL | asked},
        key=lambda table: (table not in TABLES, table),  # views have what tables have
    )
    if where:
        return f". {', '.join(where[:4])} {'have' if len(where) > 1 else 'has'} it"
    if len(asked) == 1 and mine:
        return f". {next(iter(asked))} has {', '.join(mine[:12])}{', …' if len(mine) > 12 else ''}"
    return _near(wrong, {column for table, column in rows if table not in _INTERNAL})


def _tables(con: Connection, wrong: str) -> str:
    macros = _macros(con)
    if wrong in macros:
        return f". It is a macro: write {_usage(con, wrong)}"
    if wrong in _ours():
        return ", for an earlier version of dateline published this data; `dateline run` renews it"
    rows = con.execute(
        "SELECT table_name FROM duckdb_tables() UNION SELECT view_name FROM duckdb_views() "
        "WHERE NOT internal"
    ).fetchall()
    return _near(wrong, {*(name for (name,) in rows if name not in _INTERNAL), *macros})


def _functions(con: Connection, wrong: str, *, table: bool) -> str:
    if table:
        return _near(wrong, _macros(con))
    rows = con.execute("SELECT DISTINCT function_name FROM duckdb_functions()").fetchall()
    return _near(wrong, [name for (name,) in rows if name.isidentifier()])


def _macros(con: Connection) -> set[str]:
    rows = con.execute("SELECT function_name FROM duckdb_functions() WHERE NOT internal").fetchall()
    return {name for (name,) in rows}


def _usage(con: Connection, macro: str) -> str:
    names = value(con, "SELECT parameters FROM duckdb_functions() WHERE function_name = ?", [macro])
    return f"FROM {macro}({', '.join(repr(name) for name in names)})"


def _ours() -> set[str]:
    """Views and macros this version of the package has."""
    return {name.split("_", 1)[1].removesuffix(".sql") for name, _ in store.views()
            if name.endswith(".sql")}  # fmt: skip


def _near(wrong: str, names: Iterable[str]) -> str:
    by_case = {name.lower(): name for name in sorted(names)}
    found = difflib.get_close_matches(wrong.lower(), by_case, n=3, cutoff=0.6)
    return f". Did you mean {', '.join(by_case[name] for name in found)}?" if found else ""
