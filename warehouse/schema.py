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


class Origin(Enum):
    """Where a table's rows come from, and so what replaces them."""

    RUN = "run"  # what runs record; loaded articles replace none of it
    ARTICLE = "article"  # read in one article, and replaced or retracted with it
    SHARED = "shared"  # looked up for articles, the same for all of them: only added to
    ROLLUP = "rollup"  # counted over the rows of all articles, anew for what a batch touches
    TALLY = "tally"  # counted by `fills/TABLE.sql`: a load adds what it brings, less what goes


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
    where it begins with a time or a number, how they lie on disk once the file was compacted.

    `is_public` tables are the contract; the others are Dateline's own bookkeeping.
    `owner` is the column by which a batch finds the rows it replaces: that of the article or of
    the event mention a row comes from, or of the thing that is rolled up.
    `span` names the columns of a text and of its first and last character, where a row has such.
    """

    name: str
    comment: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    order: tuple[str, ...] = ()
    owner: str | None = None
    is_public: bool = True
    origin: Origin = Origin.RUN
    span: tuple[str, str, str] | None = None
    columns: tuple[str, ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", tuple(item.name for item in self.fields))
        for name in (*self.key, *self.order, *(self.span or ()), *filter(None, [self.owner])):
            if name not in self.columns:
                raise ValueError(f"{self.name}: no column {name!r}")
        if (self.owner is not None) != (self.origin in (Origin.ARTICLE, Origin.ROLLUP)):
            raise ValueError(f"{self.name}: an owner goes with the origins article and rollup")

    @property
    def is_content(self) -> bool:
        """Whether it holds what articles say: checked by the gate, each change logged."""
        return self.is_public and self.origin is not Origin.RUN

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
