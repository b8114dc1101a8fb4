"""Mentions that point back to several: "the two sides", "both leaders"."""

from __future__ import annotations

from transforms.lexicons.loader import word_set
from transforms.nlp.annotations import EntityLayer, Mention
from transforms.nlp.entities.referents import add_countries
from transforms.nlp.parsing.parse import Parse

_PAIR_NOUNS = word_set("words/entities.tsv", "coreference.pair-nouns")
_PAIR_PEOPLE = word_set("words/entities.tsv", "coreference.pair-people")
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_ACTING = frozenset({"country", "government", "organization", "group"})
_STATES = word_set("words/entities.tsv", "coreference.states")


def add_sides(parse: Parse, layer: EntityLayer) -> None:
    """Resolve "the country" to the one last named, "both sides" to the two that led the text."""
    add_countries(parse, layer)
    kept: list[Mention] = []
    pairs: list[Mention] = []
    for mention in layer.mentions:
        word = parse.lower[mention.head]
        first = parse.lower[mention.start : mention.head]
        if word in _PAIR_NOUNS | _PAIR_PEOPLE and ("two" in first or "both" in first):
            pairs.append(mention)
        else:
            kept.append(mention)
    for mention in pairs:
        if parse.lower[mention.head] in _PAIR_PEOPLE:
            top = _two_people(parse, layer, kept, mention)
            if len(top) == 2:
                layer.mentions.remove(mention)
                layer.mentions.extend(_members(mention, top))
            continue
        states = parse.lower[mention.head] in _STATES
        top = [] if states else _joined(parse, layer, kept, mention.start)
        if len(top) < 2:
            top = _most_told(layer, [m for m in kept if m.start < mention.start])
        if len(top) < 2:
            top = _between(parse, layer, mention.start)
        if len(top) < 2 and states:
            top = _most_told(layer, kept)  # one of the two is named only later
        if len(top) < 2:
            continue
        layer.mentions.remove(mention)
        layer.mentions.extend(_members(mention, top))


def _members(mention: Mention, entities: list[int]) -> list[Mention]:
    """A mention of each of the two."""
    span = mention.start, mention.end, mention.head
    return [Mention(*span, entity, "nominal", None, "pair", 0.7) for entity in sorted(entities)]


def _two_people(parse: Parse, layer: EntityLayer, kept: list[Mention], pair: Mention) -> list[int]:
    """The two people named before "the two leaders" in its sentence, else in the one before it."""
    sentence = parse.sent_of[pair.head]
    for where in (sentence, sentence - 1):
        people = {
            m.entity
            for m in kept
            if m.mention_type == "name"
            and m.start < pair.start
            and parse.sent_of[m.head] == where
            and layer.entities[m.entity].entity_type == "person"
        }
        if people:
            return sorted(people) if len(people) == 2 else []
    return []


def _joined(parse: Parse, layer: EntityLayer, mentions: list[Mention], before: int) -> list[int]:
    """The two that the text begins with as one subject, where one is no country: "the army and
    the rebels agreed"."""
    heads = {m.head: m.entity for m in mentions if m.mention_type != "pronoun"}
    for head in sorted(heads):
        if head >= before:
            break
        if parse.deps[head] not in _SUBJECTS:
            continue
        others = [c for c in parse.children[head] if parse.deps[c] == "conj"]
        if len(others) != 1:
            continue
        over = others[0]
        if over not in heads:  # "the army and the paramilitary X"
            behind = (m.head for m in mentions if m.start == over + 1)
            over = next(behind, before)
        if over >= before or parse.sent_of[over] != parse.sent_of[head]:
            continue
        if any(parse.deps[c] == "conj" for c in parse.children[over]):
            continue
        pair = [heads[head], heads[over]]
        types = {layer.entities[entity].entity_type for entity in pair}
        if types <= _ACTING and types != {"country"} and pair[0] != pair[1]:
            return pair
    return []


def _most_told(layer: EntityLayer, mentions: list[Mention]) -> list[int]:
    """The two countries named most often, or fewer."""
    counts: dict[int, int] = {}
    for mention in mentions:
        if layer.entities[mention.entity].entity_type == "country":
            counts[mention.entity] = counts.get(mention.entity, 0) + 1
    return sorted(counts, key=lambda e: (-counts[e], layer.entities[e].key))[:2]


def _between(parse: Parse, layer: EntityLayer, before: int) -> list[int]:
    """The two of the latest "between the government and the doctors", of whatever kind."""
    for token in range(before - 1, -1, -1):
        if parse.lower[token] != "between":
            continue
        for first in parse.children[token]:
            if parse.deps[first] != "pobj":
                continue
            seconds = [c for c in parse.children[first] if parse.deps[c] == "conj"]
            found = [
                next((m.entity for m in layer.mentions if m.head == head), None)
                for head in (first, *seconds)
            ]
            held = [entity for entity in found if entity is not None]
            if len(held) == len(found) == 2 and held[0] != held[1]:
                return held
    return []
