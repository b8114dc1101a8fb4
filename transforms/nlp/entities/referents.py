"""What "the country" refers to, and what an object cannot refer to."""

from __future__ import annotations

from transforms.lexicons.loader import word_set
from transforms.nlp.annotations import EntityLayer, Mention
from transforms.nlp.parsing.parse import VERBAL, Parse

_COUNTRY_NOUNS = {"country", "nation", "kingdom", "republic", "homeland"}
_OTHER = word_set("words/entities.tsv", "referents.other")
_REACH = 2  # sentences it looks back


def add_countries(parse: Parse, layer: EntityLayer) -> None:
    """Point "the country", "the war-torn nation" at the country named last before it.

    A country that only qualifies ("US troops") stands back behind one that stands by itself.
    """
    named = [
        m
        for m in layer.mentions
        if m.mention_type == "name" and layer.entities[m.entity].entity_type == "country"
    ]
    if not named:
        return
    for mention in layer.mentions:
        if mention.mention_type != "nominal" or parse.lower[mention.head] not in _COUNTRY_NOUNS:
            continue
        words = parse.lower[mention.start : mention.head]
        if words[:1] != ["the"] or _OTHER & set(words) or _narrowed(parse, mention, named):
            continue
        best: tuple[int, int, int] | None = None
        subject = own_subject(parse, mention.head)
        for other in named:
            distance = parse.sent_of[mention.head] - parse.sent_of[other.head]
            if other.start >= mention.start or distance > _REACH or other.head == subject:
                continue
            qualifies = parse.deps[other.head] in {"amod", "compound", "nmod"}
            rank = (distance + qualifies, -other.start, other.entity)
            if best is None or rank < best:
                best = rank
        if best is not None:
            mention.entity, mention.method = best[2], "anaphor"


def _narrowed(parse: Parse, mention: Mention, named: list[Mention]) -> bool:
    """ "the country of Togo", "the West African country": it says itself which."""
    return any(parse.lower[c] == "of" for c in parse.children[mention.head]) or any(
        mention.start <= other.start < mention.end for other in named
    )


def own_subject(parse: Parse, token: int) -> int | None:
    """The subject of the clause that a word is an object in: somebody else than its referent."""
    if parse.deps[token] not in {"dobj", "pobj", "dative"}:
        return None
    verb, steps = parse.heads[token], 0
    while steps < 6 and parse.heads[verb] != verb and parse.pos[verb] not in VERBAL:
        verb, steps = parse.heads[verb], steps + 1
    for _ in range(3):
        for child in parse.children[verb]:
            if parse.deps[child] in {"nsubj", "nsubjpass"}:
                return child
        if parse.deps[verb] not in {"conj", "xcomp"}:
            break
        verb = parse.heads[verb]
    return None
