"""Mentions that point back: pronouns and "the two sides". Precise first."""

from __future__ import annotations

from transforms.nlp.annotations import EntityLayer, Mention
from transforms.nlp.parse import Parse

_PERSON = {"he", "she", "him", "her", "his"}
_PLURAL = {"they", "them", "their"}
_THING = {"it", "its"}
_PAIR_NOUNS = {"sides", "governments", "countries", "nations", "neighbours", "neighbors", "parties"}
_COUNTRY_NOUNS = {"country", "nation", "kingdom", "republic", "homeland"}
_OTHER = {"neighboring", "neighbouring", "other", "host", "third", "foreign", "rival", "first",
          "only", "same"}  # fmt: skip
_REACH = 2  # sentences a pronoun looks back


def add_sides(parse: Parse, layer: EntityLayer) -> None:
    """Resolve "the country" to the one last named, "both sides" to the two that led the text."""
    _add_countries(parse, layer)
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


def _add_countries(parse: Parse, layer: EntityLayer) -> None:
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
        subject = _own_subject(parse, mention.head)
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
        subject = _own_subject(parse, index)
        for mention in reversed(history[-40:]):
            distance = parse.sent_of[index] - parse.sent_of[mention.head]
            if distance > _REACH:
                break
            if mention.end > index or not _fits(parse, layer, mention, wanted):
                continue
            if subject is not None and mention.start <= subject < mention.end:
                continue
            rank = (distance, 0 if parse.deps[mention.head] in subjects else 1, -mention.start)
            if rank < best_rank:
                best, best_rank = mention, rank
        if best is not None and (wanted is not _THING or best_rank[1] == 0 or subject is not None):
            found = Mention(index, index + 1, index, best.entity, "pronoun", None, "recency", 0.5)
            layer.mentions.append(found)
            history.append(found)


def _own_subject(parse: Parse, token: int) -> int | None:
    """The subject of the clause that a word is an object in: somebody else than its referent."""
    if parse.deps[token] not in {"dobj", "pobj", "dative"}:
        return None
    verb, steps = parse.heads[token], 0
    while steps < 6 and parse.heads[verb] != verb and parse.pos[verb] not in {"VERB", "AUX"}:
        verb, steps = parse.heads[verb], steps + 1
    for _ in range(3):
        for child in parse.children[verb]:
            if parse.deps[child] in {"nsubj", "nsubjpass"}:
                return child
        if parse.deps[verb] not in {"conj", "xcomp"}:
            break
        verb = parse.heads[verb]
    return None


def _fits(parse: Parse, layer: EntityLayer, mention: Mention, wanted: set[str]) -> bool:
    kind = layer.entities[mention.entity].entity_type
    plural = parse.tags[mention.head] in {"NNS", "NNPS"}
    if wanted is _PERSON:
        return kind == "person" and not plural
    if wanted is _PLURAL:
        return plural or (kind == "group" and mention.mention_type == "name")
    return kind in {"organization", "government", "country"} and not plural
