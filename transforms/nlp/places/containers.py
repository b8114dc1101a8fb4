"""What the words beside a toponym say of where it lies: "Paris, Texas", "the Lebanese city of X".

Each function narrows a toponym's candidates to those that fit; None leaves them all.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from transforms.gazetteer import ALIAS, Candidate
from transforms.lexicons.loader import word_set
from transforms.nlp.parsing.parse import Parse
from transforms.nlp.places.toponym import Toponym
from transforms.nlp.places.words import words

Allowed = frozenset[int]  # indices of candidates
LIST_LOSS = 2.5  # "Queensland, Canada" is a list, not a hamlet in Canada: powers of ten lost
SAID_LOSS = 4.0  # "Victoria, the capital of the Seychelles" leaves no doubt
SEAT = 50_000  # people of a town that a division may be named after
_CITY = 1_000_000  # people of a city that needs no division behind its name
_CLOSING = {",", ".", ")", ";", ":", "-", "--", "–", "—", "?", "!"}
REACH = 12  # tokens between a place and what it is said to lie in
_FILLERS = word_set("words/places.tsv", "containers.fillers")
_DIVISIONS = word_set("words/places.tsv", "containers.divisions")
_PARTS = word_set("words/places.tsv", "containers.parts")
_TOWNS = word_set("words/places.tsv", "containers.towns")
_KINDS = word_set("words/places.tsv", "containers.kinds")
_OPENING = word_set("words/places.tsv", "containers.opening")
_BESIDE = word_set("words/places.tsv", "containers.beside")
AND = word_set("words/places.tsv", "containers.and")


def contained(parse: Parse, toponyms: Sequence[Toponym]) -> list[Allowed | None]:
    """For "Paris, Texas": the candidates of "Paris" that lie in a "Texas"; None elsewhere.

    None of them for "the Beni department of Bolivia" where we know Beni in the Congo alone.
    """
    found: list[Allowed | None] = [None] * len(toponyms)
    for number in range(len(toponyms) - 2, -1, -1):
        one, other = toponyms[number], toponyms[number + 1]
        if one.adjective or not one.candidates:
            continue
        between = parse.words[one.end : other.start]
        same = parse.sent_of[one.start] == parse.sent_of[other.start]
        beside = between in ([","], ["("], [])
        if not same and between != [","]:
            continue
        if other.adjective:
            continue
        of_other = _is_division_of(between)
        said_in = (
            not {"in", "of"}.isdisjoint(between)
            and said_between(parse, one.end, other.start) == "in"
        )
        if not (beside or of_other or said_in):
            continue
        if not between and not any(c.place_type in {"admin1", "country"} for c in other.candidates):
            continue
        inside = _inside(one, other, found[number + 1], LIST_LOSS if beside else SAID_LOSS)
        if inside:
            found[number] = _of_kind(one, inside, [w.lower() for w in between])
        elif not _may_be_wider(one) and (
            of_other or (between == [","] and _holds_it(parse, one, other, toponyms, number))
        ):
            found[number] = frozenset()
    for number in range(1, len(toponyms)):
        one, other = toponyms[number], toponyms[number - 1]
        if found[number] is not None or one.adjective or not one.candidates:
            continue
        if parse.sent_of[one.start] == parse.sent_of[other.start] and _owns(parse, other, one):
            inside = _inside(one, other, None, SAID_LOSS)
            if inside:
                between = parse.lower[other.end : one.start]
                found[number] = _of_kind(one, inside, between)
    for number, one in enumerate(toponyms):
        if found[number] is None and not one.adjective:
            found[number] = _namesake(parse, one)
    return found


def _is_division_of(between: Sequence[str]) -> bool:
    """ "the Beni department of Bolivia"."""
    told = [word.lower() for word in between if word.lower() != "the"]
    return len(told) == 2 and told[0] in _PARTS and told[1] == "of"


def _holds_it(
    parse: Parse, one: Toponym, other: Toponym, toponyms: Sequence[Toponym], number: int
) -> bool:
    """Does "Greenwood, W.Va." put a town that we do not know there into a division or country?

    "Chicago, Florida and Texas" is a list, and so may be what names a city that all know.
    """
    top = max(other.candidates, key=lambda c: c.weight, default=None)
    if top is None or top.place_type not in {"admin1", "country"}:
        return False
    if any(c.place_type == "city" and c.weight >= SEAT for c in other.candidates):
        return False
    town = max(one.candidates, key=lambda c: c.weight)
    if town.place_type != "city" or town.weight >= (_CITY if top.place_type == "admin1" else SEAT):
        return False
    end = other.end
    if end < len(parse) and parse.words[end] == "." and parse.starts[end] == parse.ends[end - 1]:
        end += 1
    behind = parse.words[end] if end < len(parse) else "."
    third = toponyms[number + 2] if number + 2 < len(toponyms) else None
    if behind == "," and third is not None and third.start == end + 1:
        return False
    before = parse.words[one.start - 1] if one.start else ""
    listed = number > 0 and before == "," and toponyms[number - 1].end == one.start - 1
    return not listed and behind in _CLOSING


def _may_be_wider(one: Toponym) -> bool:
    """A country, or a region that lies in several: "the Kashmir region of India"."""
    return any(c.place_type == "country" or not c.country_code for c in one.candidates)


def _namesake(parse: Parse, one: Toponym) -> Allowed | None:
    """ "the city of Lebanon": a town that bears the name of a country."""
    if one.start < 2 or parse.lower[one.start - 1] != "of" or not one.candidates:
        return None
    if parse.lower[one.start - 2] not in _TOWNS - {"capital", "port"}:
        return None
    if max(one.candidates, key=lambda c: c.weight).place_type != "country":
        return None
    towns = frozenset(c.index for c in one.candidates if c.place_type == "city" and c.kind <= ALIAS)
    return towns or None


def _of_kind(one: Toponym, inside: Allowed, between: Sequence[str]) -> Allowed:
    """The towns of `inside` where the words between call it one."""
    if _TOWNS.isdisjoint(between):
        return inside
    cities = {c.index for c in one.candidates if c.place_type == "city"}
    return inside & cities or inside


def _inside(one: Toponym, other: Toponym, allowed: Allowed | None, loss: float) -> Allowed:
    """The candidates of `one` that lie in a candidate of `other`."""
    outer = [c for c in other.candidates if allowed is None or c.index in allowed]
    indices = {c.index for c in outer}
    countries = {c.country_code for c in outer if c.place_type == "country"}
    best = max(c.weight for c in one.candidates)
    return frozenset(
        c.index
        for c in one.candidates
        if c.index not in indices
        and c.place_type != "country"
        and (c.parent in indices or c.admin1 in indices or _lies_in(c, countries, best, loss))
    )


def _lies_in(candidate: Candidate, countries: set[str], best: int, loss: float) -> bool:
    if candidate.country_code not in countries:
        return False
    return math.log10((best + 10) / (candidate.weight + 10)) < loss


def said_between(parse: Parse, start: int, end: int) -> str | None:
    """Whether the words [start, end) between two places put the first "in" or "near" the second.

    ", a hill town in eastern", "in the north of", "(", "near": words of place, a noun for the kind
    of the first, and what describes that noun. None where other words stand there, or none.
    """
    if not 0 < end - start <= REACH or parse.lower[start] not in _OPENING:
        return None
    kinds = words()
    of_kind, described = False, False
    for token in range(start, end):
        word = parse.lower[token]
        if word in kinds["settlement"] | kinds["site"] | _KINDS:
            of_kind, described = True, False
        elif word in kinds["direction"] | _FILLERS | _BESIDE or (of_kind and word in AND):
            if described and parse.tags[token] == "IN":
                return None  # ", an attack in": no noun for a place
        elif parse.tags[token] in ("JJ", "NN", "VBG"):
            described = True  # "a small mining town": of a kind that is still to come
        else:
            return None
    if described:
        return None
    return "in" if _BESIDE.isdisjoint(parse.lower[start:end]) else "near"


def _owns(parse: Parse, other: Toponym, one: Toponym) -> bool:
    """ "Pakistan's Hyderabad", "the Lebanese city of Tripoli", "China's Jiangsu province"."""
    between = parse.lower[other.end : one.start]
    if len(between) > 6 or not between:
        return False
    kinds = words()
    if other.adjective:
        return between[-1] == "of" and any(w in kinds["settlement"] or w in _KINDS for w in between)
    if between[0] not in {"'s", "’s"} and parse.lower[other.end - 1] not in {"'s", "’s"}:
        return False
    return all(
        w in kinds["settlement"] or w in kinds["direction"] or w in _FILLERS or w in _KINDS
        for w in between
    )


def narrowed(
    parse: Parse, toponyms: Sequence[Toponym], inner: Sequence[Allowed | None]
) -> list[Allowed | None]:
    """Where a name is a city's and a division's ("New York"): the division, if words say so.

    They do in "Buffalo, New York", "New York Gov. Hochul" and "Michigan, Ohio and New York".
    """
    found: list[Allowed | None] = [None] * len(toponyms)
    kinds = words()
    for number, one in enumerate(toponyms):
        divisions = [c for c in one.candidates if c.place_type == "admin1" and c.kind <= 1]
        if one.adjective or not divisions or not any(
            c.place_type == "city" and c.weight >= SEAT for c in one.candidates
        ):  # fmt: skip
            continue
        before = toponyms[number - 1] if number else None
        if before is not None and (allowed := inner[number - 1]) is not None:
            holding = {
                d.index
                for d in divisions
                for c in before.candidates
                if c.index in allowed and c.index != d.index and c.admin1 == d.index
            }
            if holding and parse.words[before.end : one.start] in ([","], []):
                found[number] = frozenset(holding)
                continue
        behind = parse.lower[one.end] if one.end < len(parse) else ""
        ahead = parse.lower[one.start - 1] if one.start else ""
        earlier = parse.lower[one.start - 2] if one.start > 1 else ""
        if behind in _DIVISIONS and parse.words[one.end][0].islower():
            found[number] = frozenset(d.index for d in divisions)
            continue
        if (
            behind in kinds["division"]
            or ahead in kinds["division_of"]
            or (ahead == "of" and earlier in kinds["division_of"] | {"state", "province"})
        ):
            found[number] = frozenset(d.index for d in divisions)
        elif listed := _listed(parse, toponyms, number, inner):
            same = frozenset(d.index for d in divisions if d.country_code in listed)
            found[number] = same or None
    return found


def _listed(
    parse: Parse, toponyms: Sequence[Toponym], number: int, inner: Sequence[Allowed | None]
) -> set[str]:
    """Countries of the divisions that stand in one list with a toponym: "Ohio and New York"."""
    found: set[str] = set()
    for other in (number - 1, number + 1):
        if not 0 <= other < len(toponyms):
            continue
        low, high = sorted((number, other))
        between = parse.lower[toponyms[low].end : toponyms[high].start]
        if between not in ([","], ["and"], [",", "and"], ["or"], [",", "or"]):
            continue
        if low > 0 and inner[low - 1] is not None and low != number:
            continue  # "Houston, Texas, New York": Texas holds Houston and lists nothing
        if inner[low] is not None or toponyms[other].adjective:
            continue
        top = max(toponyms[other].candidates, key=lambda c: c.weight, default=None)
        town = any(c.place_type == "city" and c.weight >= SEAT for c in toponyms[other].candidates)
        if top is not None and top.place_type == "admin1" and not town:
            found.add(top.country_code)
        else:
            return set()
    return found
