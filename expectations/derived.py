"""Expectations that follow from the table declarations: keys, nulls, values, ranges, references.

An `Expected` is data; `expectations.gate` turns it into Great Expectations' own classes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from warehouse.schema import Table, Type


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
    for item in table.fields:
        if item.allowed:
            yield Expected(
                f"{item.name}-allowed", table.name, item.name, "ExpectColumnValuesToBeInSet",
                {"value_set": list(item.allowed)},
                reason=f"{item.name} is none of the values the contract names",
            )  # fmt: skip
        if item.type in (Type.INTEGER, Type.SMALL, Type.REAL) and (
            item.low is not None or item.high is not None
        ):
            yield Expected(
                f"{item.name}-range", table.name, item.name, "ExpectColumnValuesToBeBetween",
                {"min_value": item.low, "max_value": item.high},
                reason=f"{item.name} is outside {item.low} to {item.high}",
            )  # fmt: skip
        if item.pattern:
            yield Expected(
                f"{item.name}-form", table.name, item.name, "ExpectColumnValuesToMatchRegex",
                {"regex": f"^(?:{item.pattern})$"},
                reason=f"{item.name} does not have its form ({item.pattern})",
            )  # fmt: skip
    targets = [f"{column} → {parent}" for column, parent, _ in table.references()]
    if any(parent != "runs" for _, parent, _ in table.references()):
        yield Expected(
            "references", table.name, "orphan__", "ExpectColumnValuesToBeInSet",
            {"value_set": [""]}, reason=f"refers to a row that is not there ({', '.join(targets)})",
        )  # fmt: skip
