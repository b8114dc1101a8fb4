"""The command `dateline`. Every command answers with one line when something is wrong.

Exit status: 0 when it did its work, 1 when it failed, 2 for a wrong option, 3 when a run loaded
what it could and refused the rest.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from flows.commands import completion
from flows.commands.base import Wait, Warehouse, guarded
from flows.commands.cli_quality import quality, quarantine
from flows.resources.settings import DEFAULT_WAREHOUSE, Settings, settings
from warehouse.errors import DatelineError, WarehouseMissing

PARTIAL = 3

app = typer.Typer(
    name="dateline",
    help="Raw news articles in, a DuckDB warehouse of who did what to whom out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

# Typer brings its own copy of click in some versions; its errors are reached through this one.
_UsageError: Any = typer.BadParameter.__base__


def _version(asked: bool) -> None:
    if asked:
        from flows.resources.version import package_version

        typer.echo(f"dateline {package_version()}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version"),
    ] = False,
) -> None:
    """Raw news articles in, a DuckDB warehouse of who did what to whom out."""


@app.command()
@guarded
def run(
    paths: Annotated[
        list[str] | None, typer.Argument(help="Files, folders or globs; default examples/articles")
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
    from flows.commands.console import run_from_console

    options = settings(
        warehouse=warehouse, model=model, batch_size=batch_size, processes=processes, wait=wait
    )
    mapping = dict(_pair(text) for text in column or [])
    summary = run_from_console(options, paths or ["examples/articles"], force, mapping)
    if summary.status == "partial":
        raise typer.Exit(PARTIAL)
    if summary.status != "completed":
        raise typer.Exit(1)


def _pair(text: str) -> tuple[str, str]:
    from transforms.readers.fields import names

    field, equals, column = text.partition("=")
    if not (field and equals and column):
        raise DatelineError(f"{text!r} is not field=column", subject="--column")
    if field not in names():
        raise DatelineError(f"{field!r} is none of {', '.join(names())}", subject="--column")
    return field, column


@app.command()
@guarded
def query(
    sql: Annotated[str, typer.Argument(help="One SELECT; `-` reads it from standard input")],
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            "-f",
            help="table, csv, json, jsonl or parquet; default table, or what --output ends in",
            autocompletion=completion.query_formats,
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write to this file, e.g. out.csv")
    ] = None,
    limit: Annotated[int, typer.Option(help="Rows of a printed table, 0 for all")] = 100,
) -> None:
    """Ask the published data. Read-only; never waits for a run."""
    from flows.published.query import answer

    answer(sys.stdin.read() if sql == "-" else sql, warehouse, form, output, limit)


@app.command()
@guarded
def status(warehouse: Warehouse = DEFAULT_WAREHOUSE) -> None:
    """What is loaded, refused and stale."""
    from flows.published.status import show

    show(warehouse, settings(warehouse=warehouse).model)


app.add_typer(quarantine, name="quarantine")
app.command()(quality)


@app.command()
@guarded
def retract(
    target: Annotated[str, typer.Argument(help="Article id, URL, or raw file")],
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
) -> None:
    """Remove an article and all that came only from it, also from published snapshots."""
    from flows.run.retract import retract as remove

    removed = remove(settings(warehouse=warehouse), target)
    rows = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in removed.items())
    typer.echo(f"retracted {target}: removed {rows or 'no rows (no article of it is loaded)'}")


@app.command()
@guarded
def export(
    target: Annotated[Path, typer.Argument(help="Folder to write")],
    form: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            help="parquet, csv, jsonl; gdelt, gdelt-mentions, polecat, icews; graphml",
            autocompletion=completion.export_formats,
        ),
    ] = "parquet",
    table: Annotated[
        list[str] | None,
        typer.Option(help="Only this table; repeatable", autocompletion=completion.tables),
    ] = None,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
) -> None:
    """Write the published tables as files."""
    from flows.published.export import export as write

    for name, rows in write(warehouse, target, form, table or []):
        typer.echo(f"{name}: {rows:,} rows")


@app.command()
@guarded
def report(
    output: Annotated[Path, typer.Option("--output", "-o", help="HTML file to write")] = Path(
        "dateline-report.html"
    ),
    first: Annotated[str | None, typer.Option("--from", help="First day, 2026-03-01")] = None,
    last: Annotated[str | None, typer.Option("--to", help="Last day")] = None,
    entity: Annotated[str | None, typer.Option(help="Only events of this name or alias")] = None,
    country: Annotated[
        str | None, typer.Option(help="Only events in or of this country, alpha-3")
    ] = None,
    title: Annotated[str | None, typer.Option(help="Heading of the page")] = None,
    limit: Annotated[int, typer.Option(min=0, help="Latest events shown, 0 for all")] = 100_000,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
) -> None:
    """Write one HTML page of the events that works without a network."""
    from flows.report import page as page
    from flows.report.data import Choice

    choice = Choice(
        first=page.day(first, "--from"),
        last=page.day(last, "--to"),
        entity=entity,
        country=country.upper() if country else None,
        limit=limit,
    )
    shown, total = page.report(warehouse, output, choice, title=title)
    left = f" of {total:,}; --limit 0 shows all" if shown < total else ""
    typer.echo(f"{output}: {shown:,} events{left}")


@app.command()
@guarded
def backfill(
    since: Annotated[str | None, typer.Option(help="First day of publication, 2026-01-31")] = None,
    until: Annotated[str | None, typer.Option(help="Last day of publication")] = None,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    processes: Annotated[int | None, typer.Option(help="Worker processes")] = None,
    wait: Wait = None,
) -> None:
    """Read known raw files again: all, or those of some days of publication."""
    from flows.commands.console import print_summary
    from flows.orchestration.here import run_here
    from flows.run.pipeline import Summary

    options = settings(warehouse=warehouse, processes=processes, wait=wait)
    done = run_here(
        "backfill",
        warehouse=str(warehouse),
        since=_day(since, "--since"),
        until=_day(until, "--until"),
        batch_size=options.batch_size,
        processes=options.processes,
        wait=options.wait,
    )
    print_summary(Summary(**done))
    if done["status"] == "partial":
        raise typer.Exit(PARTIAL)


def _day(text: str | None, option: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise DatelineError(f"{text!r} is no day like 2026-01-31", subject=option) from None


@app.command()
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
    typer.echo({"nothing stale": "nothing to do: this extractor read every article",
                "compared": f"{done.get('articles')} articles compared, nothing replaced"}.get(
        done["status"], f"{done.get('articles')} articles replaced"))  # fmt: skip


def _existing(options: Settings) -> Settings:
    """Raises WarehouseMissing before Prefect is started for nothing."""
    if not options.warehouse.exists():
        raise WarehouseMissing(
            "no warehouse here yet; `dateline run PATH` makes one", subject=str(options.warehouse)
        )
    return options


@app.command()
@guarded
def publish(warehouse: Warehouse = DEFAULT_WAREHOUSE, wait: Wait = None) -> None:
    """Publish a new read-only snapshot of the warehouse as it is."""
    from flows.orchestration.here import run_here

    options = _existing(settings(warehouse=warehouse, wait=wait))
    typer.echo(run_here("publish", warehouse=str(warehouse), wait=options.wait))


@app.command()
@guarded
def maintain(
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    compact_above: Annotated[
        float, typer.Option(min=0, max=1, help="Rewrite the file when this share is free")
    ] = 0.25,
    page_days: Annotated[int, typer.Option(min=1, help="Days to keep quality pages")] = 90,
    run_days: Annotated[int, typer.Option(min=1, help="Days to keep runs in Prefect")] = 30,
    wait: Wait = None,
) -> None:
    """Compact the file, delete old snapshots and pages, clean Prefect's own database."""
    from flows.orchestration.here import run_here

    options = _existing(settings(warehouse=warehouse, wait=wait))
    done = run_here(
        "maintain",
        warehouse=str(warehouse),
        compact_above=compact_above,
        keep_snapshots=options.keep_snapshots,
        page_days=page_days,
        run_days=run_days,
        wait=options.wait,
    )
    typer.echo(", ".join(f"{count:,} {name}" for name, count in done.items()))


@app.command()
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


def main() -> None:
    """Entry point of the command. A wrong option costs one line, as every error does."""
    try:
        code = app(prog_name="dateline", standalone_mode=False)
    except _UsageError as error:
        typer.echo(_usage_line(error), err=True)
        sys.exit(2)
    except typer.Abort:
        sys.exit(130)
    sys.exit(code if isinstance(code, int) else 0)


def _usage_line(error: Any) -> str:
    message = error.format_message()
    if error.ctx is None:
        return f"dateline: {message}"
    if type(error).__name__ == "NoArgsIsHelpError":
        return str(message)
    command = error.ctx.command_path
    message = message.rstrip(".").replace("'. Did you mean", "'; did you mean")
    return f"{command}: {message}{'' if message.endswith('?') else ';'} see `{command} --help`"


if __name__ == "__main__":
    main()
