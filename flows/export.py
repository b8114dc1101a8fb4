"""`dateline export`: the published data as files other tools read. Nothing is half-written."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from flows.query import reader
from warehouse.dialects import quote
from warehouse.errors import DatelineError
from warehouse.tables import PUBLIC

FORMATS = ("parquet", "csv", "jsonl")
EXTRA = ("event_details",)  # views that are exported beside the tables
_BY_MONTH = {
    "events": "date_start",
    "event_details": "date_start",
    "articles": "published_at",
}


def export(warehouse: Path, target: Path, form: str, tables: list[str]) -> list[tuple[str, int]]:
    """Write tables (all public ones and `event_details` if none are named) below `target`.

    Parquet is partitioned by month where a table has a date (`month=2026-03/`, `month=unknown/`).
    The folder is written under another name and renamed, in place of one of the same name that
    an earlier export made. Returns (table, rows). Raises DatelineError.
    """
    if form not in FORMATS:
        raise DatelineError(f"{form!r} is none of {', '.join(FORMATS)}", subject="--format")
    known = [table.name for table in PUBLIC] + list(EXTRA)
    for name in tables:
        if name not in known:
            raise DatelineError(f"no such table; there are {', '.join(known)}", subject=name)
    mark = target / ".dateline-export"
    if target.exists() and (not target.is_dir() or (any(target.iterdir()) and not mark.exists())):
        raise DatelineError("exists and is no earlier export", subject=str(target))
    con = reader(warehouse)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}."))
    try:
        written = [(name, _write(con, name, part, form)) for name in tables or known]
        (part / mark.name).touch()
        part.chmod(0o755)
        if target.exists():
            shutil.rmtree(target)
        part.replace(target)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    finally:
        con.close()
    return written


def _write(con: Any, name: str, folder: Path, form: str) -> int:
    rows = int(con.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])
    if form == "parquet" and name in _BY_MONTH:
        month = f"coalesce(strftime({_BY_MONTH[name]}, '%Y-%m'), 'unknown')"
        con.execute(
            f'COPY (SELECT *, {month} AS month FROM "{name}") TO {quote(str(folder / name))} '
            "(FORMAT parquet, PARTITION_BY (month))"
        )
        return rows
    options = {
        "parquet": "FORMAT parquet",
        "csv": "FORMAT csv, HEADER",
        "jsonl": "FORMAT json",
    }[form]
    path = folder / f"{name}.{form}"
    con.execute(f'COPY (SELECT * FROM "{name}") TO {quote(str(path))} ({options})')
    return rows
