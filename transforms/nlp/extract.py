"""One article through every extractor, in the order in which they need each other."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from transforms.dictionary.entries import EMPTY, Dictionary, Office
from transforms.dictionary.places import TaughtGazetteer
from transforms.gazetteer import Gazetteer
from transforms.nlp.annotations import Annotations, TimeMention
from transforms.nlp.clauses.predicates import Lexicon, load_lexicon
from transforms.nlp.dates import find_times
from transforms.nlp.entities.layer import build_layer
from transforms.nlp.events.coder import code_events
from transforms.nlp.events.taught import Taught
from transforms.nlp.names.actors import ActorLexicon, fold, packaged, using
from transforms.nlp.names.find import NameSpan, find_names
from transforms.nlp.names.taught import taught_lexicon
from transforms.nlp.parsing.parse import Parse
from transforms.nlp.places.capitals import add_capitals
from transforms.nlp.places.mentions import find_places
from transforms.nlp.reader.model import Model, load
from transforms.nlp.reader.read import Reading, read
from transforms.nlp.statements.quotations import find_quotations
from transforms.nlp.statements.tolls import tell_tolls

# the reader's names in the labels that the names' lexicons and places know
_LABELS = {"PERSON": "PERSON", "ORG": "ORG", "PLACE": "GPE", "PEOPLE": "NORP"}


@dataclass(frozen=True, slots=True)
class Resources:
    """What the extractors read; opened once per process."""

    gazetteer: Gazetteer
    lexicon: Lexicon
    reader: Model
    dictionary: Dictionary = EMPTY
    taught: Taught | None = None
    actors: dict[tuple[Office, ...], ActorLexicon] = field(default_factory=dict)

    @classmethod
    def load(cls, gazetteer: Gazetteer, dictionary: Dictionary = EMPTY) -> Resources:
        """The packaged lexicons and weights beside an open gazetteer, and what a project teaches.

        Raises LexiconError.
        """
        if not dictionary:
            return cls(gazetteer, load_lexicon(), load())
        taught = Taught.of(dictionary)
        places = TaughtGazetteer(gazetteer, dictionary.places, dictionary.left_out("place"))
        return cls(places, taught.lexicon, load(), dictionary, taught)

    def actors_on(self, day: dt.date | None) -> ActorLexicon:
        """The actors as they were on a day."""
        if not self.dictionary:
            return packaged()
        offices = self.dictionary.in_office(day)
        if offices not in self.actors:
            self.actors[offices] = taught_lexicon(self.dictionary, offices)
        return self.actors[offices]


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
    with using(resources.actors_on(published)):
        return _annotate(parse, reading, resources, published)


def _annotate(
    parse: Parse, reading: Reading, resources: Resources, published: dt.date | None
) -> Annotations:
    _leave_out(parse, reading, resources.dictionary)
    names, times = names_and_times(parse, reading, published)
    if nobody := {fold(words) for words in resources.dictionary.left_out("actor")}:
        names = [one for one in names if fold(parse.span_text(one.start, one.end)) not in nobody]
    spans = [(name.start, name.end, name.label) for name in names]
    places = find_places(parse, resources.gazetteer, names=spans)
    layer = build_layer(parse, names, places=places)
    add_capitals(parse, places, resources.gazetteer)
    events = code_events(
        reading, layer, times, places, published=published, lexicon=resources.lexicon,
        taught=resources.taught,
    )  # fmt: skip
    tell_tolls(parse, events, places)
    return Annotations(times, places, layer, events, find_quotations(parse, layer))


def _leave_out(parse: Parse, reading: Reading, dictionary: Dictionary) -> None:
    """Take names that the project ignores out of what was read."""
    for kind, labels in (("actor", ("PERSON", "ORG", "PEOPLE")), ("place", ("PLACE",))):
        if ignored := {fold(words) for words in dictionary.left_out(kind)}:
            reading.names = [
                name
                for name in reading.names
                if name.label not in labels
                or fold(parse.span_text(name.start, name.end)) not in ignored
            ]


def names_and_times(
    parse: Parse, reading: Reading, published: dt.date | None
) -> tuple[list[NameSpan], list[TimeMention]]:
    """The reader's names, repaired, and the times; `parse.ents` holds what both start from."""
    parse.ents = [
        (start, end, _LABELS[name.label])
        for name in reading.names
        for start, end in parse.by_sentence(name.start, name.end)
    ]
    times = find_times(parse, published)
    parse.ents += [(time.start, time.end, "DATE") for time in times]
    return find_names(parse), times
