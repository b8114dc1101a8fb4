"""How the feed cuts articles into batches."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from flows.resources.settings import settings
from flows.resources.version import Extractor
from flows.run import feed as feeding
from flows.run.feed import Feed
from flows.run.workers import Extracted
from transforms.articles import Article, make_article
from transforms.readers import RawArticle
from transforms.rows import frames
from warehouse import store

DAY = dt.date(2026, 3, 1)
SIZE = 32  # as many as the workers take at once
TEXT = "Chad and Niger held talks. "


class Many:
    """So many short articles; `given` is set before the last of the first `waiting`."""

    paths = ("many",)

    def __init__(self, count: int, waiting: int) -> None:
        self.count, self.waiting, self.given = count, waiting, threading.Event()

    def fill(self, feed: Feed) -> None:
        for number in range(self.count):
            if number + 1 == self.waiting:
                self.given.set()
            raw = RawArticle(title=f"Story {number}", text=TEXT * 3, published=DAY.isoformat())
            made = make_article(raw, source_uri=f"{number}.txt", today=DAY)
            assert isinstance(made, Article)
            feed.add_article(made)

    def done(self, summary: object) -> int:
        return 0


class Idle:
    """Workers that find nothing."""

    slots = 1

    def submit(self, call: object, articles: list[Article]) -> Idle:
        return self

    def result(self) -> Extracted:
        return Extracted(frames({}), [], 0, Counter())


def sizes(folder: Path, source: Many) -> list[int]:
    """How many articles each batch holds when nobody takes one before `source.given`."""
    con = store.open_writer(folder / "w.duckdb")
    pool: Any = Idle()
    feed = Feed(
        source, con, pool, options=settings(warehouse=folder / "w.duckdb", batch_size=SIZE),
        run_id="run", extractor=Extractor("test"), decisions={},
    )  # fmt: skip
    try:
        assert source.given.wait(60)
        return [len(batch.current) for batch in feed.batches()]
    finally:
        feed.stop()
        con.close()


def test_batches_grow_while_others_wait(tmp_path: Path) -> None:
    """Two wait; the third grows to three times the size that was asked for, and no further."""
    found = sizes(tmp_path, Many(400, waiting=5 * SIZE))
    assert found[:3] == [SIZE, SIZE, 3 * SIZE]
    assert sum(found) == 400 and max(found) == 3 * SIZE


def test_long_articles_make_small_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeding, "_MOST_CHARS", 5 * len(TEXT))
    assert set(sizes(tmp_path, Many(10, waiting=1))) == {2}
