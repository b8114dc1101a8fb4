"""Where something happened is no party to it: "rallied in Tbilisi", "agreed to meet in Detroit"."""

from __future__ import annotations

from transforms.lexicons.loader import word_set
from transforms.nlp.events.senses import Match, Senses
from transforms.plover import having, values

_LOCATIVE = word_set("words/events.tsv", "scenes.locative")
_PASSED = frozenset({"near", "around", "along", "through", "beside"})
_REACHED = having("reached")
_FRIENDLY = having("friendly")
_AIMED = having("aimed")
_LEAST_ACTING = {kind: int(least) for kind, least in values("least_acting").items()}


def is_scene(
    senses: Senses, match: Match, mention: int, acting: int, *, last: bool = False
) -> bool:
    """Is the mention a place, no country, after "in", "at" or "near", or what was fired?

    Attacks, aid, troops and visitors do reach a place. `acting` is how many act: what one side
    agrees to do may be for a place, what several agree on is not. A protest by nobody named
    would be lost without its place; so might one, and a condemned deed, without theirs (`last`:
    it is the last resort and no slot of the sense's own that gives the mention).
    """
    kind = match.sense.event_type
    if kind == "ASSAULT":
        return _shot(senses, match, mention)
    if kind in _REACHED or acting < _LEAST_ACTING.get(kind, 0):
        return False
    parse, layer = senses.parse, senses.clauses.layer
    head = layer.mentions[mention].head
    while parse.deps[head] == "conj" and parse.heads[head] != head:
        head = parse.heads[head]
    if parse.deps[head] != "pobj":
        return False
    word = parse.lower[parse.heads[head]]
    if kind in _AIMED and not last and _asks_for(match, word):
        return False  # "levelled threats at Seoul", "opened an embassy in Kigali"
    if head in match.prep:  # "hit out at London", but "marched through Leeds"
        return word in _PASSED and is_place(senses, mention)
    if word in _PASSED and (kind != "PROTEST" or _is_person(senses, mention)):
        return True  # but a chain is formed around a ministry
    if word not in _LOCATIVE or not is_place(senses, mention):
        return False
    named = layer.mentions[mention].mention_type == "name"
    return kind != "PROTEST" if last else kind != "ACCUSE" or not named


def _asks_for(match: Match, preposition: str) -> bool:
    """Does the sense, or its phrase ("stand beside"), name the preposition of the other side?"""
    if any(preposition in slot.split(".") for slot in match.sense.recipient):
        return True
    return preposition in match.sense.words


def is_place(senses: Senses, mention: int) -> bool:
    """Is the mention a place below a country, by name or by noun ("the port city")?"""
    layer = senses.clauses.layer
    held = layer.mentions[mention]
    entity = layer.entities[held.entity]
    if entity.entity_type == "place":
        return True
    if any(
        layer.entities[layer.mentions[m].entity].entity_type == "country"
        for token in range(held.start, held.head)
        for m in layer.at(token)
    ):
        return False  # "Niger's Maradi region" stands for Niger
    return held.mention_type == "nominal" and senses.lexicon.has_class(
        "settlement_noun", senses.clauses.lemma[held.head]
    )


def is_foe(senses: Senses, match: Match, mention: int) -> bool:
    """Is an act of friendship against it: "reiterated its commitment to defeating the group"?

    One may well agree on what to do to a third.
    """
    if match.sense.event_type not in _FRIENDLY:
        return False
    parse, head = senses.parse, senses.clauses.layer.mentions[mention].head
    head = senses.clauses.first_conjunct(head)
    verb = parse.heads[head]
    return (
        parse.deps[head] == "dobj"
        and verb != match.anchor
        and parse.tags[verb] in {"VBG", "VB"}
        and senses.lexicon.has_class("defeat_verb", senses.clauses.lemma[verb])
    )


def _is_person(senses: Senses, mention: int) -> bool:
    layer = senses.clauses.layer
    return layer.entities[layer.mentions[mention].entity].entity_type == "person"


def _shot(senses: Senses, match: Match, mention: int) -> bool:
    """Is it what was fired: "fired artillery across the border"?"""
    parse, head = senses.parse, senses.clauses.layer.mentions[mention].head
    return (
        parse.deps[head] in {"dobj", "nsubjpass"}
        and parse.heads[head] == match.anchor
        and senses.lexicon.has_class("round_noun", senses.clauses.lemma[head])
    )
