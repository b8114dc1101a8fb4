"""Where an event took place."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.lexicons.loader import word_set
from transforms.nlp.annotations import PlaceMention
from transforms.nlp.parsing.parse import Parse
from transforms.nlp.places.scene import (
    FORCE,
    lone_site,
    of_local_force,
    of_modifier,
    opening,
    town_of_object,
)
from transforms.nlp.places.words import words
from transforms.plover import having

_AT = word_set("words/places.tsv", "locate.at")
_ABOUT = {"on", "over", "under", "along"}  # "sanctions on North Korea"
_GOAL = word_set("words/places.tsv", "locate.goal")
_MOVES = word_set("words/places.tsv", "locate.moves")
_LEAVES = word_set("words/places.tsv", "locate.leaves")
_SITED = word_set("words/places.tsv", "locate.sited")
_NOMINALS = word_set("words/places.tsv", "locate.nominals")
_STRUCK = word_set("words/places.tsv", "locate.struck")
_GATHERINGS = word_set("words/places.tsv", "locate.gatherings")
_SPEECH = word_set("words/places.tsv", "locate.speech")
_AT_A_DISTANCE = having("at_a_distance")
_WIDE = {"country", "admin1", "region"}
_WITHIN = {",", "in", "'s", "’s", "the", "of"}
_WHEREAT = {"at", "during", "in", "on", "amid"}
_UP = {"xcomp", "conj", "relcl", "acl", "advcl", "pcomp"}


def locate_event(
    parse: Parse,
    trigger: int,
    places: list[PlaceMention],
    *,
    participants: Sequence[int] = (),
    event_type: str = "",
) -> int | None:
    """Index into `places` of where the act of the token `trigger` took place, or None.

    The locatives of the act's own phrase and clause come first, then the gathering at which the
    sentence's acts took place ("the dialogue in Beijing"), then the place that opens the
    sentence ("In Dhaka, …") and the town of the court or police that acts. A dateline alone
    never decides. `participants` are head tokens of the parties: a place that is one is no
    site. What words of an `event_type` are about ("condemned the attack in Nice") does not place
    them; an act of force may be where its sentence's only locative is.
    """
    at: dict[int, int] = {}
    for number, place in enumerate(places):
        if place.method != "demonym":
            for index in range(place.start, place.end):
                at[index] = number
    if not at:
        return None
    parties = set(participants)
    seen: set[int] = set()
    token: int | None = trigger
    while token is not None and token not in seen:
        seen.add(token)
        about = event_type in _AT_A_DISTANCE and token == trigger
        topical = parse.lemmas[token].lower() in words()["topic"] and token == trigger
        found = _own(parse, token, at, parties, trigger, places, about=about, topical=topical)
        if found is None and token == trigger and parse.lemmas[token].lower() in _STRUCK:
            found = _named_after(parse, token, at, places)
        if found is not None:
            return _known_around(parse, found, places)
        token = _above(parse, token)
    found = opening(parse, trigger, at)
    if found is None:
        found = of_local_force(parse, trigger, at, places)
    if found is None and event_type in FORCE:
        found = lone_site(parse, trigger, at, places)
    return None if found is None else _known_around(parse, found, places)


def _named_after(
    parse: Parse, token: int, at: dict[int, int], places: list[PlaceMention]
) -> int | None:
    """ "the Kabul bombing": the town before a noun of violence; a country may have struck."""
    for child in parse.children[token]:
        if parse.deps[child] == "compound" and child in at:
            return at[child] if places[at[child]].place_type == "city" else None
    return None


def _known_around(parse: Parse, found: int, places: list[PlaceMention]) -> int:
    """ "on Maple Road in Hartford": the town beside a street that no list holds."""
    found = _narrower(parse, found, places)
    while places[found].own_id is None and found + 1 < len(places):
        one, other = places[found], places[found + 1]
        between = parse.lower[one.end : other.start]
        if not 0 < len(between) <= 3 or not set(between) <= {",", "in", "near", "the", "of"}:
            break
        found += 1
    return found


def _narrower(parse: Parse, found: int, places: list[PlaceMention]) -> int:
    """ "in Chornomorsk, in Ukraine's Odesa region": the town, where the parse gives the region."""
    wide = places[found]
    if wide.place_type not in _WIDE:
        return found
    for number in range(found - 1, max(-1, found - 3), -1):
        town = places[number]
        between = range(town.end, wide.start)
        if len(between) > 5 or town.country_code != wide.country_code:
            return found
        inner = {t for p in places[number + 1 : found] for t in range(p.start, p.end)}
        words_between = {parse.lower[t] for t in between if t not in inner}
        if not words_between <= _WITHIN:
            return found
        if town.place_type == "city":
            return number if "," in words_between else found
    return found


def _own(
    parse: Parse, token: int, at: dict[int, int], parties: set[int], trigger: int,
    places: Sequence[PlaceMention], *, about: bool, topical: bool,
) -> int | None:  # fmt: skip
    """The place in the locatives, the object or the modifiers of `token`.

    The locatives inside its object count unless the act is `about` that object, or the object
    the topic of talks.
    """
    children, lemma = parse.children, parse.lemmas[token].lower()
    goal: int | None = None
    town: int | None = None
    for child in children[token]:
        if parse.deps[child] == "prep":
            word = parse.lower[child]
            site = _between(parse, child, at) if word == "between" else _object(parse, child, at)
            if site is not None and word == "between":
                return site
            if site is None and town is None and word in _AT:
                town = town_of_object(parse, child, at, places)
            if site is None:
                continue
            if word in _AT and not (about and word == "on"):  # "called on India"
                return site
            if word == "from" and lemma in _LEAVES and goal is None:
                goal = site
            if word in _GOAL and lemma in _MOVES and goal is None:
                goal = site
            if word == "of" and lemma in _NOMINALS and goal is None:
                goal = site
    if goal is not None or town is not None:
        return town if goal is None else goal
    for child in children[token]:
        dep = parse.deps[child]
        if dep in {"dobj", "nsubjpass"} and lemma in _SITED:
            if child in at:
                return at[child]
            found = _of_its_kind(parse, child, at)
            if found is None and child not in parties:
                found = of_modifier(parse, child, at, places)
            if found is not None:
                return found
        if dep == "poss" and parse.pos[token] == "NOUN" and token == trigger:
            continue
        if dep in {"advmod", "npadvmod"} and child in at and child not in parties:
            return at[child]
    for child in children[token]:  # "blocked a highway near Lyon", "the court in The Hague"
        if parse.deps[child] == "dobj" and (topical or (about and _is_talked_of(parse, child))):
            continue
        if parse.deps[child] in {"dobj", "nsubjpass", "nsubj"} and child not in at:
            for inner in [*children[child], *_of_what_it_is(parse, child)]:
                if parse.deps[inner] == "prep" and (
                    parse.lower[inner] in _AT - _ABOUT
                    or (parse.lower[inner] == "on" and parse.lower[child] in words()["happening"])
                ):  # "launched strikes on Basra"
                    found = _object(parse, inner, at)
                    if found is not None:
                        return found
    for child in children[token]:
        if parse.deps[child] in {"dobj", "nsubjpass", "pobj", "prep"}:
            if about and parse.lower[child] not in _WHEREAT:
                continue
            found = _gathering(parse, child, at, places)
            if found is not None:
                return found
    if parse.pos[token] == "NOUN" and lemma in _GATHERINGS and token == trigger:
        return of_modifier(parse, token, at, places)
    return None


def _of_what_it_is(parse: Parse, name: int) -> list[int]:
    """Words under the noun that says what a name is: "Kwendi, a village in the Mopti region"."""
    kinds = words()
    return [
        inner
        for noun in parse.children[name]
        if parse.deps[noun] == "appos" and parse.lower[noun] in kinds["settlement"] | kinds["site"]
        for inner in parse.children[noun]
    ]


def _is_talked_of(parse: Parse, noun: int) -> bool:
    return parse.lower[noun] in words()["happening"] | words()["matter"]


def _between(parse: Parse, prep: int, at: dict[int, int]) -> int | None:
    """ "talks between the envoys in Doha": a place behind two parties, who are none."""
    for child in parse.children[prep]:
        for party in [child, *(c for c in parse.children[child] if parse.deps[c] == "conj")]:
            for inner in parse.children[party]:
                if parse.lower[inner] in ("in", "at") and parse.deps[inner] == "prep":
                    return _object(parse, inner, at)
    return None


def _of_its_kind(parse: Parse, noun: int, at: dict[int, int]) -> int | None:
    """ "the city of Quetta", "Aden's port", "Samara region": a place by the word for its kind."""
    kinds = words()
    if parse.lower[noun] not in kinds["settlement"] and parse.lower[noun] not in kinds["site"]:
        return None
    owner: int | None = None
    for child in parse.children[noun]:
        if parse.deps[child] == "prep" and parse.lower[child] == "of":
            return _object(parse, child, at)
        if child in at and parse.deps[child] in {"compound", "nmod"}:
            return at[child]
        if child in at and parse.deps[child] == "poss":
            owner = at[child]
    return owner


def _object(parse: Parse, prep: int, at: dict[int, int]) -> int | None:
    """The place named by a preposition's object, or by a locative inside that object."""
    for child in parse.children[prep]:
        if parse.deps[child] in {"pobj", "pcomp"}:
            if child in at:
                return at[child]
            named = _of_its_kind(parse, child, at)
            if named is not None:
                return named
            for inner in parse.children[child]:
                if parse.deps[inner] == "prep" and parse.lower[inner] in _AT | {"of"}:
                    found = _object(parse, inner, at)
                    if found is not None:
                        return found
                if parse.deps[inner] in {"appos", "poss"} and inner in at:
                    return at[inner]
        elif parse.deps[child] == "prep":
            found = _object(parse, child, at)
            if found is not None:
                return found
    return None


