"""Who did what to whom: every event of an article, from its parse and its entities."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Any

from transforms.lexicons.loader import word_set
from transforms.nlp.annotations import (
    EntityLayer,
    EventDate,
    EventDraft,
    Participant,
    PlaceMention,
    TimeMention,
)
from transforms.nlp.clauses.arguments import Clauses
from transforms.nlp.clauses.predicates import Lexicon, load_lexicon
from transforms.nlp.events.acts import as_act, charges, obligations
from transforms.nlp.events.confidence import confidence, features, said_features
from transforms.nlp.events.gates import Gates, clear_places
from transforms.nlp.events.participants import participants
from transforms.nlp.events.parties import parties
from transforms.nlp.events.senses import TAKES_BACK, Match, Senses
from transforms.nlp.parsing.parse import Parse
from transforms.nlp.places.locate import locate_event
from transforms.nlp.places.scene import share_places
from transforms.nlp.statements.counts import counts_of
from transforms.nlp.statements.modality import Modality
from transforms.nlp.statements.quotations import direct_quotations
from transforms.plover import cameo_for, having, quad_class

_CONTENT = frozenset({"xcomp", "ccomp", "pobj", "pcomp", "dobj"})
_CONTENT_PREPS = word_set("words/events.tsv", "coder.content-preps")
_LEAST, _LEAST_UNSIGNED = 0.06, 0.16  # confidence below which an event is left out
_COUNTED = having("counted")
_SPEECH_ACTS = having("spoken")


def extract_events(
    parse: Parse,
    layer: EntityLayer,
    times: Sequence[TimeMention],
    places: Sequence[PlaceMention],
    *,
    published: dt.date | None,
    lexicon: Lexicon | None = None,
) -> list[EventDraft]:
    """Every event of the article in text order.

    `layer` is `build_layer`'s; `times` and `places` those of the same parse. `lexicon` is the
    packaged one unless given.
    """
    lexicon = lexicon or load_lexicon()
    senses = Senses(Clauses(parse, layer, lexicon), lexicon)
    found = draft_events(senses, times, places, published)
    _attribute_quoted(senses.clauses, found)
    return found


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


def draft_events(
    senses: Senses,
    times: Sequence[TimeMention],
    places: Sequence[PlaceMention],
    published: dt.date | None,
) -> list[EventDraft]:
    """The events of `senses`' article, duplicates of one act in one clause dropped."""
    modality = Modality(senses.clauses)
    found: list[EventDraft] = []
    asked = obligations(senses)
    duties = {verb for _, verb, _ in asked}
    gates = Gates(senses)
    for match in select(senses, senses.triggers()):
        if match.anchor in duties:
            continue
        draft = _draft(senses, modality, match, times, places, published)
        if draft is None or _doubtful(draft) or not clear_places(draft, senses):
            continue
        if gates.passes(draft, match.anchor):
            made = as_act(draft, senses, match.anchor)
            if made.modality == "asserted" and _ahead(made.date, published):
                # the promise or threat was made; the day named is that of the deed
                made.date = event_date(senses.parse, match.anchor, times, published, "asserted")
            found.append(made)
    spoken = [("REQUEST", *item) for item in asked]
    spoken += [("ACCUSE", *item) for item in charges(senses)]
    for event_type, speech, _, people in spoken:
        kind, said_by = modality.of(speech)
        mode = "allege" if event_type == "ACCUSE" else None
        found.append(
            EventDraft(
                sent=senses.parse.sent_of[speech],
                trigger_start=speech,
                trigger_end=speech + 1,
                event_type=event_type,
                event_mode=mode,
                cameo_code=cameo_for(event_type, mode, None if mode else "100"),
                modality=kind,
                participants=people,
                attribution=_source(senses, said_by),
                date=event_date(senses.parse, speech, times, published, kind),
                place=None,
                counts=[],
                confidence=confidence(said_features(people)),
                sense=f"{event_type}:said:0",
            )
        )
    found.sort(key=lambda event: (event.trigger_start, event.event_type))
    found = distinct(found, senses)
    share_places(senses.parse, found, places)
    return found


