"""Where tables are printed: as wide as the terminal, or wide enough for a file or a pipe."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from flows.resources.terminal import plain

_PIPE_WIDTH = 200


class _PlainConsole(Console):
    """Rich lets escape sequences of a text through; its own are styles."""

    def render_str(self, text: str, **options: Any) -> Text:
        """All that is printed and measured, cells of tables too, while we give it as `str`."""
        return super().render_str(plain(text), **options)


def console(pipe_width: int = _PIPE_WIDTH) -> Console:
    """Standard output that prints texts as they are: no markup, no `:name:` turned into a sign.

    But what would steer the terminal is spelt out.
    """
    width = None if sys.stdout.isatty() else pipe_width
    return _PlainConsole(width=width, highlight=False, markup=False, emoji=False)


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
