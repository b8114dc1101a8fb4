"""What a load adds to a tally, and what of the file it writes anew for that."""

from __future__ import annotations

from pathlib import Path

from tests.warehouse.row_groups import ROWS, first_segments
from warehouse import store, tallies


def test_a_load_writes_no_row_group_of_a_tally_anew(tmp_path: Path) -> None:
    """Rows that are counted again lie in the first row group, and go to the end."""
    con = store.open_writer(tmp_path / "w.duckdb")
    con.execute(
        "INSERT INTO entity_months SELECT i, 'e' || i, DATE '2026-03-01', 5, 2 "
        f"FROM range({ROWS}) r(i)"
    )
    con.execute("CHECKPOINT")
    before = first_segments(con, "entity_months")
    with store.transaction(con):
        tallies.begin(con)
        march = "DATE '2026-03-05' AS date_start, 'asserted' AS modality"
        rows = "(SELECT unnest({}) AS entity_number, 'e' || entity_number AS entity_id, {})"
        tallies.came(con, "event_parties", rows.format("[1, 1, 300000]", march))
        tallies.went(con, "event_parties", rows.format("[7]", march))
        tallies.keep(con)
    con.execute("CHECKPOINT")
    assert first_segments(con, "entity_months") == before
    found = con.execute(
        "SELECT entity_number, events, asserted_events FROM entity_months "
        "WHERE entity_number IN (1, 2, 7, 300000) ORDER BY ALL"
    ).fetchall()
    assert found == [(1, 7, 4), (2, 5, 2), (7, 4, 1), (300000, 1, 1)]


def test_what_is_counted_down_to_nothing_goes(tmp_path: Path) -> None:
    """Also where the month is not known; what others count stays."""
    con = store.open_writer(tmp_path / "w.duckdb")
    con.execute("INSERT INTO entity_months VALUES (1, 'e1', NULL, 1, 0), (2, 'e2', NULL, 1, 0)")
    with store.transaction(con):
        tallies.begin(con)
        gone = "(SELECT 1 AS entity_number, 'e1' AS entity_id, NULL::DATE AS date_start, "
        tallies.went(con, "event_parties", gone + "'planned' AS modality)")
        tallies.keep(con)
    assert con.execute("FROM entity_months").fetchall() == [(2, "e2", None, 1, 0)]
