"""Where tables are printed: as wide as the terminal, or wide enough for a file or a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.table import Table

from flows.resources.terminal import plain

_PIPE_WIDTH = 200


class _PlainConsole(Console):
    """Rich lets escape sequences of a text through; its own are segments' styles and control."""

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        for segment in super().render(renderable, options):
            if segment.control:
                yield segment
            else:
                yield Segment(plain(segment.text), segment.style)


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
