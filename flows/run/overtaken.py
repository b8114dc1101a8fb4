"""What another committer loaded of the articles of a batch since they were read.

A run looks up what is known when it reads a file, and loads what it read some batches later. Where
several runs write to one warehouse, a later text of the same article may have come in between: it
stays, whoever comes first.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import polars as pl

from flows.run.batch import Batch, only_current
from flows.run.staged import Staged
from warehouse.connection import Connection

_RANKS = """
SELECT article_id, max(rank) AS rank FROM article_versions
WHERE article_id IN (SELECT article_id FROM s_current)
    AND run_id IN (SELECT unnest(?))
GROUP BY article_id
"""


def concurrent(
    con: Connection, run_id: str, began: dt.datetime, beside: Iterable[str]
) -> list[str]:
    """Ids of other runs that were under way when this one began (`beside`), or began since."""
    found = con.execute(
        "SELECT run_id FROM runs WHERE run_id <> ? AND (started_at >= ? "
        "OR run_id IN (SELECT unnest(?::VARCHAR[])))",
        [run_id, began, [*beside]],
    ).fetchall()
    return sorted(key for (key,) in found)


def leave_overtaken(con: Connection, batch: Batch, others: list[str]) -> list[str]:
    """Take texts out of the batch of which `others` loaded a later one. Their versions stay, so
    that they are counted. Returns the ids of their articles."""
    if not others or not batch.current:
        return []
    asked = pl.DataFrame({"article_id": [*batch.current]}, schema={"article_id": pl.String})
    with Staged(con, "s_current", asked):
        theirs = dict(con.execute(_RANKS, [others]).fetchall())
    ours = {
        row["article_id"]: row["rank"]
        for row in batch.versions
        if batch.current.get(row["article_id"]) == row["content_sha256"]
    }
    gone = sorted(key for key, rank in theirs.items() if rank > ours.get(key, ""))
    if gone:
        batch.current = {key: sha for key, sha in batch.current.items() if key not in {*gone}}
        batch.parts = [only_current(part, batch.current) for part in batch.parts]
    return gone
