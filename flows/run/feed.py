"""Files in, extracted batches out, in a thread that keeps the workers busy.

At most `_READS` read tasks and `_WAITING` batches are in flight; the thread waits where the
loading is slower, so nothing piles up.
"""

from __future__ import annotations

import datetime as dt
import queue
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import polars as pl

from flows.run import landing
from flows.run.ledger import Ledger, file_id, rank
from flows.run.workers import (
    Extracted,
    FileRead,
    Job,
    Pool,
    ReadTask,
    extract,
    read_file,
    read_files,
)
from transforms.articles import Article
from transforms.readers import Limits, ReadError

if TYPE_CHECKING:
    from flows.run.pipeline import Pipeline

_READS = 4
_READ_FILES = 16
_READ_BYTES = 4 * 2**20
_BIG_FILE = 16 * 2**20
_WAITING = 2
_CHUNK = 32
_FILES_PER_BATCH = 4096  # a run over unchanged files only still writes now and then


@dataclass(slots=True)
class Batch:
    """Articles that are loaded together, with the files they came from."""

    number: int
    first_file: str = ""
    jobs: list[tuple[Job, list[Article]]] = field(default_factory=list)
    parts: list[Extracted] = field(default_factory=list)
    current: dict[str, str] = field(default_factory=dict)  # article_id → content of this batch
    superseded: bool = False
    known: list[str] = field(default_factory=list)
    retracted: list[str] = field(default_factory=list)  # articles a file withdraws
    versions: list[dict[str, Any]] = field(default_factory=list)
    files: list[dict[str, Any]] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)
    unchanged: int = 0


