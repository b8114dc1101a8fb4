"""Rows of `quarantine` and `quality_results` made of what a batch was refused for."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import polars as pl

from expectations.gate import Verdict
from flows.run.batch import Batch
from transforms.ids import digest
from warehouse.connection import Connection
from warehouse.dialects import frame, polars_schema
from warehouse.tables import TABLES


def quarantine_rows(
    run_id: str, batch: Batch, verdict: Verdict, stamp: dt.datetime
) -> pl.DataFrame:
    """What was refused of a batch: files and articles by the readers, rows by the gate."""
    rows: list[tuple[str, str | None, Any, str, str]] = [
        (item["kind"], None, item["record"], item["rule"], item["reason"]) for item in batch.refused
    ]
    rows += [("row", item.table, item.record, item.rule, item.reason) for item in verdict.refusals]
    made: dict[str, dict[str, Any]] = {}
    for kind, table, record, rule, reason in rows:
        text = json.dumps(record, sort_keys=True, default=str, ensure_ascii=False)
        key = digest("quarantine", run_id, kind, table, text, rule)
        made[key] = {
            "quarantine_id": key,
            "run_id": run_id,
            "kind": kind,
            "table_name": table,
            "record": text,
            "rule": rule,
            "reason": reason,
            "status": "open",
            "created_at": stamp,
        }
    return frame(TABLES["quarantine"], made.values())


def overcome(con: Connection, run_id: str, batch: Batch) -> pl.DataFrame:
    """Rows of earlier refusals that this batch tried again, closed: what is refused still has a
    row of this run. They are of files it read, of articles it extracted, or of a whole batch."""
    opened = con.execute(
        "SELECT * FROM quarantine WHERE status = 'open' AND run_id <> ?", [run_id]
    ).pl()  # fmt: skip
    if opened.is_empty():
        return frame(TABLES["quarantine"], [])
    files = set(batch.read)
    articles = {key for part in batch.parts for key in part.frames["articles"]["article_id"]}

    def is_tried(text: str) -> bool:
        record = json.loads(text)
        return (
            record.get("source_uri") in files
            or record.get("article_id") in articles
            or not files.isdisjoint(record.get("files") or ())
        )

    tried = pl.Series([is_tried(text) for text in opened["record"]], dtype=pl.Boolean)
    closed = opened.filter(tried).with_columns(status=pl.lit("replayed"))
    return closed.cast(polars_schema(TABLES["quarantine"]))


def file_rows(con: Connection, batch: Batch) -> pl.DataFrame:
    """Rows of `files`; those of the same bytes keep their format, articles and error."""
    rows = frame(TABLES["files"], batch.files)
    if not batch.same_files:
        return rows
    kept = con.execute(
        "SELECT file_id, format, article_count, error FROM files "
        "WHERE file_id IN (SELECT unnest(?))", [batch.same_files],
    ).pl()  # fmt: skip
    return rows.update(kept, on="file_id", how="left")


def quality_rows(con: Connection, run_id: str, verdict: Verdict) -> pl.DataFrame:
    """A batch's results added to those that the run has written so far."""
    new = frame(TABLES["quality_results"], ({**row, "run_id": run_id} for row in verdict.results))
    old = con.execute("SELECT * FROM quality_results WHERE run_id = ?", [run_id]).pl()
    key = list(TABLES["quality_results"].key)
    return (
        pl.concat([old.cast(new.schema), new])
        .group_by(key, maintain_order=True)
        .agg(
            pl.col("severity").last(),
            pl.col("success").all(),
            pl.col("element_count").sum(),
            pl.col("unexpected_count").sum(),
            pl.col("observed").drop_nulls().last(),
        )
        .select(new.columns)
    )
