"""THE declaration of the public tables: DDL, polars schemas, expectations and dictionary derive.

Names and meanings are those of the public contract; a change here is a change of the contract
and needs a migration, but for a new table. What a run records stands in `warehouse.run_tables`,
bookkeeping in `warehouse.internal_tables`; where rows come from is said by `Origin`.
"""

from __future__ import annotations

from warehouse import vocabulary as v
from warehouse.internal_tables import INTERNAL
from warehouse.run_tables import (
    CHANGE_LOG,
    CORRECTIONS,
    FILES,
    QUALITY_RESULTS,
    QUARANTINE,
    RUNS,
    run_id,
)
from warehouse.schema import Field, Origin, Table, Type

COUNTRY = r"[A-Z]{3}"
LANGUAGE = r"[a-z]{2}"
KB_ID = r"(geonames|wikidata|dateline|own):.+"
EDTF = r"[-0-9X/.~?%]+"


def _id(name: str, comment: str, references: str | None = None, nullable: bool = False) -> Field:
    return Field(name, Type.TEXT, comment, nullable=nullable, references=references)


def _start(name: str = "start_char") -> Field:
    return Field(name, Type.SMALL, "First character, 0-based, in articles.text", low=0)


def _end(name: str = "end_char") -> Field:
    return Field(name, Type.SMALL, "Character behind the last one, in articles.text", low=1)


def _confidence(comment: str = "How sure the extractor is, 0 to 1") -> Field:
    return Field("confidence", Type.REAL, comment, low=0, high=1)


def _event_confidence() -> tuple[Field, Field]:
    return (
        _confidence("Chance that type, modality and all told sides are right"),
        Field(
            "type_confidence", Type.REAL,
            "Chance that type and modality are right; NULL where read before there was a reader",
            low=0, high=1, nullable=True,
        ),
    )  # fmt: skip


def _country(nullable: bool = True) -> Field:
    return Field(
        "country_code", Type.TEXT, "ISO 3166-1 alpha-3", nullable=nullable, pattern=COUNTRY
    )


def _sector() -> Field:
    return Field("sector", Type.TEXT, "PLOVER actor sector", nullable=True, allowed=v.SECTORS)


def _event_type() -> Field:
    return Field("event_type", Type.TEXT, "PLOVER event type", allowed=v.EVENT_TYPES)


def _event_mode() -> Field:
    return Field("event_mode", Type.TEXT, "PLOVER mode of the type, if known", nullable=True)


def _modality() -> Field:
    return Field(
        "modality", Type.TEXT, "Told as fact, plan, possibility, claim, denial or absence",
        allowed=v.MODALITIES,
    )  # fmt: skip


def _told() -> Field:
    return Field(
        "told", Type.TEXT,
        "By the outlet itself, by somebody it names, by a party to the event, or denied by another "
        "party; NULL where read before this was kept",
        allowed=v.TOLD, nullable=True,
    )  # fmt: skip


def _article() -> Field:
    return _id("article_id", "The article", "articles.article_id")


def _sentence() -> Field:
    return _id("sentence_id", "The sentence", "sentences.sentence_id")


def _dates() -> tuple[Field, ...]:
    return (
        Field("date_start", Type.DAY, "First day covered", nullable=True),
        Field("date_end", Type.DAY, "Last day covered", nullable=True),
        Field("date_precision", Type.TEXT, "How exact the date is", allowed=v.DATE_PRECISIONS),
    )


def _event_date() -> Field:
    return Field("event_date", Type.TEXT, "EDTF text", nullable=True, pattern=EDTF)