def _ahead(date: EventDate | None, published: dt.date | None) -> bool:
    """Whether a date lies after publication."""
    return bool(date and date.date_start and published and date.date_start > published)


def _doubtful(event: EventDraft) -> bool:
    """Too unsure to report: nobody known to act, or next to nothing known.

    A happening that says when and where but not who stays.
    """
    if not event.participants:
        return False
    acting = any(party.role != "recipient" for party in event.participants)
    return event.confidence < (_LEAST if acting else _LEAST_UNSIGNED)


def distinct(events: list[EventDraft], senses: Senses) -> list[EventDraft]:
    """One act told twice in a sentence ("held talks … during the meeting") stays once.

    An event goes when another of its type in the sentence has all its parties (each in the same
    role, or as a participant) and more, or as many and comes first.
    """
    layer = senses.clauses.layer
    kept: list[EventDraft] = []
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
            inside = all(a <= b for a, b in zip(mine, theirs, strict=True))
            if inside and (mine != theirs or other_number < number):
                break
        else:
            kept.append(event)
    return kept


def _sides(event: EventDraft, layer: EntityLayer) -> tuple[set[int], set[int]]:
    first = {layer.mentions[p.mention].entity for p in event.participants if p.role != "recipient"}
    second = {layer.mentions[p.mention].entity for p in event.participants if p.role != "initiator"}
    return first, second


def select(senses: Senses, matches: list[Match]) -> list[Match]:
    """Drop what a better match contains, then the content and the purpose of other acts.

    Matches that share words compete: more words and conditions win ("declare a state of
    emergency" over "emergency"). The result is in text order.
    """
    anchors: dict[int, Match] = {}
    claimed: set[int] = set()
    best: list[Match] = []
    for match in sorted(matches, key=lambda m: m.sense.rank):
        own = {match.token, match.anchor}
        if own & claimed and not _told(senses, match, anchors):
            continue
        claimed |= own | set(match.used) | senses.asked_words(match)
        anchors.setdefault(match.anchor, match)
        best.append(match)
    best.sort(key=lambda m: (m.token, m.anchor))
    return [
        match
        for match in best
        if not _governed(senses, match, anchors) and not _purpose(senses, match, anchors)
    ]


def _told(senses: Senses, match: Match, anchors: dict[int, Match]) -> bool:
    """Is what a concession takes back told of by itself: "its ban, imposed after …"?"""
    parse = senses.parse
    above = anchors.get(parse.heads[match.token])
    return (
        above is not None
        and above.sense.event_type in TAKES_BACK
        and match.sense.pos in {"noun", "light"}
        and any(
            parse.deps[c] in {"poss", "acl", "relcl"} for c in senses.clauses.children[match.token]
        )
    )


def _governed(senses: Senses, match: Match, anchors: dict[int, Match]) -> bool:
    """Is the match the content of a speech act ("agreed to withdraw", "a threat to attack")?

    What a concession takes back ("lift the ban") was there: nouns under one stay.
    """
    child, steps = match.anchor, 0
    while steps < 10:
        head, dep = senses.clauses.above(child)
        if head == child or not (dep == "conj" or _is_content(senses, child, dep)):
            return False
        above = anchors.get(head)
        if above is not None and above is not match and above.token != match.token:
            kind = above.sense.event_type
            if dep != "conj" and kind in _SPEECH_ACTS:
                return kind != "CONCEDE" or match.sense.pos != "noun"
        child, steps = head, steps + 1
    return False


def _purpose(senses: Senses, match: Match, anchors: dict[int, Match]) -> bool:
    """Is the match only what another act is for ("sent troops to help the army")?

    A visit or call made to meet somebody tells of both.
    """
    clauses, child = senses.clauses, match.anchor
    if not clauses.infinitive(child):
        return False
    for _ in range(4):
        head, dep = clauses.above(child)
        if head == child or dep in {"ccomp", "relcl", "parataxis"}:
            return False
        above = anchors.get(head)
        if above is not None and above is not match:
            kinds = {above.sense.event_type, match.sense.event_type}
            return kinds != {"CONSULT"}
        child = head
    return False


