"""Dateline's own bookkeeping tables. Not part of the contract; may change at any time."""

from __future__ import annotations

from warehouse.schema import Field, Origin, Table, Type

SCHEMA_VERSION = Table(
    "schema_version",
    "The version of the schema this file was made with",
    (
        Field("version", Type.SMALL, "Version", low=1),
        Field("applied_at", Type.TIME, "When, UTC"),
        Field(
            "views",
            Type.TEXT,
            "Digest of the tables, views and macros in it",
            nullable=True,
        ),
    ),
    key=("version",),
    is_public=False,
)

ENTITY_EVIDENCE = Table(
    "entity_evidence",
    "What one article says an entity is; `entities` is the majority over these",
    (
        Field("entity_id", Type.TEXT, "The entity"),
        Field("article_id", Type.TEXT, "The article"),
        Field("name", Type.TEXT, "Name there"),
        Field("entity_type", Type.TEXT, "Type there"),
        Field("country_code", Type.TEXT, "Country there", nullable=True),
        Field("sector", Type.TEXT, "Sector there", nullable=True),
        Field("aliases", Type.TEXTS, "Other names there"),
        Field("kb_id", Type.TEXT, "Knowledge base id there", nullable=True),
        Field("mention_count", Type.SMALL, "Mentions there", low=0),
    ),
    key=("entity_id", "article_id"),
    order=("entity_id",),
    origin=Origin.ARTICLE,
    owner="article_id",
    is_public=False,
)

EVENT_EVIDENCE = Table(
    "event_evidence",
    "What event identity is decided on: one row for each event mention",
    (
        Field("event_mention_id", Type.TEXT, "The mention"),
        Field("article_id", Type.TEXT, "Its article"),
        Field("cameo_code", Type.TEXT, "CAMEO code there", nullable=True),
        Field("trigger_lemma", Type.TEXT, "Lemma that says what was done"),
        Field("date_start", Type.DAY, "First day", nullable=True),
        Field("date_end", Type.DAY, "Last day", nullable=True),
        Field("date_precision", Type.TEXT, "Precision"),
        Field("country_code", Type.TEXT, "Country of its place", nullable=True),
        Field(
            "content",
            Type.TEXTS,
            "Marked words of the report, see transforms.nlp.identity.likeness",
        ),
        Field("blocks", Type.INTEGERS, "Blocking keys, digests"),
        Field("joins", Type.TEXT, "The earlier report it agrees with best", nullable=True),
    ),
    key=("event_mention_id",),
    order=("article_id",),
    origin=Origin.ARTICLE,
    owner="article_id",
    is_public=False,
)

ARTICLE_SIGNATURES = Table(
    "article_signatures",
    "MinHash bands of each article, to find near-copies",
    (
        Field("article_id", Type.TEXT, "The article"),
        Field("published_at", Type.TIME, "When it was published", nullable=True),
        Field("signature", Type.TEXT, "The MinHash, base64"),
        Field("bands", Type.TEXTS, "LSH bands"),
    ),
    key=("article_id",),
    order=("article_id",),
    origin=Origin.ARTICLE,
    owner="article_id",
    is_public=False,
)

ARTICLE_VERSIONS = Table(
    "article_versions",
    "Every text seen of an article, and the file it stood in",
    (
        Field("article_id", Type.TEXT, "The article"),
        Field("content_sha256", Type.TEXT, "The text"),
        Field("file_id", Type.TEXT, "The file"),
        Field("source_uri", Type.TEXT, "Where the file lay"),
        Field("record", Type.TEXT, "Which record of it, empty for the whole"),
        Field("rank", Type.TEXT, "Latest of rank is current: time of change, then digest"),
        Field("published_on", Type.DAY, "Day of publication"),
        Field("extractor_version", Type.TEXT, "What it was extracted with"),
        Field("run_id", Type.TEXT, "The run that saw it first"),
    ),
    key=("article_id", "content_sha256", "file_id", "record"),
    order=("article_id",),
    is_public=False,
)

EVENT_LEADS = Table(
    "event_leads",
    "The report that speaks for an event, and its sentence: the first in the lead of its cluster",
    (
        Field("event_id", Type.TEXT, "The event"),
        Field("event_mention_id", Type.TEXT, "The report"),
        Field("article_id", Type.TEXT, "Its article"),
        Field("sentence_id", Type.TEXT, "Its sentence"),
        Field("sentence", Type.TEXT, "The words of that, as in the article"),
    ),
    key=("event_id",),
    order=("event_id",),
    is_public=False,
    origin=Origin.ROLLUP,
    owner="event_id",
)

ALERT_LOG = Table(
    "alert_log",
    "One event that a watch matched, on its way to one channel; read the view `alerts`",
    (
        Field("watch", Type.TEXT, "Name of the watch in dateline.toml"),
        Field("event_id", Type.TEXT, "The event"),
        Field("channel", Type.TEXT, "Where it is told: view, file, mail, webhook"),
        Field("run_id", Type.TEXT, "The run that found it"),
        Field("found_at", Type.TIME, "When, UTC"),
        Field("told_at", Type.TIME, "When the channel took it, UTC", nullable=True),
    ),
    key=("watch", "event_id", "channel"),
    order=("found_at",),
    is_public=False,
)

INTERNAL = (
    SCHEMA_VERSION,
    ENTITY_EVIDENCE,
    EVENT_EVIDENCE,
    EVENT_LEADS,
    ARTICLE_SIGNATURES,
    ARTICLE_VERSIONS,
    ALERT_LOG,
)
