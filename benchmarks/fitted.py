"""The table that a fit prints: its lexicon anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from transforms.lexicons.loader import read_text


def print_table(path: str, rows: Iterable[Sequence[str]]) -> None:
    """Print the comments and columns of the lexicon at `path` as they are, and other rows."""
    for line in read_text(path).splitlines():
        print(line)
        if not line.startswith("#"):
            break
    else:
        raise SystemExit(f"{path} has no columns; print to another file, then put it there")
    for cells in rows:
        print("\t".join(cells))
