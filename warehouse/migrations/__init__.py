"""Steps from one schema version to the next.

`NNNN_what.sql` leads to version NNNN and runs once, in order, in one transaction with the others.
After it every declared table that is still missing is made, and views and comments anew, so a
step only says what happens to rows and columns that are there. `FUNCTIONS` are what SQL lacks.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from importlib import resources
from typing import Any


def steps() -> list[tuple[int, str]]:
    """(target version, SQL) of every step, in order."""
    folder = resources.files("warehouse") / "migrations"
    return sorted(
        (int(item.name.split("_")[0]), item.read_text("utf-8"))
        for item in folder.iterdir()
        if item.name.endswith(".sql")
    )


def _block_key(text: str) -> int:
    """The 63-bit digest that block keys are since version 2."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big") >> 1


FUNCTIONS: dict[str, tuple[Callable[..., Any], list[str], str]] = {
    "block_key": (_block_key, ["VARCHAR"], "BIGINT"),
}
