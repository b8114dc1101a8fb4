"""Which of the places that an article names is where an event took place.

The reader gives words chances, `locate_event` reads the clause, a dateline says where an article is
told from; none is right often enough alone. Their signs are weighed as `lexicons/event_places.tsv`
says (fitted by `benchmarks.fit_places`): each place against the others and against none of them.
The likeliest is taken from `LIMIT` on.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import NamedTuple

from transforms.lexicons import loader
from transforms.nlp.annotations import EventDraft, PlaceMention
from transforms.nlp.parsing.parse import VERBAL, Parse
from transforms.nlp.places.accept import opens_paragraph
from transforms.nlp.places.held import struck
from transforms.plover import having

LIMIT = 0.54  # chance from which on a place is told
WEIGHTS = "event_places.tsv"
_AT_A_DISTANCE = having("at_a_distance")
_ON_THE_SPOT = having("on_the_spot")
_OF_WORDS = _AT_A_DISTANCE | having("mutual")
_PROVINCES = frozenset({"admin1", "region"})
_OBJECT = "pobj"
_LEAST, _MOST = 0.02, 0.98  # chances beyond which the reader says nothing more
_RULE = 0.5  # what the clause is worth beside a chance
_LEAD = 2  # sentences
_FAR = 20.0  # tokens
_WIDE = _PROVINCES | {"country"}
_TOWNS = frozenset({"city", "site"})
_HIGH = 14  # heads above a word that are looked at
_CLIMB = 8  # heads from a place up to the word it belongs to


@dataclass(frozen=True, slots=True)
class Sites:
    """What points at places of one event: chances by place mention, and the clause's place."""

    chances: Mapping[int, float]
    rule: int | None


class Signs(NamedTuple):
    """What speaks for and against a place; 0 where it does not hold."""

    chance: float  # log odds
    beside: float
    rule: float
    rule_chance: float
    rule_at_a_distance: float
    rule_on_the_spot: float
    at_a_distance: float
    dateline: float
    dateline_alone: float
    dateline_at_a_distance: float
    country: float
    province: float
    only_one: float
    of_other_events: float
    lead: float
    often: float
    far: float
    object: float
    holds_another: float  # a country or province with a place in it that the article names
    unlisted: float
    of_another_act: float
    assault: float
    coerce: float
    consult: float
    protest: float


@dataclass(slots=True)
class _Candidate:
    """One place, told by one mention or several."""

    mention: int
    best: float
    chance: float = 0.0
    rule: bool = False
    dateline: bool = False

    @property
    def worth(self) -> float:
        return self.chance + _RULE * self.rule


@cache
def weights() -> tuple[float, Signs]:
    """Log odds whatever the signs are, and those that each sign adds for each unit."""
    rows = loader.table(WEIGHTS, ("sign", "weight"))
    told = {row["sign"]: float(row["weight"]) for row in rows}
    return told.pop("always"), Signs(**told)


def choose_places(
    parse: Parse,
    events: Iterable[EventDraft],
    sites: Mapping[int, Sites],
    places: Sequence[PlaceMention],
    dateline: AbstractSet[int],
    around: Mapping[int, int],
) -> None:
    """Set `place` of `events`; `sites` are theirs by trigger token, `dateline` tokens of those,
    `around` the `holders` of the places.

    A place that no list has and what holds it are no rivals: together they are as likely as both.
    Where what was struck is said to lie needs no weighing.
    """
    events = list(events)
    always, weight = weights()
    held: dict[int, list[tuple[float, EventDraft, int]]] = {}
    for event, mention, signs in weighed(parse, events, sites, places, dateline):
        odds = always + sum(a * b for a, b in zip(signs, weight, strict=True))
        held.setdefault(event.trigger_start, []).append((math.exp(odds), event, mention))
    for likely in held.values():
        _, event, mention = max(likely, key=lambda one: one[0])
        same = {around.get(mention, mention), mention}
        together = sum(odds for odds, _, n in likely if n in same or around.get(n) in same)
        if together / (1 + sum(one[0] for one in likely)) >= LIMIT:
            event.place = mention
    for event in events:
        if event.place is None and event.event_type in _ON_THE_SPOT:
            event.place = struck(parse, event.trigger_start, places, around)


def weighed(
    parse: Parse,
    events: Iterable[EventDraft],
    sites: Mapping[int, Sites],
    places: Sequence[PlaceMention],
    dateline: AbstractSet[int],
) -> Iterator[tuple[EventDraft, int, Signs]]:
    """Each event with each place mention that may tell where it was, and what speaks for it."""
    events = list(events)
    told_from = _told_from(parse, places, dateline)
    keys = [_key(parse, place) for place in places]
    held = [_candidates(sites[event.trigger_start], keys, told_from) for event in events]
    acts = {event.trigger_start for event in events}
    votes: dict[str, float] = {}
    for candidates in held:
        for key, one in candidates.items():
            votes[key] = votes.get(key, 0.0) + one.worth
    for event, candidates in zip(events, held, strict=True):
        others = sum(votes.values()) - sum(one.worth for one in candidates.values())
        here = [
            n for n, p in enumerate(places)
            if parse.sent_of[p.start] == event.sent and p.method != "demonym"
        ]  # fmt: skip
        within = {places[n].country_code for n in here if places[n].place_type != "country"}
        named = {
            keys[n] for n in here
            if places[n].place_type != "country" or places[n].country_code not in within
        }  # fmt: skip
        rivals = [places[one.mention] for one in candidates.values()]
        for key, one in candidates.items():
            if not (one.rule or one.dateline) and _is_talked_of(parse, event, places[one.mention]):
                continue
            if _is_around(parse, places[one.mention], rivals):
                continue
            yield event, one.mention, _signs(
                parse, event, places, one,
                keys=keys,
                named=named,
                acts=acts,
                share=(votes[key] - one.worth) / (1 + others),
            )  # fmt: skip


