"""`Warehouse`: the published data as frames, and runs into it."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dateline.packages  # noqa: F401 -- the folders must be our own
from warehouse.errors import DatelineError

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

_PARTIAL = 3


@dataclass(frozen=True, slots=True)
class Run:
    """What a run did; `status` is completed, partial (something refused) or nothing new."""

    id: str | None
    status: str
    files: int = 0
    articles: int = 0
    events: int = 0
    refused: int = 0


class Rows:
    """Rows of a table, view or query, as whatever frame is wanted. Fetched when asked for."""

    def __init__(self, table: pyarrow.Table) -> None:
        self._table = table

    @property
    def columns(self) -> list[str]:
        """Names of the columns."""
        return list(self._table.column_names)

    def arrow(self) -> pyarrow.Table:
        """As an Arrow table."""
        return self._table

    def polars(self) -> polars.DataFrame:
        """As a polars frame."""
        import polars

        frame = polars.from_arrow(self._table)
        assert isinstance(frame, polars.DataFrame)
        return frame

    def pandas(self) -> pandas.DataFrame:
        """As a pandas frame."""
        return self._table.to_pandas()

    def dicts(self) -> list[dict[str, Any]]:
        """As one dictionary a row."""
        return list(self._table.to_pylist())

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.dicts())

    def __len__(self) -> int:
        return int(self._table.num_rows)

    def __repr__(self) -> str:
        from flows.resources.terminal import plain

        return plain(repr(self.polars()))

    def _repr_html_(self) -> str:
        return str(self.polars()._repr_html_())


class Warehouse:
    """A warehouse by its path, else the one of the project or of the environment.

    Reads the newest snapshot each time, so it never waits for a run and never blocks one. Filters
    are those of the command line: `type="CONSULT"`, `country=["KOR", "VNM"]`, `min_confidence=0.5`,
    `first="2026-01-01"`, `shown=True`, …
    """

    def __init__(self, path: Path | str | None = None) -> None:
        from flows.resources.settings import settings

        self.path = settings(warehouse=path).warehouse

    def __repr__(self) -> str:
        return f"Warehouse({str(self.path)!r})"

    def tables(self) -> list[str]:
        """Names of all tables and views."""
        rows = self.query(
            "SELECT table_name FROM information_schema.tables WHERE table_catalog <> 'temp' "
            "ORDER BY 1"
        )
        return [row["table_name"] for row in rows]

    def table(self, name: str, **filters: Any) -> Rows:
        """A table or view, of the chosen events. Raises DatelineError for a name there is not."""
        if not name.isidentifier():  # DuckDB would read a file of such a name
            raise DatelineError("no such table or view", subject=name)
        return self._ask(f'FROM "{name}"', [], filters)

    def query(self, sql: str, *values: Any, **filters: Any) -> Rows:
        """One SELECT that only reads, with `?` for each value, on the chosen events.

        Raises DatelineError, as `dateline query` does.
        """
        return self._ask(sql, list(values), filters)

    def evidence(self, event: str) -> Rows:
        """Every sentence that reports the event of this id, trigger and parties marked."""
        return self._ask("FROM evidence(?)", [event], {})

    def timeline(self, name: str, **filters: Any) -> Rows:
        """Every event of an entity, by name or alias. Raises DatelineError, with near names."""
        return self._ask("FROM entity_timeline(?)", [name], {"entity": name, **filters})

    def run(self, *paths: Path | str, force: bool = False) -> Run:
        """Read files, folders and globs, or what the project names, as `dateline run` does.

        In a process of its own, so that a script needs no `if __name__ == "__main__"`. Raises
        DatelineError with the line the command would print.
        """
        root = str(Path(__file__).parent.parent)
        began = dt.datetime.now(dt.UTC).replace(tzinfo=None)
        done = subprocess.run(
            [sys.executable, "-P", "-m", "flows.commands.cli", "run", *map(str, paths),
             "--warehouse", str(self.path), *(["--force"] if force else [])],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(
                filter(None, [root, os.environ.get("PYTHONPATH")]))},
            capture_output=True, text=True,
        )  # fmt: skip
        if done.returncode not in (0, _PARTIAL):
            said = done.stderr.strip().splitlines() or ["it ended without a word"]
            raise DatelineError(said[-1].removeprefix("dateline: "))
        rows = self.query(
            "SELECT run_id, status, files_seen, articles_loaded, events_loaded, rows_quarantined "
            "FROM runs WHERE started_at >= ? ORDER BY started_at DESC LIMIT 1",
            began,
        ).dicts()
        return Run(*rows[0].values()) if rows else Run(None, "nothing new")

    def _ask(self, sql: str, values: list[Any], filters: dict[str, Any]) -> Rows:
        import duckdb

        from flows.published.pure import check
        from flows.published.query_errors import explain
        from flows.resources.filters import choose
        from flows.resources.snapshot import reader

        con = reader(self.path, choose(**filters))
        try:
            check(con, sql)
            return Rows(con.execute(sql, values).to_arrow_table())
        except duckdb.Error as error:
            raise DatelineError(explain(con, sql, error), subject="SQL") from None
        finally:
            con.close()
