"""Tables kept with each load so that a question reads few rows. Not part of the contract.

Those of `Origin.TALLY` are counted over one or two tables by `fills/TABLE.sql`; a load counts what
it brings and what it takes away in the same way, and adds the difference. The others hold together
what views would else join from tables of many rows.
"""

from __future__ import annotations

from warehouse.schema import Field, Origin, Table, Type


def _number(name: str, column: str) -> Field:
    return Field(name, Type.INTEGER, f"Number of {column}, to be looked through")


def _count(name: str, comment: str) -> Field:
    return Field(name, Type.INTEGER, comment, low=0)


_MONTH = Field("month", Type.DAY, "First day of the month; NULL where undated", nullable=True)

EVENT_DYADS = Table(
    "event_dyads",
    "Directed pairs of countries of asserted events dated to the day, what `dyad_day` counts",
    (
        Field("event_id", Type.TEXT, "The event"),
        Field("day", Type.DAY, "Its day"),
        Field("initiator", Type.TEXT, "Country that acts, or takes part"),
        Field("recipient", Type.TEXT, "Country acted on, or that takes part"),
        Field("event_type", Type.TEXT, "Type of the event"),
        Field("quad_class", Type.SMALL, "Its quad class"),
        Field("goldstein", Type.REAL, "Its Goldstein score", nullable=True),
        Field(
            "confidence",
            Type.REAL,
            "Chance that the first is the initiator, times that of the second for recipient, times "
            "the event's type_confidence; each by its likeliest party in any report",
            nullable=True,
        ),
    ),
    key=("event_id", "initiator", "recipient"),
    order=("day",),
    is_public=False,
    origin=Origin.ROLLUP,
    owner="event_id",
)

EVENT_PARTIES = Table(
    "event_parties",
    "Who takes part in an event by any of its reports, and what a timeline tells of it",
    (
        _number("entity_number", "entity_id"),
        _number("event_number", "event_id"),
        Field("event_id", Type.TEXT, "The event"),
        Field("entity_id", Type.TEXT, "The party"),
        Field(
            "role",
            Type.TEXT,
            "Its role; `participant` also where reports differ",
            allowed=("initiator", "recipient", "participant"),
        ),
        # Copies, so that a timeline reads the rows of one entity and nothing else.
        Field("event_date", Type.TEXT, "EDTF text", nullable=True),
        Field("date_start", Type.DAY, "First day covered", nullable=True),
        Field("event_type", Type.TEXT, "PLOVER event type"),
        Field("modality", Type.TEXT, "Modality of the event"),
        Field("told", Type.TEXT, "According to whom", nullable=True),
        Field("place_id", Type.TEXT, "Where", nullable=True),
        Field("sentence", Type.TEXT, "The sentence of its lead report"),
        Field("initiators", Type.TEXTS, "Entities that act, or take part"),
        Field("recipients", Type.TEXTS, "Entities acted on, or that take part"),
    ),
    key=("event_id", "entity_id"),
    order=("entity_number", "event_number"),
    is_public=False,
    origin=Origin.ROLLUP,
    owner="event_id",
)

