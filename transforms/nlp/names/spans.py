"""`NameSpan`, the table of tokens taken by names, and what a token of a name is."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.nlp.names.actors import Known
from transforms.nlp.names.words import CALENDAR, SUFFIXES
from transforms.nlp.parsing.parse import Parse

_NAMED = {"PROPN", "NOUN", "ADJ", "X"}


@dataclass(frozen=True, slots=True)
class NameSpan:
    """One name: tokens [start, end). `method` says how it was found."""

    start: int
    end: int
    label: str  # PERSON, ORG, GPE, LOC, NORP, FAC
    method: str
    confidence: float
    known: Known | None = None


Taken = list[NameSpan | None]


def put(taken: Taken, span: NameSpan) -> None:
    """Enter `span`; names that overlap it go."""
    for token in range(span.start, span.end):
        old = taken[token]
        if old is not None:
            for other in range(old.start, old.end):
                taken[other] = None
    taken[span.start : span.end] = [span] * (span.end - span.start)


def held(taken: Taken, start: int, end: int) -> list[NameSpan]:
    """The names that overlap [start, end), each once, in text order."""
    found: list[NameSpan] = []
    for span in taken[start:end]:
        if span is not None and (not found or found[-1] is not span):
            found.append(span)
    return found


def fits(taken: Taken, span: NameSpan) -> bool:
    """May `span` replace what it overlaps? Nothing known, nothing that reaches beyond it."""
    return all(
        old.known is None and old.start >= span.start and old.end <= span.end
        for old in held(taken, span.start, span.end)
    )


def is_proper(parse: Parse, token: int, sent: int) -> bool:
    """A capitalised word of that sentence that can be part of a name."""
    return (
        token < len(parse)
        and parse.words[token][:1].isupper()
        and parse.sent_of[token] == sent
        and parse.pos[token] in _NAMED
        and parse.lower[token] not in CALENDAR
    )


def is_glued(parse: Parse, token: int) -> bool:
    """Is `token` a hyphen without spaces around it, before a part of the name?"""
    return (
        0 < token < len(parse) - 1
        and parse.words[token] == "-"
        and parse.starts[token] == parse.ends[token - 1]
        and parse.starts[token + 1] == parse.ends[token]
        and parse.lower[token + 1] not in SUFFIXES
    )
