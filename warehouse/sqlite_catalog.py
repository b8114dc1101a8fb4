"""A lake's catalog in an SQLite file, for one machine and for tests."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

_SECONDS = 30  # that somebody may hold the file


def answer(file: Path, sql: str) -> str | None:
    """The text of the only row, None where there is no file, no table or no row."""
    if not file.exists():
        return None
    with closing(sqlite3.connect(file, timeout=_SECONDS)) as con:
        try:
            row = con.execute(sql).fetchone()
        except sqlite3.OperationalError as error:
            if "no such table" in str(error):
                return None
            raise
    return str(row[0]) if row else None


def prepare(file: Path) -> None:
    """Make the file. With a log beside it those that read do not keep a commit waiting."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(file, timeout=_SECONDS)) as con:
        con.execute("PRAGMA journal_mode = WAL")


def run(file: Path, *statements: str) -> None:
    """Run statements, each by itself."""
    with closing(sqlite3.connect(file, timeout=_SECONDS, isolation_level=None)) as con:
        for sql in statements:
            con.execute(sql)
