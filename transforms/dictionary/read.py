"""The texts of a dictionary's files → a `Dictionary`. Every mistake is named by file and line.

Formats are those of `transforms/lexicons/loader.py`; `COLUMNS` says which columns a file has. A
name may go on behind a hyphen: `actors-sahel.tsv` is read as `actors.tsv` is.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from transforms.dictionary.entries import Actor, Dictionary, Ignored, Office, Phrase, Place
from transforms.dictionary.touch import Entry, forms_of, plain, words_of
from transforms.gazetteer import TYPES
from transforms.lexicons.loader import LexiconError, Row, parse_table, table
from transforms.nlp.clauses.predicates import class_names, sense_of, split_predicate
from transforms.plover import cameo_codes, event_types
from warehouse.vocabulary import ENTITY_TYPES, SECTORS

COLUMNS = {
    "actors": ("name", "entity_type", "country_code", "sector", "aliases", "surname"),
    "offices": ("name", "title", "country_code", "sector", "from", "to"),
    "places": (
        "id", "name", "type", "country", "latitude", "longitude", "weight", "aliases", "adjectives",
    ),
    "types": ("name", "type", "cameo", "meaning"),
    "events": ("predicate", "pos", "type", "mode", "cameo", "if", "example"),
    "ignore": ("words", "kind", "type"),
}  # fmt: skip
KINDS = ("event", "actor", "place")
_LABELS = [kind for kind in ENTITY_TYPES if kind not in ("country", "place", "other")]
_WEIGHT = 1_000_000  # of a place that states none: who teaches a place means it
_SLOTS = {  # where a side is looked for when the reader sees none
    "verb": ("subj", "obj|prep"),
    "light": ("subj", "prep|on|against|with|to"),
    "noun": ("poss|by|subj", "against|on|with|to|of"),
    "adjective": ("subj", "prep"),
}


def read(files: Mapping[str, str]) -> Dictionary:
    """The dictionary of these files, path → text. Raises LexiconError."""
    rows: dict[str, list[Row]] = {kind: [] for kind in COLUMNS}
    for path in sorted(files):
        kind = PurePosixPath(path).stem.partition("-")[0]
        if kind not in COLUMNS:
            there = ", ".join(f"{name}.tsv" for name in COLUMNS)
            raise LexiconError(path, 1, f"there is no file of this name; there are {there}")
        rows[kind] += parse_table(files[path], path, COLUMNS[kind])
    countries = {
        row["code"] for row in table("actors/countries.tsv",
        ("code", "name", "adjectives", "people", "capital", "aliases"))
    }  # fmt: skip
    actors = _actors(rows["actors"], countries)
    forms = {actor.name: (actor.name, *actor.aliases, *_given(actor.surname)) for actor in actors}
    offices = _offices(rows["offices"], countries, forms)
    places = _places(rows["places"], countries)
    phrases = _phrases(rows["events"], _own_types(rows["types"]))
    ignored = _ignored(rows["ignore"])
    return Dictionary(
        actors,
        offices,
        places,
        phrases,
        ignored,
        (
            *(Entry(repr(one), _phrased(forms[one.name])) for one in actors),
            *(Entry(repr(one), _phrased([*forms[one.name], one.title])) for one in offices),
            *(
                Entry(repr(one), _phrased([one.name, *one.aliases, *one.adjectives]))
                for one in places
            ),
            *(Entry(_said(one), sets=_inflected(one.predicate)) for one in phrases),
            *(_of_ignored(one) for one in ignored),
        ),
    )


def sense_row(phrase: Phrase) -> Row:
    """The line of the predicate lexicon that a phrase stands for; its mode stands in the phrase."""
    initiator, recipient = _SLOTS.get(phrase.pos, ("", ""))
    cells = {
        "predicate": phrase.predicate, "pos": phrase.pos, "mode": "", "cameo": phrase.cameo or "",
        "initiator": initiator, "recipient": recipient, "if": phrase.conditions,
        "example": phrase.example,
    }  # fmt: skip
    return Row(phrase.path, phrase.line, cells)


def _said(phrase: Phrase) -> str:
    told = (phrase.predicate, phrase.pos, phrase.event_type, phrase.mode, phrase.cameo)
    return repr((*told, phrase.conditions))


def _of_ignored(one: Ignored) -> Entry:
    if one.kind == "event":
        return Entry(repr(one), sets=_inflected(one.words))
    return Entry(repr(one), _phrased([one.words]))


def _phrased(texts: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(words for text in texts if (words := words_of(text)))


def _inflected(predicate: str) -> tuple[frozenset[str], ...]:
    classes = class_names()
    found = []
    for word in split_predicate(predicate):
        members = classes[word[1:]] if word.startswith("@") else (word,)
        found.append(frozenset(form for member in members for form in forms_of(member)))
    return tuple(found)


def _given(cell: str | None) -> tuple[str, ...]:
    return (cell,) if cell else ()


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def _one_of(row: Row, column: str, known: Iterable[str]) -> str:
    told = row[column]
    if told not in known:
        raise row.error(f"{column} is {told or 'empty'!r}, expected one of {', '.join(known)}")
    return told


def _country(row: Row, column: str, countries: set[str], *, needed: bool = False) -> str | None:
    code = row[column]
    if not code and not needed:
        return None
    if code not in countries:
        raise row.error(f"{column} is {code or 'empty'!r}, expected a code like KOR, ISO 3166-1")
    return code


def _once(seen: dict[str, Row], text: str, row: Row) -> None:
    """Raise LexiconError for a form that stands before already."""
    before = seen.setdefault(plain(text), row)
    if before is not row:
        raise row.error(f"{text!r} stands already in {before.path}:{before.line}")


def _actors(rows: Iterable[Row], countries: set[str]) -> tuple[Actor, ...]:
    seen: dict[str, Row] = {}
    found = []
    for row in rows:
        if not words_of(row["name"]):
            raise row.error("an actor needs a name")
        aliases = _split(row["aliases"])
        for form in (row["name"], *aliases, *_given(row["surname"])):
            _once(seen, form, row)
        kind = _one_of(row, "entity_type", _LABELS)
        if row["surname"] and kind != "person":
            raise row.error("only a person has a surname")
        found.append(
            Actor(
                row["name"],
                kind,
                _country(row, "country_code", countries),
                _one_of(row, "sector", SECTORS),
                aliases,
                row["surname"] or None,
            )
        )
    return tuple(found)


def _offices(
    rows: Iterable[Row], countries: set[str], names: Mapping[str, object]
) -> tuple[Office, ...]:
    found = []
    for row in rows:
        if row["name"] not in names:
            raise row.error(f"{row['name']!r} is no name of actors.tsv")
        if not words_of(row["title"]):
            raise row.error("an office needs a title")
        first, last = _day(row, "from"), _day(row, "to")
        if first and last and last < first:
            raise row.error("it ends before it begins")
        code = _country(row, "country_code", countries)
        sector = _one_of(row, "sector", SECTORS)
        found.append(Office(row["name"], row["title"], code, sector, first, last))
    return tuple(found)


def _day(row: Row, column: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(row[column]) if row[column] else None
    except ValueError:
        raise row.error(f"{column} is {row[column]!r}, expected a day like 2026-01-31") from None


def _places(rows: Iterable[Row], countries: set[str]) -> tuple[Place, ...]:
    seen: dict[str, Row] = {}
    ids: dict[str, Row] = {}
    found = []
    for row in rows:
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", row["id"]):
            raise row.error(f"id {row['id']!r} is no GeoNames number and no word of a-z, 0-9 and -")
        _once(ids, row["id"], row)
        if not words_of(row["name"]):
            raise row.error("a place needs a name")
        aliases, adjectives = _split(row["aliases"]), _split(row["adjectives"])
        for form in (row["name"], *aliases, *adjectives):
            _once(seen, form, row)
        of_geonames = row["id"].isdigit()
        latitude = _number(row, "latitude", 90, needed=not of_geonames)
        longitude = _number(row, "longitude", 180, needed=not of_geonames)
        weight = _number(row, "weight", 1e9, needed=False)
        found.append(
            Place(
                f"{'geonames' if of_geonames else 'own'}:{row['id']}",
                row["name"],
                _one_of(row, "type", TYPES),
                _country(row, "country", countries, needed=True) or "",
                latitude,
                longitude,
                _WEIGHT if weight is None else int(weight),
                aliases,
                adjectives,
            )
        )
    return tuple(found)


def _number(row: Row, column: str, limit: float, *, needed: bool) -> float | None:
    if not row[column] and not needed:
        return None
    try:
        value = float(row[column])
    except ValueError:
        raise row.error(f"{column} is {row[column] or 'empty'!r}, expected a number") from None
    if not -limit <= value <= limit:
        raise row.error(f"{column} {value:g} is out of {-limit:g} to {limit:g}")
    return value


def _own_types(rows: Iterable[Row]) -> dict[str, tuple[str, str | None]]:
    """Name → PLOVER type, CAMEO code."""
    found: dict[str, tuple[str, str | None]] = {}
    for row in rows:
        name = row["name"]
        if not re.fullmatch(r"[a-z][a-z0-9-]*", name):
            raise row.error(f"{name!r} is no word of a-z, 0-9 and -")
        modes = {mode for kind in event_types().values() for mode in kind.modes}
        if name in found or name in modes:
            raise row.error(f"there is a type or mode {name!r} already")
        found[name] = _one_of(row, "type", event_types()), _cameo(row)
    return found


def _cameo(row: Row) -> str | None:
    code = row["cameo"] or None
    if code and code not in cameo_codes():
        raise row.error(f"unknown CAMEO code {code!r}")
    return code


def _phrases(rows: Iterable[Row], own: Mapping[str, tuple[str, str | None]]) -> tuple[Phrase, ...]:
    seen: dict[str, Row] = {}
    classes = class_names()
    found = []
    for order, row in enumerate(rows):
        told, mode, cameo = row["type"], row["mode"] or None, _cameo(row)
        if told in own:
            if mode:
                raise row.error(f"{told} is a type of one's own and takes no mode")
            event_type, code = own[told]
            mode, cameo = told, cameo or code
        else:
            event_type = _one_of(row, "type", [*event_types(), *own])
            if mode and mode not in event_types()[event_type].modes:
                there = ", ".join(event_types()[event_type].modes) or "none"
                raise row.error(f"{event_type} has no mode {mode!r}; there are {there}")
        phrase = Phrase(
            row["predicate"], row["pos"], event_type, mode, cameo, row["if"], row["example"],
            row.path, row.line,
        )  # fmt: skip
        sense_of(sense_row(phrase), event_type, order, classes)
        _once(seen, f"{phrase.predicate} {phrase.pos} {phrase.conditions}", row)
        found.append(phrase)
    return tuple(found)


def _ignored(rows: Iterable[Row]) -> tuple[Ignored, ...]:
    seen: dict[str, Row] = {}
    found = []
    for row in rows:
        if not words_of(row["words"]):
            raise row.error("no words")
        kind = _one_of(row, "kind", KINDS)
        event_type = row["type"] or None
        if event_type and kind != "event":
            raise row.error("only events are ignored by type")
        if event_type:
            _one_of(row, "type", event_types())
        words = plain(row["words"]) if kind == "event" else row["words"]
        _once(seen, f"{kind} {words} {event_type}", row)
        found.append(Ignored(words, kind, event_type))
    return tuple(found)
