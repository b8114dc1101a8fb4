"""Mentions that point back: pronouns and "the two sides". Precise first."""

from __future__ import annotations

from transforms.lexicons.loader import word_set, word_values
from transforms.nlp.annotations import EntityLayer, Mention
from transforms.nlp.entities.people import gender
from transforms.nlp.entities.referents import add_countries, own_subject
from transforms.nlp.parsing.parse import Parse

_PLURAL = {"they", "them", "their"}
_THING = {"it", "its"}
_MALE, _FEMALE = {"he", "him", "his"}, {"she", "her"}
_PERSON = _MALE | _FEMALE
_PAIR_NOUNS = word_set("words/entities.tsv", "coreference.pair-nouns")
_PAIR_PEOPLE = word_set("words/entities.tsv", "coreference.pair-people")
_STATES = word_set("words/entities.tsv", "coreference.states")
_SIGNS = word_values("words/entities.tsv", "coreference.signs")
_UNDERGOING = {"dobj", "nsubjpass"}
_REACH = 2  # sentences a pronoun looks back


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
        top = _most_told(layer, [m for m in kept if m.start < mention.start])
        if len(top) < 2:
            top = _between(parse, layer, mention.start)
        if len(top) < 2 and parse.lower[mention.head] in _STATES:
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


def _genders(parse: Parse, layer: EntityLayer) -> dict[int, str]:
    """Entity → m or f, by title, courtesy or given name; people of whom nothing tells are out."""
    found: dict[int, str] = {}
    for mention in layer.mentions:
        if layer.entities[mention.entity].entity_type != "person":
            continue
        words = parse.lower[max(mention.start - 1, 0) : mention.start]
        if mention.mention_type == "nominal":
            words = [parse.lower[mention.head]]
        elif mention.title:
            words = [*words, mention.title.lower().split()[-1]]
        for word in words:
            if word in _SIGNS:
                found.setdefault(mention.entity, _SIGNS[word])
    for index, entity in enumerate(layer.entities):
        if entity.entity_type == "person" and index not in found:
            told = next((g for name in (entity.name, *entity.aliases) if (g := gender(name))), None)
            if told is not None:
                found[index] = told
    return found


def _is_own_subject(parse: Parse, pronoun: int, mention: Mention) -> bool:
    """ "X gave him a letter": an object is never the subject of its own verb."""
    if parse.deps[pronoun] in {"poss", "nsubj", "nsubjpass"}:
        return False
    over = parse.heads[pronoun]
    if parse.pos[over] == "ADP":
        over = parse.heads[over]
    head = mention.head
    return parse.deps[head] in {"nsubj", "nsubjpass"} and parse.heads[head] == over


def add_pronouns(parse: Parse, layer: EntityLayer) -> None:
    """Pronouns go to the latest fitting subject, else the latest fitting mention."""
    ordered = sorted(layer.mentions, key=lambda m: m.start)
    subjects = {"nsubj", "nsubjpass"}
    cursor = 0
    history: list[Mention] = []
    genders = _genders(parse, layer)
    for index, word in enumerate(parse.lower):
        while cursor < len(ordered) and ordered[cursor].start <= index:
            history.append(ordered[cursor])
            cursor += 1
        wanted = _PERSON if word in _PERSON else _PLURAL if word in _PLURAL else None
        wanted = _THING if word in _THING else wanted
        if wanted is None or parse.pos[index] != "PRON":
            continue
        best: Mention | None = None
        best_rank = (9, 9, 0)
        subject = own_subject(parse, index)
        acting = {m.entity for m in history[-40:] if subject in range(m.start, m.end)}
        undergoes = _is_part(parse, index)
        for mention in reversed(history[-40:]):
            if mention.entity in acting:
                continue
            distance = parse.sent_of[index] - parse.sent_of[mention.head]
            if distance > _REACH:
                break
            if mention.end > index or not _fits(parse, layer, mention, wanted):
                continue
            if _is_own_subject(parse, index, mention):
                continue
            if wanted is _PERSON:
                told = genders.get(mention.entity)
                if told is not None and word not in (_MALE if told == "m" else _FEMALE):
                    continue
                distance += told is None and word in _FEMALE  # a woman is more often told
            led = parse.deps[mention.head] in (_UNDERGOING if undergoes else subjects)
            rank = (distance, 0 if led else 1, -mention.start)
            if rank < best_rank:
                best, best_rank = mention, rank
        if best is not None and (wanted is not _THING or best_rank[1] == 0 or subject is not None):
            found = Mention(index, index + 1, index, best.entity, "pronoun", None, "recency", 0.5)
            layer.mentions.append(found)
            history.append(found)


def _is_part(parse: Parse, pronoun: int) -> bool:
    """ "Police held ten men; three of them were freed": some of those that somebody did it to."""
    prep = parse.heads[pronoun]
    part = parse.heads[prep]
    return (
        parse.lower[prep] == "of"
        and parse.deps[pronoun] == "pobj"
        and (parse.pos[part] == "NUM" or parse.lower[part] in {"some", "many", "most", "several"})
        and parse.deps[part] in _UNDERGOING
    )


def _fits(parse: Parse, layer: EntityLayer, mention: Mention, wanted: set[str]) -> bool:
    kind = layer.entities[mention.entity].entity_type
    plural = parse.tags[mention.head] in {"NNS", "NNPS"}
    if wanted is _PERSON:
        return kind == "person" and not plural
    if wanted is _PLURAL:
        return plural or (kind == "group" and mention.mention_type == "name")
    if kind == "group":
        return mention.mention_type == "name" and not plural
    return kind in {"organization", "government", "country"} and not plural
