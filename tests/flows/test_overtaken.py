"""Where several runs write, a later text of an article stays, whoever commits first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from flows.run.batch import Batch
from flows.run.overtaken import concurrent, leave_overtaken
from flows.run.workers import Extracted
from transforms.rows import frames
from warehouse import loading, store
from warehouse.dialects import frame
from warehouse.tables import TABLES

BEGAN = dt.datetime(2026, 3, 1, 12)


def version(run_id: str, rank: str, sha: str, article_id: str = "a1") -> dict[str, Any]:
    return {
        "article_id": article_id, "content_sha256": sha, "file_id": sha, "source_uri": "/in/x",
        "record": "", "rank": rank, "published_on": dt.date(2026, 3, 1),
        "extractor_version": "e", "run_id": run_id,
    }  # fmt: skip


def run(run_id: str, began: dt.datetime) -> dict[str, Any]:
    empty = dict.fromkeys(TABLES["runs"].columns)
    zero = dict.fromkeys(("files_seen", "articles_loaded", "events_loaded", "rows_quarantined",
                          "words"), 0)  # fmt: skip
    return {**empty, **zero, "run_id": run_id, "started_at": began, "status": "running",
            "extractor_version": "e", "settings": "{}"}  # fmt: skip


@pytest.fixture
def con(tmp_path: Path) -> Iterator[Any]:
    con = store.open_writer(tmp_path / "w.duckdb")
    for key, hours in (("ours", 0), ("earlier", -9), ("beside", -1), ("later", 1)):
        loading.write_run(con, run(key, BEGAN + dt.timedelta(hours=hours)))
    yield con
    con.close()


def batch(*versions: dict[str, Any]) -> Batch:
    held = {row["article_id"]: row["content_sha256"] for row in versions}
    made = frames({})
    made["articles"] = pl.DataFrame(
        {"article_id": list(held), "content_sha256": list(held.values())}
    )
    part = Extracted(made, [], 0)
    return Batch(1, current=held, parts=[part], versions=list(versions))


def left(made: Batch) -> list[str]:
    return made.parts[0].frames["articles"]["article_id"].to_list()


def test_who_is_concurrent(con: Any) -> None:
    assert concurrent(con, "ours", BEGAN, ()) == ["later"]
    assert concurrent(con, "ours", BEGAN, {"beside"}) == ["beside", "later"]


@pytest.mark.parametrize(
    ("theirs", "stays"),
    [
        (("later", "2026-03-02|z"), False),  # a later text of another committer
        (("later", "2026-03-01|a"), True),  # an earlier one
        (("later", "2026-03-01|m"), True),  # the very text
        (("earlier", "2026-03-02|z"), True),  # the ledger knew it and chose ours
    ],
)
def test_later_texts_of_others_stay(con: Any, theirs: tuple[str, str], stays: bool) -> None:
    run_id, rank = theirs
    rows = frame(TABLES["article_versions"], [version(run_id, rank, rank[-1])])
    loading.upsert(con, TABLES["article_versions"], rows)
    made = batch(version("ours", "2026-03-01|m", "m"), version("ours", "2026-03-01|m", "m", "a2"))
    gone = leave_overtaken(con, made, concurrent(con, "ours", BEGAN, ()))
    assert left(made) == (["a1", "a2"] if stays else ["a2"])
    assert gone == ([] if stays else ["a1"])
    assert len(made.versions) == 2  # counted all the same
