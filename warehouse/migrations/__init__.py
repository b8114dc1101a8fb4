"""Steps from one schema version to the next.

`NNNN_what.sql` leads to version NNNN and runs once, in order, in one transaction with the others.
After it every declared table that is still missing is made, and views and comments anew, so a
step only says what happens to rows and columns that are there; a new table needs none, and one that
is counted over others only `fills/TABLE.sql`, a SELECT that gives its rows.
`FUNCTIONS` are what SQL lacks.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from hashlib import blake2b
from importlib import resources
from typing import Any

from warehouse.tables import TABLES


def steps() -> list[tuple[int, str]]:
    """(target version, SQL) of every step, in order."""
    folder = resources.files("warehouse") / "migrations"
    return sorted(
        (int(item.name.split("_")[0]), item.read_text("utf-8"))
        for item in folder.iterdir()
        if item.name.endswith(".sql")
    )


@cache
def fills() -> dict[str, str]:
    """Table → SELECT that gives what a load would have kept in it. Columns in declared order.

    A table stands after those it is counted over.
    """
    folder = resources.files("warehouse") / "fills"
    found = {item.name.removesuffix(".sql"): item.read_text("utf-8") for item in folder.iterdir()}
    return {name: found[name] for name in TABLES if name in found}


def _block_key(text: str) -> int:
    """The digests of week and anchor that block keys ("kind|anchor|week") are since version 2."""
    kind, rest = text.split("|", 1)
    anchor, week = rest.rsplit("|", 1)
    return _digest(f"{kind}|{week}") >> 1 << 32 | _digest(anchor)


def _digest(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=4).digest(), "big")


FUNCTIONS: dict[str, tuple[Callable[..., Any], list[str], str]] = {
    "block_key": (_block_key, ["VARCHAR"], "BIGINT"),
}
