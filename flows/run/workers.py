"""Worker processes: they read files and extract articles, and return rows, never a Doc.

Spawned processes of our own beat spaCy's `n_process`, which serialises every Doc. A worker that
dies (killed, out of memory) is replaced and its work done again; an article that kills a worker
twice is refused by itself, and so is a file that takes more than one may.
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import signal
import sys
import threading
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from flows.resources.settings import Settings
from flows.resources.version import Extractor
from flows.run.budget import Bounds, within
from flows.run.landing import Found, LandingError, read_bytes
from flows.run.pool import ATTEMPTS, WorkerLost
from transforms.articles import Article, make_article
from transforms.readers import Limits, OverBudget, RawArticle, ReadError, detect, read
from transforms.readers.given import Given
from warehouse.tables import EXTRACTED

_MATH_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_ARTICLE_SECONDS = 30  # of a processor, for an article that others do not wait for
_CHARS_A_SECOND = 1500  # and for each so many characters one more
_ARTICLE_MEMORY = 768 * 2**20
_DEPTH = 5000  # of calls; a list of hundreds of places is a tree as deep
_BOUNDS = Bounds()
_state: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class ReadTask:
    """One file to read: where it lay, its bytes, and the column mapping, and what is given.

    Without bytes, of a large file, the worker fetches them itself.
    """

    found: Found
    data: bytes | None
    size: int
    mapping: Mapping[str, str] | None = None
    given: Given = field(default_factory=Given)


@dataclass(slots=True)
class FileRead:
    """What was in one file."""

    format: str
    articles: list[Article]
    errors: list[ReadError]


@dataclass(slots=True)
class Extracted:
    """Rows of a chunk of articles, and the articles no extractor could take."""

    frames: dict[str, pl.DataFrame]
    errors: list[tuple[str, str]]  # article_id, reason
    words: int
    unread: Counter[str] = field(default_factory=Counter)  # why stored only → articles


def start(model: str, extractor: Extractor, max_chars: int, lines: Sequence[str] = ()) -> None:
    """Make this process a worker. Runs once in each. `lines` are those of decisions."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent,), daemon=True).start()
    if hasattr(signal, "SIGXCPU"):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    _state.update(model=model, extractor=extractor, max_chars=max_chars, lines=lines)


def _follow(parent: Any) -> None:
    """End with the main process, also when that is killed and cannot say so."""
    parent.join()
    os._exit(1)


def _nlp() -> tuple[Any, Any]:
    if "nlp" not in _state:
        from flows.resources.gazetteer import open_gazetteer
        from transforms.corrections.binding import Book
        from transforms.corrections.decisions import read_line
        from transforms.nlp.extract import Resources
        from transforms.nlp.parsing.language import load

        _state["nlp"] = load(_state["model"])
        taught = _state["extractor"].dictionary
        _state["resources"] = Resources.load(open_gazetteer(), taught)
        _state["book"] = Book.of(read_line(line) for line in _state.get("lines", ()))
    return _state["nlp"], _state["resources"]


def warm() -> None:
    """Load the model now."""
    _nlp()


def read_files(tasks: Sequence[ReadTask], today: dt.date, limits: Limits) -> list[FileRead]:
    """Articles of each file. Bad input becomes a ReadError, never an exception."""
    return [read_file(task, today, limits) for task in tasks]


def read_file(task: ReadTask, today: dt.date, limits: Limits) -> FileRead:
    """Articles of one file."""
    result = FileRead("unknown", [], [])
    try:
        with within(*_BOUNDS.of(task.size)):
            _read(task, today, limits, result)
    except OverBudget as error:
        return FileRead(result.format, [], [ReadError(error.rule, error.reason, whole=True)])
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        result.errors.append(ReadError("reader-error", _last_line(error), None))
    if any(error.whole for error in result.errors):
        result.articles.clear()  # how far it came depends on the machine
    return result


