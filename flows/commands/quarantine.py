"""`dateline quarantine`: what was refused, shown, tried again or put aside."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.commands.base import Column, Warehouse, guarded, with_columns
from flows.resources.settings import DEFAULT_WAREHOUSE, settings
from flows.resources.terminal import say

quarantine = typer.Typer(no_args_is_help=True, help="What was refused, and what to do about it.")


@quarantine.command("list")
@guarded
def quarantine_list(
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    status: Annotated[str, typer.Option(help="open, replayed, dismissed or all")] = "open",
) -> None:
    """List refused files, articles and rows with their reasons."""
    from flows.published.quarantine import show_list

    show_list(warehouse, status)


@quarantine.command("show")
@guarded
def quarantine_show(
    item: Annotated[str, typer.Argument(help="Id, or how it begins")],
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
) -> None:
    """Show one refused thing in full."""
    from flows.published.quarantine import show_one

    show_one(warehouse, item)


@quarantine.command("replay")
@guarded
def quarantine_replay(
    items: Annotated[list[str] | None, typer.Argument(help="Ids; all that is open if none")] = None,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    column: Column = None,
) -> None:
    """Put refused things through extraction and the gate again, after a fix."""
    from flows.run.quarantine import replay

    tried, resolved = replay(with_columns(settings(warehouse=warehouse), column), items or [])
    say(f"{tried} replayed, {resolved} now accepted, {tried - resolved} still refused")


@quarantine.command("dismiss")
@guarded
def quarantine_dismiss(
    items: Annotated[list[str], typer.Argument(help="Ids, or how they begin")],
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
) -> None:
    """Mark refused things as seen and not to be mended."""
    from flows.run.quarantine import dismiss

    say(f"{dismiss(settings(warehouse=warehouse), items)} dismissed")
