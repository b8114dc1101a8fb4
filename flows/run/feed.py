"""Articles in, extracted batches out, in a thread that keeps the workers busy.

A `Source` gives the articles; at most `_WAITING` batches are ready at once, or as many as keep all
workers busy, and the thread waits where the loading is slower, so nothing piles up. While so many
wait the next one grows: what a batch costs beside its articles is then paid less often.
"""

from __future__ import annotations

import queue
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from flows.resources.settings import Settings
from flows.resources.version import Extractor
from flows.run.batch import Batch, only_current
from flows.run.ledger import Ledger
from flows.run.pool import Pool, WorkerLost
from flows.run.seen import SAID
from flows.run.summary import Summary
from flows.run.workers import Extracted, extract
from transforms.articles import Article
from transforms.corrections.decisions import Decision
from transforms.rows import frames
from warehouse.connection import Connection

_WAITING = 2
_GROWTH = 3  # times the size that was asked for, at most
_MOST_CHARS = 2_500_000  # in one batch, however few articles that are
_CHUNK = 32
_FILES_PER_BATCH = 4096  # a run over unchanged files only still writes now and then


class Source(Protocol):
    """What feeds a run: files, known files, or articles that are stored already."""

    @property
    def paths(self) -> Sequence[str]:
        """What is read, as the row of `runs` tells it."""

    def fill(self, feed: Feed) -> None:
        """Give the feed all there is and how much that is. Runs once, in the feed's thread.

        To end soon after `feed.stopping` is set.
        """

    def done(self, summary: Summary) -> int:
        """How many of `feed.total` are loaded."""


