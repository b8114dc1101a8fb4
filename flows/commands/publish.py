"""`dateline publish`: a snapshot of the warehouse as it is."""

from __future__ import annotations

from flows.commands.base import Wait, Warehouse, existing, guarded
from flows.resources.settings import DEFAULT_WAREHOUSE, settings
from flows.resources.terminal import say


@guarded
def publish(warehouse: Warehouse = DEFAULT_WAREHOUSE, wait: Wait = None) -> None:
    """Publish a new read-only snapshot of the warehouse as it is."""
    from flows.orchestration.here import run_here

    options = existing(settings(warehouse=warehouse, wait=wait))
    say(run_here("publish", warehouse=str(warehouse), wait=options.wait))
