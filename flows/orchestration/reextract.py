"""The flow `reextract`: after a new model or lexicon, read again what another extractor read.

Texts are taken from the warehouse, not from raw files. Everything is extracted first and kept
in a temporary file; the event reports of old and new are compared, shown, and only then
replaced, batch by batch as in any run.
"""

from __future__ import annotations

from typing import Annotated, Any

from flows.orchestration.prefect_setup import prepare

prepare()

from prefect import flow, get_run_logger, runtime, task  # noqa: E402
from prefect.cache_policies import NO_CACHE  # noqa: E402
from pydantic import Field  # noqa: E402

from flows.orchestration.ingest import figures, run  # noqa: E402
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
from flows.orchestration.webhook import tell  # noqa: E402
from flows.resources.settings import settings  # noqa: E402
from flows.run.pipeline import Pipeline  # noqa: E402
from flows.run.reextraction import (  # noqa: E402
    Comparison,
    Extraction,
    Spool,
    count_stale,
    rehearsal,
    sweep,
)
from flows.run.stored import StoredArticles  # noqa: E402
from warehouse.errors import DatelineError  # noqa: E402
from warehouse.wording import counted  # noqa: E402


@task(
    name="compare",
    task_run_name="compare old and new",
    cache_policy=NO_CACHE,
    persist_result=False,
    timeout_seconds=4 * STEP_SECONDS,
)
def compare(extraction: str) -> Comparison:
    """Extract, compare, and show the comparison in the log and as a table."""
    from prefect.artifacts import create_table_artifact

    logger = get_run_logger()
    found = registry.get(extraction, Extraction).compare(logger)
    for row in found.rows():
        if row["type"] != "all" and not (row["gone"] or row["new"] or row["changed"]):
            continue
        logger.info(
            "%s: %s before, %d after (%d gone, %d new, %d changed)",
            row["type"], counted(row["before"], "event report"), row["after"],
            row["gone"], row["new"], row["changed"],
        )  # fmt: skip
    if found.failed:
        logger.warning(
            "%s could not be extracted; nothing of it changes", counted(found.failed, "article")
        )
    create_table_artifact(
        found.rows(), key="old-and-new", description="Event reports by type, before and after"
    )
    return found


@flow(name="reextract", validate_parameters=True, on_failure=[tell], on_crashed=[tell])
@described
def reextract(
    warehouse: WarehousePath = "data/dateline.duckdb",
    dry_run: Annotated[bool, Field(description="Only compare; change nothing")] = False,
    allow_loss: Annotated[
        float,
        Field(
            description="Replace nothing when more than this share of reports is lost", ge=0, le=1
        ),
    ] = 0.5,
    model: Annotated[str, Field(description="A spaCy pipeline; empty for the default")] = "",
    batch_size: BatchSize = 256,
    processes: Processes = 0,
    wait: Wait = 60,
) -> dict[str, Any]:
    """Read again the articles whose rows another extractor made, or that people corrected."""
    admit(warehouse, model=model)
    logger = get_run_logger()
    options = settings(
        warehouse=warehouse, model=model or None, batch_size=batch_size,
        processes=processes or None, wait=wait,
    )  # fmt: skip
    stale = count_stale(options)
    logger.info("Read by another extractor, or corrected since: %s", counted(stale, "article"))
    if not stale:
        return {"status": "nothing stale", "comparison": []}
    if dry_run:
        with rehearsal(options) as extraction:
            found = _compared(extraction)
        return {"status": "compared", "articles": found.articles, "comparison": found.rows()}
    with Spool(options.folder) as spool:
        pipeline = Pipeline(options, StoredArticles(), log=logger, flow_run_id=runtime.flow_run.id)
        sweep(options.folder)
        try:
            found = _compared(Extraction(pipeline.batches(), pipeline.con, spool))
            if found.lost_share() > allow_loss:
                raise DatelineError(
                    f"{found.lost_share():.0%} of the event reports would be lost, more than "
                    f"{allow_loss:.0%}; nothing was replaced",
                    subject="--allow-loss",
                )
        except BaseException as error:
            pipeline.abandon(error)
            raise
        done = run(pipeline, logger, spool.batches())
        return {**figures(done), "comparison": found.rows()}


def _compared(extraction: Extraction) -> Comparison:
    key = f"extraction {id(extraction)}"
    registry.put(key, extraction)
    try:
        found: Comparison = compare(key)
    finally:
        registry.forget(key)
    return found
