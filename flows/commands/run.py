"""`dateline run`: files into the warehouse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.base import PARTIAL, Column, Wait, Warehouse, guarded, with_columns
from flows.resources.project import inputs
from flows.resources.settings import DEFAULT_WAREHOUSE, settings
from flows.resources.terminal import say
from warehouse.wording import counted

if TYPE_CHECKING:
    from flows.run.watch import Look


@guarded
def run(
    paths: Annotated[
        list[str] | None,
        typer.Argument(help="Files, folders or globs; without any, what dateline.toml names"),
    ] = None,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    model: Annotated[str | None, typer.Option(help="A spaCy pipeline to parse with")] = None,
    batch_size: Annotated[int | None, typer.Option(help="Articles in one transaction")] = None,
    processes: Annotated[int | None, typer.Option(help="Worker processes")] = None,
    force: Annotated[bool, typer.Option("--force", help="Extract again what is known")] = False,
    wait: Wait = None,
    column: Column = None,
) -> None:
    """Read new and changed articles into the warehouse."""
    from flows.run import landing
    from flows.run.watch import nothing_new

    options = settings(
        warehouse=warehouse, model=model, batch_size=batch_size, processes=processes, wait=wait
    )
    options = with_columns(options, column)
    paths = [landing.shown(path) for path in inputs(paths or [])]
    landing.check(paths)
    known = None if force else nothing_new(options, paths)
    if known is not None:
        _say(paths, *known)
        if known[0].refused:
            raise typer.Exit(PARTIAL)
        return
    from flows.commands.console import run_from_console

    summary = run_from_console(options, paths, force)
    if summary.status == "partial" or (summary.status == "completed" and summary.still_refused):
        raise typer.Exit(PARTIAL)
    if summary.status != "completed":
        raise typer.Exit(1)


def _say(paths: list[str], found: Look, entities: int) -> None:
    if not found.known:
        say(f"nothing to read: no files in {', '.join(paths)}")
        return
    detail = ", ".join(f"{count:,} {name}" for name, count in sorted(found.known.items()))
    say(f"nothing new: {counted(found.known.total(), 'file')}" + (f" ({detail})" if detail else ""))
    if found.refused:
        say(f"refused before, open: {found.refused:,}; see `dateline quarantine list`")
    say(f"entities, all runs: {entities:,}")
