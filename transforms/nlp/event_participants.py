"""Who acts and who undergoes in a match: the slots of its sense, then what stands around it."""

from __future__ import annotations

from transforms.nlp.annotations import Participant
from transforms.nlp.event_fallback import fallback_recipients
from transforms.nlp.event_parties import added_mention, owned, parties
from transforms.nlp.event_senses import Match, Senses

_THINGS = frozenset({"ASSAULT", "COERCE"})  # of these, things are recipients too
_MUTUAL = frozenset({"AGREE", "CONCEDE", "RETREAT", "MOBILIZE", "REJECT"})


def participants(senses: Senses, match: Match) -> tuple[list[Participant], set[str]]:
    """(parties, how they were found) of a match; a reciprocal event has participants.

    The set holds "fallback" when the other side comes from outside the sense's own slots,
    "complement" when from the complement's sense, "governor" when the verb over a noun gives who
    acts, "made" when a mention had to be made.
    """
    sense, layer = match.sense, senses.clauses.layer
    how: set[str] = set()
    initiators, where = _side(senses, match, sense.initiator, acting=True, taken=[])
    if not initiators:
        initiators = _governor_subject(senses, match)
        how.update({"governor"} if initiators else ())
    if not initiators:
        initiators = _authorities(senses, match)
        how.update({"governor"} if initiators else ())
    if not initiators:
        initiators = _unknown(senses, where, match)
        how.update({"made"} if initiators else ())
    slots = tuple(slot for slot in sense.recipient if slot != "recip")
    heads: list[int] = []
    recipients = _complement_recipients(senses, match, initiators)
    how.update({"complement"} if recipients else ())
    if not recipients:
        recipients, heads = _side(senses, match, slots, acting=False, taken=initiators)
    entities = [layer.mentions[m].entity for m in initiators]
    recipients = [m for m in recipients if layer.mentions[m].entity not in entities]
    several = len(set(entities)) > 1 or any(senses.is_plural(t) for t in where)
    if "recip" in sense.recipient and not recipients and initiators and several:
        return [Participant("participant", m) for m in initiators], how
    if not recipients and sense.event_type in _THINGS:
        recipients = _unknown(senses, heads, match)
        how.update({"made"} if recipients else ())
    if not recipients and sense.recipient and (initiators or sense.event_type != "CONSULT"):
        recipients = fallback_recipients(senses, match, initiators)
        how.update({"fallback"} if recipients else ())
        if not recipients:
            recipients = _unknown(senses, heads, match)
            how.update({"made"} if recipients else ())
    people = [Participant("initiator", m) for m in initiators]
    return people + [Participant("recipient", m) for m in recipients], how


def _authorities(senses: Senses, match: Match) -> list[int]:
    """The country that an official act without agent names: "were arrested in Niger"."""
    if match.sense.pos != "verb" or match.sense.event_type not in _OFFICIAL:
        return []
    frame = senses.clauses.verb(match.anchor)
    if not frame.passive:
        return []
    layer = senses.clauses.layer
    for slot in ("in", "from"):
        for token in frame.preps.get(slot, ()):
            found = [
                m
                for m in senses.clauses.mentions_at(token)
                if layer.entities[layer.mentions[m].entity].entity_type == "country"
            ]
            if found:
                return found
    return []


_OFFICIAL = frozenset({"COERCE", "SANCTION", "RETREAT"})


def _complement_recipients(senses: Senses, match: Match, taken: list[int]) -> list[int]:
    """Who the complement's own sense is about: "refused to send troops to Iraq" is Iraq."""
    if not any(slot.startswith("xcomp.") for slot in match.sense.recipient):
        return []
    if any(slot in {"obj", "prep"} for slot in match.sense.recipient[:1]):
        return []
    layer = senses.clauses.layer
    entities = {layer.mentions[m].entity for m in taken}
    for token in senses.slot(match, "xcomp"):
        inner = senses.best(token)
        if inner is None:
            for child in senses.clauses.verb(token).obj:
                inner = inner or senses.best(child)
        if inner is None:
            continue
        slots = tuple(slot for slot in inner.sense.recipient if slot != "recip")
        found, _ = _side(senses, inner, slots, acting=False, taken=taken)
        found = [m for m in found if layer.mentions[m].entity not in entities]
        if found:
            return found
    return []


def _governor_subject(senses: Senses, match: Match) -> list[int]:
    """Who does what a noun names, when only the verb over it says: "cancelled a visit"."""
    clauses = senses.clauses
    if match.sense.pos == "light":  # "its ban, imposed after …"
        frame = clauses.noun(match.token)
        return [m for t in frame.poss for m in parties(senses, t, acting=True)]
    if match.sense.pos != "noun":
        return []
    for verb, path in senses.governors(match.token):
        if path is None and senses.parse.deps[match.token] == "dobj" and senses.best(verb) is None:
            for token in clauses.verb(verb).subj:
                found = parties(senses, token, acting=True)
                if found:
                    return found
    return []


def _unknown(senses: Senses, heads: list[int], match: Match) -> list[int]:
    """A mention made for an argument nobody has named: a surname, a thing attacked or seized."""
    for token in heads:
        if senses.clauses.layer.at(token) or token in senses.clauses.temporal:
            continue
        thing = (
            match.sense.event_type in _THINGS | {"THREATEN"}
            and senses.clauses.lemma[token] not in senses.lexicon.nouns
        )
        if senses.clauses.is_proper(token) or thing:
            made = added_mention(senses, token)
            if made is not None:
                return [made]
    return []


def _side(
    senses: Senses, match: Match, slots: tuple[str, ...], *, acting: bool, taken: list[int]
) -> tuple[list[int], list[int]]:
    """(mentions, argument heads) of the first slot that gives any mention."""
    heads: list[int] = []
    for slot in slots:
        tokens = senses.slot(match, slot)
        found: list[int] = []
        for token in tokens:
            if not acting and match.sense.event_type in _MUTUAL and owned(senses, token):
                continue  # "agreed to do what their leaders decided"
            if match.sense.event_type == "CONSULT" and senses.is_event(token):
                continue  # "rounds, with the 10th meeting in Seoul"
            thing = not acting and match.sense.event_type in _THINGS
            found.extend(
                m
                for m in parties(senses, token, acting=acting, thing=thing)
                if m not in found and m not in taken
            )
        if found:
            return found, tokens
        heads = heads or tokens
    return [], heads
