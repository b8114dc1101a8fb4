"""`nlp.add_pipe("dateline_events")`: events in anybody's spaCy pipeline.

    nlp = spacy.load("en_core_web_sm")
    nlp.add_pipe("dateline_events", config={"date": "2026-01-05"})
    doc = nlp("Chad and Niger held talks in Niamey on Friday.")
    doc._.dateline.events                 # an `Extraction`, as `dateline.extract` gives it
    doc.spans["dateline_events"][0]._.dateline_event

The pipeline must tag, parse and lemmatize; names are the reader's own. A run parses an article
paragraph by paragraph, a Doc is parsed whole: of one paragraph the events are those of a run.
"""

from __future__ import annotations

import datetime as dt
from functools import cached_property

from spacy.tokens import Doc, Span, SpanGroup

from dateline.extraction import Event, Extraction, extraction_of, project_resources
from transforms.nlp.extract import Resources
from transforms.nlp.parsing.parse import Paragraph, from_docs
from warehouse.errors import DatelineError

_NEEDED = ("TAG", "POS", "DEP", "LEMMA")

for _holder, _attribute in ((Doc, "dateline"), (Span, "dateline_event")):
    if not _holder.has_extension(_attribute):
        _holder.set_extension(_attribute, default=None)


class EventsComponent:
    """Sets `Doc._.dateline` and `Doc.spans[name]`, the triggers."""

    def __init__(self, day: dt.date, name: str) -> None:
        self.day, self.name = day, name

    @cached_property
    def resources(self) -> Resources:
        """What the project's settings name, opened with the first Doc."""
        return project_resources()

    def __call__(self, doc: Doc) -> Doc:
        """The same Doc. Raises DatelineError where an earlier component is missing."""
        missing = [name for name in _NEEDED if len(doc) and not doc.has_annotation(name)]
        if missing:
            raise DatelineError(
                f"the pipeline sets no {', '.join(missing)}; {self.name} needs a tagger, an "
                "attribute ruler, a parser and a lemmatizer before it",
                subject=self.name,
            )
        parse = from_docs(doc.text, [Paragraph(0, len(doc.text))], [doc])
        found: Extraction = extraction_of(parse, self.day, self.resources)
        doc._.dateline = found
        doc.spans[self.name] = SpanGroup(
            doc, spans=[_trigger(doc, event) for event in found.events]
        )
        return doc


def _trigger(doc: Doc, event: Event) -> Span:
    start, end = event.trigger.start, event.trigger.end
    span = doc.char_span(start, end, label=event.type, alignment_mode="expand")
    assert span is not None  # offsets are those of the Doc's own tokens
    span._.dateline_event = event
    return span
