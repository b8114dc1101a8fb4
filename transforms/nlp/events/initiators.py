"""Who acts in a match: the slots of its sense, the verb over a noun, the clause beside it."""

from __future__ import annotations

from transforms.nlp.events.parties import parties
from transforms.nlp.events.scenes import is_place
from transforms.nlp.events.senses import Match, Senses
from transforms.nlp.events.sides import made_for, side_of
from transforms.plover import having

_THEM = frozenset({"him", "her", "them", "it"})
_CAUSES = frozenset({"after", "when", "as", "once", "because"})
_RULING = frozenset({"GOV", "MIL", "COP", "JUD", "LEG", "REB"})
_OFFICIAL = having("official")
_JOINT = having("joint")
_FORCE = having("hits_things")
_DURING = ("in", "during", "from", "because")  # what a deed stands after that somebody died of
_TO_BLAME = frozenset({"responsible", "guilty", "culpable", "liable"})


def initiators_of(senses: Senses, match: Match, how: set[str]) -> tuple[list[int], list[int]]:
    """(who acts, argument heads of the slot that says so)."""
    slots = match.sense.initiator
    if match.sense.event_type == "MOBILIZE" and match.sense.pos == "noun" and "of" in slots:
        found = _governor_subject(senses, match)  # "announced the deployment of 30 troops"
        if found:
            how.add("governor")
            return found, []
        slots = (*(slot for slot in slots if slot != "of"), "of")
    side = side_of(senses, match, slots, acting=True, taken=[])
    found = side.mentions
    if match.sense.event_type == "ASSAULT" and all(is_place(senses, m) for m in found):
        found = []  # "in Hasaka Province, which killed …"
    for step in (_governor_subject, _elsewhere, _deed_doers):
        if not found:
            found = step(senses, match)
            how.update({"governor"} if found else ())
    if not found and match.sense.event_type == "AGREE" and match.sense.pos == "verb":
        frame = senses.clauses.verb(match.anchor)  # "are committed to", tagged as a passive
        if frame.passive and senses.lexicon.has_class(
            "binding_verb", senses.clauses.lemma[match.anchor]
        ):
            found = [m for t in frame.obj for m in parties(senses, t, acting=True)]
    if not found:
        found = made_for(senses, side.heads, match, things=False)
        how.update({"made"} if found else ())
    found.extend(m for m in _masters(senses, found) if m not in found)
    return found, side.heads


def _masters(senses: Senses, found: list[int]) -> list[int]:
    """Whom a nameless group acts for: "gunmen believed to belong to X", "a team sent by X"."""
    clauses, parse, layer = senses.clauses, senses.parse, senses.clauses.layer
    masters: list[int] = []
    for index in found:
        held = layer.mentions[index]
        if held.mention_type == "name" or parse.tags[held.head] not in {"NN", "NNS"}:
            continue
        preps = clauses.noun(held.head).preps
        tokens = list(preps.get("from", ()))
        entity = layer.entities[held.entity]
        if entity.sector == "MIL" and entity.entity_type == "organization":
            for token in preps.get("of", ()):  # "by forces of the regime or Russia"
                masters.extend(parties(senses, token, acting=True))
        for child in clauses.children[held.head]:
            if (
                parse.deps[child] in {"acl", "amod"}
                and child > held.head
                and senses.lexicon.has_class("belonging_verb", clauses.lemma[child])
            ):
                tokens.extend(t for t in parse.subtree(child) if parse.deps[t] == "pobj")
        for token in tokens:
            masters.extend(
                m
                for m in clauses.mentions_at(token)
                if layer.mentions[m].mention_type == "name"
                and layer.mentions[m].head == token
                and layer.entities[layer.mentions[m].entity].entity_type
                in {"organization", "group", "government"}
            )
    return masters


