"""`dateline report`: one HTML page of the events."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.commands.base import Warehouse, guarded
from flows.commands.filtering import filtered
from flows.resources.filters import Filter
from flows.resources.settings import DEFAULT_WAREHOUSE
from flows.resources.terminal import say
from warehouse.wording import counted


@guarded
@filtered
def report(
    output: Annotated[Path, typer.Option("--output", "-o", help="HTML file to write")] = Path(
        "dateline-report.html"
    ),
    title: Annotated[str | None, typer.Option(help="Heading of the page")] = None,
    limit: Annotated[int, typer.Option(min=0, help="Latest events shown, 0 for all")] = 100_000,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    *,
    chosen: Filter,
) -> None:
    """Write one HTML page of the events that works without a network."""
    from flows.report.page import report as write

    shown, total = write(warehouse, output, chosen, limit=limit, title=title)
    left = f" of {total:,}; --limit 0 shows all" if shown < total else ""
    say(f"{output}: {counted(shown, 'event')}{left}")
