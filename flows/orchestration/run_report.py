"""What a run shows in the Prefect UI: a Markdown report, a table of refusals, the quality page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from flows.run.pipeline import Pipeline
from flows.run.summary import Summary


def markdown(summary: Summary, past: Sequence[dict[str, Any]]) -> str:
    """The report of one run, compared with the median of the runs in `past`."""
    files = ", ".join(f"{count} {status}" for status, count in sorted(summary.files.items()))
    lines = [
        f"# Run {summary.run_id}: {summary.status}",
        "",
        "| what | this run | median of the last runs |",
        "|---|---:|---:|",
        _line("articles", summary.articles, past, "articles_loaded"),
        _line("event reports", summary.events, past, "events_loaded"),
        _line("refused", summary.refused, past, "rows_quarantined"),
        _line("words", summary.words, past, "words"),
        _line("seconds", round(summary.seconds, 1), past, "seconds"),
        f"| words per second | {summary.words_per_second:,.0f} | {_speed(past)} |",
        "",
        f"Files: {files or 'none'}. Sentences: {summary.sentences:,}.",
        "",
        *([f"Stored, not extracted: {summary.unread_line}.", ""] if summary.unread else []),
    ]
    if summary.corrections:
        lines += ["## Corrections", "", *(f"- {line}" for line in summary.corrections), ""]
    if summary.event_types:
        lines += ["## Event reports by type", "", "| type | reports |", "|---|---:|"]
        lines += [f"| {kind} | {count} |" for kind, count in summary.event_types.most_common()]
        lines.append("")
    if summary.told:
        lines += ["## Told as fact, according to whom", "", "| told | reports |", "|---|---:|"]
        lines += [f"| {told} | {count} |" for told, count in summary.told.most_common()]
        lines.append("")
    if summary.dyads:
        lines += ["## Top dyads", "", "| initiator | recipient | reports |", "|---|---|---:|"]
        lines += [f"| {one} | {other} | {count} |" for one, other, count in summary.dyads]
        lines.append("")
    if summary.stages:
        lines += ["## Duration by stage", "", "| stage | seconds |", "|---|---:|"]
        lines += [f"| {stage} | {took:.1f} |" for stage, took in summary.stages.items()]
        lines.append("")
    if summary.refusals:
        lines += ["## Refused", "", "| where | rule | reason |", "|---|---|---|"]
        lines += [
            f"| {_cell(row['where'])} | {row['rule']} | {_cell(row['reason'])} |"
            for row in summary.refusals
        ]
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _line(name: str, value: float, past: Sequence[dict[str, Any]], column: str) -> str:
    values = [float(row[column]) for row in past if row[column] is not None]
    usual = f"{median(values):,.0f}" if values else "–"
    return f"| {name} | {value:,} | {usual} |"


def _speed(past: Sequence[dict[str, Any]]) -> str:
    values = [row["words"] / row["seconds"] for row in past if row["seconds"]]
    return f"{median(values):,.0f}" if values else "–"


class Progress:
    """The run's progress bar in the UI: files done of files found."""

    def __init__(self, pipeline: Pipeline) -> None:
        from prefect.artifacts import create_progress_artifact

        self.pipeline, self.shown = pipeline, 0.0
        self.artifact = create_progress_artifact(0.0, key="progress", description="Files done")

    def update(self) -> None:
        """Show how far the loaded batches reach."""
        self._show(min(99.0, 100 * self.pipeline.share_done()))

    def end(self) -> None:
        """Show a finished run."""
        self._show(100.0)

    def _show(self, percent: float) -> None:
        from prefect.artifacts import update_progress_artifact

        if percent - self.shown >= 1:
            self.shown = percent
            update_progress_artifact(self.artifact, percent)  # type: ignore[arg-type]


def publish_artifacts(summary: Summary, past: Sequence[dict[str, Any]]) -> None:
    """Put the report, the refusals and the link to the quality page into the running flow."""
    from prefect.artifacts import create_markdown_artifact, create_table_artifact

    create_markdown_artifact(markdown(summary, past), key="run-report", description="Run report")
    if summary.refusals:
        create_table_artifact(summary.refusals, key="refused", description="What was refused")
    if summary.quality_page:
        path = Path(summary.quality_page).resolve()
        create_markdown_artifact(
            f"[Quality page]({path.as_uri()})\n\n"
            "Browsers do not follow links from a server to a file: copy this address instead, on "
            f"the machine of the run.\n\n`{path}`\n",
            key="quality-page",
            description="What was checked and what was refused",
        )
