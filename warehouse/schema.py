"""The vocabulary tables are declared in: `Field`, `Table`, types and rules. No I/O.

One small set of types; `warehouse.dialects` maps each to DuckDB and polars.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum


class Type(Enum):
    """Column types. Times are UTC without zone; offsets count Unicode code points."""

    TEXT = "text"
    TEXTS = "texts"  # a list of texts
    INTEGER = "integer"  # 64 bits
    INTEGERS = "integers"  # a list of them
    SMALL = "small"  # 32 bits
    REAL = "real"
    BOOLEAN = "boolean"
    DAY = "day"
    TIME = "time"
    JSON = "json"  # text holding one JSON value


@dataclass(frozen=True, slots=True)
class Field:
    """One column. `comment` is its meaning, shown in the catalogue and the dictionary.

    `allowed` closes the set of values; `low`/`high` bound numbers (ends included); `pattern`
    is a regular expression the whole text must match; `references` is "table.column".
    """

    name: str
    type: Type
    comment: str
    nullable: bool = False
    allowed: tuple[str | int, ...] = ()
    low: float | None = None
    high: float | None = None
    pattern: str | None = None
    references: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """One table. `key` columns are unique together; `order` is how they are listed, and,
    where it begins with a time, how they lie on disk once the file was compacted.

    `is_public` tables are the contract; the others are Dateline's own bookkeeping.
    `owner` is the column that says which article a row comes from, where there is one:
    replacing or retracting an article removes its rows by it.
    """

    name: str
    comment: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    order: tuple[str, ...] = ()
    owner: str | None = None
    is_public: bool = True
    columns: tuple[str, ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", tuple(item.name for item in self.fields))
        for name in (*self.key, *self.order):
            if name not in self.columns:
                raise ValueError(f"{self.name}: no column {name!r}")

    def __getitem__(self, name: str) -> Field:
        for item in self.fields:
            if item.name == name:
                return item
        raise KeyError(f"{self.name}.{name}")

    def references(self) -> Iterator[tuple[str, str, str]]:
        """(column, referenced table, referenced column) of each foreign key."""
        for item in self.fields:
            if item.references:
                table, column = item.references.split(".")
                yield item.name, table, column
