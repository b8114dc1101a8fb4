"""Rows kept so that questions read little: of reports, parties of events, names together. Pure.

`warehouse/fills/` gives the same rows in SQL, for warehouses that were made before.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from warehouse.dialects import polars_schema
from warehouse.numbers import number
from warehouse.tables import TABLES


def event_reports(frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Rows of `event_reports`, from a batch's frames in which each report has its event."""
    schema = polars_schema(TABLES["event_reports"])
    mentions = frames["entity_mentions"].select("mention_id", "text", "start_char", "end_char")
    named = (
        frames["event_participants"]
        .select("event_mention_id", "mention_id", "entity_id", "role")
        .join(mentions, on="mention_id")
        .sort("event_mention_id", "start_char", "end_char", "entity_id", "role")
        .group_by("event_mention_id", maintain_order=True)
        .agg(
            party_ids="entity_id", party_roles="role", party_texts="text",
            party_starts="start_char", party_ends="end_char",
        )
    )  # fmt: skip
    sentences = frames["sentences"].select(
        "sentence_id", sentence_start="start_char", sentence_end="end_char"
    )
    of_article = ("article_id", "title", "source", "source_uri", "url", "published_at", "text")
    size = pl.col("sentence_end") - pl.col("sentence_start")
    return (
        frames["event_mentions"]
        .join(sentences, on="sentence_id")
        .join(frames["articles"].select(of_article), on="article_id")
        .join(named, on="event_mention_id", how="left")
        .with_columns(
            *(pl.col(name).fill_null([]) for name in named.columns[1:]),
            numbers("event_id", "event_number"),
            sentence=pl.col("text").str.slice(pl.col("sentence_start"), size),
        )
        .select(list(schema))
        .cast(schema)
        .sort("published_at", "article_id", "trigger_start")
    )


def named_together(frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Rows of `named_together`: whom each article names in one sentence with an entity."""
    schema = polars_schema(TABLES["named_together"])
    named = (
        frames["entity_mentions"]
        .filter(pl.col("mention_type") == "name")
        .join(frames["sentences"].select("sentence_id", "ordinal"), on="sentence_id")
        .select("article_id", "ordinal", "entity_id")
        .unique()
    )
    articles = frames["articles"].select(
        "article_id", "published_at", source=pl.coalesce("source", "source_uri")
    )
    return (
        named.join(named.rename({"entity_id": "other"}), on=["article_id", "ordinal"])
        .filter(pl.col("entity_id") != pl.col("other"))
        .sort("other", "ordinal")
        .group_by("entity_id", "article_id", maintain_order=True)
        .agg(other_ids="other", ordinals="ordinal")
        .join(articles, on="article_id")
        .sort("published_at", "article_id", "entity_id")
        .with_columns(numbers("entity_id", "entity_number"))
        .select(list(schema))
        .cast(schema)
    )


def event_parties(reports: pl.DataFrame, events: pl.DataFrame, leads: pl.DataFrame) -> pl.DataFrame:
    """Rows of `event_parties`: who takes part in each event by any of its reports.

    `reports` as in `rollups.events`, with `initiators` and `recipients`, of which a participant is
    both; `events` what that gives, `leads` the rows of `event_leads`.
    """
    schema = polars_schema(TABLES["event_parties"])
    told = [
        reports.select("event_id", entity_id=pl.col(side), side=pl.lit(role)).explode("entity_id")
        for side, role in (("initiators", "initiator"), ("recipients", "recipient"))
    ]
    parties = (
        pl.concat(told)
        .drop_nulls()
        .group_by("event_id", "entity_id")
        .agg(
            role=pl.when(pl.col("side").n_unique() == 1)
            .then(pl.col("side").first())
            .otherwise(pl.lit("participant"))
        )
    )
    acts, acted = pl.col("role") != "recipient", pl.col("role") != "initiator"
    sides = parties.group_by("event_id").agg(
        initiators=pl.col("entity_id").filter(acts).sort(),
        recipients=pl.col("entity_id").filter(acted).sort(),
    )
    return (
        parties.join(events, on="event_id")
        .join(leads.select("event_id", "sentence"), on="event_id")
        .join(sides, on="event_id")
        .with_columns(numbers("event_id", "event_number"), numbers("entity_id", "entity_number"))
        .select(list(schema))
        .cast(schema)
        .sort("date_start", "event_id", "entity_id")
    )


def numbers(column: str, name: str) -> pl.Expr:
    """A column of numbers for one of ids."""
    return pl.col(column).map_elements(number, return_dtype=pl.Int64).alias(name)
