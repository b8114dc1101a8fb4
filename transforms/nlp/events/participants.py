"""Who acts and who undergoes in a match: the slots of its sense, then what stands around it."""

from __future__ import annotations

from transforms.lexicons.loader import word_set
from transforms.nlp.annotations import Participant
from transforms.nlp.events.fallback import OtherSide
from transforms.nlp.events.initiators import initiators_of
from transforms.nlp.events.parties import parties
from transforms.nlp.events.scenes import is_foe, is_scene
from transforms.nlp.events.senses import Match, Senses
from transforms.nlp.events.sides import (
    SAID,
    THINGS,
    Side,
    entities_of,
    homes_of,
    is_deed,
    made_for,
    side_of,
    widest,
)

_TARGETS = frozenset({"to", "against", "toward", "towards"})


def participants(senses: Senses, match: Match) -> tuple[list[Participant], set[str]]:
    """(parties, how they were found) of a match; a reciprocal event has participants.

    The set holds "fallback" when the other side comes from outside the sense's own slots,
    "complement" when from the complement's sense, "governor" when the verb over a noun gives who
    acts, "made" when a mention had to be made.
    """
    sense, layer = match.sense, senses.clauses.layer
    how: set[str] = set()
    initiators, where = initiators_of(senses, match, how)
    slots = tuple(slot for slot in sense.recipient if slot != "recip")
    entities = entities_of(senses, initiators)
    side = Side(_permitted(senses, match), [])
    if not side.mentions:
        side.mentions = _complement_recipients(senses, match, initiators)
        how.update({"complement"} if side.mentions else ())
    if not side.mentions:
        side = side_of(senses, match, slots, acting=False, taken=initiators)
        if side.heads and (own := _own_words(senses, match)) is not None:
            side = side if own.issuperset(side.heads) else Side([], [])
    several = len(entities) > 1 or (
        any(senses.is_plural(t) for t in where) and any(_plural(senses, m) for m in initiators)
    )
    if several and any(senses.parse.lower[t] in _OTHERS for t in side.heads):
        return [Participant("participant", m) for m in widest(senses, initiators)], how
    acting = 2 if several else len(entities)
    recipients = [
        m
        for m in side.mentions
        if layer.mentions[m].entity not in entities
        and not (several and _each_other(senses, m))
        and not is_scene(senses, match, m, acting)
        and not is_foe(senses, match, m)
    ]
    if "recip" in sense.recipient and not recipients and initiators and several:
        recipients = OtherSide(senses, match, initiators, acting).partner()
        if not recipients:
            each = senses.lexicon.has_class(
                "pledge_verb", senses.clauses.lemma[match.anchor]
            )  # "European leaders pledged to …", but not to each other
            role = "initiator" if each else "participant"
            return [Participant(role, m) for m in widest(senses, initiators)], how
    if (
        not initiators
        and side.slot.endswith("between")
        and len(entities_of(senses, recipients)) > 1
    ):
        return [Participant("participant", m) for m in widest(senses, recipients)], how
    if not recipients:
        around = OtherSide(senses, match, initiators, acting)
        recipients = _other_side(around, side, how)
    recipients = widest(senses, recipients)
    recipients += homes_of(senses, match, recipients, entities)
    people = [Participant("initiator", m) for m in widest(senses, initiators)]
    return people + [Participant("recipient", m) for m in recipients], how


def _plural(senses: Senses, mention: int) -> bool:
    """More than one in a single mention: "the two ministers", "they"."""
    head = senses.clauses.layer.mentions[mention].head
    return senses.parse.tags[head] in {"NNS", "NNPS"} or (
        senses.parse.lower[head] in {"they", "them", "we", "both"}
    )


def _each_other(senses: Senses, mention: int) -> bool:
    """ "each other", "the other side": the initiators themselves."""
    held, lower = senses.clauses.layer.mentions[mention], senses.parse.lower
    words = {lower[t] for t in range(held.start, held.end)}
    return bool(words & _OTHERS) and words <= _OTHERS | {"the", "side", "sides", "one"}


_OTHERS = frozenset({"each", "other", "another"})


def _permitted(senses: Senses, match: Match) -> list[int]:
    """Y of "gave approval for Y to deliver aid"."""
    if match.sense.event_type != "CONCEDE":
        return []
    parse, children = senses.parse, senses.clauses.children
    for top in dict.fromkeys((match.token, match.anchor)):
        for verb in children[top]:
            if parse.deps[verb] not in {"acl", "advcl", "xcomp", "ccomp"}:
                continue
            if not senses.clauses.infinitive(verb):
                continue
            for child in children[verb]:
                if parse.deps[child] in {"nsubj", "nsubjpass"} and any(
                    parse.lower[c] == "for" and parse.deps[c] == "mark" for c in children[verb]
                ):
                    return parties(senses, child, acting=False)
            if parse.deps[verb] == "acl":  # "for" hung on the permission
                heads = senses.clauses.noun(top).preps.get("for", [])
                return [m for t in heads if t < verb for m in parties(senses, t, acting=False)]
    return []


