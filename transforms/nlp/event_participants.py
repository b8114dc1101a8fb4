"""Who acts and who undergoes in a match: the slots of its sense, then what stands around it."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.nlp.annotations import Participant
from transforms.nlp.event_fallback import OtherSide
from transforms.nlp.event_parties import added_mention, owned, parties
from transforms.nlp.event_senses import Match, Senses
from transforms.nlp.predicates import PREPOSITIONS
from transforms.plover import quad_class

_SUFFERED = frozenset({"obj.on", "obj.of", "obj.against", "obj.for", "obj.to"})
_TARGETS = frozenset({"to", "against", "toward", "towards"})
_WITHIN = ("in", "from", "of", "across", "inside")
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
    initiators, where = _initiators(senses, match, how)
    slots = tuple(slot for slot in sense.recipient if slot != "recip")
    entities = _entities(senses, initiators)
    side = Side(_permitted(senses, match), [])
    if not side.mentions:
        side.mentions = _complement_recipients(senses, match, initiators)
        how.update({"complement"} if side.mentions else ())
    if not side.mentions:
        side = _side(senses, match, slots, acting=False, taken=initiators)
    several = len(entities) > 1 or any(senses.is_plural(t) for t in where)
    recipients = [
        m
        for m in side.mentions
        if layer.mentions[m].entity not in entities and not (several and _each_other(senses, m))
    ]
    if "recip" in sense.recipient and not recipients and initiators and several:
        return [Participant("participant", m) for m in _widest(senses, initiators)], how
    if not initiators and side.slot.endswith("between") and len(_entities(senses, recipients)) > 1:
        return [Participant("participant", m) for m in _widest(senses, recipients)], how
    if not recipients:
        recipients = _other_side(senses, match, initiators, side, how)
    recipients = _widest(senses, recipients)
    recipients += _homes(senses, recipients, entities)
    people = [Participant("initiator", m) for m in _widest(senses, initiators)]
    return people + [Participant("recipient", m) for m in recipients], how


def _each_other(senses: Senses, mention: int) -> bool:
    """ "each other", "the other side": the initiators themselves."""
    held, lower = senses.clauses.layer.mentions[mention], senses.parse.lower
    return all(lower[t] in _RETURN for t in range(held.start, held.end))


_RETURN = frozenset({"each", "other", "one", "another", "the", "side", "sides", "party"})


def _permitted(senses: Senses, match: Match) -> list[int]:
    """Y of "gave approval for Y to deliver aid"."""
    if match.sense.event_type != "CONCEDE":
        return []
    parse, children = senses.parse, senses.clauses.children
    for top in dict.fromkeys((match.token, match.anchor)):
        for verb in children[top]:
            if parse.deps[verb] in {"acl", "advcl", "xcomp", "ccomp"} and any(
                parse.lower[c] == "for" and parse.deps[c] == "mark" for c in children[verb]
            ):
                for child in children[verb]:
                    if parse.deps[child] in {"nsubj", "nsubjpass"}:
                        return parties(senses, child, acting=False)
    return []


def _kind(senses: Senses, mention: int) -> str:
    layer = senses.clauses.layer
    return layer.entities[layer.mentions[mention].entity].entity_type


def _widest(senses: Senses, side: list[int]) -> list[int]:
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


def _homes(senses: Senses, side: list[int], taken: set[int]) -> list[int]:
    """The countries of people at large: "families in Somalia" are Somalia too."""
    clauses, layer = senses.clauses, senses.clauses.layer
    found: list[int] = []
    held = {layer.mentions[m].entity for m in side} | taken
    for index in side:
        head = layer.mentions[index].head
        if not senses.lexicon.has_class("people_noun", clauses.lemma[head]):
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
    return found


def _initiators(senses: Senses, match: Match, how: set[str]) -> tuple[list[int], list[int]]:
    """(who acts, argument heads of the slot that says so)."""
    slots = match.sense.initiator
    if match.sense.event_type == "MOBILIZE" and match.sense.pos == "noun" and "of" in slots:
        found = _governor_subject(senses, match)  # "announced the deployment of 30 troops"
        if found:
            how.add("governor")
            return found, []
    side = _side(senses, match, slots, acting=True, taken=[])
    found = side.mentions
    for step in (_governor_subject, _elsewhere):
        if not found:
            found = step(senses, match)
            how.update({"governor"} if found else ())
    if not found:
        found = _unknown(senses, side.heads, match, things=False)
        how.update({"made"} if found else ())
    return found, side.heads


def _other_side(
    senses: Senses, match: Match, initiators: list[int], side: Side, how: set[str]
) -> list[int]:
    """Who undergoes what the sense's own slots name nobody for."""
    sense = match.sense
    around = OtherSide(senses, match, initiators)
    heads = side.heads
    thing = [token for token in heads[:1] if _is_itself(senses, match, token, side.slot, around)]
    found = _unknown(senses, thing, match, things=True)
    if found:
        how.add("made")
        return found
    if not sense.recipient or not (initiators or sense.event_type != "CONSULT"):
        return []
    found, step = around.near()
    if found:
        how.add(step)
        return found
    found = _unknown(senses, heads, match, things=True)
    how.update({"made"} if found else ())
    if not found and initiators:
        found = around.far()
        how.update({"far"} if found else ())
    return found


