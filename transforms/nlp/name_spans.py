"""`NameSpan`, and the table of tokens taken by names."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.nlp.entity_lexicon import Known


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
