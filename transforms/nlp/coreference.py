"""Mentions that point back: pronouns and "the two sides". Precise first."""

from __future__ import annotations

from transforms.nlp.annotations import EntityLayer, Mention
from transforms.nlp.parse import Parse
from transforms.nlp.referents import add_countries, own_subject

_PERSON = {"he", "she", "him", "her", "his"}
_PLURAL = {"they", "them", "their"}
_THING = {"it", "its"}
_PAIR_NOUNS = {"sides", "governments", "countries", "nations", "neighbours", "neighbors", "parties"}
_REACH = 2  # sentences a pronoun looks back


def add_sides(parse: Parse, layer: EntityLayer) -> None:
    """Resolve "the country" to the one last named, "both sides" to the two that led the text."""
    add_countries(parse, layer)
    kept: list[Mention] = []
    pairs: list[Mention] = []
    for mention in layer.mentions:
        word = parse.lower[mention.head]
        first = parse.lower[mention.start : mention.head]
        if word in _PAIR_NOUNS and ("two" in first or "both" in first):
            pairs.append(mention)
        else:
            kept.append(mention)
    for mention in pairs:
        counts: dict[int, int] = {}
        for other in kept:
            entity = layer.entities[other.entity]
            if entity.entity_type == "country" and other.start < mention.start:
                counts[other.entity] = counts.get(other.entity, 0) + 1
        top = sorted(counts, key=lambda e: (-counts[e], layer.entities[e].key))[:2]
        if len(top) < 2:
            continue
        layer.mentions.remove(mention)
        for side in sorted(top):
            layer.mentions.append(
                Mention(
                    mention.start, mention.end, mention.head, side, "nominal", None, "pair", 0.7
                )
            )


def add_pronouns(parse: Parse, layer: EntityLayer) -> None:
    """Pronouns go to the latest fitting subject, else the latest fitting mention."""
    ordered = sorted(layer.mentions, key=lambda m: m.start)
    subjects = {"nsubj", "nsubjpass"}
    cursor = 0
    history: list[Mention] = []
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
        for mention in reversed(history[-40:]):
            if subject is not None and mention.start <= subject < mention.end:
                continue
            distance = parse.sent_of[index] - parse.sent_of[mention.head]
            if distance > _REACH:
                break
            if mention.end > index or not _fits(parse, layer, mention, wanted):
                continue
            rank = (distance, 0 if parse.deps[mention.head] in subjects else 1, -mention.start)
            if rank < best_rank:
                best, best_rank = mention, rank
        if best is not None and (wanted is not _THING or best_rank[1] == 0 or subject is not None):
            found = Mention(index, index + 1, index, best.entity, "pronoun", None, "recency", 0.5)
            layer.mentions.append(found)
            history.append(found)


def _fits(parse: Parse, layer: EntityLayer, mention: Mention, wanted: set[str]) -> bool:
    kind = layer.entities[mention.entity].entity_type
    plural = parse.tags[mention.head] in {"NNS", "NNPS"}
    if wanted is _PERSON:
        return kind == "person" and not plural
    if wanted is _PLURAL:
        return plural or (kind == "group" and mention.mention_type == "name")
    return kind in {"organization", "government", "country"} and not plural
