"""The flow `publish`: a new read-only snapshot now."""

from __future__ import annotations

from flows.orchestration.prefect_setup import prepare

prepare()

from prefect import flow, get_run_logger, task  # noqa: E402
from prefect.cache_policies import NO_CACHE  # noqa: E402

from flows.orchestration.parameters import STEP_SECONDS, Wait, WarehousePath, described  # noqa: E402
from flows.orchestration.registered import admit  # noqa: E402
from flows.orchestration.webhook import tell  # noqa: E402
from flows.resources.settings import Settings, settings  # noqa: E402
from flows.resources.writing import writing  # noqa: E402
from warehouse.stores import Snapshot  # noqa: E402


def publish_snapshot(options: Settings) -> Snapshot:
    """Let readers see the warehouse as it is, unless the last one says the same.

    Returns the newest. Raises WarehouseMissing, WarehouseBusy.
    """
    with writing(options) as con:
        return options.store.publish(con, keep=options.keep_snapshots)


@task(
    name="publish",
    task_run_name="publish",
    cache_policy=NO_CACHE,
    persist_result=False,
    timeout_seconds=STEP_SECONDS,
)
def copy(warehouse: str, wait: float) -> str:
    """Make the snapshot. Returns its name."""
    made = publish_snapshot(settings(warehouse=warehouse, wait=wait))
    get_run_logger().info("Newest snapshot: %s, %.1f MB", made.name, made.size_bytes / 1e6)
    return made.name


@flow(name="publish", validate_parameters=True, on_failure=[tell], on_crashed=[tell])
@described
def publish(warehouse: WarehousePath = "data/dateline.duckdb", wait: Wait = 60) -> str:
    """Publish a new read-only snapshot of the warehouse as it is."""
    admit(warehouse)
    return copy(warehouse, wait)
