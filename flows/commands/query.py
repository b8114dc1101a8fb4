"""`dateline query`: one SELECT on the published data."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from flows.commands import completion
from flows.commands.base import Warehouse, guarded
from flows.commands.filtering import filtered
from flows.resources.filters import Filter
from flows.resources.settings import DEFAULT_WAREHOUSE


@guarded
@filtered
def query(
    sql: Annotated[str, typer.Argument(help="One SELECT; `-` reads it from standard input")],
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            "-f",
            help="table, csv, json, jsonl or parquet; default table, or what --output ends in",
            autocompletion=completion.query_formats,
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write to this file, e.g. out.csv")
    ] = None,
    limit: Annotated[int, typer.Option(help="Rows of a printed table, 0 for all")] = 100,
    raw: Annotated[
        bool, typer.Option("--raw", help="In CSV, leave cells that a spreadsheet would run")
    ] = False,
    *,
    chosen: Filter,
) -> None:
    """Ask the published data. Read-only; never waits for a run."""
    from flows.published.query import answer

    answer(sys.stdin.read() if sql == "-" else sql, warehouse, form, output, limit, chosen, raw=raw)
