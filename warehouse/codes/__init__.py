"""Codes of other event data sets, read from the `.tsv` files beside this and made into views.

A file's lines that begin with `#` say what it is; the first other line names the columns; cells
are tab-separated and `-` is an empty one. The view `code_NAME` holds the file NAME.tsv.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources

from warehouse.dialects import quote
from warehouse.errors import DatelineError


def code_views() -> Iterator[tuple[str, str]]:
    """(file name, SQL) of a view for each code file, in the order of their names."""
    folder = resources.files("warehouse") / "codes"
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        if item.name.endswith(".tsv"):
            yield f"001_code_{item.name.removesuffix('.tsv')}.sql", _view(item.name)


def read(name: str) -> tuple[str, list[str], list[list[str]]]:
    """(what it is, columns, rows) of a code file. Raises DatelineError naming a bad line."""
    return parse(name, (resources.files("warehouse") / "codes" / name).read_text("utf-8"))


def parse(name: str, text: str) -> tuple[str, list[str], list[list[str]]]:
    """(what it is, columns, rows) of a file's text. Raises DatelineError naming a bad line."""
    about: list[str] = []
    columns: list[str] = []
    rows: list[list[str]] = []
    seen: set[str] = set()
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("#"):
            about.append(line[1:].strip())
        elif not columns:
            columns = line.split("\t")
        elif line.strip():
            cells = [cell.strip() for cell in line.split("\t")]
            if len(cells) != len(columns):
                raise DatelineError(
                    f"{len(cells)} cells, expected {len(columns)}", subject=f"{name}:{number}"
                )
            if cells[0] in seen:
                raise DatelineError(f"{cells[0]} stands twice", subject=f"{name}:{number}")
            seen.add(cells[0])
            rows.append(["" if cell == "-" else cell for cell in cells])
    return " ".join(about), columns, rows


def _view(name: str) -> str:
    about, columns, rows = read(name)
    values = ",\n".join(
        "(" + ", ".join(quote(cell) if cell else "NULL" for cell in row) + ")" for row in rows
    )
    view = f"code_{name.removesuffix('.tsv')}"
    return (
        f"-- {about}\nCREATE OR REPLACE VIEW {view} AS SELECT * FROM (VALUES\n{values}\n"
        f") t({', '.join(columns)});\nCOMMENT ON VIEW {view} IS {quote(about)};\n"
    )
