"""`dateline quality`: where a run's quality page lies, and Great Expectations' own Data Docs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from expectations.rules import CHECKED
from flows.resources.snapshot import reader
from warehouse.dialects import polars_schema
from warehouse.errors import DatelineError
from warehouse.tables import TABLES

# Rows of one run: those of its articles, what hangs on them, and what they refer to.
_OF_RUN = {
    "event_participants": "event_mention_id IN (SELECT event_mention_id FROM mentions)",
    "event_counts": "event_mention_id IN (SELECT event_mention_id FROM mentions)",
    "events": "event_id IN (SELECT event_id FROM mentions)",
    "entities": """entity_id IN (
        SELECT entity_id FROM entity_mentions WHERE article_id IN (FROM ids) UNION
        SELECT entity_id FROM event_participants
        WHERE event_mention_id IN (SELECT event_mention_id FROM mentions) UNION
        SELECT attribution_entity_id FROM mentions UNION
        SELECT unnest([entity_id, organization_entity_id]) FROM positions
        WHERE article_id IN (FROM ids) UNION
        SELECT speaker_entity_id FROM quotations WHERE article_id IN (FROM ids))""",
    "places": """place_id IN (
        SELECT place_id FROM place_mentions WHERE article_id IN (FROM ids) UNION
        SELECT place_id FROM mentions UNION
        SELECT place_id FROM events WHERE event_id IN (SELECT event_id FROM mentions))""",
}


def page(folder: Path, run_id: str | None) -> Path:
    """The quality page of a run in `folder`, of the last that has one when none is named.

    Raises DatelineError when there is none.
    """
    found = sorted(folder.glob(f"{run_id or ''}*.html"))
    if not found:
        what = f"run {run_id}" if run_id else "any run"
        raise DatelineError(f"there is no quality page of {what}", subject=str(folder))
    return found[-1]


def data_docs(warehouse: Path, folder: Path, run_id: str | None) -> Path:
    """Check a run's rows again and write Great Expectations' pages. Returns their index.

    Without a run, the last one that loaded articles which still stand. Raises WarehouseMissing,
    DatelineError when the run has no article in the published data.
    """
    from expectations.docs import data_docs as write

    con = reader(warehouse)
    try:
        chosen = _run(con, run_id)
        con.execute(
            "CREATE TEMP TABLE ids AS SELECT article_id FROM articles WHERE run_id = ?", [chosen]
        )
        con.execute(
            "CREATE TEMP VIEW mentions AS FROM event_mentions WHERE article_id IN (FROM ids)"
        )
        frames = {
            name: con.execute(
                f"SELECT * FROM {name} WHERE {_OF_RUN.get(name, 'article_id IN (FROM ids)')}"
            )
            .pl()
            .cast(polars_schema(TABLES[name]))
            for name in CHECKED
        }
    finally:
        con.close()
    return write(frames, folder, known={})


def _run(con: Any, run_id: str | None) -> str:
    row = con.execute(
        "SELECT run_id FROM articles WHERE ? IS NULL OR starts_with(run_id, ?) "
        "ORDER BY loaded_at DESC LIMIT 1",
        [run_id, run_id],
    ).fetchone()
    if row is None:
        raise DatelineError("no published article is of this run", subject=run_id or "--data-docs")
    return str(row[0])
