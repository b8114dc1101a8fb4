"""Shared fixtures. Nothing here or below needs the network, `../shared` or a Prefect server."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples" / "articles"

# Columns that say when or by whom a row was written, not what it says.
VOLATILE = {"run_id", "loaded_at", "seen_at", "changed_at", "created_at", "quarantine_id"}


@pytest.fixture(scope="session")
def run_pipeline() -> Callable[..., Any]:
    """Runs the plain pipeline, without Prefect, in one worker process. Returns its summary."""
    from flows.resources.settings import settings
    from flows.run.files import Files
    from flows.run.pipeline import Pipeline

    def run(warehouse: Path, paths: Sequence[Path | str], **options: Any) -> Any:
        force = options.pop("force", False)
        chosen = settings(warehouse=warehouse, **{"processes": 1, **options})
        pipeline = Pipeline(chosen, Files([str(path) for path in paths], force=force))
        try:
            for batch in pipeline.batches():
                pipeline.load(batch)
        except BaseException as error:
            pipeline.abandon(error)
            raise
        return pipeline.finish()

    return run


@pytest.fixture(scope="session")
def example_warehouse(tmp_path_factory: pytest.TempPathFactory, run_pipeline: Any) -> Path:
    """All example articles, loaded once per test process."""
    path = tmp_path_factory.mktemp("examples") / "w.duckdb"
    run_pipeline(path, [EXAMPLES])
    return path


@pytest.fixture
def con(example_warehouse: Path) -> Iterator[Any]:
    """A reader of the example warehouse."""
    from warehouse.store import open_reader

    reader = open_reader(example_warehouse)
    yield reader
    reader.close()


def content(warehouse: Path, *, skip: set[str] = frozenset()) -> dict[str, list[Any]]:  # type: ignore[assignment]
    """Every content row of a warehouse, sorted, without the volatile columns."""
    from warehouse.store import open_reader
    from warehouse.tables import CONTENT, TABLES

    reader = open_reader(warehouse)
    found = {}
    for name in (*CONTENT, "files"):
        columns = [c for c in TABLES[name].columns if c not in VOLATILE | skip]
        listed = ", ".join(f'"{column}"' for column in columns)
        found[name] = reader.execute(f"SELECT {listed} FROM {name} ORDER BY ALL").fetchall()
    reader.close()
    return found