def _other_side(around: OtherSide, side: Side, how: set[str]) -> list[int]:
    """Who undergoes what the sense's own slots name nobody for."""
    senses, match, initiators = around.senses, around.match, around.initiators
    sense = match.sense
    heads = side.heads
    if _dealt_with(senses, match, side.slot):
        heads = []
    thing = [token for token in heads[:1] if _is_itself(senses, match, token, side.slot, around)]
    target = _is_target(side.slot) and sense.event_type != "CONSULT"
    found = made_for(senses, thing, match, things=True, target=target)
    if found:
        how.add("made")
        return found
    if not sense.recipient or not (initiators or sense.event_type != "CONSULT"):
        return []
    if _pronoun(senses, heads):
        return []
    found, step = around.near()
    if found:
        how.add(step)
        return found
    found = made_for(senses, heads, match, things=True)
    how.update({"made"} if found else ())
    if not found and initiators:
        found = around.far()
        how.update({"far"} if found else ())
    return found


def _own_words(senses: Senses, match: Match) -> set[int] | None:
    """The words below a deed told of in passing ("called for restraint after the strike").

    None where the verb above it tells of the same.
    """
    parse, token = senses.parse, match.token
    if match.sense.pos != "noun" or parse.lower[parse.heads[token]] not in _IN_PASSING:
        return None
    return set(parse.subtree(token))


_IN_PASSING = word_set("words/events.tsv", "participants.in-passing")


def _dealt_with(senses: Senses, match: Match, slot: str) -> bool:
    """Is a thing in the slot no party: "refused to withdraw the tax"? What is to be hit is one."""
    if match.sense.event_type == "THREATEN" or _is_target(slot):
        return False
    if slot.partition(".")[0] not in {"xcomp", "ccomp"}:
        return False
    inner = (senses.best(t) for t in senses.slot(match, slot.partition(".")[0]))
    return not any(m is not None and m.sense.event_type in THINGS for m in inner)


def _pronoun(senses: Senses, heads: list[int]) -> bool:
    """Does the sense's own slot hold somebody nobody has named: "slammed those who …"?"""
    tags, lower = senses.parse.tags, senses.parse.lower
    return any(tags[t] == "PRP" or lower[t] in {"those", "anyone", "everyone"} for t in heads)


def _is_itself(senses: Senses, match: Match, token: int, slot: str, around: OtherSide) -> bool:
    """Is the thing at an argument head the other side, rather than somebody it belongs to?

    What is attacked or seized is; what is condemned, rejected or given something, where it names
    nobody.
    """
    kind = match.sense.event_type
    if kind in THINGS:
        return True
    if kind == "ACCUSE" and is_deed(senses, token):
        return not any(around.inside(t) for t in _places_of(senses, token))
    if senses.parse.pos[token] != "NOUN" or around.inside(token):
        return False
    return (kind in SAID or _is_target(slot)) and not around.beside()


def _is_target(slot: str) -> bool:
    """Does the slot say where something goes, or what it is agreed to leave?"""
    return slot == "xcomp.from" or slot.rsplit(".", 1)[-1] in _TARGETS


def _places_of(senses: Senses, token: int) -> list[int]:
    """Heads of "in …" at a noun or at what it is done to: where a deed was done."""
    preps = senses.clauses.noun(token).preps
    found = list(preps.get("in", ()))
    for slot in ("on", "against", "of"):
        for below in preps.get(slot, ()):
            found.extend(senses.clauses.noun(below).preps.get("in", ()))
    return found


def _complement_recipients(senses: Senses, match: Match, taken: list[int]) -> list[int]:
    """Who the complement's own sense is about: "refused to send troops to Iraq" is Iraq."""
    if not any(slot.startswith("xcomp.") for slot in match.sense.recipient):
        return []
    if any(slot in {"obj", "prep"} for slot in match.sense.recipient[:1]):
        return []
    layer = senses.clauses.layer
    entities = entities_of(senses, taken)
    for token in senses.slot(match, "xcomp"):
        inner = senses.best(token)
        if inner is None:
            for child in senses.clauses.verb(token).obj:
                inner = inner or senses.best(child)
        if inner is None:
            continue
        slots = tuple(slot for slot in inner.sense.recipient if slot != "recip")
        side = side_of(senses, inner, slots, acting=False, taken=taken)
        found = [m for m in side.mentions if layer.mentions[m].entity not in entities]
        if found:
            return found
    return []
