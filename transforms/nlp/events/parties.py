"""From argument heads to mentions: coordination, possessors, nationality, "of" and "in"."""

from __future__ import annotations

from transforms.lexicons.loader import word_list
from transforms.nlp.events.senses import Senses
from transforms.nlp.parsing.parse import VERBAL

_DOWN = word_list("words/events.tsv", "parties.down")
_UP_ONLY = ("poss", "by", "of", "compound", "from")


def parties(senses: Senses, head: int, *, acting: bool, depth: int = 0) -> list[int]:
    """Mentions that stand at an argument head.

    A head that is no mention yields to what it belongs to: "Iran's parliament building" is
    Iran's parliament, "the death of a man" the man, "attacks in Idlib" Idlib. `acting` looks
    only to owners and authors, for the side that acts. A nominal yields to a name in apposition.
    """
    clauses = senses.clauses
    if head in clauses.temporal:
        return []
    own = [n for m in clauses.mentions_at(head) for n in _named(senses, m)]
    if not own and depth < 3:
        own = _below(senses, head, acting=acting, depth=depth)
    return list(dict.fromkeys(own))


def _named(senses: Senses, index: int) -> list[int]:
    """The mentions that say best who it is: apposed names, a name for a pronoun.

    A group keeps its own mention beside the members it names ("groups such as Amnesty").
    """
    parse, layer, clauses = senses.parse, senses.clauses.layer, senses.clauses
    mention = layer.mentions[index]
    if (several := _of_several(senses, mention.head)) and (
        layer.entities[mention.entity].country_code is None
    ):
        return several  # "the navies of both countries"
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


def _of_several(senses: Senses, head: int) -> list[int]:
    """The two that "both countries" means behind a noun in the plural, whose it is."""
    mentions = senses.clauses.layer.mentions
    if senses.parse.tags[head] != "NNS":
        return []
    found = [
        m
        for token in senses.clauses.noun(head).preps.get("of", ())
        for m in senses.clauses.mentions_at(token)
        if mentions[m].method == "pair"
    ]
    return found if len(found) > 1 else []


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


def _below(senses: Senses, head: int, *, acting: bool, depth: int) -> list[int]:
    parse = senses.parse
    if parse.pos[head] in VERBAL:
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
