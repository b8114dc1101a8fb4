"""What a dictionary holds, as plain values that go to worker processes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property

from transforms.dictionary.touch import Entry, Touching
from transforms.lexicons.loader import word_set


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody or something known by name. `entity_type` is one of the contract's."""

    name: str
    entity_type: str
    country_code: str | None
    sector: str
    aliases: tuple[str, ...]
    surname: str | None  # that means this person by itself


@dataclass(frozen=True, slots=True)
class Office:
    """An office that `name` holds from `first` to `last`, ends included; None is open."""

    name: str
    title: str
    country_code: str | None
    sector: str
    first: dt.date | None
    last: dt.date | None

    def held_on(self, day: dt.date | None) -> bool:
        """Whether it is held on a day; an unknown day is today, after all that has ended."""
        if day is None:
            return self.last is None
        return (self.first or dt.date.min) <= day <= (self.last or dt.date.max)


@dataclass(frozen=True, slots=True)
class Place:
    """A place. `place_id` is `geonames:…` or `own:…`; degrees are None for one of GeoNames'."""

    place_id: str
    name: str
    place_type: str
    country_code: str
    latitude: float | None
    longitude: float | None
    weight: int
    aliases: tuple[str, ...]
    adjectives: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A verb, noun, adjective or light verb that stands for an event."""

    predicate: str
    pos: str
    event_type: str
    mode: str | None
    cameo: str | None
    conditions: str
    example: str
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Ignored:
    """Words that are no event (of `event_type`, where given), no actor, or no place."""

    words: str
    kind: str
    event_type: str | None


@dataclass(frozen=True, eq=False)
class Dictionary:
    """All of a project's entries. `entries` say which articles each has to do with."""

    actors: tuple[Actor, ...] = ()
    offices: tuple[Office, ...] = ()
    places: tuple[Place, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    entries: tuple[Entry, ...] = field(default=(), repr=False)

    def __bool__(self) -> bool:
        return bool(self.entries)

    @cached_property
    def touching(self) -> Touching:
        """Which entries an article has to do with."""
        return Touching(self.entries)

    def left_out(self, kind: str) -> frozenset[str]:
        """The ignored words of a kind: event, actor, place."""
        return frozenset(one.words for one in self.ignored if one.kind == kind)

    def in_office(self, day: dt.date | None) -> tuple[Office, ...]:
        """The offices held on a day."""
        return tuple(office for office in self.offices if office.held_on(day))


EMPTY = Dictionary()
PLAIN_VERBS = word_set("words/dictionary.tsv", "entries.plain")  # that nobody would teach
