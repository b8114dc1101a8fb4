"""Words beside an act that are no party: where it was, what about, "each other", weapons."""

from __future__ import annotations

from collections.abc import Container, Iterable
from itertools import islice

from transforms.lexicons.loader import word_set
from transforms.nlp.clauses.heads import Heads
from transforms.nlp.parsing.parse import Parse
from transforms.nlp.places.words import words

_SITES = word_set("words/events.tsv", "beside.sites")
_TOPICS = word_set("words/events.tsv", "beside.topics")
_NO_ACTORS = word_set("words/events.tsv", "beside.no_actors")  # deeds, papers, weapons
_RECIPROCAL = word_set("words/events.tsv", "beside.reciprocal")
_BELOW = frozenset({"compound", "amod", "nmod", "poss", "conj"})
_INSIDE = frozenset({"pobj", "appos", "compound", "nmod", "conj"})
_OF_IT = frozenset({"compound", "nmod"})
_WITHIN = frozenset({"in", "inside", "within", "across", "throughout"})
_SITED = frozenset({"place", "country", "other"})
_MOST = 4  # heads from a word up to its preposition
_HIGH = 4  # and from there up to the act


def is_each_other(parse: Parse, token: int) -> bool:
    """ "each other", "one another": the same parties once more."""
    return " ".join(parse.lower[max(0, token - 1) : token + 1]) in _RECIPROCAL


def is_no_actor(parse: Parse, token: int) -> bool:
    """A deed, a paper or a weapon: "shells hit", "the resolution condemned". The first word of a
    sentence may have been taken for a name."""
    if parse.pos[token] == "NOUN":
        return parse.lemmas[token].lower() in _NO_ACTORS
    opens = token == parse.sents[parse.sent_of[token]].start
    return opens and parse.lower[token].removesuffix("s") in _NO_ACTORS


def undergoing(heads: Heads, taken: Iterable[int], trigger: int) -> list[int]:
    """Of `taken` those that are not only where or about what several do something together.

    "signed a truce in Nairobi", "exchanged fire near the temple", "a deal on power lines".
    """
    return [token for token in taken if not _is_beside(heads, token, trigger)]


def is_elsewhere(heads: Heads, token: int, trigger: int) -> bool:
    """Is the word where another noun than the trigger is: "condemned the coup in Mali"?"""
    parse, at = heads.parse, token
    while parse.deps[at] == "conj" and parse.heads[at] != at:
        at = parse.heads[at]
    over = parse.heads[at]
    if parse.deps[at] != "pobj" or parse.lower[over] not in _WITHIN:
        return False
    held = parse.heads[over]
    if held == trigger or parse.pos[held] not in {"NOUN", "PROPN"}:
        return False
    kinds = _kinds(heads, token)
    return bool(kinds) and kinds <= {"country", "place"}


def is_of_party(heads: Heads, token: int, others: Container[int]) -> bool:
    """Does the word only say where one of `others` is or what that is of: "a court in Hyderabad,
    Pakistan", "residents of Wad Hamruni, a farming village"?"""
    parse, kinds = heads.parse, _kinds(heads, token)
    if not kinds <= _SITED:
        return False
    over, placed = token, False
    for _ in range(_HIGH + 2):
        dep, below = parse.deps[over], over
        over = parse.heads[over]
        if dep == "prep":
            if parse.lower[below] not in _SITES | {"of"}:
                return False
            placed = True
        elif dep not in _INSIDE:
            return False
        elif dep in _OF_IT and kinds == {"place"}:
            placed = True  # "Peru, Indiana, police"
        if placed and over in others:
            return _is_plain(heads, over)
    return False


def _is_plain(heads: Heads, token: int) -> bool:
    """Is the word a common noun for people or a body, which is where it acts?

    Not "the town of Lubero": its name tells one from another.
    """
    if heads.parse.lower[token] in words()["settlement"]:
        return False
    held = [heads.layer.mentions[m] for m in heads.mentions_at(token)]
    kinds = _kinds(heads, token)
    nouns = all(mention.mention_type == "nominal" for mention in held)
    return bool(held) and nouns and not kinds & _SITED


def _kinds(heads: Heads, token: int) -> set[str]:
    layer = heads.layer
    return {layer.entities[layer.mentions[m].entity].entity_type for m in heads.mentions_at(token)}


def _is_beside(heads: Heads, token: int, trigger: int) -> bool:
    parse, kinds = heads.parse, _kinds(heads, token)
    if not kinds <= _SITED:
        return False
    for _ in range(_MOST):
        if parse.deps[token] not in _BELOW:
            break
        token = parse.heads[token]
    over = parse.heads[token]
    if parse.deps[token] != "pobj":
        return False
    if parse.lower[over] in _TOPICS:
        return not kinds & {"place", "country"}
    above = {trigger, parse.heads[trigger]}
    return parse.lower[over] in _SITES and not above.isdisjoint(islice(parse.above(over), _HIGH))
