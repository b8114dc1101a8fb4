"""Columns computed beside a table for Great Expectations to look at. polars, no I/O.

A fault column holds a sentence for each row that is wrong and "" for the others. A plain witness
holds what another column must agree with: the characters at a span, the quad class of a type.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import polars as pl

from expectations.derived import problems, referenced
from warehouse.dialects import POLARS
from warehouse.schema import Table, Type
from warehouse.tables import TABLES

Known = Mapping[str, Collection[str]]
ROW, KEY = "row__", "key__"


@dataclass(frozen=True, slots=True)
class Held:
    """A batch ready to be looked at: every table with its declared types, and loaded keys.

    `misfits` holds, for tables with values that do not fit their type, one sentence a row.
    """

    frames: Mapping[str, pl.DataFrame]
    known: Known
    misfits: Mapping[str, pl.Series]

    def lacks(self, reference: tuple[str, str, str, str]) -> bool:
        """Whether a table's column names something that is neither in the batch nor loaded.

        `reference` is (table, column, table it refers to, column there).
        """
        name, column, parent, target = reference
        there = {*self.frames[parent][target], *self.known.get(parent, ())}
        return not there.issuperset(self.frames[name][column].drop_nulls())


def key_of(table: Table) -> pl.Expr:
    """A row's key as one text, as the change log writes it."""
    parts = [pl.col(name).cast(pl.String).fill_null("∅") for name in table.key]
    return pl.concat_str(parts, separator="/")


def said(condition: pl.Expr, *words: pl.Expr | str) -> pl.Expr:
    """`words` where `condition` is true, "" where it is false or unknown."""
    parts = [pl.lit(w) if isinstance(w, str)
             else w.cast(pl.String).str.strip_suffix(".000000").fill_null("nothing")
             for w in words]  # fmt: skip
    return pl.when(condition.fill_null(False)).then(pl.concat_str(parts)).otherwise(pl.lit(""))


def joined(parts: list[pl.Expr]) -> pl.Expr:
    """Several faults of a row as one text."""
    named = [pl.when(part != "").then(part) for part in parts]
    return pl.concat_str(named, separator="; ", ignore_nulls=True) if named else pl.lit("")


def fitted(table: Table, rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series | None]:
    """The rows with the declared types, and what was lost in fitting them, if anything was.

    Raises polars' ColumnNotFoundError where a declared column is missing.
    """
    declared = {item.name: POLARS[item.type] for item in table.fields}
    rows = rows.select(list(declared))
    wrong = [name for name, kind in declared.items() if rows.schema[name] != kind]
    if not wrong:
        return rows, None
    lost, casts = [], []
    for name in wrong:
        cast = _cast(rows[name], declared[name])
        casts.append(cast)
        gone = pl.lit(rows[name].is_not_null() & cast.is_null())
        lost.append(said(gone, f"{name} does not hold a value of type {table[name].type.value}"))
    return rows.with_columns(casts), rows.select(faults=joined(lost))["faults"]


def _cast(values: pl.Series, kind: pl.DataType) -> pl.Series:
    """The values as another type, NULL where one cannot be read so."""
    nothing = pl.Series(values.name, [None] * len(values), dtype=kind)
    if values.dtype == pl.Object or values.dtype.is_nested() != kind.is_nested():
        return nothing
    try:
        if values.dtype == pl.String and kind.is_temporal():
            return values.str.strptime(kind, strict=False)  # type: ignore[arg-type]
        return values.cast(kind, strict=False)
    except pl.exceptions.PolarsError:  # no such conversion at all
        return nothing


def with_witnesses(name: str, held: Held) -> pl.DataFrame:
    """The table's rows with `row__`, `key__` and the witnesses of the derived expectations."""
    table, rows = TABLES[name], held.frames[name]
    misfit = held.misfits.get(name)
    rows = rows.with_row_index(ROW).with_columns(
        key_of(table).alias(KEY),
        _missing(table).alias("missing__"),
        _values(table).alias("values__"),
        (pl.lit("") if misfit is None else misfit).alias("types__"),
    )
    orphans = []
    for column, parent, target in referenced(table):
        there = pl.Series(list(held.known.get(parent, ())), dtype=pl.String)
        ids = pl.concat([held.frames[parent][target], there])
        lost = pl.col(column).is_not_null() & ~pl.col(column).is_in(ids.implode())
        orphans.append(said(lost, f"{column} ", pl.col(column), f" stands nowhere in {parent}"))
    return rows.with_columns(joined(orphans).alias("orphan__"))


def _missing(table: Table) -> pl.Expr:
    parts = []
    for item in table.fields:
        if not item.nullable:
            gone = pl.col(item.name).is_null()
            if item.type is Type.TEXT and item.name != "text":
                gone = gone | (pl.col(item.name).str.strip_chars() == "")
            parts.append(said(gone, f"{item.name} is empty, and must not be"))
    return joined(parts)


def _values(table: Table) -> pl.Expr:
    return joined(
        [
            said(bad, f"{item.name} “", pl.col(item.name), f"” {words}")
            for item in table.fields
            for bad, words in problems(item)
        ]
    )
