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
_FEW = 5
_ENOUGH = 30  # below it, one word that no neighbouring language has must be there too
_ONLY_ENGLISH = frozenset(["the", "and", "of", "with", "said", "that", "from", "his", "their"])
_SHARE = 0.27


@cache
def _identifier() -> Any:
    import py3langid

    return py3langid


def language_of(text: str) -> str | None:
    """ISO 639-1 of a text's first 2,000 characters; None when there is too little to tell."""
    sample = text[:_SAMPLE]
    words = _WORD.findall(sample.lower())
    if len(words) >= _FEW:
        share = sum(word in _ENGLISH for word in words) / len(words)
        if share >= _SHARE and (len(words) >= _ENOUGH or _ONLY_ENGLISH.intersection(words)):
            return "en"
    if sum(character.isalpha() for character in sample) < 12:
        return None
    language = _identifier().classify(sample)[0]
    return str(language)[:2] if language else None
