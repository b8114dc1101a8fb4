"""People of one article: which full name a short form means, and one key for all spellings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from transforms.lexicons.loader import word_set
from transforms.nlp.entities.home import local_country, told_countries
from transforms.nlp.entities.phrases import (
    noun_phrase,
    phrase_country,
    title_before,
    title_sector,
)
from transforms.nlp.entities.roles import (
    STATE,
    Role,
    body_sector,
    inner_country,
    modified_sector,
    owner_sector,
    possessor_country,
    possessor_sector,
    sector_of,
)
from transforms.nlp.names.actors import ActorLexicon, Known, fold, lexicon, spelling
from transforms.nlp.names.spans import NameSpan
from transforms.nlp.parsing.parse import Parse

_PARTICLES = word_set("words/entities.tsv", "people.particles")
# Offices that do not make their holder one of the home country.
_ANYWHERE = word_set("words/entities.tsv", "people.anywhere")
_COUNTERPARTS = {"counterpart", "counterparts"}
_OWN = {"his", "her", "their"}
_COURTESY = word_set("words/entities.tsv", "people.courtesy")


def name_words(name: str) -> list[str]:
    """Folded words of a person's name, in one spelling, without courtesy before it."""
    words = fold(name).split()
    while len(words) > 1 and (
        words[0] in lexicon().honorifics or (words[0] in _COURTESY and len(words) > 2)
    ):
        words = words[1:]
    return [spelling(word) for word in words]


def person_key(name: str) -> str:
    """What all spellings of one person's name share: "mohammed al said", "muhammad al said"."""
    return " ".join(name_words(name))


def _bare(words: list[str]) -> tuple[str, ...]:
    """Without particles at the front: "al-Dulaimi" and "Dulaimi" are one surname."""
    begin = 0
    while begin < len(words) - 1 and words[begin] in _PARTICLES:
        begin += 1
    return tuple(words[begin:])


@lru_cache(maxsize=4)
def _families(lex: ActorLexicon) -> tuple[frozenset[str], frozenset[str]]:
    """Folded families that stand first, folded given names."""
    return frozenset(map(fold, lex.families)), frozenset(map(fold, lex.given))


class People:
    """Full names of an article by every short form that means them and nobody else."""

    def __init__(self, names: Iterable[tuple[str, int]]) -> None:
        """`names` gives each full name with the token at which it stands."""
        self._first: dict[str, int] = {}
        held = sorted(names)
        families, given = _families(lexicon())
        longest: dict[tuple[str, ...], str] = {}
        for name, _ in held:
            longest.setdefault(tuple(name_words(name)), name)
        self._full: dict[str, str] = {}
        heads: list[tuple[str, ...]] = []
        for words in sorted(longest, key=lambda w: (-len(w), w)):
            whole = [other for other in heads if _is_short_of(words, other)]
            if len(whole) == 1:
                self._full[" ".join(words)] = longest[whole[0]]
            else:
                heads.append(words)
                self._full[" ".join(words)] = longest[words]
        strong: dict[tuple[str, ...], set[str]] = {}
        weak: dict[tuple[str, ...], set[str]] = {}
        for words in heads:
            name, size = longest[words], len(words)
            for begin in range(1, size):
                strong.setdefault(_bare(list(words[begin:])), set()).add(name)
            first = words[0]
            leads = first in families and (first not in given or words[1] not in given)
            target = strong if leads else weak
            target.setdefault((first,), set()).add(name)
            if leads and size > 2:
                strong.setdefault(words[:2], set()).add(name)
            for middle in words[1:-1]:
                if middle not in _PARTICLES and len(middle) > 2:
                    weak.setdefault((middle,), set()).add(name)
        for name, start in held:
            whole_name = self._full[person_key(name)]
            self._first[whole_name] = min(start, self._first.get(whole_name, start))
        self._strong, self._weak = strong, weak
        self._words = {word for words in heads for word in words}

    def full(self, name: str, at: int) -> str | None:
        """The full name that `name` at token `at` stands for.

        None when nobody fits, or more than one of those named so far.
        """
        words = name_words(name)
        known = self._full.get(" ".join(words))
        if known is not None:
            return known
        bare = _bare(words)
        for table in (self._strong, self._weak):
            found = table.get(bare)
            if found is not None:
                if len(found) > 1:
                    found = {full for full in found if self._first[full] < at}
                return min(found) if len(found) == 1 else None
        return None

    def shared(self, name: str) -> bool:
        """Does the word stand in the full name of somebody in the article?"""
        return spelling(fold(name)) in self._words


def _is_short_of(short: tuple[str, ...], full: tuple[str, ...]) -> bool:
    """Is `short` the end of `full`, or its first and last word with fewer between?"""
    if len(short) < 2 or len(short) >= len(full):
        return False
    if _bare(list(short)) == _bare(list(full[len(full) - len(short) :])):
        return True
    rest = iter(full)
    return short[0] == full[0] and short[-1] == full[-1] and all(word in rest for word in short)


