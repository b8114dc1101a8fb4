"""Who did what to whom: the events of an article, from what the reader saw and who is known.

The reader says which word tells an event, of which type and modality, and which words name its
sides, its place and who says so; entities, dates, places, counts, modes and codes are looked up.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from copy import copy

from transforms.nlp.annotations import (
    EntityLayer,
    EventDraft,
    Participant,
    PlaceMention,
    TimeMention,
)
from transforms.nlp.clauses.arguments import Clauses
from transforms.nlp.clauses.predicates import Lexicon, load_lexicon
from transforms.nlp.dates import choose_days, datable, date_event, is_announced
from transforms.nlp.events.confidence import Evidence, confidence, type_confidence
from transforms.nlp.events.countries import tell_countries
from transforms.nlp.events.modes import mode_of
from transforms.nlp.events.reality import unreal
from transforms.nlp.events.senses import Match, Senses
from transforms.nlp.events.sides import Sides, Told
from transforms.nlp.events.taught import Taught, helped, taught_triggers
from transforms.nlp.events.unreal_rows import NO_EVENT
from transforms.nlp.events.weighing import weighed
from transforms.nlp.parsing.parse import Parse
from transforms.nlp.places.choose import Sites, choose_places
from transforms.nlp.places.held import holders, tell_holders
from transforms.nlp.places.locate import locate_event
from transforms.nlp.places.scene import share_places
from transforms.nlp.places.unlisted import add_unlisted
from transforms.nlp.reader.features import MODALITIES, kinds_of
from transforms.nlp.reader.read import Reading, ReadTrigger
from transforms.nlp.statements.counts import counts_of, each_once
from transforms.nlp.statements.quotations import direct_quotations
from transforms.nlp.statements.telling import tell
from transforms.plover import cameo_for, having

ALONE = 2  # sentences of a text that no article stands around: likelier picked for its event
PRIVATE = 0.75  # chance from which on a speech or deal among private parties is told
_COUNTED = having("counted")
_DEEDS = having("deed")
_PRIVATE = frozenset({"AGR", "BUS", "CVL", "EDU", "HLH", "MED"})
_FUNCTION = frozenset({"PRON", "DET", "PART", "PUNCT", "CCONJ", "SCONJ", "ADP"})


def code_events(
    reading: Reading,
    layer: EntityLayer,
    times: Sequence[TimeMention],
    places: list[PlaceMention],
    *,
    published: dt.date | None,
    lexicon: Lexicon | None = None,
    taught: Taught | None = None,
) -> list[EventDraft]:
    """Every event of the article in text order.

    `layer` is `build_layer`'s; `times` and `places` those of the same parse. `lexicon` is the
    packaged one unless given; with `taught` it is given, and holds its senses. Parties that the
    layer does not know are added to it.
    """
    lexicon = lexicon or load_lexicon()
    parse = reading.parse
    senses = Senses(Clauses(parse, layer, lexicon), lexicon)
    reading = copy(reading)
    reading.triggers = weighed(reading.triggers, senses, reading.limits["trigger"])
    sides = Sides(reading, senses, kinds_of(parse, layer, places), taught)
    triggers, own = taught_triggers(reading, senses, taught) if taught else (reading.triggers, {})
    dating = datable(parse, times, published)
    sites: dict[int, Sites] = {}
    likely = told(triggers, sides)
    sides.hear(likely)
    read = [(trigger, sides.of(trigger, own.get(trigger.token))) for trigger in likely]
    add_unlisted(parse, [side.sites for _, side in read], places, layer)
    drafts = (
        _draft(
            senses, sides, trigger, side, dating, places, published, own.get(trigger.token), sites
        )
        for trigger, side in read
    )
    found = distinct([draft for draft in drafts if draft is not None], layer)
    choose_days(parse, found, dating, published)
    around = holders(parse, places)
    choose_places(parse, found, sites, places, senses.clauses.dateline, around)
    tell_holders(places, around)
    _attribute_quoted(senses.clauses, found)
    tell(senses.clauses, found, places)
    each_once(found)
    share_places(parse, found, places)
    tell_countries(senses.clauses, found, places)
    return found


def told(triggers: Sequence[ReadTrigger], sides: Sides) -> list[ReadTrigger]:
    """The triggers likely enough to be told, in text order.

    Words of one phrase ("held talks") are one event: of neighbours of one type the likelier.
    """
    limit = sides.limits["trigger"]
    kept: list[ReadTrigger] = []
    parse = sides.reading.parse
    for trigger in triggers:
        if 1 - trigger.types[0] < limit or _is_function_word(parse, trigger.token):
            continue
        last = kept[-1] if kept else None
        if (
            last is not None
            and trigger.token - last.token == 1
            and trigger.event_type == last.event_type
        ):
            if trigger.types[0] < last.types[0]:
                kept[-1] = trigger
            continue
        kept.append(trigger)
    return kept


def _is_function_word(parse: Parse, token: int) -> bool:
    """ "who", "to", the "was" of "was arrested": beside the word that tells, never it."""
    if parse.pos[token] in _FUNCTION:
        return True
    return parse.pos[token] == "AUX" and parse.deps[token] in ("aux", "auxpass")


def _draft(
    senses: Senses,
    sides: Sides,
    trigger: ReadTrigger,
    told: Told,
    times: Sequence[TimeMention],
    places: Sequence[PlaceMention],
    published: dt.date | None,
    own: Match | None,
    sites: dict[int, Sites],
) -> EventDraft | None:
    """The event of a trigger but for its place; what points at that is added to `sites`."""
    parse, token = senses.parse, trigger.token
    event_type = trigger.event_type
    modality = MODALITIES[int(trigger.modality.argmax())]
    if modality == "asserted" and own is not None:
        modality = helped(parse, token) or modality
    if modality == "asserted":
        modality = unreal(parse, token, event_type) or modality
        if modality == NO_EVENT:
            return None
        if modality == "asserted" and is_announced(parse, token, times, published):
            modality = "planned"
    evidence = Evidence.of(trigger, told, modality)
    surety = type_confidence(evidence)
    parties = sides.participants(told)
    layer = senses.clauses.layer
    limit = sides.limits["report" if len(parse.sents) > ALONE else "alone"]
    if event_type not in _DEEDS and among_private(layer, parties):
        limit = max(limit, PRIVATE)
    if surety < limit and own is None:
        return None
    if own is None:
        mode, cameo = mode_of(senses, token, event_type)
    else:
        mode, cameo = own.sense.mode, cameo_for(event_type, own.sense.mode, own.sense.cameo)
    heads = [layer.mentions[p.mention].head for p in parties]
    rule = locate_event(parse, token, list(places), participants=heads, event_type=event_type)
    sites[token] = Sites(told.places(places), rule)
    return EventDraft(
        sent=parse.sent_of[token],
        trigger_start=token,
        trigger_end=token + 1,
        event_type=event_type,
        event_mode=mode,
        cameo_code=cameo,
        modality=modality,
        participants=parties,
        attribution=sides.source(told),
        date=date_event(parse, token, times, published, modality=modality),
        place=None,
        counts=counts_of(senses.clauses, token) if event_type in _COUNTED else [],
        confidence=confidence(evidence),
        type_confidence=surety,
    )


def distinct(events: list[EventDraft], layer: EntityLayer) -> list[EventDraft]:
    """One act told twice in a sentence ("held talks … during the meeting") stays once.

    An event goes when another of its type and modality in the sentence has all its parties (each
    in the same role, or as a participant) and more, or as many and comes first.
    """
    kept: list[EventDraft] = []
    named = {mention.head for mention in layer.mentions}
    for number, event in enumerate(events):
        mine = _sides(event, layer)
        for other_number, other in enumerate(events):
            if (
                other is event
                or other.sent != event.sent
                or other.event_type != event.event_type
                or other.modality != event.modality
                or not event.participants
            ):
                continue
            theirs = _sides(other, layer)
            if other.trigger_start in named and event.trigger_start not in named:
                continue  # "killed the governor": not the governor stands for it
            inside = all(a <= b for a, b in zip(mine, theirs, strict=True))
            if inside and (mine != theirs or other_number < number):
                kinds = {count.kind for count in other.counts}
                other.counts.extend(c for c in event.counts if c.kind not in kinds)
                break
        else:
            kept.append(event)
    return kept


def among_private(layer: EntityLayer, parties: Sequence[Participant]) -> bool:
    """Whether all that take part are known to be private people, firms or schools."""
    told = [layer.entities[layer.mentions[one.mention].entity] for one in parties]
    return bool(told) and all(one.sector in _PRIVATE for one in told)


def _sides(event: EventDraft, layer: EntityLayer) -> tuple[set[int], set[int]]:
    first = {layer.mentions[p.mention].entity for p in event.participants if p.role != "recipient"}
    second = {layer.mentions[p.mention].entity for p in event.participants if p.role != "initiator"}
    return first, second


def _attribute_quoted(clauses: Clauses, events: list[EventDraft]) -> None:
    """Events told inside quotation marks are told by the speaker, also in the next sentences."""
    said = [q for q in direct_quotations(clauses) if q.speaker is not None] if events else []
    for event in events:
        if event.attribution is not None:
            continue
        at = clauses.parse.starts[event.trigger_start]
        for quote in said:
            if quote.start_char <= at < quote.end_char:
                event.attribution = quote.speaker
                break
