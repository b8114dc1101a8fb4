"""The flow `ingest`: files → warehouse, watched in the Prefect UI.

The work is `flows.run.pipeline`'s; a task here is a thin shell around one step of it.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, fields
from typing import Annotated, Any

from flows.orchestration.prefect_setup import prepare

prepare()

from prefect import flow, get_run_logger, runtime, task  # noqa: E402
from prefect.cache_policies import NO_CACHE  # noqa: E402
from prefect.states import Completed  # noqa: E402
from pydantic import Field  # noqa: E402

from flows.orchestration.parameters import (  # noqa: E402
    STEP_SECONDS,
    BatchSize,
    Processes,
    Wait,
    WarehousePath,
    described,
)
from flows.orchestration.registered import admit  # noqa: E402
from flows.orchestration.registry import registry  # noqa: E402
from flows.orchestration.run_report import Progress, publish_artifacts  # noqa: E402
from flows.orchestration.webhook import tell  # noqa: E402
from flows.resources.settings import settings  # noqa: E402
from flows.run.batch import Batch  # noqa: E402
from flows.run.files import Files  # noqa: E402
from flows.run.pipeline import Pipeline  # noqa: E402
from flows.run.summary import Log, Summary  # noqa: E402
from flows.run.watch import NOTHING_NEW, has_decisions, new_files  # noqa: E402
from warehouse.errors import BatchRefused  # noqa: E402
from warehouse.wording import counted  # noqa: E402

PARTLY_LOADED = "Partly loaded"  # the state of a run that refused something


def hand_over(pipeline: Pipeline) -> None:
    """Let the next `ingest` on this warehouse use a pipeline that has already started."""
    registry.put(str(pipeline.options.warehouse), pipeline)


@task(
    name="load batch",
    task_run_name="batch {number}: {first_file}",
    cache_policy=NO_CACHE,
    persist_result=False,
    timeout_seconds=STEP_SECONDS,
)
def load_batch(run_id: str, number: int, first_file: str) -> dict[str, Any]:
    """Check one batch and load it in one transaction."""
    pipeline = registry.get(run_id, Pipeline)
    batch = registry.get(f"{run_id}/{number}", Batch)
    registry.forget(f"{run_id}/{number}")
    with pipeline.logging_to(get_run_logger()):
        done = pipeline.load(batch)
    return asdict(done)


@task(
    name="publish",
    task_run_name="publish",
    cache_policy=NO_CACHE,
    persist_result=False,
    timeout_seconds=STEP_SECONDS,
)
def publish_run(run_id: str) -> str:
    """End the run and publish a read-only snapshot."""
    pipeline = registry.get(run_id, Pipeline)
    with pipeline.logging_to(get_run_logger()):
        summary = pipeline.finish()
        publish_artifacts(summary, pipeline.past)
    return summary.status


@task(
    name="look for new files",
    task_run_name="look for new files",
    cache_policy=NO_CACHE,
    persist_result=False,
    timeout_seconds=STEP_SECONDS,
    retries=2,
    retry_delay_seconds=[2, 10],
    retry_condition_fn=lambda _task, _run, state: isinstance(_error(state), OSError),
)
def look(paths: list[str], warehouse: str) -> int:
    """How many files below `paths` are new. Tried again when a folder cannot be listed."""
    options = settings(warehouse=warehouse)
    fresh = new_files(options, paths)
    get_run_logger().info("%s below %s", counted(fresh, "new file"), ", ".join(paths))
    return fresh + has_decisions(options)


def _error(state: Any) -> Any:
    return state.result(raise_on_failure=False)


def _run_name() -> str:
    paths = runtime.flow_run.parameters.get("paths") or []
    more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    return f"ingest {paths[0]}{more}" if paths else "ingest"


@flow(
    name="ingest",
    flow_run_name=_run_name,
    validate_parameters=True,
    on_failure=[tell],
    on_crashed=[tell],
)
@described
def ingest(
    paths: Annotated[list[str], Field(description="Files, folders or globs to read")],
    warehouse: WarehousePath = "data/dateline.duckdb",
    batch_size: BatchSize = 256,
    processes: Processes = 0,
    force: Annotated[bool, Field(description="Extract again what is known")] = False,
    only_if_new: Annotated[bool, Field(description="Do nothing when no file is new")] = False,
    wait: Wait = 60,
) -> dict[str, Any]:
    """Read new and changed articles into the warehouse."""
    admit(warehouse, paths)
    if only_if_new and not look(paths, warehouse):
        nothing: dict[str, Any] = Completed(  # type: ignore[assignment]  # Prefect returns its data
            name=NOTHING_NEW, message="No file is new", data={"status": "nothing new"}
        )
        return nothing  # a state of its own, so that the UI tells it from a run that read
    pipeline = registry.take(warehouse, Pipeline)
    logger = get_run_logger()
    if pipeline is None:
        options = settings(
            warehouse=warehouse, batch_size=batch_size, processes=processes or None, wait=wait
        )
        pipeline = Pipeline(options, Files(paths, force=force), log=logger)
    return outcome(run(pipeline, logger))


def run(pipeline: Pipeline, logger: Log, batches: Iterable[Batch] | None = None) -> Summary:
    """Take the pipeline's batches, or these, through the tasks. Always ends the run."""
    registry.put(pipeline.run_id, pipeline)
    pipeline.flow_run_id = runtime.flow_run.id
    began = time.monotonic()
    logger.info("Run %s on %s", pipeline.run_id, pipeline.options.warehouse)
    try:
        with pipeline.logging_to(logger):
            progress = Progress(pipeline)
            for batch in pipeline.batches() if batches is None else batches:
                registry.put(f"{pipeline.run_id}/{batch.number}", batch)
                load_batch(pipeline.run_id, batch.number, batch.first_file)
                progress.update()
        publish_run(pipeline.run_id)
        progress.end()
    except BaseException as error:
        pipeline.abandon(error)
        if isinstance(error, BatchRefused):
            logger.error("Nothing of %s was loaded: %s", error.subject, error.reason)
        raise
    finally:
        registry.forget(pipeline.run_id)
    done = pipeline.summary
    logger.info(
        "Run %s %s: %s, %s, %d refused, %.1f s",
        done.run_id, done.status, counted(done.articles, "article"),
        counted(done.events, "event report"), done.refused, time.monotonic() - began,
    )  # fmt: skip
    return done


def outcome(summary: Summary) -> dict[str, Any]:
    """The figures of a run; one that refused something ends in a state that says so in the UI."""
    found = figures(summary)
    if summary.status != "partial":
        return found
    first = summary.refusals[0] if summary.refusals else None
    said = f"; first {first['where']}: {first['reason']}" if first else ""
    state: dict[str, Any] = Completed(  # type: ignore[assignment]  # Prefect returns its data
        name=PARTLY_LOADED,
        message=f"{counted(summary.articles, 'article')} loaded, {summary.refused:,} refused{said}",
        data=found,
    )
    return state


def figures(summary: Summary) -> dict[str, Any]:
    """The fields of a summary as plain values, for the result of a flow."""
    values = {item.name: getattr(summary, item.name) for item in fields(summary)}
    return {name: dict(v) if isinstance(v, Counter) else v for name, v in values.items()}
