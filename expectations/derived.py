"""Expectations that follow from the table declarations: types, nulls, values, keys, references.

An `Expected` is data; `expectations.checkpoints` turns it into Great Expectations' own classes.
A fixed cost of about 7 ms an expectation (measured) is why one expectation covers all columns
of a table: its witness column says for each row which column is wrong, and how.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from warehouse.schema import Field, Table

NO_FAULT = "ExpectColumnValuesToBeFaultless"


@dataclass(frozen=True, slots=True)
class Expected:
    """One expectation of one table.

    `kind` is the Great Expectations class, `settings` its arguments, `column` what it looks at.
    `reason` is shown to people and says what is wrong with a row that breaks it: a format over
    the row, or None where the looked-at column holds the sentence itself. `about` says what is
    checked, for the page. `severity` is `fail` or `warn`; a `fail` with `whole_batch` refuses
    everything.
    """

    rule: str
    table: str
    column: str
    kind: str = NO_FAULT
    settings: dict[str, Any] = field(default_factory=dict)
    severity: str = "fail"
    reason: str | None = None
    about: str = ""
    whole_batch: bool = False


def problems(item: Field) -> Iterator[tuple[pl.Expr, str]]:
    """(what is true of a bad value, what to say of it) for each limit of a column."""
    column = pl.col(item.name)
    if item.allowed:
        yield ~column.is_in(list(item.allowed)), "is none of the values the contract names"
    if item.low is not None:
        yield column < item.low, f"is below {item.low:g}"
    if item.high is not None:
        yield column > item.high, f"is above {item.high:g}"
    if item.pattern:
        yield ~column.str.contains(f"^(?:{item.pattern})$"), "does not have the form it must have"


def derived(table: Table) -> Iterator[Expected]:
    """Expectations of one declared table."""
    yield Expected(
        "types", table.name, "types__", about="Every value fits the declared type of its column"
    )
    required = [item.name for item in table.fields if not item.nullable]
    yield Expected(
        "required", table.name, "missing__",
        about=f"Nothing that must be there is missing: {', '.join(required)}",
    )  # fmt: skip
    keys = ", ".join(table.key)
    yield Expected(
        "unique-key", table.name, "key__", "ExpectColumnValuesToBeUnique",
        reason=f"another row of this batch has the same {keys}: {{key__}}",
        about=f"No two rows share one {keys}",
        whole_batch=table.name in ("articles", "sentences"),
    )  # fmt: skip
    limited = [item.name for item in table.fields if any(True for _ in problems(item))]
    if limited:
        yield Expected(
            "values", table.name, "values__",
            about=f"Values lie in their set, range and form: {', '.join(limited)}",
        )  # fmt: skip
    targets = [f"{column} in {parent}" for column, parent, _ in referenced(table)]
    if targets:
        yield Expected(
            "references", table.name, "orphan__",
            about=f"What a row refers to exists: {', '.join(targets)}",
        )  # fmt: skip


def referenced(table: Table) -> list[tuple[str, str, str]]:
    """The foreign keys the gate checks. Not those into `runs`: its row is written last."""
    return [entry for entry in table.references() if entry[1] != "runs"]
