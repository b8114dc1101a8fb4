"""The flow `ingest`: files → warehouse, watched in the Prefect UI.

The work is `flows.pipeline`'s; a task here is a thin shell around one step of it. Tasks pass
numbers and names, never frames: the pipeline lives in this process.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from flows.prefect_setup import prepare

prepare()

from prefect import flow, get_run_logger, runtime, task  # noqa: E402
from prefect.cache_policies import NO_CACHE  # noqa: E402
from pydantic import Field  # noqa: E402

from flows.feed import Batch  # noqa: E402
from flows.pipeline import Pipeline, Summary  # noqa: E402
from flows.run_report import publish_artifacts  # noqa: E402
from flows.settings import settings  # noqa: E402
from flows.watch import new_files  # noqa: E402
from warehouse.errors import BatchRefused  # noqa: E402

_STEP_SECONDS = 3600
_prepared: dict[str, Pipeline] = {}
_waiting: dict[tuple[str, int], Batch] = {}
_running: dict[str, Pipeline] = {}


def hand_over(pipeline: Pipeline) -> None:
    """Let the next `ingest` on this warehouse use a pipeline that has already started."""
    _prepared[str(pipeline.options.warehouse)] = pipeline


@task(
    name="load batch",
    task_run_name="batch {number}: {first_file}",
    cache_policy=NO_CACHE,
    persist_result=False,
    timeout_seconds=_STEP_SECONDS,
)
def load_batch(run_id: str, number: int, first_file: str) -> dict[str, Any]:
    """Check one batch and load it in one transaction."""
    pipeline = _running[run_id]
    with pipeline.logging_to(get_run_logger()):
        done = pipeline.load(_waiting.pop((run_id, number)))
    return asdict(done)


@task(
    name="publish",
    task_run_name="publish",
    cache_policy=NO_CACHE,
    persist_result=False,
    timeout_seconds=_STEP_SECONDS,
)
def publish(run_id: str) -> str:
    """End the run and publish a read-only snapshot."""
    pipeline = _running[run_id]
    with pipeline.logging_to(get_run_logger()):
        summary = pipeline.finish()
        publish_artifacts(summary, pipeline.past)
    return summary.status


def _run_name() -> str:
    paths = runtime.flow_run.parameters.get("paths") or []
    more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    return f"ingest {paths[0]}{more}" if paths else "ingest"


@flow(name="ingest", flow_run_name=_run_name, validate_parameters=True)
def ingest(
    paths: Annotated[list[str], Field(description="Files, folders or globs to read")],
    warehouse: Annotated[str, Field(description="The DuckDB file")] = "data/dateline.duckdb",
    batch_size: Annotated[int, Field(description="Articles in one transaction", ge=1)] = 256,
    processes: Annotated[int, Field(description="Worker processes, 0 for one a core", ge=0)] = 0,
    force: Annotated[bool, Field(description="Extract again what is known")] = False,
    only_if_new: Annotated[bool, Field(description="Do nothing when no file is new")] = False,
) -> dict[str, Any]:
    """Read new and changed articles into the warehouse."""
    logger = get_run_logger()
    if only_if_new:
        fresh = new_files(settings(warehouse=warehouse), paths)
        logger.info("%d new files below %s", fresh, ", ".join(paths))
        if not fresh:
            return {"status": "nothing new"}
    pipeline = _prepared.pop(warehouse, None)
    if pipeline is None:
        options = settings(warehouse=warehouse, batch_size=batch_size, processes=processes or None)
        pipeline = Pipeline(options, paths, force=force)
        with pipeline.logging_to(logger):
            pipeline.start()
    return asdict(run(pipeline, logger))


def run(pipeline: Pipeline, logger: Any) -> Summary:
    """Take the pipeline's batches through the tasks. Always ends the run."""
    _running[pipeline.run_id] = pipeline
    pipeline.flow_run_id = runtime.flow_run.id
    try:
        with pipeline.logging_to(logger):
            for batch in pipeline.batches():
                key = (pipeline.run_id, batch.number)
                _waiting[key] = batch
                load_batch(pipeline.run_id, batch.number, batch.first_file)
        publish(pipeline.run_id)
    except BaseException as error:
        _waiting.clear()
        pipeline.abandon(error)
        if isinstance(error, BatchRefused):
            logger.error("Nothing of %s was loaded: %s", error.subject, error.reason)
        raise
    finally:
        _running.pop(pipeline.run_id, None)
    return pipeline.summary
