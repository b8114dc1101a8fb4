"""Decisions about entities, applied to the entity layer of one article."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from transforms.corrections.binding import Bound
from transforms.corrections.decisions import One, Two
from transforms.corrections.events import METHOD
from transforms.gazetteer import fold
from transforms.ids import digest, entity_id
from transforms.nlp.annotations import Annotations
from transforms.nlp.parsing.parse import Parse

Found = dict[tuple[str, str], str]  # (correction id, part) → id of the entity that was there


def correct_entities(
    parse: Parse,
    notes: Annotations,
    bounds: Iterable[Bound],
    ones: Iterable[One],
    ids: Mapping[str, str],
) -> Found:
    """Make the entities of an article those that were decided.

    `ids` are `binding.merged` of `ones`. Returns which decisions met an entity here: where its
    anchor stands, or where the one that is renamed is named.
    """
    layer, found = notes.entities, Found()
    read = [entity_id(entity.key) for entity in layer.entities]
    decided: dict[int, str] = {}
    for bound in bounds:
        held = bound.decision
        if not isinstance(held, One | Two):
            continue
        number = _entity_at(parse, notes, bound)
        if number is None:
            continue
        found[held.correction_id, bound.part] = read[number]
        if isinstance(held, Two):
            decided[number] = digest("entity", f"{held.of.entity.id}#{fold(held.name)}")
            entity = layer.entities[number]
            layer.entities[number] = replace(entity, name=held.name, kb_id=None)
        elif number not in decided:
            decided[number] = (held.of if bound.part == "of" else held.other).entity.id
    for one in ones:
        if one.of.entity.id in read:
            found.setdefault((one.correction_id, "of"), one.of.entity.id)
    for number, was in enumerate(read):
        now = decided.get(number, was)
        now = ids.get(now, now)
        if now != was:
            layer.entities[number] = replace(layer.entities[number], key=f"id:{now}")
            for mention in layer.mentions:
                if mention.entity == number:
                    mention.method = METHOD
    _join(notes)
    return found


def _entity_at(parse: Parse, notes: Annotations, bound: Bound) -> int | None:
    """The entity that is named at the anchor: by just these words, or by most of them."""
    span = bound.tokens(parse)
    if span is None:
        return None
    best: tuple[int, int] | None = None
    for number, mention in enumerate(notes.entities.mentions):
        shared = min(mention.end, span[1]) - max(mention.start, span[0])
        if shared > 0:
            off = (mention.end - mention.start) + (span[1] - span[0]) - 2 * shared
            best = min(best or (off, number), (off, number))
    return None if best is None else notes.entities.mentions[best[1]].entity


def _join(notes: Annotations) -> None:
    """Entities of one id are one: the first of them has the others' mentions and names."""
    layer = notes.entities
    first: dict[str, int] = {}
    moved: dict[int, int] = {}
    for number, entity in enumerate(layer.entities):
        into = first.setdefault(entity_id(entity.key), number)
        if into != number:
            moved[number] = into
            held = layer.entities[into]
            held.aliases.extend(
                name for name in (entity.name, *entity.aliases)
                if name != held.name and name not in held.aliases
            )  # fmt: skip
    if not moved:
        return
    for mention in layer.mentions:
        mention.entity = moved.get(mention.entity, mention.entity)
    for position in layer.positions:
        position.entity = moved.get(position.entity, position.entity)
        if position.organization is not None:
            position.organization = moved.get(position.organization, position.organization)
