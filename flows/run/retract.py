"""`dateline retract`: remove an article and all that came only from it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import polars as pl

from flows.resources.settings import Settings
from flows.resources.version import extractor
from flows.resources.writing import writing
from flows.run.cluster import sweep
from flows.run.settle import settle
from flows.run.summary import new_run_id, now
from transforms.articles import normal_url
from transforms.rows import frames
from warehouse import loading
from warehouse.connection import Connection, value
from warehouse.dialects import polars_schema
from warehouse.errors import DatelineError
from warehouse.schema import Origin
from warehouse.tables import CONTENT, TABLES


def retract(options: Settings, target: str, *, dry_run: bool = False) -> Counter[str]:
    """Remove the article with this id or address, or all articles of this file.

    One transaction: its rows go, entities and events are rolled up again without it, every
    change is logged, its files become `retracted` and are not read again. Old snapshots that
    still hold it are deleted. Killed between the two, it is finished by the next that writes, or
    when it is repeated, and meanwhile the published data is read from the warehouse.

    Returns the number of rows removed by table. A `dry_run` only counts them. Raises DatelineError
    when nothing matches.
    """
    store = options.store
    with writing(options) as con:
        sweep(options)
        resumed = None if dry_run else store.retraction(con)
        if resumed is not None:
            store.publish(con, keep=1)
        ids, files = _match(con, target)
        if resumed == target and not ids:
            return Counter()
        if not ids and not files:
            raise DatelineError("no article or file of this id, address or path", subject=target)
        if dry_run:
            return _would_go(con, ids)
        before = _sizes(con)
        store.begin_retraction(con, target)
        _remove(con, options, ids, files, target)
        after = _sizes(con)
        store.publish(con, keep=1)
    return Counter(
        {name: before[name] - after[name] for name in before if before[name] != after[name]}
    )


def _match(con: Connection, target: str) -> tuple[list[str], list[str]]:
    """(article ids, file ids) that the target names."""
    path = str(Path(target).absolute()) if "://" not in target else target
    by_id = con.execute("SELECT article_id FROM articles WHERE article_id = ?", [target]).fetchall()
    if not by_id and "://" in target:
        wanted = normal_url(target)
        by_id = [
            (key,)
            for key, url in con.execute(
                "SELECT article_id, url FROM articles WHERE url IS NOT NULL"
            ).fetchall()
            if normal_url(url) == wanted
        ]
    if by_id:
        ids = [key for (key,) in by_id]
        files = con.execute(
            "SELECT DISTINCT file_id FROM article_versions WHERE article_id IN "
            "(SELECT unnest(?))", [ids],
        ).fetchall()  # fmt: skip
        shared = con.execute(
            "SELECT DISTINCT file_id FROM article_versions WHERE article_id NOT IN "
            "(SELECT unnest(?))", [ids],
        ).fetchall()  # fmt: skip
        return ids, sorted({f for (f,) in files} - {f for (f,) in shared})
    rows = con.execute(
        "SELECT DISTINCT file_id, article_id FROM files f LEFT JOIN article_versions v "
        "USING (file_id) WHERE f.source_uri IN (?, ?)", [path, target],
    ).fetchall()  # fmt: skip
    return sorted({a for _, a in rows if a}), sorted({f for f, _ in rows})


def _remove(
    con: Connection, options: Settings, ids: list[str], files: list[str], target: str
) -> None:
    run_id, stamp = new_run_id()
    batch = settle_without(con, ids)
    run = {
        "run_id": run_id, "flow_run_id": None, "started_at": stamp, "finished_at": now(),
        "status": "completed", "files_seen": len(files), "articles_loaded": 0,
        "events_loaded": 0, "rows_quarantined": 0, "words": 0,
        "extractor_version": extractor(options).name,
        "settings": pl.Series([{"retract": target}]).struct.json_encode()[0],
    }  # fmt: skip
    old = con.execute(
        "SELECT * FROM files WHERE file_id IN (SELECT unnest(?))", [files or [""]]
    ).pl().with_columns(status=pl.lit("retracted"), run_id=pl.lit(run_id))  # fmt: skip
    batch.append = {"files": old.cast(polars_schema(TABLES["files"]))}

    def forget() -> None:
        con.execute(
            "DELETE FROM article_versions WHERE article_id IN (SELECT unnest(?))", [ids or [""]]
        )
        con.execute(  # its rows that were refused hold its words
            "DELETE FROM quarantine WHERE (record ->> 'article_id') IN (SELECT unnest(?))",
            [ids or [""]],
        )
        con.execute(
            "INSERT INTO change_log SELECT ?, ?, 'files', file_id, 'update' FROM files "
            "WHERE file_id IN (SELECT unnest(?))", [stamp, run_id, files or [""]],
        )  # fmt: skip

    loading.load(con, batch, run=run, now=stamp, also=forget)


def settle_without(con: Connection, ids: list[str]) -> loading.Load:
    """A batch that leaves nothing of these articles."""
    empty = frames({})
    versions = pl.DataFrame(schema=polars_schema(TABLES["article_versions"]))
    return settle(con, empty, versions, replaced=ids)


def _would_go(con: Connection, ids: list[str]) -> Counter[str]:
    """How many rows of each table hang on these articles alone; nothing is written."""
    batch = settle_without(con, ids)
    mentions = con.execute(
        "SELECT event_mention_id FROM event_mentions WHERE article_id IN (SELECT unnest(?))",
        [ids or [""]],
    ).fetchall()
    owners = {
        "article_id": ids,
        "event_mention_id": [key for (key,) in mentions],
        "entity_id": batch.entity_ids,
        "event_id": batch.event_ids,
    }
    found: Counter[str] = Counter()
    for name in CONTENT:
        table = TABLES[name]
        if table.owner is None:
            continue
        held = value(
            con,
            f'SELECT count(*) FROM "{name}" WHERE {table.owner} IN (SELECT unnest(?))',
            [owners[table.owner] or [""]],
        )
        kept = batch.frames[name].height if table.origin is Origin.ROLLUP else 0
        if held != kept:
            found[name] = held - kept
    return found


def _sizes(con: Connection) -> dict[str, int]:
    return {
        name: value(con, f"SELECT count(*) FROM {name}")
        for name in CONTENT
        if TABLES[name].origin is not Origin.SHARED
    }
