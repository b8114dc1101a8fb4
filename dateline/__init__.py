"""Dateline in Python: read a text, ask a warehouse, run a project. A thin layer over `flows`.

Nothing of ours imports this package; what is exported here is the whole of it.

    import dateline

    found = dateline.extract("Chad and Niger held talks in Niamey on Friday.", date="2026-01-05")
    dateline.Warehouse().table("event_details", type="CONSULT").polars()
"""

from __future__ import annotations

from importlib.util import find_spec as _find_spec
from pathlib import Path as _Path

# Names that other projects use as well: a Prefect project has a `flows/` of its own.
for _name in ("flows", "transforms", "warehouse", "expectations"):
    _spec = _find_spec(_name)
    _place = next(iter((_spec and _spec.submodule_search_locations) or []), None)
    if _place is None or _Path(_place).parent != _Path(__file__).parent.parent:
        raise ImportError(
            f"another package named {_name} ({_place}) stands before Dateline's own; "
            "start Python in another folder, or put that one behind it on sys.path"
        )

from dateline.extraction import (  # noqa: E402
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
from dateline.store import Rows, Run, Warehouse  # noqa: E402
from warehouse.errors import DatelineError  # noqa: E402

__all__ = [
    "Count", "Date", "DatelineError", "Entity", "Event", "Extraction", "Mention", "Party", "Place",
    "Quotation", "Rows", "Run", "Span", "Warehouse", "extract",
]  # fmt: skip
