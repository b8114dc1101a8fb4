"""Where the columns of a table lie in the file: what a load writes anew lies elsewhere after it."""

from __future__ import annotations

from typing import Any

ROWS = 200_000  # more than a row group of DuckDB's holds


def first_segments(con: Any, table: str) -> list[Any]:
    """The blocks and offsets of the columns of a table's first row group."""
    return con.execute(  # type: ignore[no-any-return]
        f"SELECT column_name, block_id, block_offset FROM pragma_storage_info('{table}') "
        "WHERE row_group_id = 0 AND segment_type <> 'VALIDITY' ORDER BY ALL"
    ).fetchall()