def gender(name: str) -> str | None:
    """m or f by the given name; None when the lexicon does not tell."""
    words = name.replace("’", "'").split()
    if len(words) < 2 or words[0] in lexicon().families:
        return None
    held = lexicon().given.get(words[0])
    return held if held in {"m", "f"} else None


def leaders() -> dict[str, Known]:
    """People of the lexicon by `person_key`."""
    return _leaders(lexicon())


@lru_cache(maxsize=4)
def _leaders(lex: ActorLexicon) -> dict[str, Known]:
    return {
        person_key(form): known
        for form, known in lex.by_form.items()
        if known.kind == "person" and " " in form
    }


@dataclass(slots=True)
class Office:
    """What the words around a name say of the person."""

    country_code: str | None = None
    sector: str | None = None
    is_state: bool = False  # an office of a state: of the home country when none is named

    def join(self, other: Office) -> None:
        """Take from another mention what is not known yet."""
        if self.country_code is None or (self.is_state and other.is_state is False):
            self.country_code = self.country_code or other.country_code
        if self.sector in {None, "UNK"}:
            self.sector = other.sector


def office_of(
    parse: Parse,
    span: NameSpan,
    names: Mapping[int, NameSpan],
    role: Role | None,
    home: str | None,
    acronyms: Mapping[str, NameSpan],
) -> Office:
    """Country and sector by the title before the name, a role beside it, "of <body>" after it."""
    begin = title_before(parse, span.start, names)
    code = phrase_country(parse, begin, span, names)
    if any(body_sector(parse, names[t]) == "MED" for t in range(begin, span.start) if t in names):
        code = home = None  # "AP photographer X" may be of any country
    sector = title_sector(parse, begin, span.start) if begin < span.start else None
    if begin < span.start:
        sector = modified_sector(parse, begin, span.start - 1, sector or "UNK")
        owner = owner_sector(parse, begin, span.start - 1, names)
        owner = owner or possessor_sector(parse, begin, names)
        if owner is not None and owner != "UNK":
            sector = sector_of(parse.lower[span.start - 1], sector or "UNK", owner)
        body = next((s for t in range(begin, span.start) if (s := names.get(t))), None)
        if code is None and body is not None and body.label == "ORG":
            body = acronyms.get(" ".join(parse.words[body.start : body.end]), body)
            inner = inner_country(parse.words[body.start : body.end])
            code = inner[0] if inner else None  # "PCG spokesman X"
            if code is None and body_sector(parse, body) not in STATE:
                home = None
        if code is None:
            code = possessor_country(parse, begin, names)
    elif (member := _member_of(parse, span, names)) is not None:
        sector = member
    if role is not None:
        code = role.country_code or code
        apart = role.noun < begin or role.noun >= span.end or sector is None
        if apart and role.sector not in {None, "UNK"} and sector in {None, "UNK", "GOV"}:
            sector = role.sector
    stately = sector in STATE and (begin < span.start or role is not None)
    if code is None:
        code = _as_counterpart(parse, begin, names)
    if code is None and stately:
        code = _with_counterpart(parse, span, names)
    if code is None and stately:
        if parse.lower[span.start - 1] in _ANYWHERE or begin == span.start:
            home = None
        code = local_country(parse, span, names, home)
    return Office(code, sector, stately)


def _as_counterpart(parse: Parse, begin: int, names: Mapping[int, NameSpan]) -> str | None:
    """Country in "his Vietnamese counterpart, Deputy Minister X", whose title begins at `begin`."""
    noun = begin - 1 - (begin > 0 and parse.words[begin - 1] == ",")
    if noun < 1 or parse.lower[noun] not in _COUNTERPARTS:
        return None
    start, end = noun_phrase(parse, noun)
    return phrase_country(parse, start, NameSpan(start, end, "", "", 0.0), names)


def _with_counterpart(parse: Parse, span: NameSpan, names: Mapping[int, NameSpan]) -> str | None:
    """Country of "Minister X met his Vietnamese counterpart": the other of the article's two."""
    sentence = parse.sents[parse.sent_of[span.start]]
    for noun in range(span.end, sentence.end):
        if parse.lower[noun] in _COUNTERPARTS and parse.lower[noun_phrase(parse, noun)[0]] in _OWN:
            theirs = _as_counterpart(parse, noun + 1, names)
            others = told_countries(names.values()) - {theirs}
            return next(iter(others)) if theirs and len(others) == 1 else None
    return None


def _member_of(parse: Parse, span: NameSpan, names: Mapping[int, NameSpan]) -> str | None:
    """ "Claire Dupont of Reporters Without Borders": the sector of the body."""
    token = span.end
    if token + 1 >= len(parse) or parse.lower[token] not in {"of", "from", "at"}:
        return None
    token += 1 + (parse.lower[token + 1] == "the")
    body = names.get(token)
    return body_sector(parse, body) if body is not None else None
