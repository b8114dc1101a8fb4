"""The actor lexicons (`transforms/lexicons/actors`) as look-up tables, read once.

`lexicon()` is the packaged one, or inside `using` one that a project's dictionary was laid over.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache

from transforms.lexicons import loader
from transforms.lexicons.loader import word_list

_PIECE = re.compile(r"(?:[^\W\d_]\.){2,}|[\w&]+(?:\.(?=\w)\w+)*|[’']s\b|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Known:
    """What the lexicon says of one surface form."""

    # country, adjective, people, capital, place (a country's namesake), organization, government,
    # group, person, metonym
    kind: str
    name: str
    country_code: str | None
    sector: str | None
    label: str  # NER label of the form
    taught: bool = False  # by the project's own dictionary


@dataclass(frozen=True, slots=True)
class Noun:
    """An actor noun: `stable` when "<country> <noun>" is one lasting body."""

    sector: str
    kind: str
    stable: bool


@dataclass(eq=False)
class ActorLexicon:
    """All actor lexicons. `forms` is indexed by first word, the longest form first."""

    countries: dict[str, str] = field(default_factory=dict)  # code → name
    adjectives: dict[str, str] = field(default_factory=dict)  # code → adjective, else the name
    capitals: dict[str, str] = field(default_factory=dict)  # form → code
    forms: dict[str, list[tuple[tuple[str, ...], Known]]] = field(default_factory=dict)
    by_form: dict[str, Known] = field(default_factory=dict)
    surnames: dict[str, Known] = field(default_factory=dict)
    plain_surnames: set[str] = field(default_factory=set)  # those that need no other evidence
    name_words: dict[str, str] = field(default_factory=dict)  # word of an organisation → sector
    nouns: dict[str, Noun] = field(default_factory=dict)
    title_heads: dict[str, str] = field(default_factory=dict)  # word → sector
    title_parts: set[str] = field(default_factory=set)
    honorifics: set[str] = field(default_factory=set)
    labels: dict[str, list[tuple[tuple[str, ...], str]]] = field(default_factory=dict)
    families: set[str] = field(default_factory=set)  # that stand before the given name
    modifiers: dict[str, tuple[str, frozenset[str]]] = field(default_factory=dict)  # → sector, over
    acting: dict[str, frozenset[str]] = field(default_factory=dict)  # class → words
    spellings: dict[str, str] = field(default_factory=dict)  # folded name part → the one we use
    given: dict[str, str] = field(default_factory=dict)  # given name → m, f, u
    # (country or organization, code or name) → "wikidata:Q…"
    wikidata: dict[tuple[str, str], str] = field(default_factory=dict)
    given_alone: set[str] = field(default_factory=set)  # those that need no surname beside them
    # words of a title → country → who holds it, None where two do
    offices: dict[tuple[str, ...], dict[str, Known | None]] = field(default_factory=dict)

    def add(self, form: str, known: Known) -> None:
        """Enter one surface form; the first entry of a form stays."""
        if self.by_form.setdefault(fold(form), known).name != known.name:
            return  # "US" and "U.S." fold alike and are both forms of one name
        for form_of in pieces_of(form):
            entries = self.forms.setdefault(form_of[0], [])
            if all(entry[0] != form_of for entry in entries):
                entries.append((form_of, known))


def pieces_of(form: str) -> list[tuple[str, ...]]:
    """A surface form as the tokens it may be cut into."""
    pieces = tuple(piece.replace("’", "'") for piece in _PIECE.findall(form))
    whole = tuple(form.replace("’", "'").split())
    return list(dict.fromkeys((pieces, whole)))


def shouted() -> dict[str, list[tuple[tuple[str, ...], Known]]]:
    """Forms in capitals, for headlines that have no other letters. No short words: "IS", "WHO"."""
    return _shouted(lexicon())


@lru_cache(maxsize=4)
def _shouted(lex: ActorLexicon) -> dict[str, list[tuple[tuple[str, ...], Known]]]:
    found: dict[str, list[tuple[tuple[str, ...], Known]]] = {}
    surnames = [((name,), lex.surnames[name]) for name in sorted(lex.plain_surnames)]
    for pieces, known in [e for entries in lex.forms.values() for e in entries] + surnames:
        if len(pieces) > 1 or len(pieces[0]) > 3:
            upper = tuple(piece.upper() for piece in pieces)
            found.setdefault(upper[0], []).append((upper, known))
    for entries in found.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return found


@lru_cache(maxsize=1 << 14)
def fold(name: str) -> str:
    """`name` without accents, hyphens, dots and case: spellings of one name become equal."""
    plain = unicodedata.normalize("NFKD", name)
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = plain.lower().replace("’", "'").replace(".", "").replace("-", " ")
    return " ".join(plain.split())


_SKY = word_list("words/names.tsv", "actors.sky")


def spelling(word: str) -> str:
    """One spelling of a folded name part: "qaddafi" → "gaddafi", "-skiy" → "-sky"."""
    found = lexicon().spellings.get(word)
    if found is not None:
        return found
    for ending in _SKY:
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return word[: -len(ending)] + "sky"
    return word


def _split(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


_IN_USE: ContextVar[ActorLexicon | None] = ContextVar("lexicon in use", default=None)


def lexicon() -> ActorLexicon:
    """The lexicon in use: the packaged one, or that of `using`."""
    return _IN_USE.get() or packaged()


@contextmanager
def using(lex: ActorLexicon) -> Iterator[None]:
    """Let `lexicon()` be `lex` for the length of a `with`."""
    token = _IN_USE.set(lex)
    try:
        yield
    finally:
        _IN_USE.reset(token)


@lru_cache(maxsize=1)
def packaged() -> ActorLexicon:
    """The packaged lexicon. Raises LexiconError with file and line when a row is wrong."""
    lex = ActorLexicon()
    _countries(lex)
    columns = ("name", "entity_type", "country_code", "sector", "aliases")
    for row in loader.table("actors/organisations.tsv", columns):
        if row["entity_type"] not in {"organization", "government", "group", "metonym"}:
            raise row.error(f"entity_type {row['entity_type']!r}")
        _check_country(lex, row)
        known = Known(
            row["entity_type"], row["name"], row["country_code"] or None, row["sector"], "ORG"
        )
        for form in [row["name"], *_split(row["aliases"])]:
            lex.add(form, known)
    columns = ("name", "country_code", "sector", "surname", "aliases")
    for row in loader.table("actors/leaders.tsv", columns):
        _check_country(lex, row)
        known = Known("person", row["name"], row["country_code"] or None, row["sector"], "PERSON")
        for form in [row["name"], *_split(row["aliases"])]:
            lex.add(form, known)
        for marked in _split(row["surname"]):
            surname = marked.rstrip("!")
            if surname in lex.surnames:
                raise row.error(f"surname {surname!r} stands twice")
            lex.surnames[surname] = known
            if marked.endswith("!"):
                lex.plain_surnames.add(surname)
    _wikidata(lex)
    _nouns(lex)
    for row in loader.table("actors/place_names.tsv", ("label", "forms")):
        if row["label"] not in {"GPE", "LOC", "NORP"}:
            raise row.error(f"label {row['label']!r}")
        for form in _split(row["forms"]):
            pieces = tuple(_PIECE.findall(form))
            lex.labels.setdefault(pieces[0], []).append((pieces, row["label"]))
    _given_names(lex)
    for row in loader.table("actors/acting.tsv", ("class", "words")):
        if row["class"] in lex.acting:
            raise row.error(f"class {row['class']!r} stands twice")
        lex.acting[row["class"]] = frozenset(_split(row["words"]))
    for row in loader.table("actors/spellings.tsv", ("spellings",)):
        first, *others = _split(row["spellings"])
        for word in others:
            if word in lex.spellings or word == first:
                raise row.error(f"{word!r} stands twice")
            lex.spellings[word] = first
    for entries in (*lex.forms.values(), *lex.labels.values()):
        entries.sort(key=lambda entry: -len(entry[0]))  # type: ignore[attr-defined]
    return lex


def _check_country(lex: ActorLexicon, row: loader.Row) -> None:
    if row["country_code"] and row["country_code"] not in lex.countries:
        raise row.error(f"country_code {row['country_code']!r} is not in countries.tsv")


def _countries(lex: ActorLexicon) -> None:
    columns = ("code", "name", "adjectives", "people", "capital", "aliases")
    for row in loader.table("actors/countries.tsv", columns):
        code, name = row["code"], row["name"]
        if not re.fullmatch("[A-Z]{3}", code) or code in lex.countries:
            raise row.error(f"code {code!r}")
        lex.countries[code] = name
        for form in [name, *_split(row["aliases"])]:
            lex.add(form, Known("country", name, code, "GOV", "GPE"))
        for form in _split(row["adjectives"]):
            lex.add(form, Known("adjective", name, code, None, "NORP"))
        lex.adjectives[code] = next(iter(_split(row["adjectives"])), name)
        for form in _split(row["people"]):
            lex.add(form, Known("people", name, code, "CVL", "NORP"))
        for form in _split(row["capital"]):
            lex.add(form, Known("capital", form, code, None, "GPE"))
            lex.capitals[form] = code


def _wikidata(lex: ActorLexicon) -> None:
    bodies = {known.name for known in lex.by_form.values()}
    for row in loader.table("actors/wikidata.tsv", ("kind", "key", "wikidata", "source")):
        key = row["kind"], row["key"]
        if not re.fullmatch(r"Q[1-9]\d*", row["wikidata"]):
            raise row.error(f"wikidata {row['wikidata']!r}")
        if row["kind"] not in {"country", "organization"} or key in lex.wikidata:
            raise row.error(f"kind {row['kind']!r}, or {row['key']!r} stands twice")
        known = row["key"] in (lex.countries if row["kind"] == "country" else bodies)
        if not known:
            raise row.error(f"{row['key']!r} is in no other actor lexicon")
        lex.wikidata[key] = f"wikidata:{row['wikidata']}"


def _given_names(lex: ActorLexicon) -> None:
    for row in loader.table("actors/given_names.tsv", ("gender", "alone", "names")):
        if row["gender"] not in {"m", "f", "u"} or row["alone"] not in {"yes", "no"}:
            raise row.error("gender is m, f or u, alone is yes or no")
        for name in _split(row["names"]):
            held = lex.given.setdefault(name, row["gender"])
            if held != row["gender"]:
                lex.given[name] = "u"
            if row["alone"] == "yes":
                lex.given_alone.add(name)
            else:
                lex.given_alone.discard(name)


def _nouns(lex: ActorLexicon) -> None:
    for row in loader.table("actors/role_modifiers.tsv", ("sector", "over", "words")):
        for word in _split(row["words"]):
            if word in lex.modifiers:
                raise row.error(f"{word!r} stands twice")
            lex.modifiers[word] = row["sector"], frozenset(_split(row["over"]))
    for row in loader.table("actors/nouns.tsv", ("sector", "kind", "stable", "nouns")):
        if row["stable"] not in {"yes", "no"}:
            raise row.error("stable is yes or no")
        for word in _split(row["nouns"]):
            if word in lex.nouns:
                raise row.error(f"{word!r} stands twice")
            lex.nouns[word] = Noun(row["sector"], row["kind"], row["stable"] == "yes")
    for row in loader.table("actors/name_words.tsv", ("sector", "words")):
        for word in _split(row["words"]):
            if lex.name_words.setdefault(word, row["sector"]) != row["sector"]:
                raise row.error(f"{word!r} stands twice")
    for row in loader.table("actors/titles.tsv", ("role", "sector", "words")):
        for word in _split(row["words"]):
            if row["role"] == "head":
                lex.title_heads[word] = row["sector"]
            elif row["role"] == "part":
                lex.title_parts.add(word)
            elif row["role"] == "honorific":
                lex.honorifics.add(word)
            elif row["role"] == "family":
                lex.families.add(word)
            else:
                raise row.error(f"role {row['role']!r}")
