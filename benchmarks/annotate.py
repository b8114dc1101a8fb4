"""A cached Parse through the production extractors. For scoring only."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cache

from flows.resources.gazetteer import open_gazetteer
from transforms.gazetteer import Gazetteer
from transforms.nlp import extract
from transforms.nlp.annotations import Annotations
from transforms.nlp.clauses.predicates import Lexicon
from transforms.nlp.names.find import NameSpan
from transforms.nlp.parsing.parse import Parse
from transforms.nlp.reader.read import read


@cache
def gazetteer() -> Gazetteer:
    """The gazetteer, opened once."""
    return open_gazetteer()


@cache
def resources() -> extract.Resources:
    """What the extractors read, opened once."""
    return extract.Resources.load(gazetteer())


def annotate(
    parse: Parse, published: dt.date | None = None, *, lexicon: Lexicon | None = None
) -> Annotations:
    """What `transforms.nlp.extract` finds; with another predicate lexicon where one is given."""
    held = resources() if lexicon is None else replace(resources(), lexicon=lexicon)
    return extract.annotate(parse, held, published=published)


def names_of(parse: Parse) -> list[NameSpan]:
    """The names that `extract` finds in a parse."""
    reading = read(resources().reader, parse)
    return extract.names_and_times(parse, reading, None)[0]
