"""The type of the act between two given spans: for scoring, where abstaining loses."""

from __future__ import annotations

from transforms.nlp.parse import Parse
from transforms.nlp.predicates import Lexicon


def type_given_spans(
    parse: Parse,
    source_span: tuple[int, int] | None,
    target_span: tuple[int, int] | None,
    lexicon: Lexicon,
) -> str | None:
    """Placeholder."""
    return None
