"""`dateline serve`: the schedules, with Prefect's UI."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.commands.base import Warehouse, guarded
from flows.resources.settings import DEFAULT_WAREHOUSE, settings


@guarded
def serve(
    watch: Annotated[Path, typer.Option(help="Folder to read new files from")] = Path("data/inbox"),
    every: Annotated[int, typer.Option(min=5, help="Seconds between looks")] = 30,
    port: Annotated[
        int, typer.Option(min=1, max=65535, help="Port of the Prefect server and its UI")
    ] = 4200,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
) -> None:
    """Watch a folder and run the schedules, with Prefect's UI. Ctrl-C stops it."""
    from flows.orchestration.serve import serve as run_schedules

    run_schedules(settings(warehouse=warehouse), watch, every=every, port=port)
