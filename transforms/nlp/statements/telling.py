"""According to whom an event is told: the outlet, somebody it names, a party, or under dispute."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.lexicons.loader import word_set
from transforms.nlp.annotations import EntityDraft, EntityLayer, EventDraft, PlaceMention
from transforms.nlp.clauses.arguments import Clauses
from transforms.plover import having

_DENIALS = word_set("words/statements.tsv", "telling.denials")
_CLAIMS = word_set("words/statements.tsv", "telling.claims")
_OFFICIAL = frozenset(s.upper() for s in word_set("words/statements.tsv", "telling.official"))
_FORCE = having("on_the_spot")
_REACH = 4  # sentences after a report within which a denial of "the claim" is one of it


def tell(
    clauses: Clauses, events: Sequence[EventDraft], places: Sequence[PlaceMention] = ()
) -> None:
    """Set `told` of each event of one article.

    `claimed`: who says so is a party, speaks for the state or armed body of one, or is the state
    on whose soil another acted. `disputed`:
    it is told as denied, the same event is told as denied elsewhere in the article, or another
    party denies or rejects "the claim" within `_REACH` sentences after it.
    """
    layer = clauses.layer
    denials = _denials(clauses)
    for event in events:
        sides = {layer.mentions[p.mention].entity for p in event.participants}
        if event.attribution is None:
            event.told = "narrated"
        elif _speaks_for(layer, event.attribution, event) or _struck(layer, event, places):
            event.told = "claimed"
        else:
            event.told = "attributed"
        if (
            event.modality == "denied"
            or any(other.modality == "denied" and _one(layer, event, other) for other in events)
            or any(
                0 <= sent - event.sent <= _REACH
                and token != event.trigger_start
                and who is not None
                and _other_party(layer, who, event, sides)
                for token, sent, who in denials
            )
        ):
            event.told = "disputed"


def _speaks_for(layer: EntityLayer, speaker: int, event: EventDraft) -> bool:
    """Is the mention a party, an office of its country, or a body of the same state?"""
    said = layer.mentions[speaker].entity
    who = layer.entities[said]
    for party in event.participants:
        mention = layer.mentions[party.mention]
        other = layer.entities[mention.entity]
        if mention.entity == said:
            if party.mention == speaker and party.role == "recipient":
                continue  # the words that name the source name nobody acted on
            return True
        if who.country_code is None or who.country_code != other.country_code:
            continue
        if _of_state(who) and _of_state(other):
            return True
    return False


def _struck(layer: EntityLayer, event: EventDraft, places: Sequence[PlaceMention]) -> bool:
    """Does a state say so of what another did on its soil?"""
    if event.attribution is None or event.place is None or event.event_type not in _FORCE:
        return False
    who = layer.entities[layer.mentions[event.attribution].entity]
    if not _of_state(who) or who.country_code != places[event.place].country_code:
        return False
    acting = {
        layer.entities[layer.mentions[p.mention].entity].country_code
        for p in event.participants
        if p.role != "recipient"
    }
    return bool(acting - {None, who.country_code})


def _of_state(entity: EntityDraft) -> bool:
    return entity.entity_type in {"country", "government"} or entity.sector in _OFFICIAL


def _other_party(layer: EntityLayer, who: int, event: EventDraft, sides: set[int]) -> bool:
    """Is the mention `who` a party of the event, or its state, and not the one who says so?"""
    speaker = layer.mentions[who]
    if event.attribution is not None:
        source = layer.entities[layer.mentions[event.attribution].entity]
        mine = layer.entities[speaker.entity]
        same = layer.mentions[event.attribution].entity == speaker.entity
        if same or (mine.country_code is not None and mine.country_code == source.country_code):
            return False
    return speaker.entity in sides or _speaks_for(layer, who, event)


def _one(layer: EntityLayer, event: EventDraft, other: EventDraft) -> bool:
    """Of one type, and with one party in common on a side at least."""
    if event is other or event.event_type != other.event_type:
        return False
    mine, theirs = (
        {(p.role, layer.mentions[p.mention].entity) for p in e.participants} for e in (event, other)
    )
    return bool(mine & theirs)


def _denials(clauses: Clauses) -> list[tuple[int, int, int | None]]:
    """(word, sentence, who) of each "denied the claim", "rejected the accusations", "denied it"."""
    parse, found = clauses.parse, list[tuple[int, int, int | None]]()
    for token, lemma in enumerate(clauses.lemma):
        if lemma not in _DENIALS or parse.pos[token] != "VERB":
            continue
        frame = clauses.verb(token)
        claims = [
            t
            for t in frame.obj
            if clauses.lemma[t] in _CLAIMS or parse.lower[t] in {"this", "that", "it"}
        ]
        alone = not frame.obj and lemma == "deny"
        whole = any(
            parse.deps[child] == "ccomp" or parse.deps[child] == "xcomp"
            for child in clauses.children[token]
        )
        if not claims and not alone and not (whole and lemma == "deny"):
            continue
        who = next((m for t in frame.subj for m in clauses.mentions_at(t)), None)
        found.append((token, parse.sent_of[token], who))
    return found
