"""A run's workers that are the test's own process: a run then takes a part of a second."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from flows.resources.gazetteer import open_gazetteer
from flows.resources.settings import Settings
from flows.resources.version import Extractor
from flows.run import pipeline as pipelines
from flows.run import workers
from transforms.corrections.binding import Book
from transforms.corrections.decisions import read_line
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
        workers._nlp()
        if extractor.dictionary != before:
            held["resources"] = Resources.load(open_gazetteer(), extractor.dictionary)
        held["book"] = Book.of(read_line(line) for line in lines)

    @classmethod
    def of(cls, options: Settings, extractor: Extractor, lines: Any, run_id: str) -> Here:
        return cls(extractor, lines, options.max_article_chars)

    def submit(self, call: Callable[..., Any], *args: Any, attempts: int = 1) -> Any:
        value = call(*args)
        return type("Done", (), {"result": lambda self: value})()

    def close(self) -> None:
        """Nothing is held."""


@contextmanager
def in_this_process() -> Iterator[None]:
    """Runs begun in a `with` have no other workers."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipelines, "open_pool", Here.of)
        yield
