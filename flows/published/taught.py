"""`dateline dictionary check`: what a dictionary holds, and whether it does what it says."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flows.resources.settings import Settings
from flows.resources.snapshot import reader
from flows.resources.version import extractor
from flows.run.stored import stale_articles
from transforms.dictionary.entries import Dictionary, Phrase
from warehouse.errors import WarehouseMissing

_DAY = dt.date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is well written and yet does not work. `where` is file:line, or what it is."""

    where: str
    reason: str


def contents(dictionary: Dictionary) -> list[tuple[str, int]]:
    """(what, how many), in the order of the files."""
    ignored = Counter(one.kind for one in dictionary.ignored)
    counted = [
        ("actors", len(dictionary.actors)),
        ("offices", len(dictionary.offices)),
        ("places", len(dictionary.places)),
        ("phrases", len(dictionary.phrases)),
    ]
    return counted + [(f"ignored {kind}s", ignored[kind]) for kind in sorted(ignored)]


def faults(options: Settings, dictionary: Dictionary) -> Iterator[Fault]:
    """Places without coordinates that the gazetteer lacks; examples that tell no such event."""
    from flows.resources.gazetteer import open_gazetteer
    from transforms.nlp.extract import Resources, annotate
    from transforms.nlp.parsing.language import load, parse_texts
    from transforms.nlp.parsing.parse import paragraphs

    resources = Resources.load(open_gazetteer(), dictionary)
    for place in dictionary.places:
        row = resources.gazetteer.place(place.place_id)
        if row.latitude is None:
            number = place.place_id.partition(":")[2]
            yield Fault(place.name, f"the gazetteer has no place {number}; give its coordinates")
    nlp = load(options.model) if dictionary.phrases else None
    texts = [(one.example, paragraphs(one.example)) for one in dictionary.phrases]
    parses = parse_texts(nlp, texts) if nlp is not None else iter(())
    for phrase, parse in zip(dictionary.phrases, parses, strict=True):
        events = annotate(parse, resources, published=_DAY).events
        told = [(one.event_type, one.event_mode) for one in events if one.participants]
        if (phrase.event_type, phrase.mode) not in told:
            yield Fault(f"{phrase.path}:{phrase.line}", _missing(phrase, told))


def _missing(phrase: Phrase, told: Sequence[tuple[str, str | None]]) -> str:
    wanted = _named(phrase.event_type, phrase.mode)
    there = ", ".join(sorted({_named(*one) for one in told})) or "none with a party"
    return f"the example of {phrase.predicate!r} tells no event of {wanted}; it tells {there}"


def _named(event_type: str, mode: str | None) -> str:
    return f"{event_type} ({mode})" if mode else event_type


def stale(options: Settings) -> int | None:
    """How many stored articles would be read again; None without a warehouse."""
    try:
        con = reader(options.warehouse)
    except WarehouseMissing:
        return None
    try:
        return len(stale_articles(con, extractor(options)))
    finally:
        con.close()