def _is_itself(senses: Senses, match: Match, token: int, slot: str, around: OtherSide) -> bool:
    """Is the thing at an argument head the other side, rather than somebody it belongs to?

    What is attacked or seized is; what is condemned, rejected or given something, where it names
    nobody.
    """
    kind = match.sense.event_type
    if kind in _THINGS:
        return True
    if kind == "ACCUSE" and _deed(senses, token):
        return not any(around.inside(t) for t in _places_of(senses, token))
    if senses.parse.pos[token] != "NOUN" or around.inside(token):
        return False
    return slot.rsplit(".", 1)[-1] in _TARGETS or (kind in _SAID and not around.beside())


def _places_of(senses: Senses, token: int) -> list[int]:
    """Heads of "in …" at a noun or at what it is done to: where a deed was done."""
    preps = senses.clauses.noun(token).preps
    found = list(preps.get("in", ()))
    for slot in ("on", "against", "of"):
        for below in preps.get(slot, ()):
            found.extend(senses.clauses.noun(below).preps.get("in", ()))
    return found


def _deed(senses: Senses, token: int) -> bool:
    """A noun for a hostile act ("the attack on a church"): to accuse of it is to mean its doer."""
    return senses.is_event(token) and any(
        quad_class(sense.event_type) == 4 and sense.words == (senses.clauses.lemma[token],)
        for sense in senses.lexicon.nouns.get(senses.clauses.lemma[token], ())
    )


def _elsewhere(senses: Senses, match: Match) -> list[int]:
    """Who acts in a passive without agent, from the clause or place beside it.

    "was freed after the king pardoned him", "were killed when rebels shelled the market"; of an
    official act the country: "were arrested in Niger".
    """
    kind = match.sense.event_type
    if match.sense.pos != "verb" or kind not in _OFFICIAL | {"ASSAULT"}:
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
    inner = senses.best(verb)
    for child in clauses.verb(verb).obj:
        inner = inner or senses.best(child)
    if kind == "ASSAULT" and (inner is None or inner.sense.event_type != "ASSAULT"):
        return []
    held = {layer.mentions[m].entity for t in patients for m in parties(senses, t, acting=False)}
    for token in clauses.verb(verb).subj:
        found = [
            m
            for m in parties(senses, token, acting=True)
            if layer.mentions[m].entity not in held
            and (kind == "ASSAULT" or layer.entities[layer.mentions[m].entity].sector in _RULING)
        ]
        if found:
            return found
    return []


_CAUSES = frozenset({"after", "when", "as", "once", "because"})
_RULING = frozenset({"GOV", "MIL", "COP", "JUD", "LEG", "REB"})
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
        side = _side(senses, inner, slots, acting=False, taken=taken)
        found = [m for m in side.mentions if layer.mentions[m].entity not in entities]
        if found:
            return found
    return []


def _governor_subject(senses: Senses, match: Match) -> list[int]:
    """Who does what a noun names, when only the verb over it says: "cancelled a visit"."""
    clauses = senses.clauses
    if match.sense.pos == "light":  # "its ban, imposed after …"
        frame = clauses.noun(match.token)
        owners = senses.possessors(frame)
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
        if path is None and senses.parse.deps[match.token] == "dobj" and senses.best(verb) is None:
            for token in clauses.verb(verb).subj:
                found = parties(senses, token, acting=True)
                if found:
                    return found
    return []


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


