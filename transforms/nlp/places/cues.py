"""Where an article plays by what is no place in it: telephone numbers, money, institutions."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from transforms.gazetteer import Gazetteer, fold
from transforms.lexicons.loader import Row, table
from transforms.nlp.parsing.parse import Parse

KINDS = ("areacode", "word", "sign", "domain")
_PHONE = re.compile(r"(?<![\d-])(?:1[-. ])?\(?(\d{3})\)?[-. ]{1,2}\d{3}[-. ]\d{4}(?!\d)")
_DOMAIN = re.compile(r"[\w-]\.(?:(?:co|com|gov|govt|org|ac|edu|net)\.)?([a-z]{2})(?![\w.@-]*\w)")
_WORD, _SIGN, _NUMBER = 0.5, 0.5, 1.0  # how much each tells, in places named


@dataclass(slots=True)
class Told:
    """Places told of by the way: alpha-3 code → how much, index of a division → how much."""

    countries: dict[str, float] = field(default_factory=dict)
    divisions: dict[int, float] = field(default_factory=dict)


@cache
def cues() -> dict[str, dict[str, tuple[str, str]]]:
    """kind → cue → (alpha-3 code, division or ""). Raises LexiconError as `grouped`."""
    return grouped(table("places/cues.tsv", ["kind", "cue", "country", "division"]))


def grouped(rows: list[Row]) -> dict[str, dict[str, tuple[str, str]]]:
    """Rows of cues.tsv by kind. Raises LexiconError on an unknown kind or a doubled cue."""
    found: dict[str, dict[str, tuple[str, str]]] = {kind: {} for kind in KINDS}
    for row in rows:
        if row["kind"] not in KINDS:
            raise row.error(f"unknown kind {row['kind']!r}")
        if row["cue"] in found[row["kind"]]:
            raise row.error(f"{row['cue']} stands twice as {row['kind']}")
        found[row["kind"]][row["cue"]] = row["country"], row["division"]
    return found


@cache
def _signs() -> re.Pattern[str]:
    longest = sorted(cues()["sign"], key=len, reverse=True)
    return re.compile(r"(?<![A-Z])(" + "|".join(re.escape(sign) for sign in longest) + r")\d")


def told_by(parse: Parse, gazetteer: Gazetteer) -> Told:
    """What the cues of an article tell; each counts once."""
    held, found, text = cues(), Told(), parse.text
    for word in held["word"].keys() & set(parse.lower):
        _add(found, held["word"][word][0], _WORD)
    for sign in set(_signs().findall(text)):
        _add(found, held["sign"][sign][0], _SIGN)
    for end in set(_DOMAIN.findall(text)) & held["domain"].keys():
        _add(found, held["domain"][end][0], _SIGN)
    for code in sorted(set(_PHONE.findall(text)) & held["areacode"].keys()):
        country, division = held["areacode"][code]
        _add(found, country, _NUMBER)
        for candidate in gazetteer.lookup(fold(division), folded=True) if division else ():
            if candidate.place_type == "admin1" and candidate.country_code == country:
                index = candidate.index
                found.divisions[index] = found.divisions.get(index, 0.0) + _NUMBER
    return found


def _add(found: Told, country: str, much: float) -> None:
    found.countries[country] = found.countries.get(country, 0.0) + much
