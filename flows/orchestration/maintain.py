"""The flow `maintain`: keep the warehouse, its snapshots and pages, and Prefect's record small."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, ParamSpec, TypeVar

from flows.orchestration.prefect_setup import prepare

prepare()

from prefect import flow, get_run_logger, task  # noqa: E402
from prefect.cache_policies import NO_CACHE  # noqa: E402
from pydantic import Field  # noqa: E402

from flows.orchestration.parameters import STEP_SECONDS, Wait, WarehousePath, described  # noqa: E402
from flows.orchestration.registered import admit  # noqa: E402
from flows.orchestration.webhook import tell  # noqa: E402
from flows.resources.settings import Settings, settings  # noqa: E402
from flows.resources.writing import writing  # noqa: E402
from flows.run.watch import NOTHING_NEW  # noqa: E402
from warehouse import compaction  # noqa: E402
from warehouse.wording import counted  # noqa: E402

FLOWS = ("ingest", "backfill", "reextract", "publish", "maintain")
_PAGE = 100
_LOCK_SECONDS = 30
_EMPTY_DAYS = 1
_CANCELLED = "Cancelled"

P = ParamSpec("P")
R = TypeVar("R")


def expire_pages(options: Settings, days: int) -> int:
    """Delete quality pages older than `days` days. Returns how many went."""
    limit = dt.datetime.now().timestamp() - days * 86_400
    old = [path for path in options.quality_folder.glob("*.html") if path.stat().st_mtime < limit]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def delete_runs(days: int, *, now: dt.datetime | None = None) -> int:
    """Delete our flow runs that ended more than `days` days ago from Prefect's record.

    Looks at a watched folder that found nothing, and those dropped because another run was under
    way, go after a day: a look every 30 seconds makes 2,880 of them.
    """
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import (
        FlowFilter,
        FlowFilterName,
        FlowRunFilter,
        FlowRunFilterEndTime,
        FlowRunFilterState,
        FlowRunFilterStateName,
    )

    now = now or dt.datetime.now(dt.UTC)
    ours = FlowFilter(name=FlowFilterName(any_=list(FLOWS)))
    count = 0
    with get_client(sync_client=True) as client:
        for age, name in ((days, None), (_EMPTY_DAYS, NOTHING_NEW), (_EMPTY_DAYS, _CANCELLED)):
            before: Any = now - dt.timedelta(days=min(days, age))
            state = FlowRunFilterState(name=FlowRunFilterStateName(any_=[name])) if name else None
            old = FlowRunFilter(end_time=FlowRunFilterEndTime(before_=before), state=state)
            kept = 0
            while found := client.read_flow_runs(
                flow_filter=ours, flow_run_filter=old, limit=_PAGE, offset=kept
            ):
                for run in found:
                    if name == _CANCELLED and run.run_count:
                        kept += 1  # somebody ended it
                        continue
                    client.delete_flow_run(run.id)
                    count += 1
    return count


def vacuum_prefect() -> tuple[Path, int] | None:
    """(file, bytes saved) of Prefect's SQLite database on this machine; None without one."""
    from prefect.settings import PREFECT_API_DATABASE_CONNECTION_URL

    kind, _, place = str(PREFECT_API_DATABASE_CONNECTION_URL.value() or "").partition(":///")
    path = Path(place)
    if not kind.startswith("sqlite") or not place or not path.is_file():
        return None
    before = path.stat().st_size
    con = sqlite3.connect(path, timeout=_LOCK_SECONDS)
    try:
        con.execute("VACUUM")
        con.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        con.close()
    return path, before - path.stat().st_size


def _step(name: str, **options: Any) -> Callable[[Callable[P, R]], Callable[P, R]]:
    made: Callable[[Callable[P, R]], Callable[P, R]] = task(
        name=name,
        task_run_name=name,
        cache_policy=NO_CACHE,
        persist_result=False,
        timeout_seconds=STEP_SECONDS,
        **options,
    )
    return made


@_step("compact the warehouse")
def compact(warehouse: str, wait: float, above: float) -> int:
    """Checkpoint; rewrite the file when more than `above` of it is free. Returns bytes saved."""
    options, logger = settings(warehouse=warehouse, wait=wait), get_run_logger()
    with writing(options) as con:
        size = options.store.size(con)
    logger.info("%s: %.1f MB, %.0f%% free", warehouse, size.size_bytes / 1e6, 100 * size.free_share)
    if size.free_share <= above:
        return 0
    saved = options.store.compact(memory_limit=options.memory_limit)
    logger.info("Rewritten, %.1f MB saved", saved / 1e6)
    return saved


@_step("expire changes")
def expire_changes(warehouse: str, wait: float) -> int:
    """Delete old rows of `change_log`. Returns how many."""
    options = settings(warehouse=warehouse, wait=wait)
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    with writing(options) as con:
        count = compaction.expire_changes(con, now - dt.timedelta(days=options.keep_changes))
    get_run_logger().info("Deleted %s of change_log", counted(count, "row"))
    return count


@_step("expire snapshots and pages")
def expire(warehouse: str, keep: int, page_days: int) -> dict[str, int]:
    """Delete old snapshots and quality pages."""
    options = settings(warehouse=warehouse)
    gone = {
        "snapshots": options.store.expire(keep),
        "pages": expire_pages(options, page_days),
    }
    get_run_logger().info(
        "Deleted %s and %s",
        counted(gone["snapshots"], "snapshot"), counted(gone["pages"], "quality page"),
    )  # fmt: skip
    return gone


@_step("clean Prefect's record", retries=2, retry_delay_seconds=[5, 20])
def clean_prefect(run_days: int) -> int:
    """Delete old flow runs and vacuum Prefect's SQLite database. Returns the runs deleted."""
    logger = get_run_logger()
    count = delete_runs(run_days)
    logger.info(
        "Deleted %s: older than %s, or empty looks",
        counted(count, "flow run"), counted(run_days, "day"),
    )  # fmt: skip
    saved = vacuum_prefect()
    if saved:
        logger.info("Vacuumed %s, %.1f MB saved", saved[0], saved[1] / 1e6)
    return count


@flow(name="maintain", validate_parameters=True, on_failure=[tell], on_crashed=[tell])
@described
def maintain(
    warehouse: WarehousePath = "data/dateline.duckdb",
    compact_above: Annotated[
        float, Field(description="Rewrite the file when this share of it is free", ge=0, le=1)
    ] = 0.25,
    keep_snapshots: Annotated[int, Field(description="Snapshots to keep", ge=1)] = 3,
    page_days: Annotated[int, Field(description="Days to keep quality pages", ge=1)] = 90,
    run_days: Annotated[int, Field(description="Days to keep flow runs in Prefect", ge=1)] = 30,
    wait: Wait = 60,
) -> dict[str, int]:
    """Checkpoint and compact, delete what is old, clean Prefect's own database."""
    admit(warehouse)
    changes = expire_changes(warehouse, wait)
    saved = compact(warehouse, wait, compact_above)
    gone = expire(warehouse, keep_snapshots, page_days)
    runs = clean_prefect(run_days)
    return {"bytes saved": saved, "changes": changes, **gone, "flow runs": runs}