_JOINT = frozenset({"AGREE", "CONSULT", "COOPERATE"})
_TO_BLAME = frozenset({"responsible", "guilty", "culpable", "liable"})
_NO_THINGS = frozenset({"CONSULT", "MOBILIZE", "COOPERATE"})  # what is deployed is no party
_SAID = frozenset({"ACCUSE", "REJECT", "PROTEST", "THREATEN", "SUPPORT", "REQUEST"})


def _unknown(senses: Senses, heads: list[int], match: Match, *, things: bool) -> list[int]:
    """A mention made for an argument nobody has named: a surname, a thing attacked or rejected.

    Only what is said or held against it makes a happening a party ("rejected the referendum").
    """
    clauses = senses.clauses
    things = things and match.sense.event_type not in _NO_THINGS
    for token in heads:
        if clauses.layer.at(token) or token in clauses.temporal or token in match.used:
            continue
        thing = things and (
            match.sense.event_type in _SAID or clauses.lemma[token] not in senses.lexicon.nouns
        )
        if clauses.is_proper(token) or thing:
            made = added_mention(senses, token)
            if made is not None:
                return [made]
    return []


@dataclass(slots=True)
class Side:
    """One side of a match: its mentions, and the slot and argument heads they come from.

    Without mentions, slot and heads are those of the first slot that is filled at all.
    """

    mentions: list[int]
    heads: list[int]
    slot: str = ""


def _side(
    senses: Senses, match: Match, slots: tuple[str, ...], *, acting: bool, taken: list[int]
) -> Side:
    """The first slot that gives any mention.

    A slot that holds an act ("a warrant for talks with Ltd") waits for one that names somebody.
    """
    kind = match.sense.event_type
    filled, later = Side([], []), Side([], [])
    accused = not acting and kind == "ACCUSE"
    home = _countries(senses, taken)
    met = not acting and kind == "CONSULT" and len(_entities(senses, taken)) > 1
    for slot in slots:
        if (
            accused
            and slot in _SUFFERED
            and any(_deed(senses, t) for t in senses.slot(match, "obj"))
        ):
            continue
        tokens = [t for t in senses.slot(match, slot) if not _fronted(senses, match, t)]
        found: list[int] = []
        for token in tokens:
            if not acting and kind in _MUTUAL and owned(senses, token):
                continue  # "agreed to do what their leaders decided"
            if kind == "CONSULT" and senses.is_event(token):
                continue  # "rounds, with the 10th meeting in Seoul"
            deed = accused and _deed(senses, token)
            thing = not acting and kind in _THINGS
            found.extend(
                m
                for m in parties(senses, token, acting=acting or deed, thing=thing)
                if m not in found and m not in taken
            )
        if met and "recip" in match.sense.recipient:  # not where or as what they met
            found = [m for m in found if _kind(senses, m) not in {"place", "government"}]
        if found:
            act = slot in PREPOSITIONS and all(_act(senses, t) for t in tokens)
            act = act or (home and all(_home(senses, m, home) for m in found))
            if acting or not (act or (later.mentions and slot in {"in", "at"})):
                return Side(found, tokens, slot)
            later = later if later.mentions else Side(found, tokens, slot)
        if tokens and not filled.heads:
            filled = Side([], tokens, slot)
    return later if later.mentions else filled


def _entities(senses: Senses, side: list[int]) -> set[int]:
    return {senses.clauses.layer.mentions[m].entity for m in side}


def _countries(senses: Senses, side: list[int]) -> set[str | None]:
    """The countries that people and bodies of a side are of."""
    entities = senses.clauses.layer.entities
    return {entities[e].country_code for e in _entities(senses, side)} - {None}


def _home(senses: Senses, mention: int, countries: set[str | None]) -> bool:
    """Is it a country of these? "Maduro closed Venezuela's border with Brazil" is about Brazil."""
    entity = senses.clauses.layer.entities[senses.clauses.layer.mentions[mention].entity]
    return entity.entity_type == "country" and entity.country_code in countries


def _act(senses: Senses, token: int) -> bool:
    return senses.parse.pos[token] in {"VERB", "AUX"} or senses.is_event(token)


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
