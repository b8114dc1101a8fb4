"""The entry point of `dateline_events`. spaCy imports it with every pipeline: it loads nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spacy.language import Language

if TYPE_CHECKING:
    from dateline.component import EventsComponent

NAME = "dateline_events"


@Language.factory(
    NAME,
    default_config={"date": None},
    requires=["token.tag", "token.pos", "token.dep", "token.lemma", "doc.sents"],
    assigns=["doc._.dateline", "doc.spans", "span._.dateline_event"],
)
def create(nlp: Language, name: str, date: str | None) -> EventsComponent:
    """The component. `date` (ISO) is the day from which "on Friday" counts, today without it."""
    from dateline.component import EventsComponent
    from dateline.extraction import day_of

    return EventsComponent(day_of(date), NAME)