def _read(task: ReadTask, today: dt.date, limits: Limits, result: FileRead) -> None:
    name = task.found.source_uri
    try:
        data = task.data if task.data is not None else read_bytes(task.found, limits)
    except LandingError as error:
        result.errors.append(ReadError(error.rule, error.reason, whole=True))
        return
    result.format = detect(data, name)
    for item in read(data, name, limits=limits, mapping=task.mapping):
        made = item if isinstance(item, ReadError) else _article(item, task, today)
        (result.errors if isinstance(made, ReadError) else result.articles).append(made)  # type: ignore[arg-type]


def _article(raw: RawArticle, task: ReadTask, today: dt.date) -> Article | ReadError:
    try:
        uri = task.found.source_uri
        return make_article(task.given.complete(raw), source_uri=uri, today=today)
    except Exception as error:  # what no rule foresaw costs this record and no other
        return ReadError("reader-error", _last_line(error), raw.record)


def read_alone(tasks: Sequence[ReadTask], today: dt.date, limits: Limits) -> list[FileRead]:
    """Articles of each file, read in a process that has no model and nothing else to lose."""
    results: list[FileRead] = []
    executor: ProcessPoolExecutor | None = None
    try:
        for task in tasks:
            executor = executor or ProcessPoolExecutor(
                1, mp_context=multiprocessing.get_context("spawn"),
                initializer=start, initargs=("", Extractor(""), 0),
            )  # fmt: skip
            try:
                results += executor.submit(read_files, [task], today, limits).result()
            except BrokenProcessPool:
                reason = "reading it ends its process: too much memory or time, or a fault"
                results.append(FileRead("unknown", [], [ReadError("reader-crash", reason)]))
                executor = None
    finally:
        if executor is not None:
            executor.shutdown(wait=True, cancel_futures=True)
    return results


def extract(articles: Sequence[Article]) -> Extracted:
    """Rows of these articles. One that fails is reported and costs the others nothing."""
    from transforms import rows as r
    from transforms.corrections.apply import correct
    from transforms.near_duplicates import bands, signature
    from transforms.nlp.annotations import Annotations, Use
    from transforms.nlp.extract import annotate
    from transforms.nlp.parsing.language import parse_texts
    from transforms.nlp.parsing.parse import Parse, paragraphs

    nlp, resources = _nlp()
    sys.setrecursionlimit(_DEPTH)
    unread = Counter(
        why for a in articles if (why := unread_because(a, _state["max_chars"])) is not None
    )
    english = [a for a in articles if unread_because(a, _state["max_chars"]) is None]
    inputs = [(a.text, paragraphs(a.text, dateline_end=a.dateline_end)) for a in english]
    parses: dict[str, Parse] = {}
    errors: list[tuple[str, str]] = []
    try:
        with _bounded(sum(len(a.text) for a in english)):
            for article, parse in zip(english, parse_texts(nlp, inputs), strict=True):
                parses[article.article_id] = parse
    except (Exception, OverBudget):
        parses.clear()
        for article, one in zip(english, inputs, strict=True):
            try:
                with _bounded(len(article.text)):
                    parses[article.article_id] = next(iter(parse_texts(nlp, [one])))
            except (Exception, OverBudget) as error:
                errors.append((article.article_id, _last_line(error)))
    failed = {article_id for article_id, _ in errors}
    found: r.Rows = {name: [] for name in EXTRACTED}
    words = 0
    for article in articles:
        if article.article_id in failed:
            continue
        try:
            whole = parses.get(article.article_id)
            notes = Annotations()
            uses: list[Use] = []
            if whole is not None:
                with _bounded(len(article.text)):
                    notes = annotate(whole, resources, published=article.day)
                    uses = correct(
                        whole,
                        notes,
                        article_id=article.article_id,
                        book=_state["book"],
                        gazetteer=resources.gazetteer,
                    )
                words += article.word_count
            mark = signature(article.text)
            made = r.article_rows(
                article,
                whole,
                notes,
                gazetteer=resources.gazetteer,
                extractor_version=_state["extractor"].of(article.text),
                signature=(mark, bands(mark)),
                uses=uses,
            )
        except (Exception, OverBudget) as error:
            errors.append((article.article_id, _last_line(error)))
            continue
        for name, rows in made.items():
            found[name].extend(rows)
    return Extracted(r.frames(found), errors, words, unread)


