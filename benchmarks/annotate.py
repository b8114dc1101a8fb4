"""A cached Parse through the production extractors. For scoring only."""

from __future__ import annotations

import datetime as dt
from functools import cache

from flows.resources.gazetteer import open_gazetteer
from transforms.gazetteer import Gazetteer
from transforms.nlp import extract
from transforms.nlp.annotations import Annotations
from transforms.nlp.clauses.predicates import Lexicon
from transforms.nlp.parsing.parse import Parse


@cache
def gazetteer() -> Gazetteer:
    """The gazetteer, opened once."""
    return open_gazetteer()


@cache
def _resources() -> extract.Resources:
    return extract.Resources.load(gazetteer())


def annotate(
    parse: Parse, published: dt.date | None = None, *, lexicon: Lexicon | None = None
) -> Annotations:
    """What `transforms.nlp.extract` finds; with another predicate lexicon where one is given."""
    packaged = _resources()
    resources = extract.Resources(gazetteer(), lexicon) if lexicon is not None else packaged
    return extract.annotate(parse, resources, published=published)
