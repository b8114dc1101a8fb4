"""What a question leaves behind."""

from __future__ import annotations

from pathlib import Path

from warehouse import store
from warehouse.connection import value


def test_an_answer_is_no_transaction_that_goes_on(tmp_path: Path) -> None:
    """Else temporary tables that another cursor drops stay in memory."""
    con = store.open_writer(tmp_path / "w.duckdb")
    asking = con.cursor()
    try:
        assert value(asking, "SELECT count(*) FROM articles") == 0
        for _ in range(20):
            con.execute("CREATE OR REPLACE TEMP TABLE held AS SELECT range AS n FROM range(100000)")
        con.execute("DROP TABLE held")
        held = value(
            con,
            "SELECT memory_usage_bytes FROM duckdb_memory() WHERE tag = 'IN_MEMORY_TABLE'",
        )
        assert held < 2_000_000
    finally:
        asking.close()
        con.close()
