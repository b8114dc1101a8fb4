"""What a run records of itself: part of the public tables declared in `warehouse.tables`."""

from __future__ import annotations

from warehouse import vocabulary as v
from warehouse.schema import Field, Table, Type


def run_id() -> Field:
    """The column that names the run a row is of."""
    return Field(
        "run_id", Type.TEXT, "The run that wrote this row", nullable=False, references="runs.run_id"
    )


FILES = Table(
    "files",
    "Every raw file ever seen, and what became of it",
    (
        Field("file_id", Type.TEXT, "Digest of address and content"),
        Field("source_uri", Type.TEXT, "Where it lay"),
        Field("sha256", Type.TEXT, "Digest of its bytes", nullable=True, pattern=r"[0-9a-f]{64}"),
        Field("size_bytes", Type.INTEGER, "Size", nullable=True, low=0),
        Field("format", Type.TEXT, "Format found", nullable=True),
        Field("status", Type.TEXT, "What became of it", allowed=v.FILE_STATUSES),
        Field("article_count", Type.SMALL, "Articles read from it", low=0),
        Field("error", Type.TEXT, "Why it was refused", nullable=True),
        run_id(),
        Field("seen_at", Type.TIME, "When a run last read it, UTC"),
    ),
    key=("file_id",),
    order=("source_uri",),
)

RUNS = Table(
    "runs",
    "One pipeline run",
    (
        Field("run_id", Type.TEXT, "The run"),
        Field("flow_run_id", Type.TEXT, "Prefect's id of it", nullable=True),
        Field("started_at", Type.TIME, "Start, UTC"),
        Field("finished_at", Type.TIME, "End, UTC", nullable=True),
        Field("status", Type.TEXT, "How it ended", allowed=v.RUN_STATUSES),
        Field("files_seen", Type.INTEGER, "Files looked at", low=0),
        Field("articles_loaded", Type.INTEGER, "Articles loaded or replaced", low=0),
        Field("events_loaded", Type.INTEGER, "Event mentions loaded", low=0),
        Field("rows_quarantined", Type.INTEGER, "Things refused", low=0),
        Field("words", Type.INTEGER, "Words extracted from", low=0),
        Field("extractor_version", Type.TEXT, "Code, model and lexicon"),
        Field("settings", Type.JSON, "The settings it ran with"),
    ),
    key=("run_id",),
    order=("started_at",),
)

QUARANTINE = Table(
    "quarantine",
    "One thing refused, with its reason",
    (
        Field("quarantine_id", Type.TEXT, "Digest of run, kind, table and record"),
        run_id(),
        Field("kind", Type.TEXT, "What was refused", allowed=v.QUARANTINE_KINDS),
        Field("table_name", Type.TEXT, "Table of a refused row", nullable=True),
        Field("record", Type.JSON, "The thing itself"),
        Field("rule", Type.TEXT, "The rule it broke"),
        Field("reason", Type.TEXT, "Why, in a sentence"),
        Field("status", Type.TEXT, "What became of it", allowed=v.QUARANTINE_STATUSES),
        Field("created_at", Type.TIME, "When it was refused, UTC"),
    ),
    key=("quarantine_id",),
    order=("created_at",),
)

CORRECTIONS = Table(
    "corrections",
    "One decision of corrections.jsonl, and what became of it",
    (
        Field("correction_id", Type.TEXT, "Digest of what the line says"),
        Field("decided_at", Type.TIME, "When it was decided, UTC"),
        Field("kind", Type.TEXT, "What was decided", allowed=v.CORRECTION_KINDS),
        Field("sentence", Type.TEXT, "The sentence it is about", nullable=True),
        Field("text", Type.TEXT, "Trigger or name in it", nullable=True),
        Field("status", Type.TEXT, "Whether its text was found", allowed=v.CORRECTION_STATUSES),
        Field("reason", Type.TEXT, "Why it is lost", nullable=True),
        Field("article_count", Type.SMALL, "Articles in which it was", low=0),
        Field("line", Type.JSON, "The line of the file"),
        run_id(),
    ),
    key=("correction_id",),
    order=("decided_at", "correction_id"),
)

QUALITY_RESULTS = Table(
    "quality_results",
    "One expectation in one run",
    (
        run_id(),
        Field("suite", Type.TEXT, "Suite"),
        Field("expectation", Type.TEXT, "What was expected"),
        Field("table_name", Type.TEXT, "Table looked at"),
        Field("column_name", Type.TEXT, "Column looked at", nullable=True),
        Field("severity", Type.TEXT, "What a breach does", allowed=v.SEVERITIES),
        Field("success", Type.BOOLEAN, "Whether it held"),
        Field("element_count", Type.INTEGER, "Rows looked at", low=0),
        Field("unexpected_count", Type.INTEGER, "Rows that broke it", low=0),
        Field("observed", Type.JSON, "What was seen", nullable=True),
    ),
    key=("run_id", "suite", "expectation", "table_name", "column_name"),
    order=("run_id",),
)

CHANGE_LOG = Table(
    "change_log",
    "One change to a public row: what `changes_since` answers from, so that who keeps a copy can"
    " follow. Of one row only the last change is told, and `dateline maintain` keeps no other; nor"
    " any older than DATELINE_KEEP_CHANGES days, but for deleted articles, which a backfill leaves"
    " alone",
    (
        Field("changed_at", Type.TIME, "When, UTC"),
        run_id(),
        Field("table_name", Type.TEXT, "Which table"),
        Field("key", Type.TEXT, "Which row"),
        Field("change", Type.TEXT, "What happened to it", allowed=v.CHANGES),
    ),
    key=("changed_at", "run_id", "table_name", "key", "change"),
    order=("changed_at",),
)
