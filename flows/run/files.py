"""Raw files as a source: found, read by the workers, and filtered by what the ledger knows.

At most `_READS` read tasks are in flight, or one a worker where there are more.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from flows.run import landing
from flows.run.feed import Feed
from flows.run.ledger import file_id, rank
from flows.run.pool import Job, WorkerLost
from flows.run.seen import reading, refused_at
from flows.run.stored import give_corrected
from flows.run.summary import Summary, now
from flows.run.workers import FileRead, ReadTask, read_alone, read_files
from transforms.articles import Article
from transforms.readers import Limits, ReadError
from transforms.readers.given import Given

_READS = 4
_READ_FILES = 16
_READ_BYTES = 4 * 2**20
_BIG_FILE = 16 * 2**20

# What becomes of an article that is to be extracted: that, or its rows stay, or it stays away.
Choice = Literal["extract", "keep", "leave"]


@dataclass(frozen=True)
class Files:
    """Files, folders and globs. `force` extracts again what is known."""

    paths: Sequence[str]
    force: bool = False

    def fill(self, feed: Feed) -> None:
        """Read what is new, and what is corrected."""
        give_corrected(feed)
        Reading(feed, self.paths, force=self.force).run()

    def done(self, summary: Summary) -> int:
        """Files."""
        return sum(summary.files.values())


class Wanted:
    """Is an article in one of the languages, and does it hold one of the topics? () asks nothing.

    Topics are words or phrases; case does not matter.
    """

    def __init__(self, languages: Sequence[str], topics: Sequence[str]) -> None:
        self.languages = frozenset(languages)
        words = "|".join(r"\s+".join(map(re.escape, topic.split())) for topic in topics)
        self.topics = re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.I) if words else None

    def __call__(self, article: Article) -> bool:
        if self.languages and article.language not in self.languages:
            return False
        text = f"{article.title or ''}\n{article.text}"
        return self.topics is None or self.topics.search(text) is not None


class Reading:
    """One pass over files into a feed. `choose` is asked about each article to extract.

    What the settings say of columns, publisher, zone, languages and topics holds for every pass.
    """

    def __init__(
        self,
        feed: Feed,
        paths: Sequence[str],
        *,
        force: bool,
        choose: Callable[[Article], Choice] = lambda _: "extract",
    ) -> None:
        self.feed, self.paths, self.force = feed, paths, force
        options = feed.options
        self.mapping = options.columns
        self.by = reading(feed.extractor.name, options.model_dump(mode="json"))
        self.given = Given(options.source, options.zone)
        self.choose = choose
        self.wanted = Wanted(options.languages, options.topics)
        self.limits = Limits(max_file_bytes=feed.options.max_file_bytes)
        self.today = dt.datetime.now(dt.UTC).date()
        self.reads: deque[tuple[list[ReadTask], list[str], Job]] = deque()
        self.group: list[ReadTask] = []
        self.group_shas: list[str] = []

    def run(self) -> None:
        """Read all, or until the feed stops."""
        everything = list(landing.find(self.paths, warehouse=self.feed.options.warehouse))
        self.feed.total = len(everything)
        self.feed.ledger.look_at(
            [item.source_uri for item in everything if isinstance(item, landing.Found)]
        )
        refused = refused_at(self.feed.ledger.con)
        self.feed.refused = refused.keys() & map(landing.address, everything)
        for found in everything:
            if self.feed.stopping.is_set():
                return
            self._land(found)
        self._send_group()
        while self.reads:
            self._take_read()

    def _land(self, found: landing.Found | ReadError) -> None:
        if isinstance(found, ReadError):
            uri, whole = found.record or "", ReadError(found.rule, found.reason)
            self._refuse_file(uri, whole)
            return
        same = None if self.force else self.feed.ledger.untouched(found, self.by)
        if same is not None:
            self.feed.know(same)
            return
        try:
            data = landing.read_bytes(found, self.limits)
        except landing.LandingError as error:
            self._refuse_file(found.source_uri, ReadError(error.rule, error.reason, None))
            return
        sha = landing.sha256(data)
        known = self.feed.ledger.file_status(found.source_uri, sha, self.by)
        if known in ("unchanged", "loaded", "quarantined", "retracted") and self.force:
            known = None
        if known is not None:
            if known == "quarantined":
                self.feed.know(known)
                return
            self.feed.batch.unchanged += known != "duplicate"
            row = self._file_row(found.source_uri, sha, len(data), None, known, 0, None)
            self.feed.add_file(row, fresh=False, keep_count=known in ("unchanged", "loaded"))
            return
        self.feed.ledger.claim_file(found.source_uri, sha)
        if len(data) >= _BIG_FILE:
            task = ReadTask(found, None, len(data), self.mapping, self.given)
            del data
            self._send_group()
            while self.reads:
                self._take_read()
            (result,) = read_alone([task], self.today, self.limits)
            self._take_file(task, sha, result)
            return
        self.group.append(ReadTask(found, data, len(data), self.mapping, self.given))
        self.group_shas.append(sha)
        if len(self.group) >= _READ_FILES or sum(t.size for t in self.group) >= _READ_BYTES:
            self._send_group()

    def _send_group(self) -> None:
        if not self.group:
            return
        job = self.feed.pool.submit(read_files, self.group, self.today, self.limits, attempts=1)
        self.reads.append((self.group, self.group_shas, job))
        self.group, self.group_shas = [], []
        if len(self.reads) >= max(_READS, self.feed.pool.slots):
            self._take_read()

    def _take_read(self) -> None:
        tasks, shas, job = self.reads.popleft()
        try:
            results: list[FileRead] = job.result()
        except WorkerLost:
            results = read_alone(tasks, self.today, self.limits)
        for task, sha, result in zip(tasks, shas, results, strict=True):
            self._take_file(task, sha, result)

    def _take_file(self, task: ReadTask, sha: str, result: FileRead) -> None:
        uri = task.found.source_uri
        fid = file_id(uri, sha)
        fresh = 0
        for article in result.articles:
            decision = self.feed.ledger.decide(article, force=self.force)
            article.article_id = decision.article_id
            self.feed.batch.versions.append(
                {
                    "article_id": article.article_id,
                    "content_sha256": article.content_sha256,
                    "file_id": fid,
                    "source_uri": uri,
                    "record": article.record or "",
                    "rank": rank(article),
                    "published_on": article.published_at.date(),
                    "extractor_version": self.feed.extractor.of(article.text),
                    "run_id": self.feed.run_id,
                }
            )
            fresh += not decision.seen
            if article.retracted:
                self.feed.withdraw(article)
            elif decision.extract and not self.wanted(article):
                self.feed.left_out += 1
            elif (choice := self.choose(article) if decision.extract else "keep") == "extract":
                self.feed.add_article(article)
            elif choice == "keep":
                self.feed.batch.known.append(article.article_id)
        self.feed.batch.read.append(uri)
        for error in result.errors:
            self._refuse(uri, error, "article" if error.record else "file")
        if result.articles:
            again = fresh or self.force or self.feed.ledger.has_read(fid)
            status = "loaded" if again else "duplicate"
            if all(article.retracted for article in result.articles):
                status = "retracted"
        else:
            status = "quarantined"
        problem = result.errors[0].reason if result.errors else None
        if problem and len(result.errors) > 1:
            problem += f" (and {len(result.errors) - 1} more)"
        self.feed.add_file(
            self._file_row(
                uri, sha, task.size, result.format, status, len(result.articles), problem
            )
        )

    def _refuse_file(self, uri: str, error: ReadError) -> None:
        self.feed.batch.read.append(uri)
        self._refuse(uri, error, "file")
        self.feed.add_file(self._file_row(uri, None, None, None, "quarantined", 0, error.reason))

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
            "run_id": self.feed.run_id,
            "seen_at": now(),
        }

    def _refuse(self, uri: str, error: ReadError, kind: str) -> None:
        self.feed.refuse(uri, error.rule, error.reason, kind=kind, record=error.record)