ARTICLES = Table(
    "articles",
    "The current version of one article",
    (
        _id("article_id", "Digest of the article's stable identity"),
        Field("source_uri", Type.TEXT, "Where the raw file lay"),
        Field("url", Type.TEXT, "Address it was published at", nullable=True),
        Field("source", Type.TEXT, "Publisher or host", nullable=True),
        Field("title", Type.TEXT, "Headline", nullable=True),
        Field("authors", Type.TEXTS, "Bylines"),
        Field("language", Type.TEXT, "ISO 639-1", nullable=True, pattern=LANGUAGE),
        Field("published_at", Type.TIME, "When it was published, UTC"),
        Field("published_method", Type.TEXT, "Where the date was read: header, json-ld, …"),
        Field(
            "utc_offset",
            Type.SMALL,
            'Minutes of the outlet\'s clock before UTC, of which its "today" is; NULL where unsaid',
            nullable=True,
            low=-840,
            high=840,
        ),
        Field("dateline", Type.TEXT, 'Raw text of "SEOUL (Yonhap) —"', nullable=True),
        Field("text", Type.TEXT, "Clean text, NFC; all offsets count in it"),
        Field("word_count", Type.SMALL, "Words in text", low=0),
        Field("content_sha256", Type.TEXT, "Digest of the content", pattern=r"[0-9a-f]{64}"),
        Field("version", Type.SMALL, "1 for the first text seen, then 2, …", low=1),
        _id("cluster_id", "Near-duplicates share one"),
        Field("is_cluster_lead", Type.BOOLEAN, "The one counted for its cluster"),
        run_id(),
        Field("loaded_at", Type.TIME, "When this version was loaded, UTC"),
    ),
    key=("article_id",),
    order=("published_at", "article_id"),
    origin=Origin.ARTICLE,
    owner="article_id",
)

SENTENCES = Table(
    "sentences",
    "One sentence",
    (
        _id("sentence_id", "Digest of article and ordinal"),
        _article(),
        Field("ordinal", Type.SMALL, "Position in the article, from 0", low=0),
        _start(),
        _end(),
    ),
    key=("sentence_id",),
    order=("article_id", "ordinal"),
    origin=Origin.ARTICLE,
    owner="article_id",
)

ENTITIES = Table(
    "entities",
    "One real-world thing, across articles",
    (
        _id("entity_id", "Digest of the entity's canonical key"),
        Field("name", Type.TEXT, "Canonical name"),
        Field("entity_type", Type.TEXT, "What it is", allowed=v.ENTITY_TYPES),
        _country(),
        _sector(),
        Field("aliases", Type.TEXTS, "Other names it was seen under"),
        Field(
            "kb_id", Type.TEXT, "A place's place_id, or wikidata:…", nullable=True, pattern=KB_ID
        ),
    ),
    key=("entity_id",),
    order=("entity_type", "name"),
    origin=Origin.ROLLUP,
    owner="entity_id",
)

ENTITY_MENTIONS = Table(
    "entity_mentions",
    "One mention of an entity; a group (“both sides”) has one row for each member",
    (
        _id("mention_id", "Digest of article, span and entity"),
        _article(),
        _sentence(),
        _id("entity_id", "The entity meant", "entities.entity_id"),
        Field("text", Type.TEXT, "The characters of the span"),
        _start(),
        _end(),
        Field("mention_type", Type.TEXT, "How it is named", allowed=v.MENTION_TYPES),
        Field("title", Type.TEXT, "Office as written", nullable=True),
        Field("method", Type.TEXT, "How the entity was decided"),
        _confidence(),
    ),
    key=("mention_id",),
    order=("article_id", "start_char"),
    origin=Origin.ARTICLE,
    owner="article_id",
    span=("text", "start_char", "end_char"),
)

POSITIONS = Table(
    "positions",
    "Someone seen holding an office",
    (
        _id("entity_id", "The office-holder", "entities.entity_id"),
        Field("title", Type.TEXT, "The office"),
        _id("organization_entity_id", "Where", "entities.entity_id", nullable=True),
        _country(),
        _article(),
        _sentence(),
        Field("observed_on", Type.DAY, "Day of publication"),
    ),
    key=("entity_id", "title", "sentence_id"),
    order=("entity_id", "observed_on"),
    origin=Origin.ARTICLE,
    owner="article_id",
)

TIME_MENTIONS = Table(
    "time_mentions",
    "One temporal expression",
    (
        _id("time_mention_id", "Digest of article and span"),
        _article(),
        _sentence(),
        Field("text", Type.TEXT, "The characters of the span"),
        _start(),
        _end(),
        Field("timex_type", Type.TEXT, "TIMEX3 type", allowed=v.TIMEX_TYPES),
        Field("timex_value", Type.TEXT, "TIMEX3 value"),
        *_dates(),
        Field("anchor", Type.TEXT, "What it was resolved against", allowed=v.ANCHORS),
    ),
    key=("time_mention_id",),
    order=("article_id", "start_char"),
    origin=Origin.ARTICLE,
    owner="article_id",
    span=("text", "start_char", "end_char"),
)

