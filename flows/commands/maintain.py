"""`dateline maintain`: compaction, and what is old deleted."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.commands.base import Wait, Warehouse, existing, guarded
from flows.resources.settings import DEFAULT_WAREHOUSE, settings
from flows.resources.terminal import say
from warehouse.wording import counted_of


@guarded
def maintain(
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    compact_above: Annotated[
        float, typer.Option(min=0, max=1, help="Rewrite the file when this share is free")
    ] = 0.25,
    page_days: Annotated[int, typer.Option(min=1, help="Days to keep quality pages")] = 90,
    run_days: Annotated[int, typer.Option(min=1, help="Days to keep runs in Prefect")] = 30,
    wait: Wait = None,
) -> None:
    """Compact the file, delete old snapshots and pages, clean Prefect's own database."""
    from flows.orchestration.here import run_here

    options = existing(settings(warehouse=warehouse, wait=wait))
    done = run_here(
        "maintain",
        warehouse=str(warehouse),
        compact_above=compact_above,
        keep_snapshots=options.keep_snapshots,
        page_days=page_days,
        run_days=run_days,
        wait=options.wait,
    )
    say(", ".join(counted_of(count, name) for name, count in done.items()))
