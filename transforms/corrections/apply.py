"""One article as corrected: its annotations and the decisions that were found in it."""

from __future__ import annotations

import datetime as dt

from transforms.corrections.binding import Book
from transforms.corrections.decisions import Apart, Same
from transforms.corrections.entities import correct_entities
from transforms.corrections.events import correct_events
from transforms.gazetteer import Gazetteer
from transforms.nlp.annotations import Annotations, Use
from transforms.nlp.parsing.parse import Parse


def correct(
    parse: Parse, notes: Annotations, *, article_id: str, book: Book, gazetteer: Gazetteer
) -> list[Use]:
    """Make `notes` what was decided about the article; the same decisions, the same notes.

    Entities come last: parties that decisions add are entities, too.
    """
    if not book:
        return []
    bounds = book.bound(article_id, parse.text)
    events = correct_events(parse, notes, bounds, gazetteer)
    entities = correct_entities(parse, notes, bounds, book.ones, book.ids)
    uses = [Use(*at, entity_id=held) for at, held in entities.items()]
    for bound in bounds:
        held, at = bound.decision, (bound.decision.correction_id, bound.part)
        if isinstance(held, Same | Apart):
            draft = events.get(at)
            when = held.at.astimezone(dt.UTC).replace(tzinfo=None)
            told = draft is not None and bool(draft.participants)
            uses.append(Use(*at, draft if told else None, None, told, held.say, when))
        elif at not in entities:
            uses.append(Use(*at, is_applied=at in events))
    return sorted(uses, key=lambda use: (use.correction_id, use.part))