def _gathering(
    parse: Parse, token: int, at: dict[int, int], places: Sequence[PlaceMention]
) -> int | None:
    """The site of a gathering or visit under `token`: "at the meeting in Beijing"."""
    lemma = parse.lemmas[token].lower()
    gathers, moves = _gathers(parse, token), lemma in _MOVES
    if gathers or (moves and parse.pos[token] == "NOUN"):
        for child in parse.children[token]:
            if parse.deps[child] != "prep":
                continue
            if parse.lower[child] in _AT or (moves and parse.lower[child] in _GOAL | {"of"}):
                return _object(parse, child, at)
        return of_modifier(parse, token, at, places) if gathers else None
    if parse.deps[token] == "prep":
        for child in parse.children[token]:
            if parse.deps[child] == "pobj":
                if parse.lower[token] not in _WHEREAT and not _gathers(parse, child):
                    return None
                return _gathering(parse, child, at, places)
    return None


def _gathers(parse: Parse, token: int) -> bool:
    return parse.lemmas[token].lower() in _GATHERINGS or parse.lower[token] in _GATHERINGS


def _above(parse: Parse, token: int) -> int | None:
    """The clause whose locatives also hold for `token`, or None."""
    head, dep = parse.heads[token], parse.deps[token]
    if head == token:
        return None
    if dep in _UP and parse.lemmas[head] not in _SPEECH:
        return head
    if dep in {"dobj", "nsubj", "nsubjpass", "pobj", "prep", "attr", "compound"}:
        return head if parse.lemmas[head] not in _SPEECH else None
    return None
