"""`dateline init`: a project in this folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.commands.base import guarded
from flows.resources.settings import DEFAULT_WAREHOUSE
from flows.resources.terminal import say
from warehouse.errors import DatelineError


@guarded
def init(
    inputs: Annotated[
        list[str] | None, typer.Argument(help="What the project reads; default the folder inbox")
    ] = None,
    warehouse: Annotated[
        Path, typer.Option("--warehouse", help="The DuckDB file")
    ] = DEFAULT_WAREHOUSE,
) -> None:
    """Make this folder a project: a commented dateline.toml that all commands read."""
    from flows.resources.project import PROJECT_FILE, template

    file = Path(PROJECT_FILE)
    paths = inputs or ["inbox"]
    text = template(paths, str(warehouse))
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        raise DatelineError("it is there already; edit it", subject=PROJECT_FILE) from None
    say(f"{PROJECT_FILE}: reads {', '.join(paths)} into {warehouse}")
    if not inputs:
        Path("inbox").mkdir(exist_ok=True)
    say("next: put articles there, then `dateline run`")
