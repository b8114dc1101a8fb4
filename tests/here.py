"""A run's workers that are the test's own process, which does nothing twice.

The same articles read by the same extractor give the same rows, and the same rows the same verdict
of the library; both are kept, so that a run over what another test has loaded takes a second.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
import pytest

from expectations import checkpoints
from flows.resources.gazetteer import open_gazetteer
from flows.resources.settings import Settings
from flows.resources.version import Extractor
from flows.run import pipeline as pipelines
from flows.run import workers
from transforms.articles import Article
from transforms.corrections.binding import Book
from transforms.corrections.decisions import read_line
from transforms.nlp import extract as extraction
from transforms.nlp.extract import Resources
from transforms.nlp.parsing import language


class Here:
    """The pool of a run, in this process and at once."""

    slots = 1

    def __init__(self, extractor: Extractor, lines: Any, max_chars: int) -> None:
        held = workers._state
        before = held.get("extractor", extractor).dictionary
        held.update(extractor=extractor, max_chars=max_chars, model=language.DEFAULT_MODEL,
                    lines=lines)  # fmt: skip
        if not _EXTRACTED:
            workers._nlp()
        if extractor.dictionary != before:
            held["resources"] = Resources.load(open_gazetteer(), extractor.dictionary)
        held["book"] = Book.of(read_line(line) for line in lines)

    @classmethod
    def of(cls, options: Settings, extractor: Extractor, lines: Any, run_id: str) -> Here:
        return cls(extractor, lines, options.max_article_chars)

    def submit(self, call: Callable[..., Any], *args: Any, attempts: int = 1) -> Any:
        value = extracted(*args) if call is workers.extract else call(*args)
        return type("Done", (), {"result": lambda self: value})()

    def close(self) -> None:
        """Nothing is held."""


_EXTRACTED: dict[Any, bytes] = {}


def extracted(articles: Sequence[Article]) -> workers.Extracted:
    """Rows of these articles, as a worker makes them; but for where they lay, those made before."""
    held = workers._state
    places = {article.article_id: article.source_uri for article in articles}
    given = [replace(article, source_uri="") for article in articles]
    asked = [held[name] for name in ("model", "extractor", "max_chars", "lines")]
    key = (extraction.annotate, pickle.dumps((asked, given)))
    if key not in _EXTRACTED:
        _EXTRACTED[key] = pickle.dumps(workers.extract(given))
    made: workers.Extracted = pickle.loads(_EXTRACTED[key])
    made.frames["articles"] = made.frames["articles"].with_columns(
        source_uri=pl.col("article_id").replace_strict(places, return_dtype=pl.String)
    )
    return made


class Said(NamedTuple):
    """Whether all of a suite holds."""

    success: bool


class Nothing:
    """The library's results, which are put away as soon as they are read."""

    def list_keys(self) -> list[Any]:
        return []


_GATES: dict[str, Mapping[str, Any]] = {}  # what a suite says → the suites built with it
_BUILT: dict[str, checkpoints.Checked] = {}
_PASSED: dict[tuple[str, str, bytes], Any] = {}
_build, _passed = checkpoints.build, checkpoints.passed


def built(suites: Mapping[str, Any], context: Any = None) -> dict[str, checkpoints.Checked]:
    """Names of checkpoints, for `passed`; where the library is to keep results, its own."""
    if context is not None:
        return _build(suites, context)
    said = {name: f"{name} {items}" for name, items in suites.items()}
    _GATES.update(dict.fromkeys(said.values(), suites))
    return {
        name: checkpoints.Checked(
            checkpoints._brief(items), (said[name], "quick"), (said[name], "full"), Nothing()
        )
        for name, items in suites.items()
    }


def passed(checkpoint: Any, rows: pl.DataFrame) -> Any:
    """The library's result of a checkpoint over these rows, or that of before."""
    if not isinstance(checkpoint, tuple):
        return _passed(checkpoint, rows)
    said, which = checkpoint
    key = (said, which, pickle.dumps(rows))
    if key not in _PASSED:
        if said not in _BUILT:  # of several gates only what is measured by history differs
            suites = _GATES[said]
            new = {n: items for n, items in suites.items() if f"{n} {items}" not in _BUILT}
            _BUILT.update({f"{n} {suites[n]}": made for n, made in _build(new).items()})
        made = _BUILT[said]
        result = _passed(getattr(made, which), rows)
        _PASSED[key] = Said(result.success) if which == "quick" else result
        for name in made.store.list_keys():
            made.store.remove_key(name)
    return _PASSED[key]


def write_down(path: Path) -> None:
    """What this process has read and looked at, for another one."""
    quick = {key: said for key, said in _PASSED.items() if key[1] == "quick"}
    own = extraction.annotate  # one that a test put there is no other process's
    rows = {key: made for key, made in _EXTRACTED.items() if key[0] is own}
    path.write_bytes(pickle.dumps((rows, quick)))


def recall(path: str) -> None:
    """What another process wrote down; where that is all, no model or library is loaded."""
    rows, quick = pickle.loads(Path(path).read_bytes())
    _EXTRACTED.update(rows)
    _PASSED.update(quick)


@contextmanager
def looking_once() -> Iterator[None]:
    """Gates made in a `with` have the library look at the same rows once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checkpoints, "build", built)
        patch.setattr(checkpoints, "passed", passed)
        yield


@contextmanager
def in_this_process() -> Iterator[None]:
    """Runs begun in a `with` have no other workers, and do nothing twice."""
    with looking_once(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipelines, "open_pool", Here.of)
        yield
