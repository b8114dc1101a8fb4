"""Figures of past runs, the bands of the gate's warnings are learnt from."""

from __future__ import annotations

import json
from typing import Any

from warehouse.connection import Connection

_RUNS = 20


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


def past_runs(con: Connection, count: int = 10) -> list[dict[str, Any]]:
    """The last completed runs, newest first: words, seconds, articles, events, refused."""
    rows = con.execute(
        "SELECT run_id, started_at, words, articles_loaded, events_loaded, rows_quarantined, "
        "epoch(finished_at) - epoch(started_at) AS seconds FROM runs "
        "WHERE status IN ('completed', 'partial') AND articles_loaded > 0 "
        "ORDER BY started_at DESC LIMIT ?",
        [count],
    )
    return rows.pl().to_dicts()


def top_dyads(con: Connection, run_id: str, count: int = 10) -> list[tuple[str, str, int]]:
    """(initiator, recipient, reports) of the pairs most reported in this run's articles."""
    return con.execute(
        """
        SELECT i.name, r.name, count(DISTINCT p.event_mention_id) AS reports
        FROM articles a JOIN event_mentions m USING (article_id)
            JOIN event_participants p ON p.event_mention_id = m.event_mention_id
                AND p.role <> 'recipient'
            JOIN event_participants q ON q.event_mention_id = m.event_mention_id
                AND q.role <> 'initiator' AND q.entity_id <> p.entity_id
            JOIN entities i ON i.entity_id = p.entity_id
            JOIN entities r ON r.entity_id = q.entity_id
        WHERE a.run_id = ? AND i.entity_type IN ('country', 'government', 'organization', 'person')
            AND r.entity_type IN ('country', 'government', 'organization', 'person')
        GROUP BY 1, 2 ORDER BY reports DESC, 1, 2 LIMIT ?
        """,
        [run_id, count],
    ).fetchall()
