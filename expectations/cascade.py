"""What hangs on refused rows: removing them takes along all that refers to them. polars, pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import polars as pl

from expectations.derived import referenced
from expectations.witnesses import KEY, ROW, Known, key_of
from warehouse.schema import Origin
from warehouse.tables import CONTENT, TABLES

# Rolled up from the rest or looked up for it: such a row goes when nothing names it any more.
_NAMED = tuple(n for n in CONTENT if TABLES[n].origin in (Origin.SHARED, Origin.ROLLUP))


@dataclass(slots=True)
class Kept:
    """`frames` may be loaded; `gone` rows (row, key, reason, columns) went for others' sake."""

    frames: dict[str, pl.DataFrame]
    gone: dict[str, pl.DataFrame] = field(default_factory=dict)


def without(
    frames: Mapping[str, pl.DataFrame], refused: Mapping[str, set[int]], known: Known
) -> Kept:
    """The rows without the refused ones (row numbers by table) and all that hangs on them."""
    start = {
        name: frames[name].with_row_index(ROW).with_columns(key_of(TABLES[name]).alias(KEY))
        for name in CONTENT
    }
    left = {
        name: rows.filter(~pl.col(ROW).is_in(pl.Series(sorted(refused.get(name, ())),
                                                       dtype=pl.UInt32).implode()))
        for name, rows in start.items()
    }  # fmt: skip
    kept = Kept({})
    gone: dict[str, list[pl.DataFrame]] = {}
    changed = True
    while changed:
        changed = False
        for name in CONTENT:
            for condition, reason in _lost(name, start, left):
                hanging = left[name].filter(condition)
                if hanging.height:
                    changed = True
                    left[name] = left[name].filter(~condition.fill_null(False))
                    gone.setdefault(name, []).append(hanging.with_columns(reason__=reason))
        for name in _NAMED:
            idle = _unnamed(name, start, left, known)
            if idle.len():
                changed = True
                left[name] = left[name].filter(~pl.col(TABLES[name].key[0]).is_in(idle.implode()))
    kept.gone = {name: pl.concat(parts) for name, parts in gone.items()}
    kept.frames = {name: rows.drop(ROW, KEY) for name, rows in left.items()}
    return kept


def _lost(
    name: str, start: Mapping[str, pl.DataFrame], left: Mapping[str, pl.DataFrame]
) -> Iterator[tuple[pl.Expr, pl.Expr]]:
    """(which rows of a table lost what they refer to, what to say of them)."""
    for column, parent, target in referenced(TABLES[name]):
        if parent != name and left[parent].height < start[parent].height:
            lost = start[parent].join(left[parent], on=target, how="anti")[target].drop_nulls()
            if lost.len():
                yield (
                    pl.col(column).is_in(lost.implode()),
                    pl.concat_str(pl.lit(f"its {column} "), column,
                                  pl.lit(f" is a row of {parent} that was refused")),
                )  # fmt: skip
    parties = "event_participants"
    if name == "event_mentions" and left[parties].height < start[parties].height:
        before = start[parties]["event_mention_id"].unique()
        after = left[parties]["event_mention_id"].unique()
        yield (
            pl.col("event_mention_id").is_in(before.implode())
            & ~pl.col("event_mention_id").is_in(after.implode()),
            pl.lit("all who took part in it were refused"),
        )


def _unnamed(
    name: str, start: Mapping[str, pl.DataFrame], left: Mapping[str, pl.DataFrame], known: Known
) -> pl.Series:
    """Keys still held that rows of the batch named, and that none names now."""
    own = TABLES[name].key[0]
    before, after = _names(name, start), _names(name, left)
    stand = pl.Series(list(known.get(name, ())), dtype=pl.String)
    return left[name].filter(
        pl.col(own).is_in(before.implode())
        & ~pl.col(own).is_in(after.implode())
        & ~pl.col(own).is_in(stand.implode())
    )[own]


def _names(name: str, frames: Mapping[str, pl.DataFrame]) -> pl.Series:
    found = [
        frames[child][column].drop_nulls()
        for child in CONTENT
        for column, parent, _ in referenced(TABLES[child])
        if parent == name
    ]
    return pl.concat([pl.Series(dtype=pl.String), *found]).unique()
