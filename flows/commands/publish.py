"""`dateline publish`: a snapshot of the warehouse as it is."""

from __future__ import annotations

import typer

from flows.commands.base import Wait, Warehouse, existing, guarded
from flows.resources.settings import DEFAULT_WAREHOUSE, settings


@guarded
def publish(warehouse: Warehouse = DEFAULT_WAREHOUSE, wait: Wait = None) -> None:
    """Publish a new read-only snapshot of the warehouse as it is."""
    from flows.orchestration.here import run_here

    options = existing(settings(warehouse=warehouse, wait=wait))
    typer.echo(run_here("publish", warehouse=str(warehouse), wait=options.wait))