class Feed:
    """Takes articles from a source, hands them to the workers, and yields them in batches.

    Reads from when it is made. `on_news` is called before articles go to the workers.
    """

    def __init__(
        self,
        source: Source,
        con: Connection,
        pool: Pool,
        *,
        options: Settings,
        run_id: str,
        extractor: Extractor,
        decisions: Mapping[str, Decision],
        on_news: Callable[[], None] = lambda: None,
    ) -> None:
        self.source, self.pool, self.options = source, pool, options
        self.run_id, self.extractor, self.on_news = run_id, extractor, on_news
        self.decisions = decisions  # by id, those that the workers apply
        self.corrected = 0  # stored articles that are read again for what was decided since
        self.ledger = Ledger(con)
        self.stopping = threading.Event()
        self.known: Counter[str] = Counter()  # files not read again, by what is said of them
        self.left_out = 0  # articles of other languages or topics than those that are wanted
        self.refused: set[str] = set()  # files here of which earlier runs refused something
        self.total = 0  # what the source found, in the unit of its `done`
        self.batch = Batch(1)
        self._ready: queue.Queue[Batch | BaseException | None] = queue.Queue(_WAITING)
        self._chunk: list[Article] = []
        self._thread = threading.Thread(target=self._run, name="dateline-feed", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop reading, also when nobody takes batches any more."""
        self.stopping.set()
        while self._thread.is_alive():
            try:
                self._ready.get(timeout=0.05)
            except queue.Empty:
                self._thread.join(timeout=0.05)
        self.ledger.close()

    def batches(self) -> Iterator[Batch]:
        """Batches in order, their rows made. Raises what broke the thread."""
        while (item := self._ready.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            self._collect(item)
            yield item

    def share_done(self, summary: Summary) -> float:
        """How much of what was found is loaded, 0 to 1."""
        done = self.source.done(summary) + self.known.total()
        return done / self.total if self.total else 0.0

    # For sources, in the feed's thread

    def add_article(self, article: Article) -> None:
        """One article to extract; of two texts of one article the later stands."""
        held = self.batch.current
        if article.article_id in held:
            before = len(self._chunk)
            self._chunk = [a for a in self._chunk if a.article_id != article.article_id]
            self.batch.superseded |= len(self._chunk) == before
        held[article.article_id] = article.content_sha256
        self._chunk.append(article)
        self.batch.chars += len(article.text)
        self.batch.first_file = self.batch.first_file or article.source_uri.rsplit("/", 1)[-1]
        if len(self._chunk) >= _CHUNK:
            self._send_chunk()
        if self._is_full():
            self._close_batch()

    def _is_full(self) -> bool:
        """Whether the batch is to be loaded, more than `batch_size` only where others wait."""
        size, least = len(self.batch.current), self.options.batch_size
        if self.batch.chars >= _MOST_CHARS or size >= _GROWTH * least:
            return True
        return size >= least and not self._ready.full()

    def withdraw(self, article: Article) -> None:
        """The publisher takes the article back: no text of it stays."""
        self.batch.retracted.append(article.article_id)
        if article.article_id in self.batch.current:
            self._chunk = [a for a in self._chunk if a.article_id != article.article_id]
            self.batch.current[article.article_id] = ""
            self.batch.superseded = True

    def know(self, status: str) -> None:
        """A file that need not be read again. Its row stays as it is."""
        self.known[SAID.get(status, status)] += 1

    def add_file(
        self, row: dict[str, Any], *, fresh: bool = True, keep_count: bool = False
    ) -> None:
        """A row of `files`. A batch is named after the first `fresh` one; `keep_count` keeps what
        the warehouse says of its format, articles and error."""
        if keep_count:
            self.batch.same_files.append(row["file_id"])
        self.batch.files.append(row)
        if fresh and not self.batch.first_file:  # a batch is named after what is new in it
            self.batch.first_file = row["source_uri"].rsplit("/", 1)[-1]
        if len(self.batch.files) >= _FILES_PER_BATCH:
            self._close_batch()

    def refuse(self, uri: str, rule: str, reason: str, *, kind: str, record: str | None) -> None:
        """What no reader could take: a `file` or an `article` in it, by the address of its file."""
        self.batch.refused.append(
            {
                "kind": kind,
                "where": uri.rsplit("/", 1)[-1],
                "record": {"source_uri": uri, "record": record},
                "rule": rule,
                "reason": reason,
            }
        )

    def _run(self) -> None:
        try:
            self.source.fill(self)
            if not self.stopping.is_set():
                self._close_batch(last=True)
                self._put(None)
        except BaseException as error:
            self._put(error)

    def _put(self, item: Batch | BaseException | None) -> None:
        while not self.stopping.is_set():
            try:
                self._ready.put(item, timeout=0.2)
                return
            except queue.Full:
                continue

    def _send_chunk(self) -> None:
        if self._chunk:
            self.on_news()
            self.batch.jobs.append((self.pool.submit(extract, self._chunk), self._chunk))
            self._chunk = []

    def _room(self) -> int:
        """Batches that may wait: with them each worker has a chunk in hand and one before it."""
        return max(_WAITING, -(-2 * _CHUNK * self.pool.slots // self.options.batch_size))

    def _close_batch(self, *, last: bool = False) -> None:
        self._send_chunk()
        self._ready.maxsize = self._room()
        batch = self.batch
        if last and not (batch.files or batch.jobs or batch.refused or batch.versions):
            return
        if batch.files and not batch.first_file:
            batch.first_file = batch.files[0]["source_uri"].rsplit("/", 1)[-1]
        self.batch = Batch(batch.number + 1)
        self._put(batch)

    def _collect(self, batch: Batch) -> None:
        """Wait for the batch's rows; refuse what no extractor could take."""
        for job, articles in batch.jobs:
            try:
                parts = [job.result()]
            except WorkerLost:
                parts = [self._extract_alone(article) for article in articles]
            uris = {article.article_id: article for article in articles}
            for part in parts:
                for article_id, reason in part.errors:
                    article = uris[article_id]
                    self._refuse_article(batch, article, reason)
                batch.parts.append(only_current(part, batch.current) if batch.superseded else part)
        batch.jobs.clear()

    def _extract_alone(self, article: Article) -> Extracted:
        try:
            made: Extracted = self.pool.submit(extract, [article]).result()
            return made
        except WorkerLost:
            reason = "extracting it killed a worker process each time"
            return Extracted(frames({}), [(article.article_id, reason)], 0)

    def _refuse_article(self, batch: Batch, article: Article, reason: str) -> None:
        batch.refused.append(
            {
                "kind": "article",
                "where": article.source_uri.rsplit("/", 1)[-1],
                "record": {
                    "source_uri": article.source_uri,
                    "record": article.record,
                    "article_id": article.article_id,
                },
                "rule": "extractor-error",
                "reason": reason,
            }
        )
