"""Figures of past runs, the bands of the gate's warnings are learnt from."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import polars as pl

from flows.run.staged import Staged
from warehouse.connection import Connection

_RUNS = 20
_SHOWN = 10  # runs, and pairs of countries


def history_of(con: Connection) -> dict[str, list[float]]:
    """Metric → its values in the last runs, oldest first.

    The gate writes each metric as the `observed` value of the warning about it, as
    `{"metric": name, "value": number}`.
    """
    found: dict[str, list[float]] = {}
    for (text,) in con.execute(
        "SELECT observed FROM quality_results q JOIN runs r USING (run_id) "
        "WHERE q.severity = 'warn' AND observed IS NOT NULL AND r.status IN "
        "('completed', 'partial') ORDER BY r.started_at",
    ).fetchall():
        observed = json.loads(text)
        if isinstance(observed, dict) and isinstance(observed.get("value"), int | float):
            found.setdefault(str(observed.get("metric")), []).append(float(observed["value"]))
    return {name: values[-_RUNS:] for name, values in found.items()}


def past_runs(con: Connection) -> list[dict[str, Any]]:
    """The last completed runs, newest first: words, seconds, articles, events, refused."""
    rows = con.execute(
        "SELECT run_id, started_at, words, articles_loaded, events_loaded, rows_quarantined, "
        "epoch(finished_at) - epoch(started_at) AS seconds FROM runs "
        "WHERE status IN ('completed', 'partial') AND articles_loaded > 0 "
        "ORDER BY started_at DESC LIMIT ?",
        [_SHOWN],
    )
    return rows.pl().to_dicts()


def dyads(participants: pl.DataFrame) -> Counter[tuple[str, str]]:
    """(initiator, recipient), ids of entities → in how many reports they are."""
    sides = participants.select("event_mention_id", "entity_id", "role")
    pairs = (
        sides.filter(pl.col("role") != "recipient")
        .join(sides.filter(pl.col("role") != "initiator"), on="event_mention_id")
        .filter(pl.col("entity_id") != pl.col("entity_id_right"))
        .unique(["event_mention_id", "entity_id", "entity_id_right"])
        .group_by("entity_id", "entity_id_right")
        .len()
    )
    return Counter({(one, other): count for one, other, count in pairs.iter_rows()})


def top_dyads(con: Connection, found: Counter[tuple[str, str]]) -> list[tuple[str, str, int]]:
    """(initiator, recipient, reports) of the pairs most reported, by name."""
    pairs = pl.DataFrame(
        [(*pair, reports) for pair, reports in found.items()],
        schema={"one": pl.String, "other": pl.String, "reports": pl.Int64},
        orient="row",
    )
    with Staged(con, "s_pairs", pairs):
        return con.execute(
            """
            WITH named AS (
                SELECT entity_id, name FROM entities
                WHERE entity_id IN (SELECT one FROM s_pairs UNION ALL SELECT other FROM s_pairs)
                  AND entity_type IN ('country', 'government', 'organization', 'person')
            )
            SELECT i.name, r.name, sum(reports)::BIGINT AS reports
            FROM s_pairs p JOIN named i ON i.entity_id = p.one
                JOIN named r ON r.entity_id = p.other
            GROUP BY 1, 2 ORDER BY reports DESC, 1, 2 LIMIT ?
            """,
            [_SHOWN],
        ).fetchall()