def unread_because(article: Article, most: int) -> str | None:
    """Why an article is stored and not extracted, None when it is: its language or its length."""
    if article.language != "en":
        return f"language {article.language or 'unknown'}"
    return "too long" if len(article.text) > most else None


def _bounded(chars: int) -> AbstractContextManager[None]:
    return within(_ARTICLE_SECONDS + chars / _CHARS_A_SECOND, _ARTICLE_MEMORY)


def _last_line(error: BaseException) -> str:
    where = traceback.extract_tb(error.__traceback__)[-1:]
    place = f" ({Path(where[0].filename).name}:{where[0].lineno})" if where else ""
    return f"{type(error).__name__}: {error}{place}".replace("\n", " ")[:500]


@contextmanager
def one_thread() -> Iterator[None]:
    """Processes started within compute on one thread; that of a matrix library spins when idle.

    Only they see it: `os.environ` stays as it is, for other threads copy it meanwhile.
    """
    for name in _MATH_THREADS:
        os.putenv(name, "1")
    try:
        yield
    finally:
        for name in _MATH_THREADS:
            if (value := os.environ.get(name)) is None:
                os.unsetenv(name)
            else:
                os.putenv(name, value)


class LocalJob:
    """A call on its way through the pool; `result` survives the death of a worker."""

    def __init__(
        self, pool: LocalPool, call: Callable[..., Any], args: tuple[Any, ...], *, attempts: int
    ) -> None:
        self.pool, self.call, self.args, self.attempts = pool, call, args, attempts
        self.generation, self.future = pool.send(call, args)

    def result(self) -> Any:
        """The call's value. Raises WorkerLost when its worker died too often."""
        for attempt in range(self.attempts):
            try:
                return self.future.result()
            except BrokenProcessPool:
                self.pool.replace(self.generation)
                if attempt + 1 == self.attempts:
                    raise WorkerLost from None
                self.generation, self.future = self.pool.send(self.call, self.args)
        raise AssertionError


class LocalPool:
    """Worker processes of this machine that are replaced when they die."""

    def __init__(self, processes: int, initargs: tuple[Any, ...]) -> None:
        self.processes, self.initargs = processes, initargs
        self.lock = threading.Lock()
        self.generation = 0
        self._held: ProcessPoolExecutor | None = None  # started when there is work

    @classmethod
    def of(cls, options: Settings, extractor: Extractor, lines: Sequence[str]) -> LocalPool:
        """The workers of a run: so many, with this model, for articles of at most so much text,
        corrected by the decisions of these lines."""
        return cls(options.processes, (options.model, extractor, options.max_article_chars, lines))

    @property
    def slots(self) -> int:
        """One a process."""
        return self.processes

    @property
    def executor(self) -> ProcessPoolExecutor:
        """The workers, which begin to load their model now if they have not."""
        if self._held is None:
            self._held = self._executor()
        return self._held

    def _executor(self) -> ProcessPoolExecutor:
        with one_thread():
            executor = ProcessPoolExecutor(
                self.processes,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=start,
                initargs=self.initargs,
            )
            for _ in range(self.processes):  # processes start at submission, in this environment
                executor.submit(warm)
        return executor

    def send(self, call: Callable[..., Any], args: tuple[Any, ...]) -> tuple[int, Future[Any]]:
        """Submit a call. Returns the pool's generation and the future."""
        with self.lock:
            try:
                return self.generation, self.executor.submit(call, *args)
            except BrokenProcessPool:
                self._renew()
                return self.generation, self.executor.submit(call, *args)

    def submit(self, call: Callable[..., Any], *args: Any, attempts: int = ATTEMPTS) -> LocalJob:
        """A job that survives the death of a worker."""
        return LocalJob(self, call, args, attempts=attempts)

    def replace(self, generation: int) -> None:
        """Start new workers, unless another job already did."""
        with self.lock:
            if generation == self.generation:
                self._renew()

    def _renew(self) -> None:
        if self._held is not None:
            self._held.shutdown(wait=False, cancel_futures=True)
        self.generation += 1
        self._held = self._executor()

    def close(self) -> None:
        """Stop the workers."""
        if self._held is not None:
            self._held.shutdown(wait=True, cancel_futures=True)
