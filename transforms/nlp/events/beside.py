"""Words beside an act that are no party: where it was, what about, "each other", weapons."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from transforms.lexicons.loader import word_set
from transforms.nlp.clauses.heads import Heads
from transforms.nlp.parsing.parse import Parse

_SITES = word_set("words/events.tsv", "beside.sites")
_TOPICS = word_set("words/events.tsv", "beside.topics")
_NO_ACTORS = word_set("words/events.tsv", "beside.no_actors")  # deeds, papers, weapons
_RECIPROCAL = word_set("words/events.tsv", "beside.reciprocal")
_BELOW = frozenset({"compound", "amod", "nmod", "poss", "conj"})
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


def _is_beside(heads: Heads, token: int, trigger: int) -> bool:
    parse, layer = heads.parse, heads.layer
    kinds = {layer.entities[layer.mentions[m].entity].entity_type for m in heads.mentions_at(token)}
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
