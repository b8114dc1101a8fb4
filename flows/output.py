"""Where tables are printed: as wide as the terminal, or wide enough for a file or a pipe."""

from __future__ import annotations

import sys

from rich.console import Console

_PIPE_WIDTH = 200


def console() -> Console:
    """Standard output, without markup."""
    width = None if sys.stdout.isatty() else _PIPE_WIDTH
    return Console(width=width, highlight=False, markup=False)
