"""One side of a match: which slot of its sense names whom, each party once."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.nlp.clauses.predicates import PREPOSITIONS
from transforms.nlp.events.parties import added_mention, owned, parties
from transforms.nlp.events.senses import Match, Senses
from transforms.plover import having, quad_class

_SUFFERED = frozenset({"obj.on", "obj.of", "obj.against", "obj.for", "obj.to"})
_PEOPLED = having("peopled")
_WITHIN = ("in", "from", "of", "across", "inside")
THINGS = having("hits_things")
_OWN_OBJECT = having("own_object")
_OF_THINGS = having("of_things")
SAID = having("said_of")


@dataclass(slots=True)
class Side:
    """One side of a match: its mentions, and the slot and argument heads they come from.

    Without mentions, slot and heads are those of the first slot that is filled at all.
    """

    mentions: list[int]
    heads: list[int]
    slot: str = ""


def side_of(
    senses: Senses, match: Match, slots: tuple[str, ...], *, acting: bool, taken: list[int]
) -> Side:
    """The first slot that gives any mention.

    A slot that holds an act ("a warrant for talks with Ltd") waits for one that names somebody.
    """
    kind = match.sense.event_type
    filled, later = Side([], []), Side([], [])
    accused = not acting and kind == "ACCUSE"
    met = not acting and kind == "CONSULT" and len(entities_of(senses, taken)) > 1
    for slot in slots:
        if (
            accused
            and slot in _SUFFERED
            and any(is_deed(senses, t) for t in senses.slot(match, "obj"))
        ):
            continue
        tokens = [t for t in senses.slot(match, slot) if not _fronted(senses, match, t)]
        found: list[int] = []
        for token in tokens:
            if not acting and kind in _OWN_OBJECT and owned(senses, token):
                continue  # "agreed to do what their leaders decided"
            if kind == "CONSULT" and senses.is_event(token):
                continue  # "rounds, with the 10th meeting in Seoul"
            if accused and is_deed(senses, token):
                named = _doers(senses, token)
            else:
                thing = not acting and kind in THINGS
                named = parties(senses, token, acting=acting, thing=thing)
            found.extend(m for m in named if m not in found and m not in taken)
        if met and "recip" in match.sense.recipient:  # not where or as what they met
            found = [m for m in found if _kind(senses, m) not in {"place", "government"}]
        if found:
            if acting or not (
                (slot in PREPOSITIONS and all(_act(senses, t) for t in tokens))
                or _at_home(senses, found, taken)
                or (later.mentions and slot in {"in", "at"})
            ):
                return Side(found, tokens, slot)
            later = later if later.mentions else Side(found, tokens, slot)
        if tokens and not filled.heads:
            filled = Side([], tokens, slot)
    return later if later.mentions else filled


def _fronted(senses: Senses, match: Match, token: int) -> bool:
    """Is the head below another noun before the verb ("On a visit to Oslo, Li praised …")?"""
    parse, anchor = senses.parse, match.anchor
    if token > anchor or parse.pos[anchor] != "VERB" or parse.deps[token] != "pobj":
        return False
    prep = parse.heads[token]
    if parse.lower[prep] == "with":  # "in a meeting with Mulroney, agreed to …"
        return False
    noun = parse.heads[prep]
    above = parse.heads[noun]
    return (
        parse.deps[prep] == "prep"
        and parse.deps[noun] == "pobj"
        and parse.deps[above] == "prep"
        and parse.heads[above] == anchor
        and above < anchor
    )


def _act(senses: Senses, token: int) -> bool:
    return senses.parse.pos[token] in {"VERB", "AUX"} or senses.is_event(token)


def is_deed(senses: Senses, token: int) -> bool:
    """A noun for a hostile act ("the attack on a church"): to accuse of it is to mean its doer."""
    return senses.is_event(token) and any(
        quad_class(sense.event_type) == 4 and sense.words == (senses.clauses.lemma[token],)
        for sense in senses.lexicon.nouns.get(senses.clauses.lemma[token], ())
    )


def _doers(senses: Senses, deed: int) -> list[int]:
    """Who did it: "Iran's attack on a ship", "the murder of a nun by rebels"."""
    frame = senses.clauses.noun(deed)
    heads = [*senses.possessors(frame), *frame.preps.get("by", ()), *frame.preps.get("from", ())]
    for slot in ("of", "on", "against"):
        for below in frame.preps.get(slot, ()):
            heads.extend(senses.clauses.noun(below).preps.get("by", ()))
    return [m for t in heads for m in parties(senses, t, acting=True)]


def widest(senses: Senses, side: list[int]) -> list[int]:
    """The side without what a wider mention of it holds, and each entity once.

    "The Thai and Cambodian prime ministers" are those, not Thailand, Cambodia and those.
    """
    mentions = senses.clauses.layer.mentions
    found: list[int] = []
    entities: set[int] = set()
    for index in side:
        held = mentions[index]
        inside = any(
            other != index
            and mentions[other].start <= held.start
            and held.end <= mentions[other].end
            and mentions[other].end - mentions[other].start > held.end - held.start
            for other in side
        )
        if not inside and held.entity not in entities:
            entities.add(held.entity)
            found.append(index)
    return found


def homes_of(senses: Senses, match: Match, side: list[int], taken: set[int]) -> list[int]:
    """The countries of people at large: "aid to families in Somalia" is aid to Somalia too.

    Not those of a person, nor where people stand before a court.
    """
    clauses, layer = senses.clauses, senses.clauses.layer
    found: list[int] = []
    if match.sense.event_type not in _PEOPLED:
        return found
    held = entities_of(senses, side) | taken
    for index in side:
        head = layer.mentions[index].head
        if not senses.lexicon.has_class("people_noun", clauses.lemma[head]) or (
            senses.parse.tags[head] != "NNS"
        ):
            continue
        for place in _living_in(senses, head):
            for token in clauses.conjuncts(place):
                for other in clauses.mentions_at(token):
                    entity = layer.mentions[other].entity
                    if layer.entities[entity].entity_type == "country" and entity not in held:
                        held.add(entity)
                        found.append(other)
    return found


def _living_in(senses: Senses, head: int) -> list[int]:
    """Heads of "in Somalia", "from Somalia", "living in Somalia" after a noun."""
    frame = senses.clauses.noun(head)
    found = [t for slot in _WITHIN for t in frame.preps.get(slot, ())]
    for child in senses.clauses.children[head]:
        if senses.parse.deps[child] == "acl":
            preps = senses.clauses.verb(child).preps
            found.extend(t for slot in _WITHIN for t in preps.get(slot, ()))
    parse = senses.parse
    for prep in range(head + 1, min(head + 2, len(parse))):  # hung on the verb by the parser
        if parse.lower[prep] == "from" and parse.sent_of[prep] == parse.sent_of[head]:
            found.extend(c for c in senses.clauses.children[prep] if parse.deps[c] == "pobj")
    return found


def entities_of(senses: Senses, side: list[int]) -> set[int]:
    return {senses.clauses.layer.mentions[m].entity for m in side}


def _at_home(senses: Senses, side: list[int], taken: list[int]) -> bool:
    """Only the countries of those who act? "Maduro closed Venezuela's border with Brazil"."""
    entities = senses.clauses.layer.entities
    found = [entities[e] for e in entities_of(senses, side)]
    if not all(entity.entity_type == "country" for entity in found):
        return False
    own = {entities[e].country_code for e in entities_of(senses, taken)} - {None}
    return all(entity.country_code in own for entity in found)


def _kind(senses: Senses, mention: int) -> str:
    layer = senses.clauses.layer
    return layer.entities[layer.mentions[mention].entity].entity_type


def made_for(
    senses: Senses, heads: list[int], match: Match, *, things: bool, target: bool = False
) -> list[int]:
    """A mention made for an argument nobody has named: a surname, a thing attacked or rejected.

    Only what is said or held against it makes a happening a party ("rejected the referendum").
    With `target` the heads are where something is sent to.
    """
    clauses = senses.clauses
    kind, layer = match.sense.event_type, clauses.layer
    for token in heads:
        if token in clauses.temporal or token in match.used:
            continue
        there = layer.at(token)
        if there:
            made = layer.mentions[there[0]]
            if things and made.method == "argument" and made.head == token:
                return there[:1]
            continue
        thing = things and (
            kind in SAID
            or ((kind in _OF_THINGS or target) and clauses.lemma[token] not in senses.lexicon.nouns)
        )
        if clauses.is_proper(token) or thing:
            added = added_mention(senses, token)
            if added is not None:
                return [added]
    return []
