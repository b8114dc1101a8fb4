"""Parties that the entity layer does not know: "those arrested", "thousands", "European brands"."""

from __future__ import annotations

import hashlib

from transforms.dictionary.touch import plain
from transforms.lexicons.loader import word_set
from transforms.nlp.annotations import EntityDraft, EntityLayer, Mention
from transforms.nlp.entities.phrases import noun_phrase
from transforms.nlp.names.actors import fold, lexicon
from transforms.nlp.parsing.parse import Parse

_NOMINAL = {"NOUN", "PROPN", "NUM", "ADJ", "X"}
_PEOPLE = word_set("words/events.tsv", "added.people")
_COUNTS = word_set("words/events.tsv", "added.counts")


def own_entity(parse: Parse, layer: EntityLayer, text: str, kind: str = "other") -> int:
    """The entity of the article alone that is told as `text`; its key holds the text's digest."""
    digest = hashlib.sha256(parse.text.encode()).hexdigest()[:16]
    key = f"{kind}:{fold(text)}|{digest}"
    for index, entity in enumerate(layer.entities):
        if entity.key == key:
            return index
    layer.entities.append(EntityDraft(key, text, kind, None, "UNK"))
    return len(layer.entities) - 1


def append(layer: EntityLayer, mention: Mention) -> int:
    layer.mentions.append(mention)
    return len(layer.mentions) - 1


def described(parse: Parse, layer: EntityLayer, head: int, own: list[int]) -> list[int]:
    """New mentions of those whom `own`, names before a noun, only tell more of: "European brands".

    One for each country. The same `own` where they are no such names.
    """
    start, end = noun_phrase(parse, head)
    held = [layer.mentions[m] for m in own]
    kinds = {layer.entities[mention.entity].entity_type for mention in held}
    inside = all(start <= m.start and m.end <= head and m.mention_type == "name" for m in held)
    if not inside or not kinds <= {"country", "place", "group"} or parse.tags[head] != "NNS":
        return own
    while parse.pos[start] in {"DET", "PUNCT", "NUM"}:
        start += 1
    text, found = parse.span_text(start, end), []
    for mention in held:
        code = layer.entities[mention.entity].country_code
        entity = own_entity(parse, layer, text if len(held) == 1 else f"{code} {text}", "group")
        layer.entities[entity].country_code = code
        if len(held) > 1 and code:
            named = lexicon().adjectives.get(code, code)
            layer.entities[entity].name = f"{named} {parse.words[head]}"
        found.append(
            append(layer, Mention(start, end, head, entity, "nominal", None, "argument", 0.4))
        )
    return found


def newcomer(parse: Parse, layer: EntityLayer, head: int, nobody: frozenset[str]) -> int | None:
    """A new mention for a party the entity layer does not know, appended to the layer.

    Also where the word is no noun: "those arrested", "all five", "The 48-year-old".
    """
    if parse.pos[head] not in _NOMINAL and parse.lower[head] not in _PEOPLE:
        return None
    start, end = noun_phrase(parse, head)
    while start < head and parse.pos[start] in {"DET", "PUNCT"}:
        start += 1
    if plain(parse.span_text(start, end)) in nobody or plain(parse.words[head]) in nobody:
        return None
    many = parse.lower[head] in _COUNTS or parse.tags[head] == "CD"
    entity = own_entity(parse, layer, parse.span_text(start, end), "group" if many else "other")
    kind = "name" if parse.pos[head] == "PROPN" else "nominal"
    return append(layer, Mention(start, end, head, entity, kind, None, "argument", 0.4))
