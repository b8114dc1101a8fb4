"""`dateline quality`: where a run's quality page lies, and Great Expectations' own Data Docs."""

from __future__ import annotations

from pathlib import Path

from flows.resources.snapshot import reader
from warehouse.connection import Connection
from warehouse.dialects import polars_schema
from warehouse.errors import DatelineError
from warehouse.schema import Origin
from warehouse.tables import CONTENT, TABLES


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
            name: con.execute(f"SELECT * FROM {name} WHERE {_of_run(name)}")
            .pl()
            .cast(polars_schema(TABLES[name]))
            for name in CONTENT
        }
    finally:
        con.close()
    return write(frames, folder, known={})


def _run(con: Connection, run_id: str | None) -> str:
    row = con.execute(
        "SELECT run_id FROM articles WHERE ? IS NULL OR starts_with(run_id, ?) "
        "ORDER BY loaded_at DESC LIMIT 1",
        [run_id, run_id],
    ).fetchone()
    if row is None:
        raise DatelineError("no published article is of this run", subject=run_id or "--data-docs")
    return str(row[0])


def _of_run(name: str) -> str:
    """Which rows are of a run: those of its articles, and what those refer to, as SQL."""
    table = TABLES[name]
    if table.origin is Origin.ARTICLE:
        ids = "ids" if table.owner == "article_id" else "mentions"
        return f"{table.owner} IN (SELECT {table.owner} FROM {ids})"
    named = [
        f"SELECT {column} FROM {child} WHERE {_of_run(child)}"
        for child in CONTENT
        for column, parent, _ in TABLES[child].references()
        if parent == name
    ]
    return f"{table.key[0]} IN ({' UNION '.join(named)})"
