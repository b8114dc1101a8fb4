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


def parties(
    senses: Senses, token: int, *, acting: bool, depth: int = 0, thing: bool = False
) -> list[int]:
    """Mentions that stand at an argument head.

    A head that is no mention yields to what it belongs to: "Iran's parliament building" is
    Iran's parliament, "the death of a man" the man, "attacks in Idlib" Idlib. `acting` looks
    only to owners and authors, for the side that acts. A nominal yields to a name in apposition,
    a pronoun to a name of its entity in the sentence. With `thing` a thing stands for itself and
    not for the place it is in.
    """
    clauses = senses.clauses
    found: list[int] = []
    for head in clauses.conjuncts(token):
        if head in clauses.temporal:
            continue
        own = [_named(senses, m) for m in clauses.mentions_at(head)]
        if not own and senses.parse.pos[head] == "PRON" and depth < 3:
            own = _speaker(senses, head, depth)
        if not own and depth < 3:
            own = _below(senses, head, acting=acting, depth=depth, thing=thing)
        if not own and acting and depth < 3:  # "put out a report accusing the army"
            for owner in clauses.owner(head):
                own = own or parties(senses, owner, acting=True, depth=depth + 1)
        found.extend(m for m in own if m not in found)
    return found


def _named(senses: Senses, index: int) -> int:
    """The mention that says best who it is: an apposed name, a name for a pronoun."""
    parse, layer = senses.parse, senses.clauses.layer
    mention = layer.mentions[index]
    if mention.mention_type == "nominal":
        near = list(senses.clauses.children[mention.head])
        for place in senses.clauses.noun(mention.head).preps.get("of", ()):
            near.extend(senses.clauses.children[place])  # "the minister of Norway, Espen Eide"
        for child in near:
            if parse.deps[child] == "appos" and parse.pos[child] == "PROPN":
                for other in senses.clauses.mentions_at(child):
                    if layer.entities[layer.mentions[other].entity].entity_type == "person":
                        return other
    elif mention.mention_type == "pronoun":
        sentence = parse.sents[parse.sent_of[mention.head]]
        for other in range(index - 1, -1, -1):
            named = layer.mentions[other]
            if named.start < sentence.start:
                break
            if named.entity == mention.entity and named.mention_type != "pronoun":
                return other
    return index


def _speaker(senses: Senses, pronoun: int, depth: int) -> list[int]:
    """ "X said it would …": an unresolved subject pronoun is the subject of the speech verb."""
    parse = senses.parse
    if parse.deps[pronoun] not in {"nsubj", "nsubjpass"}:
        return []
    verb, steps = parse.heads[pronoun], 0
    while steps < 4 and parse.heads[verb] != verb:
        if parse.deps[verb] in {"ccomp", "advcl"}:
            for subject in senses.clauses.verb(parse.heads[verb]).subj:
                if subject != pronoun:
                    return parties(senses, subject, acting=True, depth=depth + 1)
        verb, steps = parse.heads[verb], steps + 1
    return []


def _below(
    senses: Senses, head: int, *, acting: bool, depth: int, thing: bool = False
) -> list[int]:
    parse = senses.parse
    stays = thing and senses.clauses.lemma[head] not in senses.lexicon.nouns
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
        if stays and slot not in {"poss", "of", "compound"}:
            continue
        tokens = (
            senses.possessors(frame)
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


_NO_PARTY = {  # where people meet, and what is deployed, is no party
    "CONSULT": frozenset({"in", "at", "near", "across"}),
    "MOBILIZE": frozenset({"of", "obj"}),
    "RETREAT": frozenset({"of"}),
}
_GENERIC = ("obj", "with", "against", "to", "on", "from", "for", "toward", "towards", "into", "of",
            "between", "among", "in", "at", "near", "over", "across", "about", "as")  # fmt: skip
_OWN_SIDE = frozenset({"its", "his", "her", "their", "our", "my"})


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
    owned = any(
        parse.deps[c] == "poss" and parse.lower[c] in _OWN_SIDE for c in clauses.children[head]
    )
    if own and not owned and senses.parse.pos[head] != "PRON":
        return own
    found = []
    for child in clauses.children[head]:
        if parse.deps[child] in {"prep", "acl", "relcl", "appos"}:
            below = clauses.children[child] if parse.deps[child] == "prep" else [child]
            for inner in below:
                found.extend(_deep(senses, inner, taken, depth + 1))
        elif parse.deps[child] in {"poss", "compound", "amod", "nmod"} and not owned:
            found.extend(
                m for m in clauses.mentions_at(child) if layer.mentions[m].entity not in taken
            )
    return found


_THINGS = frozenset({"ASSAULT", "COERCE"})  # of these, things are recipients too


_MUTUAL = frozenset({"AGREE", "CONCEDE", "RETREAT", "MOBILIZE", "REJECT"})


def _owned(senses: Senses, token: int) -> bool:
    """Does the head belong to the side that acts ("its troops")?"""
    parse = senses.parse
    return any(
        parse.deps[c] == "poss" and parse.lower[c] in _OWN_SIDE
        for c in senses.clauses.children[token]
    )


def _side(
    senses: Senses, match: Match, slots: tuple[str, ...], *, acting: bool, taken: list[int]
) -> tuple[list[int], list[int]]:
    """(mentions, argument heads) of the first slot that gives any mention."""
    heads: list[int] = []
    for slot in slots:
        tokens = senses.slot(match, slot)
        found: list[int] = []
        for token in tokens:
            if not acting and match.sense.event_type in _MUTUAL and _owned(senses, token):
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
