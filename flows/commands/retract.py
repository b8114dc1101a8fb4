"""`dateline retract`: an article and all that came only from it goes."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.commands.base import Warehouse, guarded
from flows.resources.settings import DEFAULT_WAREHOUSE, settings
from flows.resources.terminal import say
from warehouse.wording import counted_of


@guarded
def retract(
    target: Annotated[str, typer.Argument(help="Article id, URL, or raw file")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would go; change nothing")
    ] = False,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
) -> None:
    """Remove an article and all that came only from it, also from published snapshots."""
    from flows.run.retract import retract as remove

    removed = remove(settings(warehouse=warehouse), target, dry_run=dry_run)
    rows = ", ".join(counted_of(count, name.replace("_", " ")) for name, count in removed.items())
    if dry_run:
        say(f"{target}: would remove {rows or 'no rows (no article of it is loaded)'}")
        return
    say(f"retracted {target}: removed {rows or 'no rows (no article of it is loaded)'}")
