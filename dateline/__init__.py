"""Dateline in Python: read a text, ask a warehouse, run a project. A thin layer over `flows`.

Nothing of ours imports this package; what is exported here is the whole of it.

    import dateline

    found = dateline.extract("Chad and Niger held talks in Niamey on Friday.", date="2026-01-05")
    dateline.Warehouse().table("event_details", type="CONSULT").polars()
"""

from __future__ import annotations

from importlib import import_module as _import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dateline.extraction import (
        Count,
        Date,
        Entity,
        Event,
        Extraction,
        Mention,
        Party,
        Place,
        Quotation,
        Span,
        extract,
    )
    from dateline.store import Rows, Run, Warehouse
    from warehouse.errors import DatelineError

__all__ = [
    "Count", "Date", "DatelineError", "Entity", "Event", "Extraction", "Mention", "Party", "Place",
    "Quotation", "Rows", "Run", "Span", "Warehouse", "extract",
]  # fmt: skip

# Nothing is loaded before it is asked for: spaCy imports this package with every pipeline it
# makes, to look whether a component of ours is wanted.
_HOMES = {"Rows": "store", "Run": "store", "Warehouse": "store"}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = _import_module(f"dateline.{_HOMES.get(name, 'extraction')}")
    globals()[name] = found = getattr(module, name)
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
