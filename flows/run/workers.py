"""Worker processes: they read files and extract articles, and return rows, never a Doc.

Spawned processes of our own beat spaCy's `n_process`, which serialises every Doc. A worker that
dies (killed, out of memory) is replaced and its work done again; an article that kills a worker
twice is refused by itself.
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import signal
import threading
import traceback
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from flows.resources.settings import Settings
from flows.run.landing import Found
from transforms.articles import Article, make_article
from transforms.readers import Limits, ReadError, detect, read
from transforms.readers.given import Given
from warehouse.tables import EXTRACTED

_MATH_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_ATTEMPTS = 2
_state: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class ReadTask:
    """One file to read: where it lay, its bytes, the column mapping, and what is given."""

    found: Found
    data: bytes
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


def start(model: str, extractor_version: str, max_chars: int) -> None:
    """Make this process a worker. Runs once in each."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent,), daemon=True).start()
    _state.update(model=model, version=extractor_version, max_chars=max_chars)


def _follow(parent: Any) -> None:
    """End with the main process, also when that is killed and cannot say so."""
    parent.join()
    os._exit(1)


def _nlp() -> tuple[Any, Any]:
    if "nlp" not in _state:
        from flows.resources.gazetteer import open_gazetteer
        from transforms.nlp.extract import Resources
        from transforms.nlp.parsing.language import load

        _state["nlp"] = load(_state["model"])
        _state["resources"] = Resources.load(open_gazetteer())
    return _state["nlp"], _state["resources"]


def warm() -> None:
    """Load the model now."""
    _nlp()


def read_files(tasks: Sequence[ReadTask], today: dt.date, limits: Limits) -> list[FileRead]:
    """Articles of each file. Bad input becomes a ReadError, never an exception."""
    return [read_file(task, today, limits) for task in tasks]


def read_file(task: ReadTask, today: dt.date, limits: Limits) -> FileRead:
    """Articles of one file."""
    name = task.found.source_uri
    result = FileRead("unknown", [], [])
    try:
        result.format = detect(task.data, name)
        for item in read(task.data, name, limits=limits, mapping=task.mapping):
            made = (
                item
                if isinstance(item, ReadError)
                else make_article(task.given.complete(item), source_uri=name, today=today)
            )
            (result.errors if isinstance(made, ReadError) else result.articles).append(made)  # type: ignore[arg-type]
    except Exception as error:
        result.errors.append(ReadError("reader-error", _last_line(error), None))
    return result


def extract(articles: Sequence[Article]) -> Extracted:
    """Rows of these articles. One that fails is reported and costs the others nothing."""
    from transforms import rows as r
    from transforms.near_duplicates import bands, signature
    from transforms.nlp.annotations import Annotations
    from transforms.nlp.extract import annotate
    from transforms.nlp.parsing.language import parse_texts
    from transforms.nlp.parsing.parse import Parse, paragraphs

    nlp, resources = _nlp()
    english = [a for a in articles if a.language == "en" and len(a.text) <= _state["max_chars"]]
    inputs = [(a.text, paragraphs(a.text, dateline_end=a.dateline_end)) for a in english]
    parses: dict[str, Parse] = {}
    errors: list[tuple[str, str]] = []
    try:
        for article, parse in zip(english, parse_texts(nlp, inputs), strict=True):
            parses[article.article_id] = parse
    except Exception:
        parses.clear()
        for article, one in zip(english, inputs, strict=True):
            try:
                parses[article.article_id] = next(iter(parse_texts(nlp, [one])))
            except Exception as error:
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
            if whole is not None:
                notes = annotate(whole, resources, published=article.published_at.date())
                words += article.word_count
            mark = signature(article.text)
            made = r.article_rows(
                article,
                whole,
                notes,
                gazetteer=resources.gazetteer,
                extractor_version=_state["version"],
                signature=(mark, bands(mark)),
            )
        except Exception as error:
            errors.append((article.article_id, _last_line(error)))
            continue
        for name, rows in made.items():
            found[name].extend(rows)
    return Extracted(r.frames(found), errors, words)


def _last_line(error: Exception) -> str:
    where = traceback.extract_tb(error.__traceback__)[-1:]
    place = f" ({Path(where[0].filename).name}:{where[0].lineno})" if where else ""
    return f"{type(error).__name__}: {error}{place}".replace("\n", " ")[:500]


class Job:
    """A call on its way through the pool; `result` survives the death of a worker."""

    def __init__(self, pool: Pool, call: Callable[..., Any], args: tuple[Any, ...]) -> None:
        self.pool, self.call, self.args = pool, call, args
        self.generation, self.future = pool.send(call, args)

    def result(self) -> Any:
        """The call's value. Raises BrokenProcessPool when it killed a worker twice."""
        for attempt in range(_ATTEMPTS):
            try:
                return self.future.result()
            except BrokenProcessPool:
                self.pool.replace(self.generation)
                if attempt + 1 == _ATTEMPTS:
                    raise
                self.generation, self.future = self.pool.send(self.call, self.args)
        raise AssertionError


class Pool:
    """Worker processes that are replaced when they die."""

    def __init__(self, processes: int, initargs: tuple[Any, ...]) -> None:
        self.processes, self.initargs = processes, initargs
        self.lock = threading.Lock()
        self.generation = 0
        self.executor = self._executor()

    @classmethod
    def of(cls, options: Settings, version: str) -> Pool:
        """The workers of a run: so many, with this model, for articles of at most so much text."""
        return cls(options.processes, (options.model, version, options.max_article_chars))

    def _executor(self) -> ProcessPoolExecutor:
        saved = {name: os.environ.get(name) for name in _MATH_THREADS}
        os.environ.update(dict.fromkeys(_MATH_THREADS, "1"))
        try:
            executor = ProcessPoolExecutor(
                self.processes,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=start,
                initargs=self.initargs,
            )
            for _ in range(self.processes):  # processes start at submission, in this environment
                executor.submit(warm)
        finally:
            for name, value in saved.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value
        return executor

    def send(self, call: Callable[..., Any], args: tuple[Any, ...]) -> tuple[int, Future[Any]]:
        """Submit a call. Returns the pool's generation and the future."""
        with self.lock:
            try:
                return self.generation, self.executor.submit(call, *args)
            except BrokenProcessPool:
                self._renew()
                return self.generation, self.executor.submit(call, *args)

    def submit(self, call: Callable[..., Any], *args: Any) -> Job:
        """A job that survives the death of a worker."""
        return Job(self, call, args)

    def replace(self, generation: int) -> None:
        """Start new workers, unless another job already did."""
        with self.lock:
            if generation == self.generation:
                self._renew()

    def _renew(self) -> None:
        self.executor.shutdown(wait=False, cancel_futures=True)
        self.generation += 1
        self.executor = self._executor()

    def close(self) -> None:
        """Stop the workers."""
        self.executor.shutdown(wait=True, cancel_futures=True)
