"""`dateline backfill`: known raw files read again."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.commands.base import PARTIAL, Wait, Warehouse, day, guarded
from flows.resources.settings import DEFAULT_WAREHOUSE, settings


@guarded
def backfill(
    since: Annotated[str | None, typer.Option(help="First day of publication, 2026-01-31")] = None,
    until: Annotated[str | None, typer.Option(help="Last day of publication")] = None,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    processes: Annotated[int | None, typer.Option(help="Worker processes")] = None,
    wait: Wait = None,
) -> None:
    """Read known raw files again: all, or those of some days of publication."""
    from flows.commands.console import print_summary
    from flows.orchestration.here import run_here
    from flows.run.summary import Summary

    options = settings(warehouse=warehouse, processes=processes, wait=wait)
    done = run_here(
        "backfill",
        warehouse=str(warehouse),
        since=day(since, "--since"),
        until=day(until, "--until"),
        batch_size=options.batch_size,
        processes=options.processes,
        wait=options.wait,
    )
    print_summary(Summary(**done))
    if done["status"] == "partial":
        raise typer.Exit(PARTIAL)
