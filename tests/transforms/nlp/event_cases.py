"""Sentences parsed once for all tests of events, and what is found in them."""

from __future__ import annotations

from functools import cache

from benchmarks.annotate import annotate
from transforms.nlp.annotations import EntityLayer, EventDraft
from transforms.nlp.parsing.language import DEFAULT_MODEL, load, parse_texts
from transforms.nlp.parsing.parse import Parse, paragraphs


@cache
def _model() -> object:
    return load(DEFAULT_MODEL)


_PARSES: dict[str, Parse] = {}


def parses_of(texts: list[str]) -> list[Parse]:
    """Parses of texts, kept for the session."""
    new = [text for text in dict.fromkeys(texts) if text not in _PARSES]
    if new:
        found = parse_texts(_model(), [(text, paragraphs(text)) for text in new])  # type: ignore[arg-type]
        _PARSES.update(zip(new, found, strict=True))
    return [_PARSES[text] for text in texts]


def annotated(text: str) -> tuple[Parse, EntityLayer, list[EventDraft]]:
    """Parse, entities and events of a text without a day of publication."""
    parse = parses_of([text])[0]
    notes = annotate(parse)
    return parse, notes.entities, notes.events


def plain(text: str) -> str:
    """A mention's text without case and leading article."""
    lower = text.lower()
    for article in ("the ", "a ", "an "):
        if lower.startswith(article):
            return lower[len(article) :]
    return lower


def sides(parse: Parse, layer: EntityLayer, event: EventDraft) -> tuple[set[str], set[str]]:
    """Texts of who acts and of who undergoes; participants are both."""
    first, second = set(), set()
    for party in event.participants:
        mention = layer.mentions[party.mention]
        text = plain(parse.span_text(mention.start, mention.end))
        if party.role != "recipient":
            first.add(text)
        if party.role != "initiator":
            second.add(text)
    return first, second


def source(parse: Parse, layer: EntityLayer, event: EventDraft) -> str | None:
    """Text of who says so."""
    if event.attribution is None:
        return None
    mention = layer.mentions[event.attribution]
    return plain(parse.span_text(mention.start, mention.end))
