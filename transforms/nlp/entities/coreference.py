"""Mentions that point back to several: "the two sides", "both leaders"."""

from __future__ import annotations

from transforms.lexicons.loader import word_set, word_values
from transforms.nlp.annotations import EntityLayer, Mention
from transforms.nlp.entities.referents import add_countries, own_subject
from transforms.nlp.parsing.parse import Parse

_PAIR_NOUNS = word_set("words/entities.tsv", "coreference.pair-nouns")
_PAIR_PEOPLE = word_set("words/entities.tsv", "coreference.pair-people")
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_ACTING = frozenset({"country", "government", "organization", "group"})
_STATES = word_set("words/entities.tsv", "coreference.states")
_POINTING = frozenset({"the", "these", "those", "all", "of"})
_NUMBERS = {
    word: int(count)
    for word, count in word_values("words/entities.tsv", "coreference.numbers").items()
}
_PAIR, _FAR = 2, 8  # sentences


def add_sides(parse: Parse, layer: EntityLayer) -> None:
    """Resolve "the country" to the one last named, "both sides" to the two that led the text."""
    add_countries(parse, layer)
    _add_groups(parse, layer)
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


def _add_groups(parse: Parse, layer: EntityLayer) -> None:
    """ "The ministers", "both armies", "all three governments": those told before as several.

    That is the last phrase of the same noun that is one of several countries or bodies, as many
    as are counted; else as many countries as the text named, where it is countries that are.
    """
    spans: dict[tuple[int, int], list[Mention]] = {}
    for mention in sorted(layer.mentions, key=lambda m: (m.start, m.end)):
        if mention.mention_type == "nominal":
            spans.setdefault((mention.start, mention.end), []).append(mention)
    groups: list[list[Mention]] = []
    for held in spans.values():
        first = held[0]
        if len(held) > 1:
            groups.append(held)
            continue
        count = _counted(parse, first)
        if count is None or layer.entities[first.entity].country_code is not None:
            continue
        entities = _group(parse, groups, first, count)
        if not entities and count > _PAIR and parse.lower[first.head] in _STATES:
            entities = _named_before(parse, layer, first)
            entities = entities if len(entities) == count else []
        if len(entities) > 1:
            layer.mentions.remove(first)
            members = _members(first, entities)
            layer.mentions.extend(members)
            groups.append(members)


def _counted(parse: Parse, mention: Mention) -> int | None:
    """How many a phrase in the plural that points back counts, 0 where it does not say.

    None of one that tells more: "the foreign ministers", "ministers of the region".
    """
    words = [w for w in parse.lower[mention.start : mention.head] if w not in _POINTING]
    if parse.tags[mention.head] != "NNS" or len(words) > 1 or mention.end - mention.start < 2:
        return None
    if any(parse.lower[c] == "of" for c in parse.children[mention.head]):
        return None
    if not words and parse.lower[mention.start] not in _POINTING:
        return None
    return _NUMBERS.get(words[0]) if words else 0


def _group(parse: Parse, groups: list[list[Mention]], mention: Mention, count: int) -> list[int]:
    for held in reversed(groups):
        far = parse.sent_of[mention.head] - parse.sent_of[held[0].head]
        if far > _FAR:
            break
        if parse.lower[held[0].head] == parse.lower[mention.head] and count in {0, len(held)}:
            return [m.entity for m in held]
    return []


def _named_before(parse: Parse, layer: EntityLayer, mention: Mention) -> list[int]:
    """All countries named before a phrase, but for one that acts on it."""
    subject = own_subject(parse, mention.head)
    own = {m.entity for m in layer.mentions if m.head == subject}
    return sorted(
        {
            m.entity
            for m in layer.mentions
            if m.mention_type == "name"
            and m.start < mention.start
            and layer.entities[m.entity].entity_type == "country"
        }
        - own
    )


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
