"""`dateline run`: files into the warehouse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.base import PARTIAL, Wait, Warehouse, guarded
from flows.resources.project import inputs
from flows.resources.settings import DEFAULT_WAREHOUSE, settings
from warehouse.errors import DatelineError

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
    column: Annotated[
        list[str] | None,
        typer.Option(help="For CSV and Parquet: field=column, e.g. text=body; repeatable"),
    ] = None,
) -> None:
    """Read new and changed articles into the warehouse."""
    from flows.run import landing
    from flows.run.watch import nothing_new

    options = settings(
        warehouse=warehouse, model=model, batch_size=batch_size, processes=processes, wait=wait
    )
    mapping = dict(_pair(text) for text in column or [])
    paths = [landing.shown(path) for path in inputs(paths or [])]
    landing.check(paths)
    known = None if force else nothing_new(options, paths)
    if known is not None:
        _say(*known)
        return
    from flows.commands.console import run_from_console

    summary = run_from_console(options, paths, force, mapping)
    if summary.status == "partial":
        raise typer.Exit(PARTIAL)
    if summary.status != "completed":
        raise typer.Exit(1)


def _say(found: Look, entities: int) -> None:
    detail = ", ".join(f"{count:,} {name}" for name, count in sorted(found.known.items()))
    typer.echo(f"nothing new: {found.known.total():,} files" + (f" ({detail})" if detail else ""))
    typer.echo(f"entities, all runs: {entities:,}")


def _pair(text: str) -> tuple[str, str]:
    from transforms.readers.fields import names

    field, equals, column = text.partition("=")
    if not (field and equals and column):
        raise DatelineError(f"{text!r} is not field=column", subject="--column")
    if field not in names():
        raise DatelineError(f"{field!r} is none of {', '.join(names())}", subject="--column")
    return field, column
