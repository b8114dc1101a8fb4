"""DuckDB's extensions as wheels: loaded from this environment, never fetched."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from warehouse.connection import Connection
from warehouse.dialects import quote
from warehouse.errors import DatelineError


def load(con: Connection, *names: str) -> None:
    """Load extensions by name, e.g. `ducklake`. Raises DatelineError where one is missing."""
    for name in names:
        spec = find_spec(f"duckdb_extension_{name}")
        found = (
            next((Path(spec.origin).parent / "extensions").rglob("*.duckdb_extension"), None)
            if spec is not None and spec.origin
            else None
        )
        if found is None:
            raise DatelineError(
                "is not installed; a lake needs `pip install 'dateline[cluster]'`",
                subject=f"duckdb-extension-{name.replace('_', '-')}",
            )
        con.execute(f"LOAD {quote(str(found))}")