def _governor_subject(senses: Senses, match: Match) -> list[int]:
    """Who does what a noun names, when only the verb over it says: "cancelled a visit"."""
    clauses = senses.clauses
    if match.sense.pos == "light":  # "its ban, imposed after …"
        frame = clauses.noun(match.token)
        owners = frame.poss or [t for t in senses.possessors(frame) if _named(senses, t)]
        owners = owners or frame.preps.get("by", [])
        if match.sense.event_type in _JOINT:  # "a meeting of Tadic with Ivanov is planned"
            owners = owners or frame.preps.get("of", []) or frame.preps.get("between", [])
        return [m for t in owners for m in parties(senses, t, acting=True)]
    if match.sense.pos == "verb" and match.sense.event_type in _JOINT:
        frames = [clauses.noun(t) for t in clauses.verb(match.anchor).obj if senses.is_event(t)]
        owners = [t for f in frames for t in f.preps.get("of", []) or f.preps.get("between", [])]
        return [m for t in owners for m in parties(senses, t, acting=True)]
    if match.sense.pos != "noun":
        return []
    blamed = _blamed(senses, match.token)
    if blamed:
        return blamed
    for verb, path in senses.governors(match.token):
        told = senses.lexicon.has_class("telling_verb", clauses.lemma[verb])
        if told and match.sense.event_type == "ASSAULT":
            continue  # "described the killing"
        if path is None and senses.parse.deps[match.token] == "dobj" and senses.best(verb) is None:
            for token in clauses.verb(verb).subj:
                found = parties(senses, token, acting=True)
                if found:
                    return found
    return []


def _named(senses: Senses, token: int) -> bool:
    mentions = senses.clauses.layer.mentions
    return any(mentions[m].mention_type == "name" for m in senses.clauses.mentions_at(token))


def _blamed(senses: Senses, noun: int) -> list[int]:
    """X of "X was responsible for the killings", "X is guilty of the murder"."""
    clauses, parse = senses.clauses, senses.parse
    prep = parse.heads[noun]
    adjective = parse.heads[prep]
    if parse.deps[noun] != "pobj" or parse.lower[adjective] not in _TO_BLAME:
        return []
    if parse.pos[parse.heads[adjective]] not in {"AUX", "VERB"}:
        return []
    subjects = clauses.verb(parse.heads[adjective]).subj
    return [m for t in subjects for m in parties(senses, t, acting=True)]


def _elsewhere(senses: Senses, match: Match) -> list[int]:
    """Who acts in a passive without agent, from the clause or place beside it.

    "was freed after the king pardoned him", "were killed when rebels shelled the market"; of an
    official act the country: "were arrested in Niger".
    """
    kind = match.sense.event_type
    if match.sense.pos != "verb" or (kind not in _OFFICIAL and kind != "ASSAULT"):
        return []
    clauses, layer = senses.clauses, senses.clauses.layer
    frame = clauses.verb(match.anchor)
    if not frame.passive:
        return []
    for clause in clauses.children[match.anchor]:
        if senses.parse.deps[clause] == "advcl" and any(
            senses.parse.lower[c] in _CAUSES for c in clauses.children[clause]
        ):
            found = _doer(senses, clause, frame.obj, kind)
            if found:
                return found
    if kind not in _OFFICIAL:
        return []
    for slot in ("in", "from"):
        for token in frame.preps.get(slot, ()):
            found = [
                m
                for m in clauses.mentions_at(token)
                if layer.entities[layer.mentions[m].entity].entity_type == "country"
            ]
            if found:
                return found
    return []


