"""`dateline status`: what is loaded, refused and stale."""

from __future__ import annotations

from pathlib import Path

from rich.table import Table

from flows.published import output
from flows.resources.settings import Settings
from flows.resources.snapshot import reader
from flows.resources.version import Extractor, extractor
from flows.run.corrected import is_kept
from flows.run.stored import stale_articles
from flows.run.summary import stored_only
from warehouse.connection import Connection, value
from warehouse.wording import counted

_COUNTED = ("articles", "sentences", "entities", "events", "event_mentions", "quotations", "places")


def show(options: Settings) -> None:
    """Print the state of the published data. Raises WarehouseMissing."""
    now = extractor(options)
    con = reader(options.warehouse)
    try:
        _show(con, options.warehouse, now)
    finally:
        con.close()


def _show(con: Connection, warehouse: Path, now: Extractor) -> None:
    console = output.console()
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(style="bold")
    table.add_column()
    table.add_row("warehouse", str(warehouse))
    for name in _COUNTED:
        count = value(con, f"SELECT count(*) FROM {name}")
        table.add_row(name.replace("_", " "), f"{count:,}")
    first = value(con, "SELECT min(published_at) FROM articles")
    last = value(con, "SELECT max(published_at) FROM articles")
    if first:
        table.add_row("published", f"{first:%Y-%m-%d} to {last:%Y-%m-%d}")
    unread = con.execute(
        "SELECT CASE WHEN language = 'en' THEN 'too long or empty' "
        "ELSE 'language ' || coalesce(language, 'unknown') END AS why, count(*) FROM articles "
        "WHERE article_id NOT IN (SELECT article_id FROM sentences) GROUP BY 1"
    ).fetchall()
    table.add_row("stored, not extracted", stored_only(dict(unread)) or "none")
    files = con.execute("SELECT status, count(*) FROM files GROUP BY 1 ORDER BY 1").fetchall()
    table.add_row("files", ", ".join(f"{count:,} {status}" for status, count in files) or "none")
    refused = con.execute(
        "SELECT rule, count(*) FROM quarantine WHERE status = 'open' GROUP BY 1 ORDER BY 2 DESC, 1"
    ).fetchall()
    table.add_row(
        "refused, open", ", ".join(f"{count:,} {rule}" for rule, count in refused) or "nothing"
    )
    count = len(stale_articles(con, now))
    table.add_row(
        "stale articles", f"{count:,}" + (" (made by an earlier extractor)" if count else "")
    )
    if is_kept(con):
        _add_decisions(con, table)
    run = con.execute(
        "SELECT run_id, status, started_at, articles_loaded FROM runs ORDER BY started_at DESC LIMIT 1"  # noqa: E501
    ).fetchone()
    if run:
        table.add_row(
            "last change",
            f"run {run[0]}, {run[1]}, {run[2]:%Y-%m-%d %H:%M} UTC, {counted(run[3], 'article')}",
        )
    console.print(table)


def _add_decisions(con: Connection, table: Table) -> None:
    decided = con.execute(
        "SELECT status, count(*) FROM corrections GROUP BY 1 ORDER BY 1"
    ).fetchall()
    if decided:
        table.add_row("corrections", ", ".join(f"{count:,} {status}" for status, count in decided))
    lost = con.execute(
        "SELECT reason, sentence FROM corrections WHERE status = 'lost' ORDER BY decided_at LIMIT 5"
    ).fetchall()
    for reason, sentence in lost:
        table.add_row("", f"lost: {reason}: “{(sentence or '')[:80]}”")
