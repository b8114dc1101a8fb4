"""What was refused: found again, put aside, or tried once more after a fix."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from flows.resources.settings import Settings
from flows.resources.snapshot import reader
from flows.resources.writing import writing
from flows.run import landing
from flows.run.files import Files
from flows.run.pipeline import Pipeline
from warehouse import store
from warehouse.errors import DatelineError

STATUSES = ("open", "replayed", "dismissed")


def listing(warehouse: Path, status: str) -> list[dict[str, Any]]:
    """Refused things of a status (or `all`), the newest first."""
    if status not in (*STATUSES, "all"):
        raise DatelineError(f"{status!r} is none of {', '.join(STATUSES)}, all", subject="--status")
    con = reader(warehouse)
    try:
        return con.execute(
            "SELECT * FROM quarantine WHERE $status = 'all' OR status = $status "
            "ORDER BY created_at DESC, quarantine_id",
            {"status": status},
        ).pl().to_dicts()  # fmt: skip
    finally:
        con.close()


def find(warehouse: Path, prefix: str) -> dict[str, Any]:
    """The one refused thing whose id begins so. Raises DatelineError for none or several."""
    found = [row for row in listing(warehouse, "all") if row["quarantine_id"].startswith(prefix)]
    if len(found) != 1:
        reason = "no such id in quarantine" if not found else f"{len(found)} ids begin so"
        raise DatelineError(reason, subject=prefix)
    return found[0]


def dismiss(options: Settings, prefixes: list[str]) -> int:
    """Mark refused things as dismissed. Returns how many."""
    ids = [find(options.warehouse, prefix)["quarantine_id"] for prefix in prefixes]
    set_status(options, ids, "dismissed")
    return len(ids)


def set_status(options: Settings, ids: list[str], status: str) -> None:
    """Write a status and publish."""
    with writing(options) as con:
        with store.transaction(con):
            con.executemany(
                "UPDATE quarantine SET status = ? WHERE quarantine_id = ?",
                [[status, key] for key in ids],
            )
        options.store.publish(con, keep=options.keep_snapshots)


def replay(options: Settings, prefixes: list[str]) -> tuple[int, int]:
    """Put the files of refused things through extraction and the gate again.

    All that is open when `prefixes` is empty. Returns (tried, resolved): a thing is resolved
    when the new run refuses nothing of its file; it is then `replayed`, else stays open.
    Raises DatelineError where a file is gone.
    """
    rows = (
        [find(options.warehouse, prefix) for prefix in prefixes]
        if prefixes
        else listing(options.warehouse, "open")
    )
    uris = {row["quarantine_id"]: _uri(options.warehouse, row) for row in rows}
    paths = sorted({uri for uri in uris.values() if uri and landing.exists(uri)})
    if not paths:
        return len(rows), 0
    pipeline = Pipeline(options, Files(paths, force=True))
    pipeline.whole()
    again = {
        _uri(options.warehouse, row)
        for row in listing(options.warehouse, "all")
        if row["run_id"] == pipeline.run_id
    }
    done = [key for key, uri in uris.items() if uri in paths and uri not in again]
    done += [key for key, uri in uris.items() if uri in again]  # the new row stands for it
    set_status(options, done, "replayed")
    return len(rows), sum(uri in paths and uri not in again for uri in uris.values())


def _uri(warehouse: Path, row: dict[str, Any]) -> str | None:
    record = json.loads(row["record"])
    if record.get("source_uri"):
        return str(record["source_uri"])
    article = record.get("article_id")
    if not article:
        return None
    con = reader(warehouse)
    try:
        found = con.execute(
            "SELECT source_uri FROM article_versions WHERE article_id = ? ORDER BY rank DESC LIMIT 1",  # noqa: E501
            [article],
        ).fetchone()
    finally:
        con.close()
    return str(found[0]) if found else None
