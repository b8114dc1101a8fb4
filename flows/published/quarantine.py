"""`dateline quarantine list` and `show`: what was refused, why, and what to do about it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rich import box
from rich.table import Table

from expectations.refusals import remedy
from flows.published import output
from flows.run.quarantine import find, listing


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
