"""A turn at writing to a warehouse that is there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flows.resources.settings import Settings
from warehouse.connection import Connection
from warehouse.errors import WarehouseMissing


@contextmanager
def writing(options: Settings) -> Iterator[Connection]:
    """A writer's connection, alone for the length of the `with`.

    Raises WarehouseMissing, WarehouseBusy.
    """
    store = options.store
    if not store.exists():
        raise WarehouseMissing("no warehouse here", subject=store.address)
    with store.turn(options.wait):
        con = store.writer(memory_limit=options.memory_limit, wait=options.wait)
        try:
            yield con
        finally:
            con.close()
