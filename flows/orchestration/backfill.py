"""The flow `backfill`: read raw files that the ledger knows again, all or by day of publication.

For a new reader or after a mistake in one: texts, dates and versions are made anew. What was
retracted stays away, also where its file holds other articles.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from flows.orchestration.prefect_setup import prepare

prepare()

from prefect import flow, get_run_logger, task  # noqa: E402
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
from flows.orchestration.webhook import tell  # noqa: E402
from flows.published.query import reader  # noqa: E402
from flows.resources.settings import Settings, settings  # noqa: E402
from flows.run.feed import Feed  # noqa: E402
from flows.run.pipeline import Pipeline  # noqa: E402
from transforms.articles import Article  # noqa: E402
from warehouse.errors import DatelineError  # noqa: E402

Days = tuple[dt.date, dt.date]
EVER: Days = (dt.date.min, dt.date.max)


def kept_files(warehouse: Path, days: Days = EVER) -> list[str]:
    """Addresses of the raw files with an article published within `days`, ends included.

    For all days also files that were refused, which another reader may take. Neither retracted
    files nor byte-for-byte copies. Raises WarehouseMissing.
    """
    con = reader(warehouse)
    try:
        rows = con.execute(
            "SELECT DISTINCT source_uri FROM files f WHERE status NOT IN ('retracted', 'duplicate')"
            " AND ($all OR EXISTS (FROM article_versions v WHERE v.file_id = f.file_id "
            "AND v.published_on BETWEEN $first AND $last)) ORDER BY 1",
            {"all": days == EVER, "first": days[0], "last": days[1]},
        ).fetchall()
    finally:
        con.close()
    return [uri for (uri,) in rows]


def present(addresses: Sequence[str]) -> list[str]:
    """Those that are still there; remote ones are taken to be."""
    return [uri for uri in addresses if "://" in uri or Path(uri).exists()]


class Backfill(Pipeline):
    """A run over known files that takes only articles of some days."""

    def __init__(self, options: Settings, paths: Sequence[str], days: Days = EVER) -> None:
        super().__init__(options, paths, force=True)
        self.days = days

    def make_feed(self) -> Feed:
        """Files, without what was retracted and what other days published."""
        return _KnownFeed(self, self.con, self.pool)


class _KnownFeed(Feed):
    def __init__(self, pipeline: Backfill, con: Any, pool: Any) -> None:
        super().__init__(pipeline, con, pool)
        self.days = pipeline.days
        rows = con.execute(
            "SELECT key FROM change_log WHERE table_name = 'articles' "
            "GROUP BY key HAVING arg_max(change, changed_at) = 'delete'"
        ).fetchall()
        self.withdrawn = {key for (key,) in rows}

    def _add_article(self, article: Article) -> None:
        if article.article_id in self.withdrawn:
            return
        if self.days[0] <= article.published_at.date() <= self.days[1]:
            super()._add_article(article)
        else:
            self.batch.known.append(article.article_id)


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
    known = kept_files(Path(warehouse), days)
    found = present(known)
    if not found:
        raise DatelineError(f"none of its {len(known)} raw files of these days is there", subject=warehouse)  # noqa: E501  # fmt: skip
    logger.info("%d raw files", len(found))
    gone = sorted(set(known) - set(found))
    if gone:
        logger.warning(
            "%d raw files are gone (%s …); their articles stay as they are", len(gone), gone[0]
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
    paths = find_files(warehouse, since, until)
    options = settings(
        warehouse=warehouse, batch_size=batch_size, processes=processes or None, wait=wait
    )
    pipeline = Backfill(options, paths, (since or EVER[0], until or EVER[1]))
    logger = get_run_logger()
    with pipeline.logging_to(logger):
        pipeline.start()
    return figures(run(pipeline, logger))
