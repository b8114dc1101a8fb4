"""What spans articles: entities from their evidence, events from their reports. polars, pure.

Both are functions of sets of rows: the order in which articles were loaded decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from sys import intern

import polars as pl

from transforms import plover
from transforms.nlp.identity.reports import ReportKey
from warehouse.dialects import polars_schema
from warehouse.tables import TABLES
from warehouse.vocabulary import MODALITIES

TALLY_COLUMNS = ("name", "entity_type", "country_code", "sector", "kb_id")
ALIAS_LIMIT = 50
_METHOD_RANK = {"corrected": -1, "explicit": 0, "relative": 1, "inherited": 2, "publication": 3}
_PRECISION_RANK = {"day": 0, "week": 1, "month": 2, "quarter": 3, "year": 4, "unknown": 5}
# An event told as fact by one and as a claim by another is asserted; the rest by weight of claim.
# What one party denies is disputed, whoever else tells it; else the outlet's word goes first.
_TOLD_RANK = {"disputed": 0, "narrated": 1, "attributed": 2, "claimed": 3}
_MODALITY_RANK = {name: rank for rank, name in enumerate(MODALITIES)}


def entities(tallies: pl.DataFrame) -> pl.DataFrame:
    """Rows of `entities` from tallies of evidence.

    `tallies` has `entity_id`, the five columns of `TALLY_COLUMNS`, `mentions`, `articles` (how
    often this combination was seen) and `aliases`. Every column goes to the value with most
    mentions, then most articles, then the first in the alphabet; NULL and UNK lose to any value.
    """
    schema = polars_schema(TABLES["entities"])
    if tallies.is_empty():
        return pl.DataFrame(schema=schema)
    merged = tallies.select("entity_id").unique().sort("entity_id")
    for column in TALLY_COLUMNS:
        best = (
            tallies.filter(pl.col(column).is_not_null())
            .group_by("entity_id", column)
            .agg(pl.col("mentions").sum(), pl.col("articles").sum())
            .with_columns(known=pl.col(column) != "UNK")
            .sort(
                ["entity_id", "known", "mentions", "articles", column],
                descending=[False, True, True, True, False],
            )
            .unique("entity_id", keep="first", maintain_order=True)
            .select("entity_id", column)
        )
        merged = merged.join(best, on="entity_id", how="left")
    aliases = (
        pl.concat(
            [
                tallies.select("entity_id", pl.col("aliases")).explode("aliases"),
                tallies.select("entity_id", pl.col("name").alias("aliases")),
            ]
        )
        .drop_nulls()
        .join(merged.select("entity_id", "name"), on="entity_id")
        .filter(pl.col("aliases") != pl.col("name"))
        .group_by("entity_id")
        .agg(pl.col("aliases").unique().sort().head(ALIAS_LIMIT))
    )
    return (
        merged.join(aliases, on="entity_id", how="left")
        .with_columns(pl.col("aliases").fill_null(pl.lit([], dtype=pl.List(pl.String))))
        .select(list(schema))
        .cast(schema)
        .sort("entity_id")
    )


_OF_EVIDENCE = (
    "cameo_code", "trigger_lemma", "date_start", "date_end", "date_precision", "country_code",
    "content",
)  # fmt: skip


def reports(frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """What `report_keys` asks of each row of `event_mentions`, and its other columns.

    `frames` are a batch's `event_mentions`, `event_evidence`, `event_participants`, `articles`.
    """
    return (
        frames["event_mentions"]
        .join(
            frames["event_evidence"].select("event_mention_id", *_OF_EVIDENCE),
            on="event_mention_id",
            how="left",
        )
        .join(parties(frames["event_participants"]), on="event_mention_id", how="left")
        .join(frames["articles"].select("article_id", "published_at"), on="article_id", how="left")
    )


def report_keys(reports: pl.DataFrame) -> Iterable[ReportKey]:
    """`ReportKey`s from a frame with their columns and `published_at`; parties are lists."""
    for row in reports.iter_rows(named=True):
        yield ReportKey(
            event_mention_id=row["event_mention_id"],
            article_id=row["article_id"],
            event_type=row["event_type"],
            modality=row["modality"],
            initiators=tuple(row["initiators"] or ()),
            recipients=tuple(row["recipients"] or ()),
            date_start=row["date_start"],
            date_end=row["date_end"],
            date_precision=row["date_precision"],
            place_id=row["place_id"],
            country_code=row["country_code"],
            trigger_lemma=row["trigger_lemma"],
            content=tuple(map(intern, row["content"] or ())),  # the same words in many reports
            reported_on=row["published_at"].date() if row["published_at"] else None,
            date_method=row["date_method"],
        )


def parties(participants: pl.DataFrame) -> pl.DataFrame:
    """`event_mention_id`, `initiators`, `recipients` (entity ids; a participant is both) and
    `initiator_countries`, `recipient_countries`."""
    acts, acted = pl.col("role") != "recipient", pl.col("role") != "initiator"
    countries = pl.col("country_code")
    return participants.group_by("event_mention_id").agg(
        initiators=pl.col("entity_id").filter(acts).unique().sort(),
        recipients=pl.col("entity_id").filter(acted).unique().sort(),
        initiator_countries=countries.filter(acts).drop_nulls().unique().sort(),
        recipient_countries=countries.filter(acted).drop_nulls().unique().sort(),
    )


def _winner(reports: pl.DataFrame, column: str, within: list[str]) -> pl.DataFrame:
    """The commonest value of `column` for each event among reports that agree on `within`."""
    return (
        reports.filter(pl.col(column).is_not_null())
        .group_by("event_id", *within, column)
        .agg(votes=pl.len())
        .sort(["event_id", "votes", column], descending=[False, True, False])
        .unique(["event_id", *within], keep="first", maintain_order=True)
        .select("event_id", *within, column)
    )


def leads(reports: pl.DataFrame) -> pl.DataFrame:
    """`event_id`, `event_mention_id`, `article_id`, `sentence_id` of the report to show for each.

    It has the event's modality. Of those that have it, that of the lead of a cluster of
    near-copies first, then the earliest, then the first in the article. `reports` as in `events`,
    with `is_cluster_lead`, `sentence_id`, `trigger_start`.
    """
    return (
        reports.sort(
            pl.col("event_id"),
            pl.col("modality").replace_strict(_MODALITY_RANK, return_dtype=pl.Int8),
            ~pl.col("is_cluster_lead"),
            "published_at",
            "article_id",
            "trigger_start",
            "event_mention_id",
        )
        .unique("event_id", keep="first", maintain_order=True)
        .select("event_id", "event_mention_id", "article_id", "sentence_id")
    )


def event_dyads(
    reports: pl.DataFrame, events: pl.DataFrame, participants: pl.DataFrame
) -> pl.DataFrame:
    """Rows of `event_dyads`: of each event told as fact of one day who acted on whom, by country.

    `participants` are those of all `reports` (`event_mention_id` and `event_id` of each); a side
    of an event is that of all its reports. A chance that was not kept counts as 1.
    """
    schema = polars_schema(TABLES["event_dyads"])
    dated = events.filter(
        (pl.col("modality") == "asserted")
        & (pl.col("date_precision") == "day")
        & pl.col("date_start").is_not_null()
    ).select(
        "event_id", "event_type", "quad_class", "goldstein", day=pl.col("date_start"),
        sure=pl.col("type_confidence").fill_null(1.0),
    )  # fmt: skip
    if dated.is_empty():
        return pl.DataFrame(schema=schema)
    told = (
        participants.filter(pl.col("country_code").is_not_null())
        .select("event_mention_id", "role", "country_code", "confidence")
        .join(reports.select("event_mention_id", "event_id"), on="event_mention_id")
        .with_columns(pl.col("confidence").fill_null(1.0))
    )

    def side(name: str, other: str) -> pl.DataFrame:
        own = told.filter(pl.col("role") != other)
        return own.group_by("event_id", pl.col("country_code").alias(name)).agg(
            pl.col("confidence").max().alias(f"{name}_chance")
        )

    return (
        dated.join(side("initiator", "recipient"), on="event_id")
        .join(side("recipient", "initiator"), on="event_id")
        .filter(pl.col("initiator") != pl.col("recipient"))
        .with_columns(
            confidence=pl.col("initiator_chance") * pl.col("recipient_chance") * pl.col("sure")
        )
        .select(list(schema))
        .cast(schema)
        .sort("day", "event_id", "initiator", "recipient")
    )


def events(reports: pl.DataFrame) -> pl.DataFrame:
    """Rows of `events` from all reports of them.

    `reports` joins `event_mentions`, `event_evidence` and the article's `published_at` and
    `voice`: the source of its cluster's lead, so that near-copies of one article count once.
    Type, mode, code, place and country go to the commonest value; the date to the best-founded
    and most precise one; the modality to the strongest claim; `told` as `_TOLD_RANK` orders.
    """
    schema = polars_schema(TABLES["events"])
    if reports.is_empty():
        return pl.DataFrame(schema=schema)
    merged = _winner(reports, "event_type", [])
    held = reports.join(merged, on=["event_id", "event_type"], how="semi")
    for column in ("event_mode", "cameo_code"):
        merged = merged.join(_winner(held, column, []), on="event_id", how="left")
    for column in ("place_id", "country_code"):
        merged = merged.join(_winner(reports, column, []), on="event_id", how="left")
    dates = (
        reports.with_columns(
            method_rank=pl.col("date_method").replace_strict(
                _METHOD_RANK, default=4, return_dtype=pl.Int8
            ),
            precision_rank=pl.col("date_precision").replace_strict(
                _PRECISION_RANK, default=5, return_dtype=pl.Int8
            ),
        )
        .group_by("event_id", "event_date", "date_start", "date_end", "date_precision")
        .agg(pl.col("method_rank").min(), pl.col("precision_rank").min(), votes=pl.len())
        .sort(
            ["event_id", "method_rank", "precision_rank", "votes", "event_date"],
            descending=[False, False, False, True, False],
            nulls_last=True,
        )
        .unique("event_id", keep="first", maintain_order=True)
        .select("event_id", "event_date", "date_start", "date_end", "date_precision")
    )
    rest = reports.group_by("event_id").agg(
        modality=pl.col("modality")
        .sort_by(pl.col("modality").replace_strict(_MODALITY_RANK, return_dtype=pl.Int8))
        .first(),
        mention_count=pl.len(),
        article_count=pl.col("article_id").n_unique(),
        source_count=pl.col("voice").n_unique(),
        first_reported_at=pl.col("published_at").min(),
        last_reported_at=pl.col("published_at").max(),
        confidence=pl.col("confidence").max(),
        type_confidence=pl.col("type_confidence").max(),
        told=pl.col("told")
        .sort_by(
            pl.col("told").replace_strict(_TOLD_RANK, default=len(_TOLD_RANK), return_dtype=pl.Int8)
        )
        .first(),
    )
    merged = merged.join(dates, on="event_id").join(rest, on="event_id")
    types = merged["event_type"].to_list()
    codes = [
        plover.cameo_for(kind, mode, code)
        for kind, mode, code in zip(types, merged["event_mode"], merged["cameo_code"], strict=True)
    ]
    return (
        merged.with_columns(
            pl.Series("cameo_code", codes, dtype=pl.String),
            pl.Series("quad_class", [plover.quad_class(kind) for kind in types], dtype=pl.Int32),
            pl.Series("goldstein", [plover.goldstein(code) for code in codes], dtype=pl.Float64),
        )
        .select(list(schema))
        .cast(schema)
        .sort("event_id")
    )
