"""Toponyms of articles that are written without capitals: "ahmedabad: two persons were killed"."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.gazetteer import PRIMARY
from transforms.lexicons.loader import word_set
from transforms.nlp.parsing.parse import Parse
from transforms.nlp.places.accept import PLACE_LABELS, Reading, opens_paragraph, weight_of
from transforms.nlp.places.toponym import HEAVY, Toponym, match
from transforms.nlp.places.words import short_forms, words

_BEFORE = word_set("words/places.tsv", "uncased.before")
_MOST_CAPITALS = 0.15  # of the words of such an article: "Share on Facebook" may frame it
_LEAST_SMALL = 0.8  # of its sentences that begin with a small letter
_SENTENCE = 5  # words of one that counts
_FEW = 20  # words below which nothing is said about an article
_RENOWNED = 5_000_000
_NOMINAL = frozenset({"NOUN", "PROPN", "ADJ", "X"})


@dataclass(frozen=True, slots=True)
class Small:
    """A name without capitals, and whether what stands around it says that it is a place."""

    toponym: Toponym
    sure: bool


def _is_renowned(hit: Toponym) -> bool:
    """Does everybody know it, so that it needs no preposition: "pakistan", "gujarat"?"""
    return any(
        c.kind == PRIMARY and c.place_type in {"country", "admin1"} and c.weight >= _RENOWNED
        for c in hit.candidates
    )


def is_uncased(parse: Parse) -> bool:
    """Whether an article has hardly a word with a capital."""
    words_of = [word for word in parse.words if word[0].isalpha()]
    capitals = sum(word[0].isupper() for word in words_of)
    if len(words_of) <= _FEW or capitals > _MOST_CAPITALS * len(words_of):
        return False
    first = [
        parse.words[sent.start][0]
        for sent in parse.sents
        if sent.end - sent.start >= _SENTENCE and parse.words[sent.start][0].isalpha()
    ]
    small = sum(letter.islower() for letter in first)
    return bool(first) and small >= _LEAST_SMALL * len(first)


def find_uncased(reading: Reading, index: int) -> Small | None:
    """The well-known place named from a token on, None where it is none or another word."""
    parse = reading.parse
    heads = opens_paragraph(parse, index)
    if not (heads or parse.pos[index] in _NOMINAL) or not parse.words[index].isalpha():
        return None
    hit = match(parse, reading.gazetteer, index, cased=False)
    if hit is None or hit.adjective or weight_of(hit) < HEAVY or len(hit.form) < 4:
        return None
    kinds = words()
    if hit.form in kinds["common"] | kinds["given"] or hit.form in short_forms():
        return None
    alone = hit.end - hit.start == 1  # "new" opens "new delhi"
    if alone and any(parse.lower[index] in kind for kind in kinds.values()):
        return None
    if not alone or _is_renowned(hit):
        return Small(hit, True)
    name = reading.owner.get(index)
    label = "" if name is None else name[2]
    before = parse.lower[index - 1] if index else ""
    heads = heads and hit.end < len(parse) and parse.words[hit.end] == ":"
    return Small(hit, heads or before in _BEFORE or label in PLACE_LABELS)
