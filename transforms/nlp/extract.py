"""One article through every extractor, in the order in which they need each other."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from transforms.gazetteer import Gazetteer
from transforms.nlp.annotations import Annotations
from transforms.nlp.clauses.predicates import Lexicon, load_lexicon
from transforms.nlp.dates import find_times
from transforms.nlp.entities.layer import build_layer
from transforms.nlp.events.coder import extract_events
from transforms.nlp.names.find import find_names
from transforms.nlp.parsing.parse import Parse
from transforms.nlp.places.mentions import find_places
from transforms.nlp.statements.quotations import find_quotations


@dataclass(frozen=True, slots=True)
class Resources:
    """What the extractors read; opened once per process."""

    gazetteer: Gazetteer
    lexicon: Lexicon

    @classmethod
    def load(cls, gazetteer: Gazetteer) -> Resources:
        """The packaged lexicons beside an open gazetteer. Raises LexiconError."""
        return cls(gazetteer, load_lexicon())


def annotate(parse: Parse, resources: Resources, *, published: dt.date | None) -> Annotations:
    """Names → places → entities → times → events → quotations of one parsed article.

    `published` is the anchor of relative dates, the day of publication.
    """
    names = find_names(parse)
    spans = [(name.start, name.end, name.label) for name in names]
    places = find_places(parse, resources.gazetteer, names=spans)
    layer = build_layer(parse, names, places=places, published=published)
    times = find_times(parse, published)
    events = extract_events(
        parse, layer, times, places, published=published, lexicon=resources.lexicon
    )
    return Annotations(times, places, layer, events, find_quotations(parse, layer))
