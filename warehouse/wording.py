"""How people are told a number of things: "1 article", "2 articles". No I/O."""

from __future__ import annotations


def counted(count: int, one: str, many: str = "") -> str:
    """The number with its noun: `counted(1, "batch", "batches")`; without `many` an s is added."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def counted_of(count: int, many: str) -> str:
    """The number with a noun that is known in the plural, as tables' names are."""
    return counted(count, many[:-3] + "y" if many.endswith("ies") else many.removesuffix("s"), many)
