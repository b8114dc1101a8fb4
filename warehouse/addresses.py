"""Which kind of store an address names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from warehouse.stores import Store


def store_at(warehouse: Path) -> Store:
    """The warehouse of this address. Nothing is opened."""
    from warehouse.file_store import FileStore

    return FileStore(warehouse)
