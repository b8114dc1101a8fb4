"""The store of an address."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.addresses import lake_of

if TYPE_CHECKING:
    from warehouse.stores import Store


def store_at(warehouse: Path, data: str | None = None) -> Store:
    """The warehouse of this address. `data` is where a lake that is made keeps its Parquet."""
    lake = lake_of(warehouse)
    if lake is not None:
        from warehouse.lake_store import LakeStore

        return LakeStore(lake, data)
    from warehouse.file_store import FileStore

    return FileStore(warehouse)
