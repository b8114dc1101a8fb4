"""Places that a project teaches, laid over the gazetteer: its own go before all of their name."""

from __future__ import annotations

from collections.abc import Iterable

from transforms.dictionary.entries import Place
from transforms.gazetteer import (
    ADJECTIVE,
    PRIMARY,
    Candidate,
    Gazetteer,
    PlaceRow,
    SourcePlace,
    encode,
    fold,
)


class TaughtGazetteer(Gazetteer):
    """A gazetteer with some places more, and some names fewer.

    Own places are numbered after those of `base`. A place with a GeoNames number that `base` knows
    is that place under more names.
    """

    def __init__(self, base: Gazetteer, places: Iterable[Place], ignored: Iterable[str]) -> None:
        self._base = base
        self._ignored = frozenset(fold(name) for name in ignored)
        self._known: dict[str, list[tuple[int, int]]] = {}  # folded name → (number in base, kind)
        own = []
        for place in places:
            names = dict.fromkeys((place.name, *place.aliases), PRIMARY)
            names |= dict.fromkeys(place.adjectives, ADJECTIVE)
            number = _number(base, place.place_id)
            if number is not None:
                for name, kind in names.items():
                    self._known.setdefault(fold(name), []).append((number, kind))
                continue
            own.append(
                SourcePlace(
                    place.place_id, place.name, place.place_type, place.country_code,
                    place.latitude, place.longitude, 0, place.weight, names=names,
                )
            )  # fmt: skip
        self._own = Gazetteer(encode(own))
        self._words: dict[str, int] = {}
        for name in self._known:
            first, *rest = name.split(" ")
            self._words[first] = max(self._words.get(first, 0), 1 + len(rest))

    def __len__(self) -> int:
        return len(self._base) + len(self._own)

    def longest(self, first: str) -> int:
        return max(self._base.longest(first), self._own.longest(first), self._words.get(first, 0))

    def lookup(self, name: str, *, folded: bool = False) -> tuple[Candidate, ...]:
        key = name if folded else fold(name)
        if key in self._ignored:
            return ()
        own = tuple(self._shifted(found) for found in self._own.lookup(key, folded=True))
        known = tuple(self._base.candidate(*held) for held in self._known.get(key, ()))
        return own + known or self._base.lookup(key, folded=True)

    def is_taught(self, form: str) -> bool:
        """Whether a place of the dictionary bears this folded name."""
        return form in self._known or bool(self._own.lookup(form, folded=True))

    def candidate(self, index: int, kind: int = PRIMARY) -> Candidate:
        if index < len(self._base):
            return self._base.candidate(index, kind)
        return self._shifted(self._own.candidate(index - len(self._base), kind))

    def id_of(self, index: int) -> str:
        if index < len(self._base):
            return self._base.id_of(index)
        return self._own.id_of(index - len(self._base))

    def place(self, place_id: str) -> PlaceRow:
        try:
            return self._own.place(place_id)
        except KeyError:
            return self._base.place(place_id)

    def index_of(self, place_id: str) -> int:
        try:
            return len(self._base) + self._own.index_of(place_id)
        except KeyError:
            return self._base.index_of(place_id)

    def _shifted(self, found: Candidate) -> Candidate:
        return Candidate(
            found.index + len(self._base), found.kind, found.place_type, found.country_code,
            found.admin1, found.parent, found.latitude, found.longitude, found.weight,
        )  # fmt: skip


def _number(base: Gazetteer, place_id: str) -> int | None:
    try:
        return base.index_of(place_id)
    except KeyError:
        return None
