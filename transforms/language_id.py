"""Which language a text is in: py3langid, with a fast path for plain English."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

_FREQUENT = """the of and to in a that for on was with said is as by at from has he it his have were
be are an which would not had this who they their been after its will or but more"""
_ENGLISH = frozenset(_FREQUENT.split())
_WORD = re.compile(r"[a-z]+")
_SAMPLE = 2000
_ENOUGH = 30
_SHARE = 0.27


@cache
def _identifier() -> Any:
    import py3langid

    return py3langid


def language_of(text: str) -> str | None:
    """ISO 639-1 of a text's first 2,000 characters; None when there is too little to tell."""
    sample = text[:_SAMPLE]
    words = _WORD.findall(sample.lower())
    if len(words) >= _ENOUGH:
        share = sum(word in _ENGLISH for word in words) / len(words)
        if share >= _SHARE:
            return "en"
    if sum(character.isalpha() for character in sample) < 12:
        return None
    language = _identifier().classify(sample)[0]
    return str(language)[:2] if language else None
