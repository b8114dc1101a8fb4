"""A cached Parse through the production extractors. For scoring only."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cache

from polars import DataFrame

from benchmarks.recorded import RecordedReading, digest, recorded
from flows.resources.gazetteer import open_gazetteer
from transforms import rollups, rows
from transforms.articles import Article, make_article
from transforms.gazetteer import Gazetteer
from transforms.nlp import extract
from transforms.nlp.annotations import Annotations
from transforms.nlp.clauses.predicates import Lexicon
from transforms.nlp.names.find import NameSpan
from transforms.nlp.parsing.parse import Parse
from transforms.nlp.reader.read import Reading, read
from transforms.readers import RawArticle


@cache
def gazetteer() -> Gazetteer:
    """The gazetteer, opened once."""
    return open_gazetteer()


@cache
def resources() -> extract.Resources:
    """What the extractors read, opened once."""
    return extract.Resources.load(gazetteer())


def annotate(
    parse: Parse,
    published: dt.date | None = None,
    *,
    lexicon: Lexicon | None = None,
    reading: Reading | None = None,
) -> Annotations:
    """What `transforms.nlp.extract` finds; with another predicate lexicon where one is given."""
    held = resources() if lexicon is None else replace(resources(), lexicon=lexicon)
    return extract.annotate(parse, held, published=published, reading=reading)


def names_of(parse: Parse, reading: Reading | None = None) -> list[NameSpan]:
    """The names that `extract` finds in a parse."""
    reading = reading or read(resources().reader, parse)
    return extract.names_and_times(parse, reading, None)[0]


def reports_of(
    raw: RawArticle, parse: Parse, held: extract.Resources, *, source_uri: str, today: dt.date
) -> DataFrame | None:
    """Reports of an article as the pipeline would load them, joined with their parties, days and
    evidence; None where it is refused. It is published today."""
    article = make_article(raw, source_uri=source_uri, today=today)
    if not isinstance(article, Article):
        return None
    made = rows.article_rows(
        article,
        parse,
        extract.annotate(parse, held, published=today),
        gazetteer=held.gazetteer,
        extractor_version="",
        signature=("", []),
    )
    return rollups.reports(rows.frames(made))


def unseen(name: str, doc: str, parse: Parse) -> Reading | None:
    """What weights that had not seen the text saw in it, None where that was not recorded.

    `name` is the gold set and `doc` the id in it. The shipped weights have learnt from most of
    these texts: their scores on them are flattered.
    """
    record = recorded(name).get(doc)
    if record is None or record["text"] != digest(parse.text):
        return None
    return RecordedReading(parse, record, resources().reader.card["limits"])
