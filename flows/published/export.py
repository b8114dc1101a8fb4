"""`dateline export`: the published data as files other tools read. Nothing is half-written."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import duckdb

from flows.published.cells import without_formula
from flows.published.graphml import write_graphml
from flows.published.labels import FILE, write_labels
from flows.resources.filters import ALL, Filter
from flows.resources.private import umask
from flows.resources.snapshot import reader
from warehouse.connection import Connection, value
from warehouse.dialects import quote
from warehouse.errors import DatelineError
from warehouse.tables import PUBLIC

EXTRA = ("event_details",)  # views that are exported beside the tables
_BY_MONTH = {
    "events": "date_start",
    "event_details": "date_start",
    "articles": "published_at",
}
_TABLES = {
    "parquet": "FORMAT parquet",
    "csv": "FORMAT csv, HEADER",
    "jsonl": "FORMAT json",
}


@dataclass(frozen=True, slots=True)
class Shape:
    """A view written as the one tab-separated file that users of another data set expect.

    GDELT's files have no header and no quotes, so tabs and line ends in a text become blanks.
    `nulls` is what stands for an unknown text.
    """

    view: str
    file: str
    header: bool
    nulls: str = ""


SHAPES = {
    "gdelt": Shape("gdelt_events", "gdelt.export.CSV", header=False),
    "gdelt-mentions": Shape("gdelt_mentions", "gdelt.mentions.CSV", header=False),
    "polecat": Shape("polecat_events", "polecat.txt", header=True, nulls="None"),
    "icews": Shape("icews_events", "icews.tab", header=True),
}
FORMATS = (*_TABLES, *SHAPES, "graphml", "labels")


def export(
    warehouse: Path,
    target: Path,
    form: str,
    tables: list[str],
    chosen: Filter = ALL,
    *,
    raw: bool = False,
) -> list[tuple[str, int]]:
    """Write tables below `target`, of events the chosen ones.

    Without names all public ones and `event_details`. Parquet is partitioned by month where a table
    has a date (`month=2026-03/`, `month=unknown/`). The formats of `SHAPES`, `graphml` and `labels`
    write one file. In CSV and `SHAPES` formulas of a spreadsheet are guarded unless
    `raw`. The folder is written under another name and renamed, in place of one of the same name
    that an earlier export made. Returns (table or file, rows). Raises DatelineError.
    """
    if form not in FORMATS:
        raise DatelineError(f"{form!r} is none of {', '.join(FORMATS)}", subject="--format")
    known = [table.name for table in PUBLIC] + list(EXTRA)
    for name in tables:
        if name not in known:
            raise DatelineError(f"no such table; there are {', '.join(known)}", subject=name)
    if tables and form not in _TABLES:
        raise DatelineError(f"goes with {', '.join(_TABLES)} only", subject="--table")
    mark = target / ".dateline-export"
    if target.exists() and (not target.is_dir() or (any(target.iterdir()) and not mark.exists())):
        raise DatelineError("exists and is no earlier export", subject=str(target))
    con = reader(warehouse, chosen)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}."))
    except OSError as error:
        con.close()
        raise DatelineError(f"cannot be written: {error.strerror}", subject=str(target)) from None
    try:
        written = _all(con, part, form, tables or known, raw)
        (part / mark.name).touch()
        part.chmod(0o777 & ~umask())
        if target.exists():
            shutil.rmtree(target)
        part.replace(target)
    except duckdb.CatalogException:
        shutil.rmtree(part, ignore_errors=True)
        raise DatelineError(
            "an earlier version of dateline published this data; `dateline run` renews it",
            subject=str(warehouse),
        ) from None
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    finally:
        con.close()
    return written


def _all(
    con: Connection, folder: Path, form: str, tables: list[str], raw: bool
) -> list[tuple[str, int]]:
    if form == "graphml":
        actors, pairs = write_graphml(con, folder / "actors.graphml")
        return [("actors", actors), ("pairs", pairs)]
    if form == "labels":
        articles, events = write_labels(con, folder / FILE)
        return [(FILE, articles), ("events", events)]
    if form in SHAPES:
        return [(SHAPES[form].file, _shape(con, SHAPES[form], folder, raw))]
    return [(name, _write(con, name, folder, form, raw)) for name in tables]


def _shape(con: Connection, shape: Shape, folder: Path, raw: bool) -> int:
    kinds = con.execute(f"DESCRIBE {shape.view}").fetchall()

    def cell(name: str) -> str:
        text = f"regexp_replace(\"{name}\", '[\\t\\r\\n]+', ' ', 'g')"
        return text if raw else without_formula(text)

    columns = ", ".join(
        f'{cell(name)} AS "{name}"' if kind == "VARCHAR" else f'"{name}"'
        for name, kind, *_ in kinds
    )
    order = ", ".join(f'"{name}"' for name, *_ in kinds[:3])
    quotes = "" if shape.header else ", QUOTE '', ESCAPE ''"
    return int(
        value(
            con,
            f"COPY (SELECT {columns} FROM {shape.view} ORDER BY {order}) "
            f"TO {quote(str(folder / shape.file))} (FORMAT csv, DELIMITER '\t', "
            f"HEADER {str(shape.header).lower()}, NULLSTR {quote(shape.nulls)}{quotes})",
        )
    )


def _write(con: Connection, name: str, folder: Path, form: str, raw: bool) -> int:
    rows = int(value(con, f'SELECT count(*) FROM "{name}"'))
    if form == "parquet" and name in _BY_MONTH:
        month = f"coalesce(strftime({_BY_MONTH[name]}, '%Y-%m'), 'unknown')"
        con.execute(
            f'COPY (SELECT *, {month} AS month FROM "{name}") TO {quote(str(folder / name))} '
            "(FORMAT parquet, PARTITION_BY (month))"
        )
        return rows
    path = folder / f"{name}.{form}"
    columns = "*"
    if form == "csv":
        cells = {
            column: _csv_cell(column, kind, raw)
            for column, kind, *_ in con.execute(f'DESCRIBE "{name}"').fetchall()
        }
        written = ", ".join(f'{cell} AS "{c}"' for c, cell in cells.items() if cell is not None)
        columns = f"* REPLACE ({written})" if written else "*"
    con.execute(f'COPY (SELECT {columns} FROM "{name}") TO {quote(str(path))} ({_TABLES[form]})')
    return rows


def _csv_cell(column: str, kind: str, raw: bool) -> str | None:
    """SQL of a column that CSV has otherwise: a list as JSON, for its names may hold commas."""
    if kind.endswith("[]") or kind.startswith(("STRUCT", "MAP")):
        return f'to_json("{column}")::VARCHAR'
    return without_formula(f'"{column}"') if kind == "VARCHAR" and not raw else None
