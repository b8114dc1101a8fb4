"""`dateline query`: one SELECT on the published snapshot, printed or written."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import duckdb
from rich import box
from rich.table import Table

from flows.published import output
from flows.published.cells import without_formulas
from flows.published.pure import check
from flows.published.query_errors import explain
from flows.resources.filters import ALL, Filter
from flows.resources.names import near_names
from flows.resources.snapshot import reader
from flows.resources.terminal import plain
from warehouse.connection import Connection, value
from warehouse.errors import DatelineError
from warehouse.wording import counted

FORMATS = ("table", "csv", "json", "jsonl", "parquet")
_PIPE_WIDTH = 160
_THIN, _GAP = 16, 3  # characters a cell may have at least, and between two
_LONG = 400  # characters of a printed cell, so that one article does not fill the screen


def answer(
    sql: str,
    warehouse: Path,
    form: str | None,
    target: Path | None,
    limit: int,
    chosen: Filter = ALL,
    *,
    raw: bool = False,
) -> None:
    """Run `sql` on the chosen events and print or write its rows.

    Raises DatelineError with a helpful line.

    In CSV cells that a spreadsheet would take for a formula are guarded unless `raw`. Without
    `form` the name of `target` tells it, and without `target` a table is printed.
    """
    form = form or _form_of(target)
    if form not in FORMATS:
        raise DatelineError(f"{form!r} is none of {', '.join(FORMATS)}", subject="--format")
    con = reader(warehouse, chosen)
    try:
        relation = _rows(con, sql)
        if relation is None:
            return
        if form == "table" and target is None:
            if not _print(relation, limit):
                _suggest(con, sql)
        else:
            try:
                _write(relation, form, target, raw)
            except BrokenPipeError:
                raise
            except OSError as error:
                reason = f"cannot be written: {error.strerror or str(error).partition(' (')[0]}"
                raise DatelineError(reason, subject=str(target or "standard output")) from None
    except duckdb.Error as error:  # also what shows only when rows are fetched
        raise DatelineError(explain(con, sql, error), subject="SQL") from None
    finally:
        con.close()


def _rows(con: Connection, sql: str) -> Any:
    check(con, sql)
    return con.sql(sql)


_NOTHING = {
    "entity_timeline": "is in none of these events",
    "co_mentions_of": "in no sentence with somebody else",
}


def _suggest(con: Connection, sql: str) -> None:
    """Why a macro that takes a name of an entity found nothing: near names, or no event of it."""
    found = re.findall(r"\b(entity_timeline|co_mentions_of)\s*\(\s*'((?:[^']|'')+)'", sql)
    for macro, who in found:
        name = who.replace("''", "'")
        known = value(
            con,
            "SELECT count(*) FROM entities WHERE lower(name) = lower($1) OR "
            "list_contains(list_transform(aliases, lambda a: lower(a)), lower($1))",
            [name],
        )
        if not known:
            output.console(_PIPE_WIDTH).print(f"no entity is called {name}{near_names(con, name)}")
        elif not value(con, f"SELECT count(*) FROM {macro}(?)", [name]):
            output.console(_PIPE_WIDTH).print(f"{name} is named, but {_NOTHING[macro]}")


def _print(relation: Any, limit: int) -> int:
    """Print a table. Returns the number of rows."""
    names = relation.columns
    rows = relation.fetchmany(limit + 1) if limit else relation.fetchall()
    more = bool(limit) and len(rows) > limit
    rows = rows[: limit or None]
    room = None if names == ["explain_key", "explain_value"] else _LONG
    whole = [[_cell(value) for value in row] for row in rows]
    cells = [[_short(text, room) for text in row] for row in whole]
    console = output.console(_PIPE_WIDTH)
    if _least_width(names, cells) > console.width:
        _print_records(console, names, cells)
    else:
        table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
        for index, name in enumerate(names):
            known = next((row[index] for row in rows if row[index] is not None), None)
            numeric = isinstance(known, int | float)
            table.add_column(name, justify="right" if numeric else "left", overflow="fold")
        for texts in cells:
            table.add_row(*texts)
        console.print(table)
    notes = ["more; --limit 0 shows all"] if more else []
    if whole != cells:
        notes.append("long cells are cut; --output FILE writes all")
    note = f" ({'; '.join(notes)})" if notes else ""
    console.print(f"{counted(len(rows), 'row')}{note}")
    return len(rows)


def _least_width(names: list[str], cells: list[list[str]]) -> int:
    """Characters of a line in which no heading breaks and no cell becomes a thin column."""
    columns = zip(names, zip(*cells, strict=True) if cells else [[]] * len(names), strict=True)
    least = [max(len(name), min(_THIN, max(map(len, texts), default=0))) for name, texts in columns]
    return sum(least) + _GAP * (len(least) - 1)


def _print_records(console: Any, names: list[str], cells: list[list[str]]) -> None:
    """Each row as lines of `column  value`, for what has too many columns to stand in lines."""
    width = max(map(len, names))
    for number, texts in enumerate(cells, start=1):
        console.print(f"─ row {number} ".ljust(console.width, "─"))
        table = Table(box=None, show_header=False, padding=(0, _GAP, 0, 0))
        table.add_column(min_width=width, style="bold")
        table.add_column(overflow="fold")
        for name, text in zip(names, texts, strict=True):
            table.add_row(name, text)
        console.print(table)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    return str(value)


def _short(text: str, room: int | None) -> str:
    """A long text as one paragraph that ends where the room does."""
    if room is None or len(text) <= room:
        return text
    return " ".join(text.split())[: room - 1] + "…"


def _form_of(target: Path | None) -> str:
    if target is None:
        return "table"
    form = target.suffix.lower().removeprefix(".")
    if form not in FORMATS:
        raise DatelineError("its name tells no format; add --format csv", subject=str(target))
    return form


def _write(relation: Any, form: str, path: Path | None, raw: bool) -> None:
    if form == "table":
        raise DatelineError("a table is only printed; add --format csv", subject="--output")
    if form == "parquet" and path is None and sys.stdout.isatty():
        raise DatelineError("Parquet is binary; add --output FILE", subject="--format")
    frame = relation.pl()
    target: Any = path or sys.stdout.buffer
    if form == "csv":
        lists = [name for name, kind in frame.schema.items() if kind.is_nested()]
        for name in lists:
            # as plain lists; a Series would be written as it prints itself
            values = frame[name].to_list()
            texts = [
                None if v is None else json.dumps(v, default=str, ensure_ascii=False)
                for v in values
            ]
            frame = frame.with_columns(_series(name, texts))
        if not raw:
            frame = without_formulas(frame)
        if path is None and sys.stdout.isatty():
            sys.stdout.write(plain(frame.write_csv()))
        else:
            frame.write_csv(target)
    elif form == "parquet":
        frame.write_parquet(target)
    else:
        rows = frame.to_dicts()
        if form == "json":
            text = json.dumps(rows, default=str, ensure_ascii=False, indent=1) + "\n"
        else:
            text = "".join(json.dumps(row, default=str, ensure_ascii=False) + "\n" for row in rows)
        if path is None:
            sys.stdout.write(plain(text) if sys.stdout.isatty() else text)
        else:
            path.write_text(text, "utf-8")


def _series(name: str, values: list[str | None]) -> Any:
    import polars as pl

    return pl.Series(name, values, dtype=pl.String)
