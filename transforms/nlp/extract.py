"""One article through every extractor, in the order in which they need each other."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from transforms.gazetteer import Gazetteer
from transforms.nlp.annotations import Annotations, TimeMention
from transforms.nlp.clauses.predicates import Lexicon, load_lexicon
from transforms.nlp.dates import find_times
from transforms.nlp.entities.layer import build_layer
from transforms.nlp.events.coder import code_events
from transforms.nlp.names.find import NameSpan, find_names
from transforms.nlp.parsing.parse import Parse
from transforms.nlp.places.mentions import find_places
from transforms.nlp.reader.model import Model, load
from transforms.nlp.reader.read import Reading, read
from transforms.nlp.statements.quotations import find_quotations

# the reader's names in the labels that the names' lexicons and places know
_LABELS = {"PERSON": "PERSON", "ORG": "ORG", "PLACE": "GPE", "PEOPLE": "NORP"}


@dataclass(frozen=True, slots=True)
class Resources:
    """What the extractors read; opened once per process."""

    gazetteer: Gazetteer
    lexicon: Lexicon
    reader: Model

    @classmethod
    def load(cls, gazetteer: Gazetteer) -> Resources:
        """The packaged lexicons and weights beside an open gazetteer. Raises LexiconError."""
        return cls(gazetteer, load_lexicon(), load())


def annotate(
    parse: Parse,
    resources: Resources,
    *,
    published: dt.date | None,
    reading: Reading | None = None,
) -> Annotations:
    """Times, names → places → entities → events → quotations of one parsed article.

    `published` is the anchor of relative dates, the day of publication. `reading` stands for
    what the reader would see, where it was recorded.
    """
    if reading is None:
        reading = read(resources.reader, parse)
    names, times = names_and_times(parse, reading, published)
    spans = [(name.start, name.end, name.label) for name in names]
    places = find_places(parse, resources.gazetteer, names=spans)
    layer = build_layer(parse, names, places=places, published=published)
    events = code_events(
        reading, layer, times, places, published=published, lexicon=resources.lexicon
    )
    return Annotations(times, places, layer, events, find_quotations(parse, layer))


def names_and_times(
    parse: Parse, reading: Reading, published: dt.date | None
) -> tuple[list[NameSpan], list[TimeMention]]:
    """The reader's names, repaired, and the times; `parse.ents` holds what both start from."""
    parse.ents = [(name.start, name.end, _LABELS[name.label]) for name in reading.names]
    times = find_times(parse, published)
    parse.ents += [(time.start, time.end, "DATE") for time in times]
    return find_names(parse), times
