"""Expectations that follow from the table declarations: keys, nulls, values, ranges, references.

An `Expected` is data; `expectations.gate` turns it into Great Expectations' own classes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from warehouse.schema import Field, Table


@dataclass(frozen=True, slots=True)
class Expected:
    """One expectation of one table.

    `kind` is the Great Expectations class, `settings` its arguments. `reason` is shown to people
    and says what is wrong with a row that breaks it.
    """

    rule: str
    table: str
    column: str | None
    kind: str
    settings: dict[str, Any] = field(default_factory=dict)
    severity: str = "fail"
    reason: str = ""


def problem(item: Field) -> tuple[pl.Expr, str] | None:
    """(what is true of a bad value, what to say of it), None where any value will do."""
    column = pl.col(item.name)
    bad: list[tuple[pl.Expr, str]] = []
    if item.allowed:
        bad.append((~column.is_in(list(item.allowed)), "is none of the values the contract names"))
    if item.low is not None:
        bad.append((column < item.low, f"is below {item.low:g}"))
    if item.high is not None:
        bad.append((column > item.high, f"is above {item.high:g}"))
    if item.pattern:
        bad.append((~column.str.contains(f"^(?:{item.pattern})$"), "does not have its form"))
    if not bad:
        return None
    joint = bad[0][0]
    for more, _ in bad[1:]:
        joint = joint | more
    return joint, f"{item.name} " + " or ".join(words for _, words in bad)


def derived(table: Table) -> Iterator[Expected]:
    """Expectations of one declared table. A reference is checked by a witness column."""
    required = [item.name for item in table.fields if not item.nullable]
    yield Expected(
        "required", table.name, "missing__", "ExpectColumnValuesToBeInSet",
        {"value_set": [""]}, reason=f"a required column is empty ({', '.join(required)})",
    )  # fmt: skip
    yield Expected(
        "unique-key", table.name, "key__", "ExpectColumnValuesToBeUnique",
        reason=f"two rows have one key ({', '.join(table.key)})",
    )  # fmt: skip
    limited = [item.name for item in table.fields if problem(item) is not None]
    if limited:
        yield Expected(
            "values", table.name, "values__", "ExpectColumnValuesToBeInSet",
            {"value_set": [""]},
            reason=f"a value is outside its set, range or form ({', '.join(limited)})",
        )  # fmt: skip
    targets = [f"{column} → {parent}" for column, parent, _ in table.references()]
    if any(parent != "runs" for _, parent, _ in table.references()):
        yield Expected(
            "references", table.name, "orphan__", "ExpectColumnValuesToBeInSet",
            {"value_set": [""]}, reason=f"refers to a row that is not there ({', '.join(targets)})",
        )  # fmt: skip
