"""The flow `backfill`: read raw files that the ledger knows again, all or by day of publication.

For a new reader or after a mistake in one: texts, dates and versions are made anew.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Any

from flows.orchestration.prefect_setup import prepare

prepare()

from prefect import flow, get_run_logger, runtime, task  # noqa: E402
from prefect.cache_policies import NO_CACHE  # noqa: E402
from pydantic import Field  # noqa: E402

from flows.orchestration.ingest import outcome, run  # noqa: E402
from flows.orchestration.parameters import (  # noqa: E402
    STEP_SECONDS,
    BatchSize,
    Processes,
    Wait,
    WarehousePath,
    described,
)
from flows.orchestration.registered import admit  # noqa: E402
from flows.orchestration.webhook import tell  # noqa: E402
from flows.resources.settings import settings  # noqa: E402
from flows.run.known import EVER, KnownFiles, known_files, present  # noqa: E402
from flows.run.pipeline import Pipeline  # noqa: E402
from warehouse.errors import DatelineError  # noqa: E402
from warehouse.wording import counted  # noqa: E402


@task(
    name="find raw files",
    task_run_name="find raw files",
    cache_policy=NO_CACHE,
    persist_result=False,
    timeout_seconds=STEP_SECONDS,
)
def find_files(warehouse: str, since: dt.date | None, until: dt.date | None) -> list[str]:
    """Addresses of the files to read. Raises DatelineError when there are none."""
    logger = get_run_logger()
    days = (since or EVER[0], until or EVER[1])
    if days[0] > days[1]:
        raise DatelineError(f"{days[0]} is after {days[1]}", subject="--since")
    known = known_files(Path(warehouse), days)
    found = present(known)
    if not found:
        reason = f"of these days it knows {counted(len(known), 'raw file')}, and none is there"
        raise DatelineError(reason, subject=warehouse)
    logger.info("%s", counted(len(found), "raw file"))
    gone = sorted(set(known) - set(found))
    if gone:
        logger.warning(
            "Gone: %s (%s …); what came of it stays",
            counted(len(gone), "raw file"),
            gone[0],
        )
    return found


@flow(name="backfill", validate_parameters=True, on_failure=[tell], on_crashed=[tell])
@described
def backfill(
    warehouse: WarehousePath = "data/dateline.duckdb",
    since: Annotated[
        dt.date | None, Field(description="First day of publication; empty for the first of all")
    ] = None,
    until: Annotated[
        dt.date | None, Field(description="Last day of publication; empty for the last of all")
    ] = None,
    batch_size: BatchSize = 256,
    processes: Processes = 0,
    wait: Wait = 60,
) -> dict[str, Any]:
    """Read the raw files of some days again, or all of them."""
    admit(warehouse)
    paths = find_files(warehouse, since, until)
    options = settings(
        warehouse=warehouse, batch_size=batch_size, processes=processes or None, wait=wait
    )
    logger = get_run_logger()
    source = KnownFiles(paths, (since or EVER[0], until or EVER[1]))
    pipeline = Pipeline(options, source, log=logger, flow_run_id=runtime.flow_run.id)
    return outcome(run(pipeline, logger))
