"""From argument heads to mentions: coordination, possessors, nationality, "of" and "in"."""

from __future__ import annotations

import hashlib

from transforms.lexicons.loader import word_list, word_set
from transforms.nlp.annotations import EntityDraft, Mention
from transforms.nlp.entities.phrases import noun_phrase
from transforms.nlp.events.senses import Senses
from transforms.nlp.names.actors import fold

_DOWN = word_list("words/events.tsv", "parties.down")
_UP_ONLY = ("poss", "by", "of", "compound", "from")


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
        own = [n for m in clauses.mentions_at(head) for n in _named(senses, m)]
        if not own and senses.parse.pos[head] == "PRON" and depth < 3:
            own = _speaker(senses, head, depth) or _held_before(senses, head)
        if not own and senses.parse.pos[head] == "NUM" and depth < 3:
            own = _counted_before(senses, head)
        if not own and depth < 3:
            own = _below(senses, head, acting=acting, depth=depth, thing=thing)
        if not own and acting and depth < 3:  # "put out a report accusing the army"
            for owner in clauses.owner(head):
                own = own or parties(senses, owner, acting=True, depth=depth + 1)
        found.extend(m for m in own if m not in found)
    return found


def _named(senses: Senses, index: int) -> list[int]:
    """The mentions that say best who it is: apposed names, a name for a pronoun.

    A group keeps its own mention beside the members it names ("groups such as Amnesty").
    """
    parse, layer, clauses = senses.parse, senses.clauses.layer, senses.clauses
    mention = layer.mentions[index]
    if layer.entities[mention.entity].entity_type == "other" and mention.mention_type == "nominal":
        return _crew(senses, mention.head) or [index]
    if mention.mention_type == "nominal" and mention.method != "anaphor":
        near = list(clauses.children[mention.head])
        for place in clauses.noun(mention.head).preps.get("of", ()):
            near.extend(clauses.children[place])  # "the minister of Norway, Espen Eide"
        for child in near:
            if parse.deps[child] == "appos" and parse.pos[child] == "PROPN":
                found = [
                    other
                    for name in clauses.conjuncts(child)
                    for other in clauses.mentions_at(name)
                    if layer.entities[layer.mentions[other].entity].entity_type == "person"
                ]
                if found:
                    return found
        return _housed(senses, mention.head) or [index, *_members(senses, mention.head)]
    if mention.mention_type == "pronoun" or mention.method == "anaphor":
        return [antecedent(senses, index)]
    return [index]


def _housed(senses: Senses, head: int) -> list[int]:
    """Whose seat it is: "the headquarters of the militant group Jaish-e-Mohammed"."""
    if not senses.lexicon.has_class("seat_noun", senses.clauses.lemma[head]):
        return []
    frame, layer = senses.clauses.noun(head), senses.clauses.layer
    return [
        m
        for token in (*frame.preps.get("of", ()), *senses.possessors(frame))
        for name in senses.clauses.conjuncts(token)
        for m in _named_below(senses, name)
        if layer.entities[layer.mentions[m].entity].entity_type in {"organization", "group"}
    ]


def _named_below(senses: Senses, head: int) -> list[int]:
    """Mentions at a noun, or those apposed that name it ("militant groups A and B")."""
    clauses, mentions = senses.clauses, senses.clauses.layer.mentions
    apposed = [
        m
        for child in clauses.children[head]
        if senses.parse.deps[child] == "appos"
        for name in clauses.conjuncts(child)
        for m in clauses.mentions_at(name)
        if mentions[m].mention_type == "name"
    ]
    return apposed or clauses.mentions_at(head)


def _crew(senses: Senses, head: int) -> list[int]:
    """The body whose machines of war these are: "Coalition aircraft", "Houthi boats"."""
    clauses, layer = senses.clauses, senses.clauses.layer
    return [
        m
        for token in senses.possessors(clauses.noun(head))
        for m in clauses.mentions_at(token)
        if layer.mentions[m].mention_type == "name"
        and layer.entities[layer.mentions[m].entity].entity_type in {"organization", "group"}
    ]


def antecedent(senses: Senses, index: int) -> int:
    """The last mention before an anaphor in its sentence that names or describes its entity.

    For "the country" not one that only qualifies ("Syrian troops").
    """
    parse, layer = senses.parse, senses.clauses.layer
    mention = layer.mentions[index]
    first = parse.sents[parse.sent_of[mention.head]].start
    best = index
    for other, named in enumerate(layer.mentions):
        if (
            named.entity == mention.entity
            and first <= named.start < mention.start
            and named.mention_type != "pronoun"
            and named.method != "anaphor"
            and (best == index or layer.mentions[best].start < named.start)
            and not (mention.method == "anaphor" and parse.deps[named.head] in _QUALIFYING)
        ):
            best = other
    return best


