"""`dateline report`: one HTML page of the events."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.commands.base import Warehouse, guarded
from flows.resources.settings import DEFAULT_WAREHOUSE


@guarded
def report(
    output: Annotated[Path, typer.Option("--output", "-o", help="HTML file to write")] = Path(
        "dateline-report.html"
    ),
    first: Annotated[str | None, typer.Option("--from", help="First day, 2026-03-01")] = None,
    last: Annotated[str | None, typer.Option("--to", help="Last day")] = None,
    entity: Annotated[str | None, typer.Option(help="Only events of this name or alias")] = None,
    country: Annotated[
        str | None, typer.Option(help="Only events in or of this country, alpha-3")
    ] = None,
    title: Annotated[str | None, typer.Option(help="Heading of the page")] = None,
    limit: Annotated[int, typer.Option(min=0, help="Latest events shown, 0 for all")] = 100_000,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
) -> None:
    """Write one HTML page of the events that works without a network."""
    from flows.report import page as page
    from flows.report.data import Choice

    choice = Choice(
        first=page.day(first, "--from"),
        last=page.day(last, "--to"),
        entity=entity,
        country=country.upper() if country else None,
        limit=limit,
    )
    shown, total = page.report(warehouse, output, choice, title=title)
    left = f" of {total:,}; --limit 0 shows all" if shown < total else ""
    typer.echo(f"{output}: {shown:,} events{left}")
