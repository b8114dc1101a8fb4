"""Dateline's own bookkeeping tables. Not part of the contract; may change at any time."""

from __future__ import annotations

from warehouse.kept_tables import KEPT
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
        # Copies of what stands in other tables, so that identity reads this one alone.
        Field("event_id", Type.TEXT, "The event"),
        Field("event_type", Type.TEXT, "Type of the report"),
        Field("modality", Type.TEXT, "Modality of the report"),
        Field("place_id", Type.TEXT, "Its place", nullable=True),
        Field("date_method", Type.TEXT, "How its date was found", nullable=True),
        Field("initiators", Type.TEXTS, "Entities that act, or take part", nullable=True),
        Field("recipients", Type.TEXTS, "Entities acted on, or that take part", nullable=True),
        Field("initiator_countries", Type.TEXTS, "Countries of those that act", nullable=True),
        Field("recipient_countries", Type.TEXTS, "Of those acted on", nullable=True),
        Field("published_at", Type.TIME, "When its article was published", nullable=True),
        Field(
            "first_week",
            Type.SMALL,
            "First of the weeks in its blocks, or a year below 0; none where undated",
            nullable=True,
        ),
        Field("last_week", Type.SMALL, "Last of them", nullable=True),
    ),
    key=("event_mention_id",),
    order=("article_id",),
    origin=Origin.ARTICLE,
    owner="article_id",
    is_public=False,
)

ARTICLE_SIGNATURES = Table(
    "article_signatures",
    "MinHash of each article, to find near-copies",
    (
        Field("article_id", Type.TEXT, "The article"),
        Field("published_at", Type.TIME, "When it was published", nullable=True),
        Field("signature", Type.TEXT, "The MinHash, base64"),
    ),
    key=("article_id",),
    order=("article_id",),
    origin=Origin.ARTICLE,
    owner="article_id",
    is_public=False,
)

ARTICLE_BANDS = Table(
    "article_bands",
    "LSH bands of the MinHash of each article: numbers, for they are all looked through",
    (
        Field("band", Type.INTEGER, "The band, see transforms.near_duplicates"),
        Field("article_id", Type.TEXT, "The article"),
    ),
    key=("article_id", "band"),
    origin=Origin.ARTICLE,
    owner="article_id",
    is_public=False,
)

ENTITY_TALLIES = Table(
    "entity_tallies",
    "Rows of `entity_evidence` that say the same, counted: a batch adds to them",
    (
        Field("entity_id", Type.TEXT, "The entity"),
        Field("name", Type.TEXT, "Name there"),
        Field("entity_type", Type.TEXT, "Kind there"),
        Field("country_code", Type.TEXT, "Country there", nullable=True),
        Field("sector", Type.TEXT, "Sector there", nullable=True),
        Field("kb_id", Type.TEXT, "Knowledge base id there", nullable=True),
        Field("mentions", Type.INTEGER, "Mentions in all of them", low=0),
        Field("articles", Type.INTEGER, "How many", low=1),
        Field("aliases", Type.TEXTS, "Other names in any of them"),
    ),
    key=("entity_id", "name", "entity_type", "country_code", "sector", "kb_id"),
    order=("entity_id",),
    origin=Origin.ROLLUP,
    owner="entity_id",
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

CORRECTION_USES = Table(
    "correction_uses",
    "Where the words of a decision stand: one row for each article and end of it",
    (
        Field("correction_id", Type.TEXT, "The decision"),
        Field("article_id", Type.TEXT, "The article"),
        Field("part", Type.TEXT, "of, or with where there are two"),
        Field("event_mention_id", Type.TEXT, "The report that is tied to another", nullable=True),
        Field("tie", Type.TEXT, "same or apart, of a report that is tied", nullable=True),
        Field("decided_at", Type.TIME, "When that was decided, UTC", nullable=True),
        Field("entity_id", Type.TEXT, "The entity it is about, as read", nullable=True),
        Field("is_applied", Type.BOOLEAN, "Whether there was what it is about"),
    ),
    key=("correction_id", "article_id", "part"),
    order=("article_id",),
    origin=Origin.ARTICLE,
    owner="article_id",
    is_public=False,
)

INTERNAL = (
    SCHEMA_VERSION,
    ENTITY_EVIDENCE,
    EVENT_EVIDENCE,
    EVENT_LEADS,
    ENTITY_TALLIES,
    ARTICLE_SIGNATURES,
    ARTICLE_BANDS,
    ARTICLE_VERSIONS,
    CORRECTION_USES,
    ALERT_LOG,
    *KEPT,
)
