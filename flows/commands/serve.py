"""`dateline serve`: the schedules, with Prefect's UI."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.commands.base import Warehouse, guarded
from flows.resources.project import Schedule, inputs, project
from flows.resources.settings import DEFAULT_WAREHOUSE, settings


@guarded
def serve(
    watch: Annotated[
        list[str] | None,
        typer.Option(
            help="What to read new files from; repeatable; default what dateline.toml names, "
            "else data/inbox"
        ),
    ] = None,
    every: Annotated[int, typer.Option(min=5, help="Seconds between looks")] = 30,
    port: Annotated[
        int, typer.Option(min=1, max=65535, help="Port of the Prefect server and its UI")
    ] = 4200,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
) -> None:
    """Watch a folder, or what the project names, and run the schedules, with Prefect's UI.

    Ctrl-C stops it.
    """
    from flows.orchestration.serve import serve as run_schedules

    held = project()
    schedule = (held.schedule if held else Schedule()).model_copy(update={"every": every})
    if not watch:
        watch = inputs([]) if held and held.inputs else ["data/inbox"]
    run_schedules(settings(warehouse=warehouse), watch, schedule, port=port)
