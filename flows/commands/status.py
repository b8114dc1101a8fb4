"""`dateline status`: what is loaded, refused and stale."""

from __future__ import annotations

from flows.commands.base import Warehouse, guarded
from flows.resources.settings import DEFAULT_WAREHOUSE, settings


@guarded
def status(warehouse: Warehouse = DEFAULT_WAREHOUSE) -> None:
    """What is loaded, refused and stale."""
    from flows.published.status import show

    show(settings(warehouse=warehouse))
