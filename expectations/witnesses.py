"""Columns computed beside a table so that an expectation can compare two of them. polars."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import polars as pl

from expectations.derived import problem
from warehouse.schema import Table
from warehouse.tables import TABLES

Frames = Mapping[str, pl.DataFrame]
SPANS = {
    "entity_mentions": ("text", "start_char", "end_char"),
    "time_mentions": ("text", "start_char", "end_char"),
    "place_mentions": ("text", "start_char", "end_char"),
    "event_mentions": ("trigger_text", "trigger_start", "trigger_end"),
}


def with_witnesses(name: str, frames: Frames, known: Mapping[str, Collection[str]]) -> pl.DataFrame:
    """The table's rows with `key__`, `missing__`, `orphan__` and the witnesses of its rules."""
    table, rows = TABLES[name], frames[name]
    rows = rows.with_columns(
        pl.concat_str([pl.col(c).cast(pl.String).fill_null("\x00") for c in table.key],
                      separator="/").alias("key__"),
        _missing(table),
        _values(table),
    )  # fmt: skip
    rows = _orphans(table, rows, frames, known)
    if name in SPANS:
        rows = _span(rows, frames, *SPANS[name])
    if name == "events":
        rows = _events(rows, frames)
    return rows


def _missing(table: Table) -> pl.Expr:
    empty = [
        pl.when(pl.col(item.name).is_null()).then(pl.lit(item.name)).otherwise(pl.lit(""))
        for item in table.fields
        if not item.nullable
    ]
    return pl.concat_str(empty, separator="").alias("missing__")


def _values(table: Table) -> pl.Expr:
    """What is wrong with a row's values, "" when nothing is."""
    found = [problem(item) for item in table.fields]
    parts = [pl.when(bad).then(pl.lit(words)) for bad, words in filter(None, found)]
    return pl.coalesce([*parts, pl.lit("")]).alias("values__")


def _orphans(
    table: Table, rows: pl.DataFrame, frames: Frames, known: Mapping[str, Collection[str]]
) -> pl.DataFrame:
    parts = []
    for column, parent, key in table.references():
        if parent == "runs" or parent not in frames:
            continue
        here = frames[parent][key]
        there = pl.Series(list(known.get(parent, ())), dtype=pl.String)
        ids = pl.concat([here, there])
        parts.append(
            pl.when(pl.col(column).is_null() | pl.col(column).is_in(ids.implode()))
            .then(pl.lit(""))
            .otherwise(pl.lit(column))
        )
    made = pl.concat_str(parts, separator="") if parts else pl.lit("")
    return rows.with_columns(made.alias("orphan__"))


def _span(rows: pl.DataFrame, frames: Frames, text: str, start: str, end: str) -> pl.DataFrame:
    """`at_span__`: the article's characters at the span; `inside__`: "" within its sentence."""
    texts = dict(frames["articles"].select("article_id", "text").iter_rows())
    at = [
        texts.get(article, "")[first:last] if first is not None and last is not None else ""
        for article, first, last in rows.select("article_id", start, end).iter_rows()
    ]
    bounds = frames["sentences"].select(
        "sentence_id",
        pl.col("start_char").alias("from__"),
        pl.col("end_char").alias("to__"),
        pl.col("article_id").alias("of__"),
    )
    return (
        rows.with_columns(pl.Series("at_span__", at, dtype=pl.String))
        .join(bounds, on="sentence_id", how="left", maintain_order="left")
        .with_columns(
            pl.when(
                (pl.col(start) >= pl.col("from__"))
                & (pl.col(end) <= pl.col("to__"))
                & (pl.col("of__") == pl.col("article_id"))
            )
            .then(pl.lit(""))
            .otherwise(pl.lit("outside"))
            .alias("inside__")
        )
        .drop("from__", "to__", "of__")
    )


def _events(rows: pl.DataFrame, frames: Frames) -> pl.DataFrame:
    counts = frames["event_participants"].select("event_id").unique().with_columns(party__=True)
    from warehouse.vocabulary import QUAD_OF_TYPE

    quads = pl.DataFrame(
        {"event_type": list(QUAD_OF_TYPE), "quad_of_type__": list(QUAD_OF_TYPE.values())},
        schema={"event_type": pl.String, "quad_of_type__": pl.Int32},
    )
    return (
        rows.join(quads, on="event_type", how="left", maintain_order="left")
        .join(counts, on="event_id", how="left", maintain_order="left")
        .with_columns(
            ahead__=pl.when(
                (pl.col("modality") == "asserted")
                & (pl.col("date_start") > pl.col("last_reported_at").dt.date().dt.offset_by("1d"))
            )
            .then(pl.lit("ahead"))
            .otherwise(pl.lit("")),
            turned__=pl.when(pl.col("date_start") > pl.col("date_end"))
            .then(pl.lit("turned"))
            .otherwise(pl.lit("")),
        )
    )
