"""`dateline retract`: an article and all that came only from it goes."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.commands.base import Warehouse, guarded
from flows.resources.settings import DEFAULT_WAREHOUSE, settings


@guarded
def retract(
    target: Annotated[str, typer.Argument(help="Article id, URL, or raw file")],
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
) -> None:
    """Remove an article and all that came only from it, also from published snapshots."""
    from flows.run.retract import retract as remove

    removed = remove(settings(warehouse=warehouse), target)
    rows = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in removed.items())
    typer.echo(f"retracted {target}: removed {rows or 'no rows (no article of it is loaded)'}")
