"""The other side of an event when the slots of its sense are empty."""

from __future__ import annotations

from transforms.nlp.event_parties import owned
from transforms.nlp.event_senses import Match, Senses

_NO_PARTY = {  # where people meet, and what is deployed, is no party
    "CONSULT": frozenset({"in", "at", "near", "across"}),
    "MOBILIZE": frozenset({"of", "obj"}),
    "RETREAT": frozenset({"of"}),
}
_GENERIC = ("obj", "with", "against", "to", "on", "from", "for", "toward", "towards", "into", "of",
            "between", "among", "in", "at", "near", "over", "across", "about", "as")  # fmt: skip


def fallback_recipients(senses: Senses, match: Match, initiators: list[int]) -> list[int]:
    """The other side when the sense's own slots are empty: generic slots, then the complement.

    Actors go before places; what belongs to the initiator ("its troops") is no other side.
    """
    taken = {senses.clauses.layer.mentions[m].entity for m in initiators}
    without = _NO_PARTY.get(match.sense.event_type, frozenset())
    own = {match.token, *match.used}
    layer = senses.clauses.layer
    found = [
        m
        for m in _search(senses, match.anchor, match.token, taken, 0, without)
        if layer.mentions[m].head not in own
    ]
    return found[:1] if found else []


def _search(
    senses: Senses,
    anchor: int,
    token: int,
    taken: set[int],
    depth: int,
    without: frozenset[str] = frozenset(),
) -> list[int]:
    clauses, layer = senses.clauses, senses.clauses.layer
    verb = senses.parse.pos[anchor] in {"VERB", "AUX"}
    heads: list[int] = []
    noun = not verb or token != anchor
    for slot in _GENERIC:
        if noun and slot not in without:
            heads.extend(clauses.noun(token).preps.get(slot, []))
    for slot in _GENERIC:
        if not verb or slot in without:
            continue
        frame = clauses.verb(anchor)
        if slot == "obj":
            heads.extend(t for t in frame.obj + frame.iobj if t != token)
        else:
            heads.extend(t for t in frame.preps.get(slot, []) if t > anchor)
    if verb:
        heads.extend(clauses.verb(anchor).xcomp)
    heads.extend(clauses.noun(token).xcomp if token != anchor or not verb else [])
    actors: list[int] = []
    places: list[int] = []
    for head in heads:
        for mention in _deep(senses, head, taken, depth):
            entity = layer.entities[layer.mentions[mention].entity]
            if layer.mentions[mention].entity in taken:
                continue
            side = places if entity.entity_type == "place" else actors
            if mention not in side:
                side.append(mention)
    return actors + places


def _deep(senses: Senses, head: int, taken: set[int], depth: int) -> list[int]:
    """Mentions in an argument and, where it has none, in its own arguments."""
    clauses, layer, parse = senses.clauses, senses.clauses.layer, senses.parse
    if depth > 4 or head in clauses.temporal:
        return []
    if parse.pos[head] in {"VERB", "AUX"}:
        return _search(senses, head, head, taken, depth + 1)
    own = [
        m
        for t in clauses.conjuncts(head)
        for m in clauses.mentions_at(t)
        if layer.mentions[m].entity not in taken
    ]
    own_side = owned(senses, head)
    if own and not own_side and senses.parse.pos[head] != "PRON":
        return own
    found = []
    for child in clauses.children[head]:
        if parse.deps[child] in {"prep", "acl", "relcl", "appos"}:
            below = clauses.children[child] if parse.deps[child] == "prep" else [child]
            for inner in below:
                found.extend(_deep(senses, inner, taken, depth + 1))
        elif parse.deps[child] in {"poss", "compound", "amod", "nmod"} and not own_side:
            found.extend(
                m for m in clauses.mentions_at(child) if layer.mentions[m].entity not in taken
            )
    return found
