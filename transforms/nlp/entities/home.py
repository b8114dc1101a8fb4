"""The country an article is told from: what "the government" and "Defence Minister X" leave out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from transforms.lexicons.loader import word_set
from transforms.nlp.annotations import PlaceMention
from transforms.nlp.names.spans import NameSpan
from transforms.nlp.parsing.parse import Parse

_STATE_NOUNS = word_set("words/entities.tsv", "home.state-nouns")

_LEAST = 3  # points below which we abstain
_LEAD = 2.0  # times the runner-up
_HOME_KINDS = {"country", "adjective", "people", "capital", "government", "metonym"}


def told_countries(names: Iterable[NameSpan]) -> set[str]:
    """Codes of the countries named as such, by their people or an adjective."""
    kinds = {"country", "adjective", "people"}
    return {s.known.country_code for s in names if s.known and s.known.kind in kinds
            and s.known.country_code}  # fmt: skip


def home_country(
    parse: Parse, names: Sequence[NameSpan], places: Iterable[PlaceMention]
) -> str | None:
    """The one country that leads the article: twice as often named as the next, or None.

    A name of the country, its people, capital, government or a place in it is one point, two in
    the dateline. Fewer than three points in all say nothing.
    """
    points: dict[str, float] = {}
    counted: set[int] = set()
    told = told_countries(names)
    located = {place.start: place for place in places if place.country_code}
    for span in names:
        known = span.known
        if known is None or known.kind not in _HOME_KINDS or known.country_code is None:
            continue
        if known.kind == "capital" and span.start in located and known.country_code not in told:
            continue  # "London, Ky." is where the gazetteer says
        counted.update(range(span.start, span.end))
        worth = 2.0 if parse.sent_of[span.start] == parse.dateline else 1.0
        points[known.country_code] = points.get(known.country_code, 0.0) + worth
    for place in located.values():
        if place.country_code and place.start not in counted and place.confidence >= 0.5:
            worth = 2.0 if parse.sent_of[place.start] == parse.dateline else 1.0
            points[place.country_code] = points.get(place.country_code, 0.0) + worth
    if not points:
        return None
    ranked = sorted(points.items(), key=lambda item: (-item[1], item[0]))
    second = ranked[1][1] if len(ranked) > 1 else 0.0
    code, most = ranked[0]
    return code if most >= _LEAST and most >= _LEAD * second else None


def only_country(names: Iterable[NameSpan], places: Iterable[PlaceMention]) -> str | None:
    """The one country that names and places of the article tell of; None where there are more."""
    found = {s.known.country_code for s in names if s.known and s.known.kind in _HOME_KINDS}
    found |= {place.country_code for place in places}
    codes = found - {None}
    return next(iter(codes)) if len(codes) == 1 else None


_VOICES = word_set("words/entities.tsv", "home.voices")


def local_country(
    parse: Parse, span: NameSpan, names: Mapping[int, NameSpan], home: str | None
) -> str | None:
    """Country of an office holder named without one, by who spoke just before, else `home`.

    A government that leads this sentence or the one before with a verb of speech is his; `home`
    holds only while no other country stands between.
    """
    sent, near = parse.sent_of[span.start], set()
    paragraph = parse.sents[sent].paragraph
    for ordinal in (sent, sent - 1):
        if ordinal < 0 or parse.sents[ordinal].paragraph != paragraph:
            break
        sentence = parse.sents[ordinal]
        for token in range(sentence.start, min(sentence.end, span.start)):
            held = names.get(token)
            if held is None or held.start != token or held.known is None:
                continue
            if held.known.kind not in _HOME_KINDS or held.known.country_code is None:
                continue
            near.add(held.known.country_code)
            if _speaks(parse, held):
                return held.known.country_code
    return home if near <= {home} else None


def _speaks(parse: Parse, span: NameSpan) -> bool:
    """Is the government, capital or ministry in the name the subject of a verb of speech?"""
    head = parse.head_of(span.start, span.end)
    if parse.deps[head] in {"amod", "compound", "poss", "nmod"}:
        head = parse.heads[head]
        if parse.lower[head] not in _STATE_NOUNS:
            return False
    return parse.deps[head] == "nsubj" and parse.lemmas[parse.heads[head]].lower() in _VOICES
