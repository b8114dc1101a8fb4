"""What an address names: a DuckDB file, or a lake by its catalog. Nothing is opened here."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from warehouse.errors import DatelineError

_SCHEME = "ducklake:"
_SECRET = re.compile(r"\b(password|passfile|sslpassword)\s*=", re.I)


@dataclass(frozen=True, slots=True)
class Lake:
    """A lake's catalog. `place` is libpq's `key=value …` of a PostgreSQL, else an SQLite file."""

    kind: str
    place: str

    @property
    def file(self) -> Path | None:
        """The catalog's file, None of a server's."""
        return Path(self.place) if self.kind == "sqlite" else None

    def __str__(self) -> str:
        return f"{_SCHEME}{self.kind}:{self.place}"


def lake_of(warehouse: Path) -> Lake | None:
    """The lake this address names, None of a file's. Raises DatelineError.

    `ducklake:postgres:dbname=news host=db` or `ducklake:sqlite:data/news.sqlite`.
    """
    text = str(warehouse)
    if not text.startswith(_SCHEME):
        return None
    kind, _, place = text.removeprefix(_SCHEME).partition(":")
    if kind not in ("postgres", "sqlite"):
        # A DuckDB file as catalog lets nobody read while somebody writes.
        raise DatelineError(
            "a lake is ducklake:postgres:dbname=… or ducklake:sqlite:FILE", subject=_SCHEME + kind
        )
    if kind == "sqlite" and not place:
        raise DatelineError("no file is named", subject=_SCHEME + kind)
    if kind == "postgres" and _SECRET.search(place):
        raise DatelineError(
            "no password in an address: PGPASSWORD or ~/.pgpass holds it", subject=_SCHEME + kind
        )
    if kind == "postgres" and re.match(r"postgres(ql)?:/", place):  # a Path has lost a slash of it
        raise DatelineError("write it as dbname=… host=… user=…", subject=_SCHEME + kind)
    return Lake(kind, place)


def place_of(warehouse: Path) -> Path:
    """A path of this machine that stands for it, beside which what belongs to it lies: pages,
    decisions, logs. The file itself, or the catalog's; of a server's catalog one in `data/`."""
    lake = lake_of(warehouse)
    if lake is None:
        return warehouse
    return lake.file or Path("data") / f"lake-{hashlib.sha256(str(lake).encode()).hexdigest()[:6]}"


def absolute(warehouse: Path) -> str:
    """The address as another process finds it, whatever its working folder."""
    lake = lake_of(warehouse)
    if lake is None:
        return str(warehouse.absolute())
    return str(Lake(lake.kind, str(lake.file.absolute())) if lake.file else lake)
