"""`dateline quality`: the quality page of a run, and Data Docs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.commands.base import Warehouse, guarded
from flows.resources.settings import DEFAULT_WAREHOUSE, settings
from flows.resources.terminal import say


@guarded
def quality(
    run: Annotated[
        str | None, typer.Argument(help="Run id, or how it begins; the last one if none")
    ] = None,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    data_docs: Annotated[
        Path | None,
        typer.Option(help="Also check the run's rows again, Data Docs into this folder"),
    ] = None,
) -> None:
    """Where the quality page of a run lies; Great Expectations' Data Docs on request."""
    from flows.published import quality as pages

    say(pages.page(settings(warehouse=warehouse).quality_folder, run))
    if data_docs is not None:
        say(pages.data_docs(warehouse, data_docs, run))