EVENT_REPORTS = Table(
    "event_reports",
    "Each report of an event with its sentence and parties: what the macro `evidence` shows",
    (
        _number("event_number", "event_id"),
        Field("event_id", Type.TEXT, "The event"),
        Field("event_mention_id", Type.TEXT, "The report"),
        Field("article_id", Type.TEXT, "Its article"),
        Field("title", Type.TEXT, "Headline of that", nullable=True),
        Field("source", Type.TEXT, "Who published it", nullable=True),
        Field("source_uri", Type.TEXT, "Where its file lay"),
        Field("url", Type.TEXT, "Its address", nullable=True),
        Field("published_at", Type.TIME, "When, UTC"),
        Field("sentence", Type.TEXT, "Its sentence"),
        Field("sentence_start", Type.SMALL, "First character of that, in the article", low=0),
        Field("trigger_text", Type.TEXT, "The characters of the trigger"),
        Field("trigger_start", Type.SMALL, "First of them", low=0),
        Field("trigger_end", Type.SMALL, "Behind the last of them", low=1),
        Field("modality", Type.TEXT, "Modality of the report"),
        Field("told", Type.TEXT, "According to whom", nullable=True),
        Field("confidence", Type.REAL, "How sure the extractor is", low=0, high=1),
        Field("party_ids", Type.TEXTS, "Entities that take part; the lists go side by side"),
        Field("party_roles", Type.TEXTS, "What they do"),
        Field("party_texts", Type.TEXTS, "How they are named"),
        Field("party_starts", Type.INTEGERS, "First character of that, in the article"),
        Field("party_ends", Type.INTEGERS, "Behind the last one"),
    ),
    key=("event_mention_id",),
    order=("event_number", "published_at"),
    origin=Origin.ARTICLE,
    owner="article_id",
    is_public=False,
)

NAMED_TOGETHER = Table(
    "named_together",
    "Whom an article names in one sentence with an entity",
    (
        _number("entity_number", "entity_id"),
        Field("entity_id", Type.TEXT, "The entity"),
        Field("article_id", Type.TEXT, "The article"),
        Field("source", Type.TEXT, "Who published that; where unknown, its file"),
        Field("other_ids", Type.TEXTS, "The others, once for each sentence"),
        Field("ordinals", Type.INTEGERS, "Beside each the ordinal of the sentence"),
    ),
    key=("entity_id", "article_id"),
    order=("entity_number", "article_id"),
    origin=Origin.ARTICLE,
    owner="article_id",
    is_public=False,
)

ENTITY_MONTHS = Table(
    "entity_months",
    "In how many events of a month an entity takes part; read the view `entity_volume`",
    (
        _number("entity_number", "entity_id"),
        Field("entity_id", Type.TEXT, "The entity"),
        _MONTH,
        _count("events", "Events"),
        _count("asserted_events", "Those told as fact"),
    ),
    key=("entity_number", "entity_id", "month"),
    is_public=False,
    origin=Origin.TALLY,
)

EVENT_MONTHS = Table(
    "event_months",
    "Events of a month by type, modality and country; read the view `event_volume`",
    (
        _MONTH,
        Field("event_type", Type.TEXT, "PLOVER event type"),
        Field("modality", Type.TEXT, "Modality"),
        Field("country_code", Type.TEXT, "Where, ISO 3166-1 alpha-3", nullable=True),
        _count("events", "Events"),
    ),
    key=("month", "event_type", "modality", "country_code"),
    is_public=False,
    origin=Origin.TALLY,
)

PLACE_MONTHS = Table(
    "place_months",
    "Events of a month at each place; read the view `place_volume`",
    (
        Field("place_id", Type.TEXT, "Where"),
        _MONTH,
        _count("events", "Events"),
        _count("asserted_events", "Those told as fact"),
    ),
    key=("place_id", "month"),
    is_public=False,
    origin=Origin.TALLY,
)

SOURCE_DAYS = Table(
    "source_days",
    "What each source published on a day; read the view `source_volume`",
    (
        Field("source", Type.TEXT, "Who published it; where unknown, the file"),
        Field("day", Type.DAY, "The day, UTC"),
        _count("articles", "Articles"),
        _count("original_articles", "Those that lead their cluster"),
        _count("words", "Words"),
        _count("event_reports", "Reports of events"),
    ),
    key=("source", "day"),
    is_public=False,
    origin=Origin.TALLY,
)

KEPT = (  # a table stands after those it is counted over
    EVENT_DYADS,
    EVENT_PARTIES,
    EVENT_REPORTS,
    NAMED_TOGETHER,
    ENTITY_MONTHS,
    EVENT_MONTHS,
    PLACE_MONTHS,
    SOURCE_DAYS,
)