def _signs(
    parse: Parse, event: EventDraft, places: Sequence[PlaceMention], one: _Candidate,
    *, keys: Sequence[str], named: AbstractSet[str], acts: AbstractSet[int], share: float,
) -> Signs:  # fmt: skip
    place, key = places[one.mention], keys[one.mention]
    chance = min(max(one.chance, _LEAST), _MOST)
    odds = math.log(chance / (1 - chance))
    distant = event.event_type in _AT_A_DISTANCE
    beside = parse.sent_of[place.start] == event.sent and not one.dateline
    governed = beside and parse.deps[place.end - 1] == _OBJECT
    first = min(parse.sent_of[p.start] for p, k in zip(places, keys, strict=True) if k == key)
    return Signs(
        chance=odds,
        beside=beside,
        rule=one.rule,
        rule_chance=odds * one.rule,
        rule_at_a_distance=one.rule and distant,
        rule_on_the_spot=one.rule and event.event_type in _ON_THE_SPOT,
        at_a_distance=distant,
        dateline=one.dateline,
        dateline_alone=one.dateline and not named - {key},
        dateline_at_a_distance=one.dateline and distant,
        country=place.place_type == "country",
        province=place.place_type in _PROVINCES,
        only_one=beside and named == {key},
        of_other_events=share,
        lead=first < _LEAD,
        often=math.log(keys.count(key)),
        far=beside * abs(place.start - event.trigger_start) / _FAR,
        object=governed,
        holds_another=place.place_type in _WIDE
        and any(
            other.country_code == place.country_code and _is_narrower(other, place)
            for other in places
            if other.method != "demonym"
        ),
        unlisted=place.place_id is None,
        of_another_act=beside and _is_of_another_act(parse, event, place, acts),
        assault=event.event_type == "ASSAULT",
        coerce=event.event_type == "COERCE",
        consult=event.event_type == "CONSULT",
        protest=event.event_type == "PROTEST",
    )


def _is_narrower(one: PlaceMention, other: PlaceMention) -> bool:
    if other.place_type == "country":
        return one.place_type is not None and one.place_type != "country"
    return one.place_type in _TOWNS


def _is_of_another_act(
    parse: Parse, event: EventDraft, place: PlaceMention, acts: AbstractSet[int]
) -> bool:
    """Whether the parse hangs a place under another act than this one, or than one above it."""
    above = {event.trigger_start, *islice(parse.above(event.trigger_start), _HIGH)}
    for token in islice(parse.above(place.end - 1), _HIGH):
        if token in above:
            return False
        if token in acts:
            return True
    return False


def _is_around(parse: Parse, wide: PlaceMention, others: Iterable[PlaceMention]) -> bool:
    """Whether it only says where another lies: "the Mopti region of Mali"."""
    if wide.place_type not in _WIDE:
        return False
    above = set[int]()
    for token in islice(parse.above(wide.end - 1), _HIGH):
        if parse.pos[token] in VERBAL:
            break
        above.add(token)
    return any(
        other.country_code == wide.country_code
        and _is_narrower(other, wide)
        and not above.isdisjoint(_named(parse, other))
        for other in others
    )


def _named(parse: Parse, place: PlaceMention) -> set[int]:
    """The words of a place, and the noun for its kind: "the Mopti region"."""
    found = set(range(place.start, place.end))
    if parse.deps[place.end - 1] in ("compound", "nmod"):
        found.add(parse.heads[place.end - 1])
    return found


def _is_talked_of(parse: Parse, event: EventDraft, place: PlaceMention) -> bool:
    """In what words are about: "discussed the war in Aleppo", "condemned the coup in Gabon"."""
    if event.event_type not in _OF_WORDS:
        return False
    token, things = place.end - 1, 0
    for _ in range(_CLIMB):
        token = parse.heads[token]
        if token == event.trigger_start:
            return things > 0
        things += parse.pos[token] == "NOUN"
    return False


def _candidates(sites: Sites, keys: Sequence[str], told_from: int | None) -> dict[str, _Candidate]:
    """What may be the place by its key, told by the mention that is likeliest."""
    found: dict[str, _Candidate] = {}
    pointed = dict(sites.chances)
    for number in (sites.rule, told_from):
        if number is not None:
            pointed.setdefault(number, 0.0)
    for number, chance in pointed.items():
        one = found.setdefault(keys[number], _Candidate(number, chance))
        if chance > one.best:
            one.mention, one.best = number, chance
        one.chance += chance
        one.rule = one.rule or number == sites.rule
        one.dateline = one.dateline or number == told_from
    return found


def _key(parse: Parse, place: PlaceMention) -> str:
    return place.place_id or parse.span_text(place.start, place.end).lower()


def _told_from(
    parse: Parse, places: Sequence[PlaceMention], dateline: AbstractSet[int]
) -> int | None:
    """The place of the dateline: "SEOUL (Yonhap) —", "lucknow: …"."""
    for number, place in enumerate(places):
        colon = place.end < len(parse) and parse.words[place.end] == ":"
        if place.method != "demonym" and (
            place.start in dateline
            or parse.sent_of[place.start] == parse.dateline
            or (colon and opens_paragraph(parse, place.start))
        ):
            return number
    return None