PLACES = Table(
    "places",
    "One gazetteer place",
    (
        _id("place_id", "geonames:…, dateline:… (a region of our list), own:… (a project's)"),
        Field("name", Type.TEXT, "Name"),
        Field("place_type", Type.TEXT, "What it is", allowed=v.PLACE_TYPES),
        _country(),
        Field("admin1", Type.TEXT, "First-level division", nullable=True),
        Field("latitude", Type.REAL, "Degrees north", nullable=True, low=-90, high=90),
        Field("longitude", Type.REAL, "Degrees east", nullable=True, low=-180, high=180),
        Field("population", Type.INTEGER, "People", nullable=True, low=0),
    ),
    key=("place_id",),
    order=("place_id",),
    origin=Origin.SHARED,
)

PLACE_MENTIONS = Table(
    "place_mentions",
    "One toponym in a text",
    (
        _id("place_mention_id", "Digest of article and span"),
        _article(),
        _sentence(),
        Field("text", Type.TEXT, "The characters of the span"),
        _start(),
        _end(),
        _id("place_id", "The place; NULL where we abstain", "places.place_id", nullable=True),
        Field(
            "method",
            Type.TEXT,
            "How it was resolved; around: that holds it, no list does; capital: told as whose",
        ),
        _confidence(),
    ),
    key=("place_mention_id",),
    order=("article_id", "start_char"),
    origin=Origin.ARTICLE,
    owner="article_id",
    span=("text", "start_char", "end_char"),
)

EVENTS = Table(
    "events",
    "One thing that happened (or is planned, denied, …), across all reports of it",
    (
        _id("event_id", "Digest of what makes the event"),
        _event_type(),
        _event_mode(),
        Field("cameo_code", Type.TEXT, "CAMEO, zeros kept", nullable=True, pattern=r"\d{2,4}"),
        Field("quad_class", Type.SMALL, "1 verbal … 4 material conflict", low=1, high=4),
        Field("goldstein", Type.REAL, "Goldstein score", low=-10, high=10, nullable=True),
        _modality(),
        _event_date(),
        *_dates(),
        _id("place_id", "Where", "places.place_id", nullable=True),
        _country(),
        Field("mention_count", Type.SMALL, "Reports of it, sentences", low=1),
        Field("article_count", Type.SMALL, "Articles that report it", low=1),
        Field("source_count", Type.SMALL, "Sources, near-copies counted once", low=1),
        Field("first_reported_at", Type.TIME, "Earliest publication, UTC"),
        Field("last_reported_at", Type.TIME, "Latest publication, UTC"),
        *_event_confidence(),
        _told(),
    ),
    key=("event_id",),
    order=("date_start", "event_id"),
    origin=Origin.ROLLUP,
    owner="event_id",
)

EVENT_MENTIONS = Table(
    "event_mentions",
    "One report of an event in one sentence",
    (
        _id("event_mention_id", "Digest of article, trigger and type"),
        _id("event_id", "The event reported", "events.event_id"),
        _article(),
        _sentence(),
        Field("trigger_text", Type.TEXT, "The characters of the trigger"),
        _start("trigger_start"),
        _end("trigger_end"),
        _event_type(),
        _event_mode(),
        _modality(),
        _id("attribution_entity_id", "Who says so", "entities.entity_id", nullable=True),
        Field("date_text", Type.TEXT, "The expression that dates it", nullable=True),
        _event_date(),
        Field("date_method", Type.TEXT, "How it was dated", nullable=True, allowed=v.DATE_METHODS),
        Field("place_text", Type.TEXT, "The toponym that places it", nullable=True),
        _id("place_id", "Where", "places.place_id", nullable=True),
        *_event_confidence(),
        _told(),
        Field(
            "method",
            Type.TEXT,
            "What people made of it, where they looked: confirmed, corrected, or added where no "
            "extractor found it; else NULL",
            nullable=True,
            allowed=v.REPORT_METHODS,
        ),
        Field("extractor_version", Type.TEXT, "Code, model and lexicon that made it"),
    ),
    key=("event_mention_id",),
    order=("article_id", "trigger_start"),
    origin=Origin.ARTICLE,
    owner="article_id",
    span=("trigger_text", "trigger_start", "trigger_end"),
)

