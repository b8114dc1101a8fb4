"""Where tables are printed: as wide as the terminal, or wide enough for a file or a pipe."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

_PIPE_WIDTH = 200


def console(pipe_width: int = _PIPE_WIDTH) -> Console:
    """Standard output that prints texts as they are: no markup, no `:name:` turned into a sign."""
    width = None if sys.stdout.isatty() else pipe_width
    return Console(width=width, highlight=False, markup=False, emoji=False)


def print_rows(rows: Sequence[Mapping[str, Any]]) -> None:
    """Rows of the same columns as a table; numbers to the right."""
    if not rows:
        return
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for name, value in rows[0].items():
        table.add_column(name, justify="right" if isinstance(value, int | float) else "left")
    for row in rows:
        table.add_row(*(f"{v:,}" if isinstance(v, int | float) else str(v) for v in row.values()))
    console().print(table)
