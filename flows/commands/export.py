"""`dateline export`: the published tables as files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.commands import completion
from flows.commands.base import Warehouse, guarded
from flows.commands.filtering import filtered
from flows.resources.filters import Filter
from flows.resources.settings import DEFAULT_WAREHOUSE
from flows.resources.terminal import say
from warehouse.wording import counted


@guarded
@filtered
def export(
    target: Annotated[Path, typer.Argument(help="Folder to write")],
    form: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            help="parquet, csv, jsonl; gdelt, gdelt-mentions, polecat, icews; graphml; labels",
            autocompletion=completion.export_formats,
        ),
    ] = "parquet",
    table: Annotated[
        list[str] | None,
        typer.Option(help="Only this table; repeatable", autocompletion=completion.tables),
    ] = None,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    raw: Annotated[
        bool, typer.Option("--raw", help="In CSV, leave cells that a spreadsheet would run")
    ] = False,
    *,
    chosen: Filter,
) -> None:
    """Write the published tables as files."""
    from flows.published.export import export as write

    for name, rows in write(warehouse, target, form, table or [], chosen, raw=raw):
        say(f"{name}: {counted(rows, 'row')}")
        if form == "labels" and name == "events" and not rows:
            say("nothing is decided yet; `dateline review` asks", err=True)