class Feed:
    """Finds, reads and filters files, and hands articles to the workers."""

    def __init__(self, pipeline: Pipeline, con: Any, pool: Pool) -> None:
        self.pipeline, self.pool = pipeline, pool
        self.on_news: Callable[[], None] = lambda: None  # before articles go to the workers
        self.ledger = Ledger(con)
        self.limits = Limits(max_file_bytes=pipeline.options.max_file_bytes)
        self.today = dt.datetime.now(dt.UTC).date()
        self.ready: queue.Queue[Batch | BaseException | None] = queue.Queue(_WAITING)
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self._run, name="dateline-feed", daemon=True)
        self.refused_before = 0  # files in quarantine that this extractor has seen already
        self.total = 0
        self.batch = Batch(1)
        self.chunk: list[Article] = []
        self.reads: deque[tuple[list[ReadTask], list[str], Job]] = deque()
        self.group: list[ReadTask] = []
        self.group_shas: list[str] = []

    def start(self) -> None:
        """Begin to read."""
        self.thread.start()

    def stop(self) -> None:
        """Stop reading, also when nobody takes batches any more."""
        self.stopping.set()
        while self.thread.is_alive():
            try:
                self.ready.get(timeout=0.05)
            except queue.Empty:
                self.thread.join(timeout=0.05)
        self.ledger.close()

    def batches(self) -> Iterator[Batch]:
        """Batches in order, their rows made. Raises what broke the thread."""
        while (item := self.ready.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            self._collect(item)
            yield item

    def share_done(self) -> float:
        """How much of what was found is loaded, 0 to 1."""
        return sum(self.pipeline.summary.files.values()) / self.total if self.total else 0.0

    def _run(self) -> None:
        try:
            everything = list(
                landing.find(self.pipeline.paths, warehouse=self.pipeline.options.warehouse)
            )
            self.total = len(everything)
            for found in everything:
                if self.stopping.is_set():
                    return
                self._land(found)
            self._send_group()
            while self.reads:
                self._take_read()
            self._close_batch(last=True)
            self._put(None)
        except BaseException as error:
            self._put(error)

    def _put(self, item: Batch | BaseException | None) -> None:
        while not self.stopping.is_set():
            try:
                self.ready.put(item, timeout=0.2)
                return
            except queue.Full:
                continue

    def _land(self, found: landing.Found | ReadError) -> None:
        if isinstance(found, ReadError):
            uri, whole = found.record or "", ReadError(found.rule, found.reason)
            self._refuse_file(uri, whole)
            return
        try:
            data = landing.read_bytes(found, self.limits)
        except landing.LandingError as error:
            self._refuse_file(found.source_uri, ReadError("unreadable", error.reason, None))
            return
        sha = landing.sha256(data)
        known = self.ledger.file_status(found.source_uri, sha, self.pipeline.version)
        if known in ("unchanged", "loaded", "quarantined", "retracted") and self.pipeline.force:
            known = None
        if known is not None:
            self.batch.unchanged += known != "duplicate"
            if known == "quarantined":
                self.refused_before += 1
                return
            row = self._file_row(found.source_uri, sha, len(data), None, known, 0, None)
            self._add_file(row, fresh=False, keep_count=known in ("unchanged", "loaded"))
            return
        self.ledger.claim_file(found.source_uri, sha)
        task = ReadTask(found, data, self.pipeline.mapping)
        if len(data) >= _BIG_FILE:
            self._send_group()
            while self.reads:
                self._take_read()
            self._take_file(task, sha, read_file(task, self.today, self.limits))
            return
        self.group.append(task)
        self.group_shas.append(sha)
        if len(self.group) >= _READ_FILES or sum(len(t.data) for t in self.group) >= _READ_BYTES:
            self._send_group()

    def _send_group(self) -> None:
        if not self.group:
            return
        job = self.pool.submit(read_files, self.group, self.today, self.limits)
        self.reads.append((self.group, self.group_shas, job))
        self.group, self.group_shas = [], []
        if len(self.reads) >= _READS:
            self._take_read()

    def _take_read(self) -> None:
        tasks, shas, job = self.reads.popleft()
        try:
            results: list[FileRead] = job.result()
        except BrokenProcessPool:
            results = [self._read_alone(task) for task in tasks]
        for task, sha, result in zip(tasks, shas, results, strict=True):
            self._take_file(task, sha, result)

    def _read_alone(self, task: ReadTask) -> FileRead:
        try:
            found: list[FileRead] = self.pool.submit(
                read_files, [task], self.today, self.limits
            ).result()
            return found[0]
        except BrokenProcessPool:
            reason = "reading it killed a worker process twice"
            return FileRead("unknown", [], [ReadError("reader-crash", reason, None)])

    def _take_file(self, task: ReadTask, sha: str, result: FileRead) -> None:
        uri = task.found.source_uri
        fid = file_id(uri, sha)
        fresh = 0
        for article in result.articles:
            decision = self.ledger.decide(article, force=self.pipeline.force)
            article.article_id = decision.article_id
            self.batch.versions.append(
                {
                    "article_id": article.article_id,
                    "content_sha256": article.content_sha256,
                    "file_id": fid,
                    "source_uri": uri,
                    "record": article.record or "",
                    "rank": rank(article),
                    "published_on": article.published_at.date(),
                    "extractor_version": self.pipeline.version,
                    "run_id": self.pipeline.run_id,
                }
            )
            fresh += not decision.seen
            if article.retracted:
                self._withdraw(article)
            elif decision.extract:
                self._add_article(article)
            else:
                self.batch.known.append(article.article_id)
        for error in result.errors:
            self._refuse(uri, error, "article" if error.record else "file")
        if result.articles:
            again = self.pipeline.force or self.ledger.has_read(fid)
            status = "loaded" if fresh or again else "duplicate"
            if all(article.retracted for article in result.articles):
                status = "retracted"
        else:
            status = "quarantined"
        problem = result.errors[0].reason if result.errors else None
        if problem and len(result.errors) > 1:
            problem += f" (and {len(result.errors) - 1} more)"
        self._add_file(
            self._file_row(
                uri, sha, len(task.data), result.format, status, len(result.articles), problem
            )
        )

    def _add_article(self, article: Article) -> None:
        held = self.batch.current
        if article.article_id in held:
            before = len(self.chunk)
            self.chunk = [a for a in self.chunk if a.article_id != article.article_id]
            self.batch.superseded |= len(self.chunk) == before
        held[article.article_id] = article.content_sha256
        self.chunk.append(article)
        self.batch.first_file = self.batch.first_file or article.source_uri.rsplit("/", 1)[-1]
        if len(self.chunk) >= _CHUNK:
            self._send_chunk()
        if len(held) >= self.pipeline.options.batch_size:
            self._close_batch()

    def _withdraw(self, article: Article) -> None:
        """The publisher takes the article back: no text of it stays."""
        self.batch.retracted.append(article.article_id)
        if article.article_id in self.batch.current:
            self.chunk = [a for a in self.chunk if a.article_id != article.article_id]
            self.batch.current[article.article_id] = ""
            self.batch.superseded = True

    def _send_chunk(self) -> None:
        if self.chunk:
            self.on_news()
            self.batch.jobs.append((self.pool.submit(extract, self.chunk), self.chunk))
            self.chunk = []

    def _add_file(
        self, row: dict[str, Any], *, fresh: bool = True, keep_count: bool = False
    ) -> None:
        if keep_count:
            old = self.ledger.one(
                "SELECT format, article_count, error FROM files WHERE file_id = ?",
                [row["file_id"]],
            )
            if old:
                row["format"], row["article_count"], row["error"] = old
        self.batch.files.append(row)
        if fresh and not self.batch.first_file:  # a batch is named after what is new in it
            self.batch.first_file = row["source_uri"].rsplit("/", 1)[-1]
        if len(self.batch.files) >= _FILES_PER_BATCH:
            self._close_batch()

    def _close_batch(self, *, last: bool = False) -> None:
        self._send_chunk()
        batch = self.batch
        if last and not (batch.files or batch.jobs or batch.refused or batch.versions):
            return
        if batch.files and not batch.first_file:
            batch.first_file = batch.files[0]["source_uri"].rsplit("/", 1)[-1]
        self.batch = Batch(batch.number + 1)
        self._put(batch)

    def _refuse_file(self, uri: str, error: ReadError) -> None:
        self._refuse(uri, error, "file")
        self._add_file(self._file_row(uri, None, None, None, "quarantined", 0, error.reason))

    def _refuse(self, uri: str, error: ReadError, kind: str) -> None:
        self.batch.refused.append(
            {
                "kind": kind,
                "where": uri.rsplit("/", 1)[-1],
                "record": {"source_uri": uri, "record": error.record},
                "rule": error.rule,
                "reason": error.reason,
            }
        )

    def _file_row(
        self,
        uri: str,
        sha: str | None,
        size: int | None,
        form: str | None,
        status: str,
        count: int,
        error: str | None,
    ) -> dict[str, Any]:
        return {
            "file_id": file_id(uri, sha),
            "source_uri": uri,
            "sha256": sha,
            "size_bytes": size,
            "format": form,
            "status": status,
            "article_count": count,
            "error": error,
            "run_id": self.pipeline.run_id,
            "seen_at": dt.datetime.now(dt.UTC).replace(tzinfo=None),
        }

    def _collect(self, batch: Batch) -> None:
        """Wait for the batch's rows; refuse what no extractor could take."""
        for job, articles in batch.jobs:
            try:
                parts = [job.result()]
            except BrokenProcessPool:
                parts = [self._extract_alone(article) for article in articles]
            uris = {article.article_id: article for article in articles}
            for part in parts:
                for article_id, reason in part.errors:
                    article = uris[article_id]
                    self._refuse_article(batch, article, reason)
                batch.parts.append(_only_current(part, batch.current) if batch.superseded else part)
        batch.jobs.clear()

    def _extract_alone(self, article: Article) -> Extracted:
        try:
            made: Extracted = self.pool.submit(extract, [article]).result()
            return made
        except BrokenProcessPool:
            from flows.run.settle import empty_frames
            from transforms.rows import ARTICLE_TABLES

            reason = "extracting it killed a worker process twice"
            return Extracted(empty_frames(ARTICLE_TABLES), [(article.article_id, reason)], 0)

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


def _only_current(part: Extracted, current: dict[str, str]) -> Extracted:
    """The part without texts that a later one in the same batch replaced."""
    held = pl.DataFrame(
        {"article_id": list(current), "content_sha256": list(current.values())},
        schema={"article_id": pl.String, "content_sha256": pl.String},
    )
    frames = dict(part.frames)
    articles = frames["articles"].join(held, on=["article_id", "content_sha256"], how="semi")
    if articles.height == frames["articles"].height:
        return part
    for name, rows in frames.items():
        if "article_id" in rows.columns:
            frames[name] = rows.join(articles, on="article_id", how="semi")
    for name in ("event_participants", "event_counts"):
        frames[name] = frames[name].join(
            frames["event_mentions"], on="event_mention_id", how="semi"
        )
    return Extracted(frames, part.errors, part.words)