EVENT_PARTICIPANTS = Table(
    "event_participants",
    "One party to one report of an event",
    (
        _id("event_mention_id", "The report", "event_mentions.event_mention_id"),
        _id("event_id", "The event", "events.event_id"),
        _id("entity_id", "The party", "entities.entity_id"),
        _id("mention_id", "Where the text names it", "entity_mentions.mention_id"),
        Field("role", Type.TEXT, "Who did, to whom, or both together", allowed=v.ROLES),
        _country(),
        Field(
            "country_method",
            Type.TEXT,
            "How the country is known: said of the party (named, office), or of the place of the "
            "act, the dateline, the article's only country",
            nullable=True,
            allowed=v.COUNTRY_METHODS,
        ),
        _sector(),
        Field(
            "method",
            Type.TEXT,
            "corrected, where somebody said so; else NULL",
            nullable=True,
            allowed=("corrected",),
        ),
        Field(
            "confidence",
            Type.REAL,
            "Chance that it is a party in this role, of a participant in the lesser of both; NULL "
            "where it was read before this was kept",
            nullable=True,
            low=0,
            high=1,
        ),
    ),
    key=("event_mention_id", "mention_id", "role"),
    order=("event_mention_id",),
    origin=Origin.ARTICLE,
    owner="event_mention_id",
)

EVENT_COUNTS = Table(
    "event_counts",
    "A number said of an event",
    (
        _id("event_mention_id", "The report", "event_mentions.event_mention_id"),
        Field("kind", Type.TEXT, "What was counted", allowed=v.COUNT_KINDS),
        Field("low", Type.INTEGER, "At least", low=0),
        Field("high", Type.INTEGER, "At most", low=0),
        Field("text", Type.TEXT, "As written"),
    ),
    key=("event_mention_id", "kind", "text"),
    order=("event_mention_id",),
    origin=Origin.ARTICLE,
    owner="event_mention_id",
)

QUOTATIONS = Table(
    "quotations",
    "One quoted or reported statement",
    (
        _id("quotation_id", "Digest of article and span"),
        _article(),
        _sentence(),
        _id("speaker_entity_id", "Who speaks", "entities.entity_id", nullable=True),
        _start("quote_start"),
        _end("quote_end"),
        Field("cue", Type.TEXT, "Verb of speaking, lemma", nullable=True),
        Field("is_direct", Type.BOOLEAN, "In quotation marks"),
    ),
    key=("quotation_id",),
    order=("article_id", "quote_start"),
    origin=Origin.ARTICLE,
    owner="article_id",
)

PUBLIC = (
    RUNS, FILES, ARTICLES, SENTENCES, ENTITIES, ENTITY_MENTIONS, POSITIONS, TIME_MENTIONS,
    PLACES, PLACE_MENTIONS, EVENTS, EVENT_MENTIONS, EVENT_PARTICIPANTS, EVENT_COUNTS,
    QUOTATIONS, CORRECTIONS, QUARANTINE, QUALITY_RESULTS, CHANGE_LOG,
)  # fmt: skip
TABLES: dict[str, Table] = {table.name: table for table in (*PUBLIC, *INTERNAL)}

# What follows from the declarations. In the order of loading: a row stands after what it refers to.
CONTENT = tuple(table.name for table in PUBLIC if table.is_content)
BOOKKEEPING = tuple(
    table.name for table in INTERNAL if table.origin not in (Origin.RUN, Origin.TALLY)
)
TALLIES = tuple(table.name for table in INTERNAL if table.origin is Origin.TALLY)
EXTRACTED = tuple(  # filled for each article by itself
    table.name for table in TABLES.values() if table.origin in (Origin.ARTICLE, Origin.SHARED)
)
BY_MENTION = tuple(name for name in EXTRACTED if TABLES[name].owner == "event_mention_id")
