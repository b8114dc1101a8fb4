"""From argument heads to mentions: coordination, possessors, nationality, "of" and "in"."""

from __future__ import annotations

import hashlib

from transforms.nlp.annotations import EntityDraft, Mention, Participant
from transforms.nlp.entity_lexicon import fold
from transforms.nlp.entity_phrases import noun_phrase
from transforms.nlp.event_senses import Match, Senses

_DOWN = ("poss", "of", "by", "against", "on", "compound", "for", "in", "from", "with", "at",
         "near", "to", "over", "about", "between")  # fmt: skip
_UP_ONLY = ("poss", "by", "of", "compound", "from", "in")


def parties(senses: Senses, token: int, *, acting: bool, depth: int = 0) -> list[int]:
    """Mentions that stand at an argument head.

    A head that is no mention yields to what it belongs to: "Iran's parliament building" is
    Iran's parliament, "the death of a man" the man, "attacks in Idlib" Idlib. `acting` looks
    only to owners and authors, for the side that acts.
    """
    clauses = senses.clauses
    found: list[int] = []
    for head in clauses.conjuncts(token):
        own = clauses.mentions_at(head)
        if not own and depth < 3:
            own = _below(senses, head, acting=acting, depth=depth)
        found.extend(m for m in own if m not in found)
    return found


def _below(senses: Senses, head: int, *, acting: bool, depth: int) -> list[int]:
    parse = senses.parse
    if parse.pos[head] in {"VERB", "AUX"}:
        frame = senses.clauses.verb(head)
        tokens = [*frame.subj] if acting else [*frame.obj, *frame.subj]
        for token in tokens:
            found = parties(senses, token, acting=acting, depth=depth + 1)
            if found:
                return found
        return []
    frame = senses.clauses.noun(head)
    for slot in _UP_ONLY if acting else _DOWN:
        tokens = (
            senses._possessors(frame)
            if slot == "poss"
            else frame.compound
            if slot == "compound"
            else frame.preps.get(slot, [])
        )
        for token in tokens:
            found = parties(senses, token, acting=acting, depth=depth + 1)
            if found:
                return found
    for child in senses.clauses.children[head]:
        if parse.deps[child] == "appos":
            found = parties(senses, child, acting=acting, depth=depth + 1)
            if found:
                return found
    return []


def added_mention(senses: Senses, head: int) -> int | None:
    """A new mention for a party the entity layer does not know, appended to the layer.

    Its entity is of the article alone: the key holds the digest of the text.
    """
    parse, layer = senses.parse, senses.clauses.layer
    if parse.pos[head] not in {"NOUN", "PROPN"}:
        return None
    start, end = noun_phrase(parse, head)
    while start < head and parse.pos[start] in {"DET", "PUNCT"}:
        start += 1
    text = parse.span_text(start, end)
    digest = hashlib.sha256(parse.text.encode()).hexdigest()[:16]
    key = f"other:{fold(text)}|{digest}"
    known = {entity.key: index for index, entity in enumerate(layer.entities)}
    entity = known.get(key)
    if entity is None:
        entity = len(layer.entities)
        layer.entities.append(EntityDraft(key, text, "other", None, "UNK"))
    kind = "name" if parse.pos[head] == "PROPN" else "nominal"
    layer.mentions.append(Mention(start, end, head, entity, kind, None, "argument", 0.4))
    layer._by_token = None  # made anew with the new mention
    return len(layer.mentions) - 1


def participants(senses: Senses, match: Match) -> list[Participant]:
    """Initiators and recipients of a match; a reciprocal event has participants."""
    sense, layer = match.sense, senses.clauses.layer
    initiators, where = _side(senses, match, sense.initiator, acting=True, taken=[])
    slots = tuple(slot for slot in sense.recipient if slot != "recip")
    recipients, _ = _side(senses, match, slots, acting=False, taken=initiators)
    entities = [layer.mentions[m].entity for m in initiators]
    recipients = [m for m in recipients if layer.mentions[m].entity not in entities]
    if "recip" in sense.recipient and not recipients and initiators:
        plural = len(initiators) > 1 or any(senses.is_plural(t) for t in where)
        if plural:
            return [Participant("participant", m) for m in initiators]
    return [Participant("initiator", m) for m in initiators] + [
        Participant("recipient", m) for m in recipients
    ]


_THINGS = frozenset({"ASSAULT", "COERCE", "AID", "RETREAT", "PROTEST", "SANCTION"})


def _side(
    senses: Senses, match: Match, slots: tuple[str, ...], *, acting: bool, taken: list[int]
) -> tuple[list[int], list[int]]:
    """(mentions, argument heads) of the first slot that gives any mention."""
    heads: list[int] = []
    for slot in slots:
        tokens = senses.slot(match, slot)
        found: list[int] = []
        for token in tokens:
            found.extend(
                m
                for m in parties(senses, token, acting=acting)
                if m not in found and m not in taken
            )
        if found:
            return found, tokens
        heads = heads or tokens
    for token in heads:
        proper = senses.parse.pos[token] == "PROPN"
        thing = (
            not acting
            and match.sense.event_type in _THINGS
            and senses.clauses.lemma[token] not in senses.lexicon.nouns
        )
        if proper or thing:
            made = added_mention(senses, token)
            if made is not None:
                return [made], heads
    return [], heads
