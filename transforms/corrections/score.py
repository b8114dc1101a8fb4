"""How far an extractor agrees with what people decided: counts over one article. Pure."""

from __future__ import annotations

import copy
from collections import Counter

from transforms.corrections.apply import correct
from transforms.corrections.binding import Book
from transforms.corrections.decisions import Wrong
from transforms.gazetteer import Gazetteer
from transforms.nlp.annotations import Annotations, EventDraft
from transforms.nlp.parsing.parse import Parse

PARTS = ("found", "type", "modality", "who did it", "to whom", "date", "place")


def score(
    parse: Parse, notes: Annotations, *, article_id: str, book: Book, gazetteer: Gazetteer
) -> Counter[str]:
    """What of the decided events the annotations have: "events", and "found", "type", … of them;
    "none" triggers that tell no event, and "silent" those at which none was found.

    Parts are counted of the events that were found; the sides by who they are, whichever of their
    mentions stands for them.
    """
    decided = copy.deepcopy(notes)
    correct(parse, decided, article_id=article_id, book=book, gazetteer=gazetteer)
    told = {token: e for e in notes.events for token in range(e.trigger_start, e.trigger_end)}
    counts: Counter[str] = Counter()
    for event in decided.events:
        if event.method is None:
            continue
        counts["events"] += 1
        held = told.get(event.trigger_start)
        if held is None:
            continue
        counts["found"] += 1
        counts["type"] += held.event_type == event.event_type
        counts["modality"] += held.modality == event.modality
        for part, role in (("who did it", "recipient"), ("to whom", "initiator")):
            counts[part] += _side(notes, notes, held, role) == _side(notes, decided, event, role)
        counts["date"] += _date(held) == _date(event)
        counts["place"] += _place(parse, notes, held) == _place(parse, decided, event)
    for bound in book.bound(article_id, parse.text):
        span = bound.tokens(parse)
        if isinstance(bound.decision, Wrong) and span is not None:
            if any(e.trigger_start < span[1] and e.trigger_end > span[0] for e in decided.events):
                continue  # somebody said otherwise since
            counts["none"] += 1
            counts["silent"] += not any(token in told for token in range(*span))
    return counts


def _side(found: Annotations, told: Annotations, event: EventDraft, without: str) -> set[int]:
    """Entities on a side, as they were found: that two are one says nothing of the event."""
    mentions = [*found.entities.mentions, *told.entities.mentions[len(found.entities.mentions) :]]
    return {mentions[p.mention].entity for p in event.participants if p.role != without}


def _date(event: EventDraft) -> str:
    return (event.date.edtf or "") if event.date else ""


def _place(parse: Parse, notes: Annotations, event: EventDraft) -> str:
    if event.place is None:
        return ""
    place = notes.places[event.place]
    return parse.span_text(place.start, place.end)
