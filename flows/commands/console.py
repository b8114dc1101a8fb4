"""`dateline run` on a terminal: a progress bar or plain log lines, then a summary."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from flows.commands.base import of_the_disk
from flows.orchestration.here import show_log
from flows.orchestration.prefect_setup import prepare
from flows.published import output
from flows.resources.settings import Settings
from flows.resources.terminal import PlainFormatter
from flows.run import landing
from flows.run.files import Files
from flows.run.pipeline import Pipeline
from flows.run.summary import Summary
from warehouse.errors import DatelineError
from warehouse.wording import counted


def run_from_console(options: Settings, paths: Sequence[str], force: bool) -> Summary:
    """Run the flow `ingest` here and print what it did.

    The workers begin to read before Prefect is imported: its start then costs no time of its
    own. Raises DatelineError.
    """
    prepare()
    paths = [landing.shown(path) for path in paths]
    console = Console(stderr=True)
    log = _logger()
    pipeline = Pipeline(options, Files(paths, force=force), log=log)
    if not console.is_terminal:
        log.info("reading %s; warehouse %s", ", ".join(paths), options.warehouse)
    try:
        with _progress(console, pipeline):
            _flow(pipeline, force)
    except DatelineError:
        raise
    except KeyboardInterrupt:
        pipeline.abandon(KeyboardInterrupt())
        raise
    except Exception as error:
        pipeline.abandon(error)
        first_line = str(error).partition("\n")[0]
        reason = of_the_disk(error) or f"{type(error).__name__}: {first_line}"
        raise DatelineError(reason, subject="run") from error
    print_summary(pipeline.summary)
    return pipeline.summary


def _flow(pipeline: Pipeline, force: bool) -> None:
    from flows.orchestration import local_server, prefect_setup

    with local_server.api():
        from flows.orchestration.ingest import hand_over, ingest

        prefect_setup.quiet_console()
        if not sys.stderr.isatty():
            show_log()
        hand_over(pipeline)
        options = pipeline.options
        ingest(
            paths=list(pipeline.source.paths),
            warehouse=str(options.warehouse),
            batch_size=options.batch_size,
            processes=options.processes,
            force=force,
        )


def _logger() -> logging.Logger:
    log = logging.getLogger("dateline")
    if not log.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(PlainFormatter())
        log.addHandler(handler)
        log.propagate = False
    log.setLevel(logging.WARNING if sys.stderr.isatty() else logging.INFO)
    return log


@contextmanager
def _progress(console: Console, pipeline: Pipeline) -> Iterator[None]:
    if not console.is_terminal:
        yield
        return
    columns: tuple[Any, ...] = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        job = bar.add_task("reading the first batch")

        def show(summary: Summary) -> None:
            bar.update(
                job,
                description=f"{counted(summary.articles, 'article')}, "
                f"{counted(summary.events, 'event report')}, "
                f"{summary.refused:,} refused, {summary.words_per_second:,.0f} words/s",
            )

        pipeline.progress = show
        yield


def print_summary(summary: Summary) -> None:
    """The figures of a run, and what was refused."""
    console = output.console()
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(style="bold")
    table.add_column(justify="right")
    files = sum(summary.files.values())
    detail = ", ".join(f"{n} {name}" for name, n in sorted(summary.files.items()))
    table.add_row("files", f"{files:,}" + (f" ({detail})" if detail else ""))
    table.add_row("articles", f"{summary.articles:,}")
    if summary.unread:
        table.add_row("stored, not extracted", summary.unread_line)
    if summary.left_out:
        table.add_row("left out", f"{summary.left_out:,} (other languages or topics)")
    table.add_row("sentences", f"{summary.sentences:,}")
    table.add_row("event reports", f"{summary.events:,}")
    if summary.told:
        by = ", ".join(f"{count:,} {told}" for told, count in summary.told.most_common())
        table.add_row("told as fact", by)
    if summary.corrections:
        count = counted(summary.corrected, "article")
        again = f"; {count} read again" if summary.corrected else ""
        table.add_row("corrections", summary.corrections[0] + again)
    table.add_row("refused", f"{summary.refused:,}")
    if summary.still_refused:
        table.add_row("refused before, open", f"{summary.still_refused:,}")
    table.add_row("entities, all runs", f"{summary.entities:,}")
    table.add_row("seconds", f"{summary.seconds:,.1f}")
    table.add_row("words per second", f"{summary.words_per_second:,.0f}")
    console.print(table)
    if summary.alerts:
        console.print(f"{summary.alerts:,} new in `FROM alerts`, which the project watches for")
    if summary.is_foreign:
        console.print("no events: only English is extracted, and nothing that was read is in it",
                      style="yellow", soft_wrap=True)  # fmt: skip
    for line in summary.corrections[1:]:
        console.print(line, style="yellow", soft_wrap=True)
    for row in summary.refusals:
        console.print(
            f"refused {row['where']}: {row['reason']} ({row['rule']})",
            style="yellow",
            soft_wrap=True,
        )
    if summary.quality_page:
        console.print(f"quality page: {summary.quality_page}", soft_wrap=True)
