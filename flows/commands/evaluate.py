"""`dateline evaluate`: how far the extractor agrees with what people decided."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.commands.base import Warehouse, guarded
from flows.resources.settings import DEFAULT_WAREHOUSE, settings
from warehouse.errors import DatelineError


@guarded
def evaluate(
    against: Annotated[str, typer.Option(help="What to compare with: corrections")] = "corrections",
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    model: Annotated[str | None, typer.Option(help="A spaCy pipeline to parse with")] = None,
) -> None:
    """Read the corrected articles without the corrections, and count what agrees with them."""
    from flows.published import output
    from flows.run.agreement import agreement

    if against != "corrections":
        raise DatelineError(f"{against!r} is none; there are corrections", subject="--against")
    output.print_rows(agreement(settings(warehouse=warehouse, model=model)))