def _is_content(senses: Senses, child: int, dep: str) -> bool:
    if dep == "prep":
        return senses.parse.lower[child] in _CONTENT_PREPS
    if dep in {"acl", "advcl"}:
        return senses.clauses.infinitive(child)
    return dep in _CONTENT


def _draft(
    senses: Senses,
    modality: Modality,
    match: Match,
    times: Sequence[TimeMention],
    places: Sequence[PlaceMention],
    published: dt.date | None,
) -> EventDraft | None:
    parse, layer = senses.parse, senses.clauses.layer
    found, how = participants(senses, match)
    if not found and not _dated_and_placed(senses, match):
        return None
    if figurative(senses, match, found):
        return None
    kind, said_by = modality.of_phrase(match.anchor, match.token)
    start, end = _span(match)
    heads = [layer.mentions[p.mention].head for p in found]
    sense = match.sense
    return EventDraft(
        sent=parse.sent_of[match.anchor],
        trigger_start=start,
        trigger_end=end,
        event_type=sense.event_type,
        event_mode=sense.mode,
        cameo_code=cameo_for(sense.event_type, sense.mode, sense.cameo),
        modality=kind,
        participants=found,
        attribution=_source(senses, said_by),
        date=event_date(parse, match.anchor, times, published, kind),
        place=locate_event(
            parse,
            match.anchor,
            list(places),
            participants=heads,
            event_type=sense.event_type,
        ),
        counts=counts_of(senses.clauses, match.anchor) if sense.event_type in _COUNTED else [],
        confidence=confidence(features(senses, match, found, how, kind)),
        sense=sense.name,
    )


_PUBLIC = frozenset({"GOV", "MIL", "COP", "REB", "OPP", "PTY", "LEG", "JUD", "SPY", "IGO", "REF",
                     "LAB", "NGO", "REL", "CRM"})  # fmt: skip


def figurative(senses: Senses, match: Match, people: list[Participant]) -> bool:
    """Conflict in a sentence of sport, show or leisure without any public actor is a figure."""
    if quad_class(match.sense.event_type) < 3:
        return False
    layer, parse = senses.clauses.layer, senses.parse
    for party in people:
        entity = layer.entities[layer.mentions[party.mention].entity]
        if entity.sector in _PUBLIC and not (
            entity.entity_type == "country" and match.sense.event_type == "ASSAULT"
        ):
            return False  # but "England crushed Wales" is a match
    sentence = parse.sents[parse.sent_of[match.token]]
    pastime = senses.lexicon.classes.get("pastime", frozenset())
    return any(senses.clauses.lemma[t] in pastime for t in range(sentence.start, sentence.end))


def _dated_and_placed(senses: Senses, match: Match) -> bool:
    """A happening without parties counts when it says when and where: "the meeting in Seoul in
    July 2024"."""
    if match.sense.event_type != "CONSULT" or match.sense.pos != "noun":
        return False
    parse, clauses = senses.parse, senses.clauses
    below = parse.subtree(match.token)
    return any(t in clauses.temporal for t in below) and any(
        parse.lower[parse.heads[t]] in {"in", "at"} and clauses.mentions_at(t) for t in below
    )


def _source(senses: Senses, said_by: int | None) -> int | None:
    """The mention that tells of the event."""
    speakers = [] if said_by is None else parties(senses, said_by, acting=True)
    return speakers[0] if speakers else None


def _span(match: Match) -> tuple[int, int]:
    """Trigger tokens: the word, with its close companions when they stand together."""
    tokens = sorted({match.anchor, match.token})
    if tokens[-1] - tokens[0] <= 3:
        return tokens[0], tokens[-1] + 1
    return match.anchor, match.anchor + 1


def event_date(
    parse: Parse,
    trigger: int,
    times: Sequence[TimeMention],
    published: dt.date | None,
    modality: str,
) -> EventDate | None:
    """The date of an event, or None while the dates module is not there."""
    dates = _dates()
    if dates is None:
        return None
    dated: EventDate = dates.date_event(parse, trigger, times, published, modality=modality)
    return dated


@cache
def _dates() -> Any:
    """The dates module, or None while it is not there."""
    try:
        module = import_module("transforms.nlp.dates")
    except ImportError:
        return None
    return module if hasattr(module, "date_event") else None
