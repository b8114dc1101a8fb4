"""The warehouse file: opening it for writing or reading, and bringing its schema up to date."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

import duckdb

from warehouse import filling, migrations, view_columns
from warehouse.codes import code_views
from warehouse.connection import Connection, value
from warehouse.dialects import comments, create_table, quote
from warehouse.errors import DatelineError, SchemaMismatch, WarehouseBusy, WarehouseMissing
from warehouse.tables import TABLES

VERSION = max(number for number, _ in migrations.steps())
_POLL_SECONDS = 0.2
_MEANINGS = "columns.tsv"
_MACRO_COMMENT = re.compile(r"^COMMENT ON MACRO [^;]*('(?:[^']|'')*')?\s*;", re.M)


def open_writer(
    path: Path, *, memory_limit: str = "1GB", threads: int = 1, wait: float = 0.0
) -> Connection:
    """A connection that may write, on a warehouse of the current schema; made when missing.

    DuckDB lets one process write a file. Raises WarehouseBusy when another still holds it after
    `wait` seconds, SchemaMismatch when a later version made it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + wait
    while True:
        try:
            con = _connect(path, read_only=False)
            break
        except WarehouseBusy:
            if time.monotonic() >= deadline:
                raise
            time.sleep(_POLL_SECONDS)
    con.execute(f"SET threads = {int(threads)}")
    con.execute(f"SET temp_directory = {quote(str(path.with_name(path.name + '.tmp')))}")
    con.execute("SET preserve_insertion_order = true")
    # Rows found by the places where they lie, not all between the first and the last of these.
    con.execute("SET dynamic_or_filter_threshold = 20000")
    try:
        if schema_version(con) in (0, VERSION):
            con.execute(f"SET memory_limit = '{memory_limit}'")
        ensure_schema(con)  # steps under DuckDB's own limit: what they change stays in memory
        con.execute(f"SET memory_limit = '{memory_limit}'")
        con.execute("SET allocator_flush_threshold = '8MB'")  # freed memory goes back to the system
        con.execute("SET allocator_bulk_deallocation_flush_threshold = '8MB'")
    except BaseException:
        con.close()
        raise
    return con


def open_reader(path: Path) -> Connection:
    """A read-only connection. Raises WarehouseMissing or WarehouseBusy."""
    if not path.exists():
        raise WarehouseMissing(
            "no warehouse here yet; `dateline run PATH` makes one", subject=str(path)
        )
    con = _connect(path, read_only=True)
    con.execute("SET python_enable_replacements = false")  # FROM x is a table, no variable of ours
    return con


def _connect(path: Path, *, read_only: bool) -> Connection:
    try:
        return duckdb.connect(
            str(path),
            read_only=read_only,
            config={
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
            },
        )
    except duckdb.IOException as error:
        message = str(error)
        if "lock" in message.lower():
            holder = re.search(r"PID (\d+)", message)
            who = f" (process {holder.group(1)})" if holder else ""
            raise WarehouseBusy(
                f"another process is using it{who}; wait for it or stop it", subject=str(path)
            ) from None
        raise DatelineError(message.splitlines()[0], subject=str(path)) from None
    except duckdb.Error as error:
        raise DatelineError(
            f"no DuckDB warehouse: {str(error).splitlines()[0]}", subject=str(path)
        ) from None


def schema_version(con: Connection) -> int:
    """The version of the schema in this file, 0 for an empty file."""
    known = value(
        con,
        "SELECT count(*) FROM information_schema.tables WHERE table_name = 'schema_version' "
        "AND table_catalog = current_database()",
    )
    if not known:
        return 0
    return int(value(con, "SELECT coalesce(max(version), 0) FROM schema_version"))


def ensure_schema(con: Connection) -> None:
    """Create what is missing and apply `migrations/NNNN_*.sql` beyond the file's version.

    One transaction: a warehouse is of one version or of the next, never between. New tables,
    comments, views and macros are made whenever the package's differ from those the file was given;
    a new table that counts what is there is filled (`warehouse.filling`).
    """
    version = schema_version(con)
    if version > VERSION:
        raise SchemaMismatch(
            f"made by a later version of dateline (schema {version}, this one knows {VERSION})"
        )
    scripts = views()
    current = _current(scripts)
    if version == VERSION and _views_of(con) == current:
        return
    functions = migrations.FUNCTIONS if 0 < version < VERSION else {}
    for name, (function, arguments, result) in functions.items():
        con.create_function(name, function, [*arguments], result)
    try:
        with transaction(con):
            if version < VERSION:
                _migrate(con, version)
            missing = TABLES.keys() - _tables(con) if version else set()
            for statement in _declared():
                con.execute(statement)
            for name in migrations.fills():
                if name in missing:
                    filling.fill(con, name)
            create_views(con, scripts)
            if version < VERSION:
                con.execute(
                    "INSERT INTO schema_version (version, applied_at) VALUES (?, ?)",
                    [VERSION, dt.datetime.now(dt.UTC).replace(tzinfo=None)],
                )
            con.execute("UPDATE schema_version SET views = ?", [current])
    finally:
        for name in functions:
            con.remove_function(name)


def is_current(con: Connection) -> bool:
    """Whether the file has the tables, views and macros of this version of the package."""
    return schema_version(con) == VERSION and _views_of(con) == _current(views())


def _current(scripts: list[tuple[str, str]]) -> str:
    return _digest([("tables", statement) for statement in _declared()] + scripts)


def _tables(con: Connection) -> set[str]:
    found = con.execute(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database()"
    ).fetchall()
    return {name for (name,) in found}


def _migrate(con: Connection, version: int) -> None:
    for number, script in migrations.steps():
        if 0 < version < number <= VERSION:
            con.execute(script)


def _is_lake(con: Connection) -> bool:
    kind = value(
        con, "SELECT type FROM duckdb_databases() WHERE database_name = current_database()"
    )
    return bool(kind == "ducklake")


def _declared() -> list[str]:
    """Statements that make every table that is missing, and say what each column means."""
    return [
        statement
        for table in TABLES.values()
        for statement in (create_table(table), *comments(table))
    ]


def _views_of(con: Connection) -> str | None:
    found = con.execute("SELECT views FROM schema_version ORDER BY version DESC LIMIT 1").fetchone()
    return str(found[0]) if found and found[0] else None


def _digest(scripts: list[tuple[str, str]]) -> str:
    text = "\x1f".join(part for pair in scripts for part in pair)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def views() -> list[tuple[str, str]]:
    """(file name, SQL) of every view and macro, in the order of their names, and of comments."""
    folder = resources.files("warehouse") / "views"
    written = [
        (item.name, item.read_text("utf-8"))
        for item in folder.iterdir()
        if item.name.endswith(".sql")
    ]
    return [*sorted([*code_views(), *written]), (_MEANINGS, view_columns.script())]


def create_views(con: Connection, scripts: list[tuple[str, str]]) -> None:
    """(Re)create all views and macros. They hold no data, so this is always safe.

    A lake's catalog holds no comments on macros, and none on columns of views.
    """
    lake = _is_lake(con)
    for name, script in scripts:
        if lake and name == _MEANINGS:
            continue
        try:
            con.execute(_MACRO_COMMENT.sub("", script) if lake else script)
        except duckdb.Error as error:
            raise DatelineError(str(error).splitlines()[0], subject=f"views/{name}") from error


@contextmanager
def transaction(con: Connection) -> Iterator[None]:
    """All or nothing."""
    con.execute("BEGIN TRANSACTION")
    try:
        yield
    except BaseException:
        con.execute("ROLLBACK")
        raise
    con.execute("COMMIT")
