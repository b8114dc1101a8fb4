"""The filters of events: the same names and meanings for `query`, `report`, `export` and Python.

`OPTIONS` says all there is to a filter: one line each. What a filter does to a connection stands in
`flows.resources.narrowing`; this is read for `dateline --help`, so nothing heavy here.
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from warehouse.errors import DatelineError
from warehouse.vocabulary import EVENT_TYPES, MODALITIES, TOLD

# SQL over `events e`; the values of an option that takes several are the one-column table `asked`.
NAMED = """lower(n.name) IN (FROM asked) OR list_has_any(
    list_transform(n.aliases, lambda a: lower(a)), (SELECT list(v) FROM asked))"""
_OF_ENTITY = f"""e.event_id IN (SELECT p.event_id FROM told_parties p
    JOIN entities n USING (entity_id) WHERE {NAMED})"""
_OF_COUNTRY = """(e.country_code IN (FROM asked) OR e.event_id IN (
    SELECT event_id FROM told_parties WHERE country_code IN (FROM asked)))"""
_OF_SOURCE = """e.event_id IN (SELECT m.event_id FROM event_mentions m
    JOIN articles a USING (article_id) WHERE lower(a.source) IN (FROM asked))"""


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is no day like 2026-01-31") from None


def _share(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1
    if not 0 <= number <= 1:
        raise ValueError(f"{text!r} is no number from 0 to 1")
    return number


def _one_of(words: Iterable[str]) -> Callable[[str], str]:
    known = {word.lower(): word for word in words}

    def read(text: str) -> str:
        if (found := known.get(text.lower())) is not None:
            return found
        near = difflib.get_close_matches(text.lower(), known, n=1)
        hint = f"did you mean {known[near[0]]}?" if near else f"there are {', '.join(words)}"
        raise ValueError(f"{text!r} is none of them; {hint}")

    return read


ONE, MANY, CODES = "one", "many", "codes"


@dataclass(frozen=True, slots=True)
class Option:
    """One filter. `test` is SQL over `events e`; the value is `?`, MANY stand in `asked`.

    MANY are names and compared in lower case; CODES may stand in one text with commas. `read` turns
    a text into a value and raises ValueError.
    """

    flag: str
    help: str
    test: str
    read: Callable[[str], Any]
    takes: str = ONE

    @property
    def several(self) -> bool:
        """Whether it takes more than one value."""
        return self.takes != ONE

    @property
    def key(self) -> str:
        """Its name in Python and in `dateline.toml`."""
        return {"--from": "first", "--to": "last"}.get(self.flag, self.flag[2:].replace("-", "_"))


OPTIONS = (
    Option("--from", "Events that end on this day or later, 2026-03-01", "e.date_end >= ?", _day),
    Option("--to", "Events that begin on this day or before", "e.date_start <= ?", _day),
    Option("--entity", "Events of this name or alias; repeatable", _OF_ENTITY, str, MANY),
    Option("--country", "In or of these countries: KOR,VNM", _OF_COUNTRY, str.upper, CODES),
    Option("--type", "PLOVER types: ASSAULT,PROTEST", "e.event_type IN (FROM asked)",
           _one_of(EVENT_TYPES), CODES),
    Option("--mode", "PLOVER modes or types of one's own: visit,phone",
           "e.event_mode IN (FROM asked)", str.lower, CODES),
    Option("--source", "Events this publisher reports; repeatable", _OF_SOURCE, str, MANY),
    Option("--modality", "asserted,planned,possible,alleged,denied,negated",
           "e.modality IN (FROM asked)", _one_of(MODALITIES), CODES),
    Option("--told", "narrated,attributed,claimed,disputed: by the outlet, by somebody, by a party",
           "e.told IN (FROM asked)", _one_of(TOLD), CODES),
    Option("--min-confidence", "From 0 to 1", "e.confidence >= ?", _share),
)  # fmt: skip
# What is shown first: `--shown`, and where the report opens. Told as fact, by nobody who is a party
# to it, and more likely than not what it says it is.
SHOWN: Mapping[str, Any] = {
    "modality": ("asserted",),
    "told": ("narrated", "attributed"),
    "min_confidence": 0.5,
}
BY_KEY = {option.key: option for option in OPTIONS}


@dataclass(frozen=True)
class Filter:
    """Values by key of `OPTIONS`; an empty one chooses every event."""

    values: Mapping[str, Any]

    def __bool__(self) -> bool:
        return bool(self.values)

    def said(self) -> str:
        """The filter in words, as options."""
        parts = []
        for option in OPTIONS:
            held = self.values.get(option.key)
            if held is not None:
                text = ",".join(held) if isinstance(held, tuple) else str(held)
                parts.append(f"{option.flag} {text}")
        return " ".join(parts)


ALL = Filter({})


def shown_in_words() -> str:
    """What is shown first, for people: "asserted, narrated or attributed, confidence from 0.5"."""
    listed = [" or ".join(SHOWN[key]) for key in ("modality", "told")]
    return ", ".join([*listed, f"confidence from {SHOWN['min_confidence']:g}"])


def choose(*, shown: bool = False, where: str = "", **given: Any) -> Filter:
    """A filter from values of options, as given on the command line, in a file or in Python.

    None and empty ones do not count; `shown` adds what is not given of `SHOWN`. Raises
    DatelineError that names the option, or the key after `where` ("dateline.toml: show.").
    """
    values: dict[str, Any] = {}
    for key, held in given.items():
        option = BY_KEY.get(key)
        if option is None:
            near = difflib.get_close_matches(key, BY_KEY, n=1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(BY_KEY)}"
            raise DatelineError(f"there is no such filter; {hint}", subject=f"{where}{key}")
        texts = list(_texts(option, held))
        if not texts:
            continue
        try:
            read = tuple(option.read(text) for text in texts)
        except ValueError as error:
            name = f"{where}{key}" if where else option.flag
            raise DatelineError(str(error), subject=name) from None
        values[key] = tuple(dict.fromkeys(read)) if option.several else read[-1]
    return Filter({**SHOWN, **values} if shown else values)


def _texts(option: Option, held: Any) -> Iterator[str]:
    many = isinstance(held, list | tuple | set | frozenset)
    for item in held if many else (held,):
        text = "" if item is None else str(item)
        for part in text.split(",") if option.takes == CODES else (text,):
            if part.strip():
                yield part.strip()