def _doer(senses: Senses, verb: int, patients: list[int], kind: str) -> list[int]:
    """The subject of a clause that tells the same act: an attack, or what an authority did."""
    clauses, layer = senses.clauses, senses.clauses.layer
    frame = clauses.verb(verb)
    inner = senses.best(verb)
    for child in frame.obj:
        inner = inner or senses.best(child)
    if kind == "ASSAULT" and (inner is None or inner.sense.event_type not in _FORCE):
        return []
    below = senses.parse.subtree(verb)
    if inner is None and not any(senses.parse.lower[t] in _THEM for t in below if t > verb):
        return []
    held = {layer.mentions[m].entity for t in patients for m in parties(senses, t, acting=False)}
    for token in frame.subj:
        found = [
            m
            for m in parties(senses, token, acting=True)
            if layer.mentions[m].entity not in held
            and (kind == "ASSAULT" or layer.entities[layer.mentions[m].entity].sector in _RULING)
        ]
        if found:
            return found
    return []


def _deed_doers(senses: Senses, match: Match) -> list[int]:
    """Who did the deed that kills, or that somebody died in or at whose hands.

    "were killed during an attack by rebels", "were killed and 30 wounded in the Indian firing",
    "died in a shootout with police", "claimed bombings that killed 44".
    """
    if match.sense.event_type != "ASSAULT" or match.sense.pos != "verb":
        return []
    frame, layer = senses.clauses.verb(match.anchor), senses.clauses.layer
    held = {layer.mentions[m].entity for t in frame.obj for m in parties(senses, t, acting=False)}
    for token in _deeds(senses, match.anchor):
        found = [m for m in _of_deed(senses, token) if layer.mentions[m].entity not in held]
        if found:
            return found
    return []


def _deeds(senses: Senses, verb: int) -> list[int]:
    """Nouns for what a verb of violence tells of: its subject, or after "in" in the passive.

    The parser hangs a phrase that several verbs share on the last of them.
    """
    clauses, parse = senses.clauses, senses.parse
    frame = clauses.verb(verb)
    if not frame.passive:
        return [deed for t in frame.subj for deed in _up_to_deed(senses, t)]
    found: list[int] = []
    for place in (verb, *(c for c in clauses.children[verb] if parse.deps[c] == "conj")):
        if parse.pos[place] != "VERB" or (place != verb and parse.tags[place] != "VBN"):
            continue
        preps = clauses.verb(place).preps
        found.extend(t for slot in _DURING for t in preps.get(slot, ()))
        found.extend(t for t in preps.get("at", ()) if clauses.lemma[t] == "hand")
    return found


def _up_to_deed(senses: Senses, token: int) -> list[int]:
    """The noun itself and those it hangs on: "attacks in [Hasaka, which killed …]"."""
    parse, found = senses.parse, [token]
    while parse.deps[token] == "pobj" and len(found) < 4:
        token = parse.heads[parse.heads[token]]
        found.append(token)
    return found


def _of_deed(senses: Senses, noun: int) -> list[int]:
    """Who did what a noun of violence names; whom the dead met in a fight."""
    clauses = senses.clauses
    frame = clauses.noun(noun)
    if clauses.lemma[noun] == "hand":  # "at the hands of the rebels"
        heads = [*senses.possessors(frame), *frame.preps.get("of", ())]
        return [m for t in heads for m in parties(senses, t, acting=True)]
    if clauses.lemma[noun] == "responsibility":  # "claimed responsibility for bombings that …"
        return [m for t in clauses.owner(noun) for m in parties(senses, t, acting=True)]
    lemma, lexicon = clauses.lemma[noun], senses.lexicon
    fight = lexicon.has_class("combat_noun", lemma)
    if not fight and not lexicon.has_class("deadly_noun", lemma):
        return []
    owners = [*senses.possessors(frame), *frame.preps.get("by", ())]
    owners += frame.preps.get("with", ()) if fight else []
    first = clauses.first_conjunct(noun)  # "its attacks and strikes"
    if first != noun and not owners:
        shared = senses.possessors(clauses.noun(first))
        owners += [t for t in shared if senses.parse.pos[t] != "PRON"]
    found = [m for t in owners for m in parties(senses, t, acting=True)]
    inner = None if found else senses.best(noun)
    return found if inner is None else initiators_of(senses, inner, set())[0]
