"""What the columns of the views mean, read from `views/columns.tsv` and put into the catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import resources

from warehouse.dialects import quote
from warehouse.errors import DatelineError
from warehouse.tables import TABLES

_FILE = "columns.tsv"


@cache
def meanings() -> dict[tuple[str, str], str]:
    """(view, column) → meaning. Raises DatelineError naming a line that breaks the format."""
    folder = resources.files("warehouse") / "views"
    found = dict(parse((folder / _FILE).read_text("utf-8")))
    return dict(sorted(found.items(), key=lambda item: item[0][0]))


def parse(text: str) -> Iterator[tuple[tuple[str, str], str]]:
    """((view, column), meaning) of each. A cell may list several views or columns with commas;
    `=events` takes the meaning the column of the same name has in that table."""
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = line.split("\t")
        if len(cells) != 3:
            raise DatelineError("expected view, columns, meaning", subject=f"{_FILE}:{number}")
        views, columns, meaning = (cell.strip() for cell in cells)
        for view in views.split(","):
            for column in columns.split(","):
                yield (view.strip(), column.strip()), _meaning(meaning, column.strip(), number)


def script() -> str:
    """SQL that comments every column of every view."""
    return "\n".join(
        f'COMMENT ON COLUMN "{view}"."{column}" IS {quote(meaning)};'
        for (view, column), meaning in meanings().items()
    )


def _meaning(meaning: str, column: str, number: int) -> str:
    if not meaning.startswith("="):
        return meaning
    try:
        return TABLES[meaning[1:]][column].comment
    except KeyError:
        raise DatelineError(
            f"{column} is no column of {meaning[1:]}", subject=f"{_FILE}:{number}"
        ) from None
