"""`dateline reextract`: stale articles extracted again and compared."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.commands.base import Wait, Warehouse, guarded
from flows.resources.settings import DEFAULT_WAREHOUSE, settings
from flows.resources.terminal import say
from warehouse.wording import counted


@guarded
def reextract(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only compare; change nothing")
    ] = False,
    allow_loss: Annotated[
        float, typer.Option(min=0, max=1, help="Share of event reports that may be lost")
    ] = 0.5,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    model: Annotated[str | None, typer.Option(help="A spaCy pipeline to parse with")] = None,
    processes: Annotated[int | None, typer.Option(help="Worker processes")] = None,
    wait: Wait = None,
) -> None:
    """After a new model or lexicon: extract again what is stale, compare, replace."""
    from flows.orchestration.here import run_here
    from flows.published import output

    options = settings(warehouse=warehouse, model=model, processes=processes, wait=wait)
    done = run_here(
        "reextract",
        warehouse=str(warehouse),
        dry_run=dry_run,
        allow_loss=allow_loss,
        model=options.model,
        batch_size=options.batch_size,
        processes=options.processes,
        wait=options.wait,
    )
    output.print_rows(done["comparison"])
    if done["status"] == "nothing stale":
        say("nothing to do: this extractor read every article")
        return
    ended = "compared, nothing replaced" if done["status"] == "compared" else "replaced"
    say(f"{counted(done['articles'], 'article')} {ended}")