_QUALIFYING = frozenset({"amod", "compound", "nmod", "poss"})


def _members(senses: Senses, head: int) -> list[int]:
    """Named members of a group: "student groups including X and Y", "agencies such as Z"."""
    parse, clauses, layer = senses.parse, senses.clauses, senses.clauses.layer
    if parse.tags[head] not in {"NNS", "NNPS"}:
        return []
    found: list[int] = []
    for prep in clauses.children[head]:
        word = parse.lower[prep]
        if parse.deps[prep] != "prep" or word not in {"including", "as", "like"}:
            continue
        if word == "as" and parse.lower[prep - 1] != "such":
            continue
        for child in clauses.children[prep]:
            if parse.deps[child] == "pobj":
                found.extend(
                    m
                    for name in clauses.conjuncts(child)
                    for m in clauses.mentions_at(name)
                    if layer.mentions[m].mention_type == "name" and m not in found
                )
    return found


_OF_OTHERS = frozenset({"allege", "suspect", "fear", "complain", "charge"})


def _speaker(senses: Senses, pronoun: int, depth: int) -> list[int]:
    """ "X said it would …": an unresolved subject pronoun is the subject of the speech verb."""
    parse = senses.parse
    if parse.deps[pronoun] not in {"nsubj", "nsubjpass"} or parse.tags[pronoun] == "NN":
        return []  # "someone" is not who tells of it
    verb, steps = parse.heads[pronoun], 0
    while steps < 4 and parse.heads[verb] != verb:
        if senses.clauses.lemma[parse.heads[verb]] in _OF_OTHERS:
            return []  # "alleged they had …"
        if parse.deps[verb] in {"ccomp", "advcl"}:
            for subject in senses.clauses.verb(parse.heads[verb]).subj:
                if subject != pronoun:
                    return parties(senses, subject, acting=True, depth=depth + 1)
        verb, steps = parse.heads[verb], steps + 1
    return []


def _held_before(senses: Senses, pronoun: int) -> list[int]:
    """The men of "freed four men after it had kidnapped them": the object of the clause above."""
    parse, clauses = senses.parse, senses.clauses
    if parse.deps[pronoun] != "dobj" or parse.lower[pronoun] not in {"them", "him", "her"}:
        return []
    clause = parse.heads[pronoun]
    verb = parse.heads[clause]
    if parse.deps[clause] not in {"advcl", "conj"} or parse.pos[verb] != "VERB":
        return []
    several = parse.lower[pronoun] == "them"
    before = [t for t in clauses.verb(verb).obj if t < pronoun and parse.pos[t] in _NAMING]
    return [
        m
        for t in before
        for m in clauses.mentions_at(t)
        if several == (parse.tags[t] in {"NNS", "NNPS"} or len(clauses.conjuncts(t)) > 1)
        and _is_somebody(senses, m)
    ]


_NAMING = frozenset({"NOUN", "PROPN"})


def _is_somebody(senses: Senses, mention: int) -> bool:
    layer = senses.clauses.layer
    return layer.entities[layer.mentions[mention].entity].entity_type in {"person", "group"}


def _counted_before(senses: Senses, number: int) -> list[int]:
    """The men of "arrested five men and killed two": the object of the verb before."""
    parse, clauses = senses.parse, senses.clauses
    verb = parse.heads[number]
    if parse.deps[number] not in {"dobj", "nsubjpass", "nsubj"} or clauses.children[number]:
        return []
    if parse.deps[verb] != "conj":
        return []
    before = clauses.verb(parse.heads[verb]).obj
    return [m for t in before if parse.pos[t] == "NOUN" for m in clauses.mentions_at(t)]


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
        tokens = [child] if parse.deps[child] == "appos" else []
        if parse.deps[child] == "acl" and parse.lower[child] in {"belonging", "owned"}:
            preps = senses.clauses.verb(child).preps
            tokens = [*preps.get("to", ()), *preps.get("by", ())]
        for token in tokens:
            found = parties(senses, token, acting=acting, depth=depth + 1)
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


_OWN_SIDE = word_set("words/events.tsv", "parties.own-side")


def owned(senses: Senses, token: int) -> bool:
    """Does the head belong to the side that acts ("its troops")? Not so "its ally"."""
    parse = senses.parse
    return any(
        parse.deps[c] == "poss" and parse.lower[c] in _OWN_SIDE
        for c in senses.clauses.children[token]
    ) and not senses.lexicon.has_class("relation_noun", senses.clauses.lemma[token])
