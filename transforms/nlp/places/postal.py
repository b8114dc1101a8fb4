"""Postal codes of divisions: "Dover, DE", "Salem, OR". Elsewhere "OR" and "ME" are words."""

from __future__ import annotations

from functools import cache

from transforms.gazetteer import Candidate, Gazetteer, fold
from transforms.lexicons.loader import table

_LONGEST = 3  # letters of a code
_WORDS = 4  # of the longest name of a town looked for before it


@cache
def codes() -> dict[str, list[tuple[str, str]]]:
    """Code → (folded name of a division, alpha-3 code of its country)."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in table("places/postal.tsv", ["code", "division", "country"]):
        found.setdefault(row["code"], []).append((fold(row["division"]), row["country"]))
    return found


def division_behind(
    words: list[str], gazetteer: Gazetteer, index: int
) -> tuple[str, tuple[Candidate, ...]] | None:
    """The division whose code stands at `index` behind a town of it and a comma, by its name."""
    word = words[index]
    if not 2 <= len(word) <= _LONGEST or index < 2 or words[index - 1] != ",":
        return None
    for form, country in codes().get(word, ()):
        held = tuple(
            c
            for c in gazetteer.lookup(form, folded=True)
            if c.place_type == "admin1" and c.country_code == country
        )
        divisions = {c.index for c in held}
        for start in range(max(0, index - 1 - _WORDS), index - 1):
            if not words[start][0].isupper():
                continue
            town = fold(" ".join(words[start : index - 1]))
            if any(c.admin1 in divisions for c in gazetteer.lookup(town, folded=True)):
                return form, held
    return None
