"""`dateline quarantine`: what was refused, why, and what to do about it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rich import box
from rich.table import Table

from expectations.refusals import remedy
from flows.published import output
from flows.published.query import reader
from flows.resources.settings import Settings
from warehouse import snapshots, store
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


def show_list(warehouse: Path, status: str) -> None:
    """Print the listing, one line a thing."""
    rows = listing(warehouse, status)
    console = output.console()
    if not rows:
        console.print(f"nothing {'' if status == 'all' else status + ' '}in quarantine")
        return
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    columns = ("id", "what", "where", "rule", "reason", *(["status"] if status == "all" else []))
    for name in columns:
        table.add_column(name, overflow="fold", no_wrap=name == "id")
    rows.sort(key=lambda row: (-row["created_at"].timestamp(), row["table_name"] or "", _at(row)))
    for row in rows:
        what = row["table_name"] or row["kind"]
        cells = (row["quarantine_id"][:8], what, _where(row), row["rule"], row["reason"])
        table.add_row(*cells, *([row["status"]] if status == "all" else []))
    console.print(table)
    console.print(
        f"{len(rows)} {'' if status == 'all' else status + ', '}newest first. "
        "`dateline quarantine show ID` says what to do; `replay [ID]` tries again after a fix; "
        "`dismiss ID` puts one aside."
    )


def _where(row: dict[str, Any]) -> str:
    uri, part = _at(row)
    if uri:
        return Path(uri).name + (f" #{part.lstrip('0')}" if part else "")
    record = json.loads(row["record"])
    return str(record.get("article_id") or record.get("event_id") or "")[:12]


def _at(row: dict[str, Any]) -> tuple[str, str]:
    """File and record of a refused thing, "" where it has none; records of one file in order."""
    record = json.loads(row["record"])
    uri = str(record.get("source_uri") or record.get("first_file") or "")
    part = str(record.get("record") or "")
    return uri, part.zfill(9) if part.isdigit() else part


def find(warehouse: Path, prefix: str) -> dict[str, Any]:
    """The one refused thing whose id begins so. Raises DatelineError for none or several."""
    found = [row for row in listing(warehouse, "all") if row["quarantine_id"].startswith(prefix)]
    if len(found) != 1:
        reason = "no such id in quarantine" if not found else f"{len(found)} ids begin so"
        raise DatelineError(reason, subject=prefix)
    return found[0]


def show_one(warehouse: Path, prefix: str) -> None:
    """Print one refused thing in full."""
    row = find(warehouse, prefix)
    console = output.console()
    about = {
        **{name: row[name] for name in ("quarantine_id", "kind", "table_name", "rule", "reason")},
        "what to do": remedy(row["rule"]),
        "status": row["status"],
        "run_id": row["run_id"],
        "created_at": f"{row['created_at']:%Y-%m-%d %H:%M:%S} UTC",
    }
    for name, value in about.items():
        if value:
            console.print(f"{name:14} {value}", soft_wrap=True)
    console.print("record", style="bold")
    for name, value in json.loads(row["record"]).items():
        if value not in (None, "", []):
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            console.print(f"  {name:12} {text}", soft_wrap=True)


def dismiss(options: Settings, prefixes: list[str]) -> int:
    """Mark refused things as dismissed. Returns how many."""
    ids = [find(options.warehouse, prefix)["quarantine_id"] for prefix in prefixes]
    set_status(options, ids, "dismissed")
    return len(ids)


def set_status(options: Settings, ids: list[str], status: str) -> None:
    """Write a status and publish."""
    con = store.open_writer(options.warehouse, memory_limit=options.memory_limit, wait=options.wait)
    try:
        with store.transaction(con):
            con.executemany(
                "UPDATE quarantine SET status = ? WHERE quarantine_id = ?",
                [[status, key] for key in ids],
            )
        snapshots.publish(con, options.warehouse, keep=options.keep_snapshots)
    finally:
        con.close()


def replay(options: Settings, prefixes: list[str]) -> tuple[int, int]:
    """Put the files of refused things through extraction and the gate again.

    All that is open when `prefixes` is empty. Returns (tried, resolved): a thing is resolved
    when the new run refuses nothing of its file; it is then `replayed`, else stays open.
    Raises DatelineError where a file is gone.
    """
    from flows.run.pipeline import Pipeline

    rows = (
        [find(options.warehouse, prefix) for prefix in prefixes]
        if prefixes
        else listing(options.warehouse, "open")
    )
    uris = {row["quarantine_id"]: _uri(options.warehouse, row) for row in rows}
    paths = sorted({uri for uri in uris.values() if uri and _exists(uri)})
    if not paths:
        return len(rows), 0
    pipeline = Pipeline(options, paths, force=True)
    pipeline.start()
    try:
        for batch in pipeline.batches():
            pipeline.load(batch)
    except BaseException as error:
        pipeline.abandon(error)
        raise
    pipeline.finish()
    again = {
        _uri(options.warehouse, row)
        for row in listing(options.warehouse, "all")
        if row["run_id"] == pipeline.run_id
    }
    done = [key for key, uri in uris.items() if uri in paths and uri not in again]
    done += [key for key, uri in uris.items() if uri in again]  # the new row stands for it
    set_status(options, done, "replayed")
    return len(rows), sum(uri in paths and uri not in again for uri in uris.values())


def _exists(uri: str) -> bool:
    return "://" in uri or Path(uri).exists()


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
