"""Decisions about events, applied to the drafts of one article."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from transforms.corrections.binding import Bound, tokens_at
from transforms.corrections.decisions import (
    Apart,
    OfEvent,
    OtherDate,
    OtherModality,
    OtherParty,
    OtherPlace,
    OtherType,
    Party,
    Place,
    Read,
    Right,
    Same,
    Wrong,
    days,
)
from transforms.gazetteer import PRIMARY, Gazetteer, fold
from transforms.nlp.annotations import (
    Annotations,
    EntityDraft,
    EventDate,
    EventDraft,
    Mention,
    Participant,
    PlaceMention,
)
from transforms.nlp.parsing.parse import Parse

METHOD = "corrected"
_SIDES = {"initiators": "initiator", "recipients": "recipient", "both": "participant"}


@dataclass(slots=True)
class _Ruling:
    """What was decided about one trigger, the last word of each part of it."""

    bounds: list[Bound] = field(default_factory=list)
    read: Read | None = None
    wrong: bool = False
    right: bool = False
    type: str | None = None
    modality: str | None = None
    shown: dict[str, tuple[Party, ...]] = field(default_factory=dict)
    sides: dict[str, tuple[Party, ...]] = field(default_factory=dict)
    date: str | None = None
    place: tuple[Place | None] | None = None

    def add(self, bound: Bound) -> None:
        """Hear another decision. Parties stand in the article then, no longer in the sentence."""
        held, at = bound.decision, bound.sentence_start
        self.bounds.append(bound)
        if isinstance(held, OfEvent):
            self.read = held.read
            self.shown = {name: _moved(getattr(held.read, name), at) for name in _SIDES}
        self.wrong = isinstance(held, Wrong)
        if isinstance(held, Right):
            self.right = True
        elif isinstance(held, OtherType):
            self.type = held.type
        elif isinstance(held, OtherModality):
            self.modality = held.modality
        elif isinstance(held, OtherParty):
            self.sides.pop(held.side, None)
            self.sides[held.side] = _moved(held.parties, at)
        elif isinstance(held, OtherDate):
            self.date = held.date
        elif isinstance(held, OtherPlace):
            self.place = (held.place,)

    @property
    def is_changed(self) -> bool:
        """Whether anything but "right" was said."""
        return bool(self.type or self.modality or self.sides or self.date is not None or self.place)


def correct_events(
    parse: Parse, notes: Annotations, bounds: Iterable[Bound], gazetteer: Gazetteer
) -> dict[tuple[str, str], EventDraft | None]:
    """Make the drafts of `notes` what was decided.

    Returns (correction id, part) → the draft it is about, None where it is gone or was never there.
    Decisions of which the parse has no word are not in it.
    """
    rulings: dict[int, _Ruling] = {}
    spans: dict[int, tuple[int, int]] = {}
    by_token = {t: e for e in notes.events for t in range(e.trigger_start, e.trigger_end)}
    others: list[tuple[Bound, int]] = []
    for bound in bounds:
        span = bound.tokens(parse)
        if span is None:
            continue
        told = next((by_token[t] for t in range(*span) if t in by_token), None)
        token = span[0] if told is None else told.trigger_start
        spans.setdefault(token, span)
        if isinstance(bound.decision, OfEvent):
            rulings.setdefault(token, _Ruling()).add(bound)
        elif isinstance(bound.decision, Same | Apart):
            others.append((bound, token))
    found: dict[tuple[str, str], EventDraft | None] = {}
    for token, ruling in rulings.items():
        draft = by_token.get(token)
        made = _Correcting(parse, notes, gazetteer).apply(ruling, draft, spans[token])
        if made is None and draft is not None:
            notes.events = [event for event in notes.events if event is not draft]
        elif made is not None and draft is None:
            notes.events.append(made)
        if made is None:
            by_token.pop(token, None)
        else:
            by_token[token] = made
        found.update({(b.decision.correction_id, b.part): made for b in ruling.bounds})
    for bound, token in others:
        found[bound.decision.correction_id, bound.part] = by_token.get(token)
    notes.events.sort(key=lambda event: event.trigger_start)
    return found


class _Correcting:
    def __init__(self, parse: Parse, notes: Annotations, gazetteer: Gazetteer) -> None:
        self.parse, self.notes, self.gazetteer = parse, notes, gazetteer
        self.layer = notes.entities

    def apply(
        self, ruling: _Ruling, draft: EventDraft | None, span: tuple[int, int]
    ) -> EventDraft | None:
        """The draft as decided, None where there is no such event."""
        read = ruling.read
        if ruling.wrong or read is None:
            return None
        pinned = ruling.right or draft is None  # what was shown holds, where nothing else was said
        if draft is None:
            draft = EventDraft(
                self.parse.sent_of[span[0]], *span, read.type, None, None, read.modality, [], None,
                None, None, [], 1.0, 1.0, read.told or "narrated", "added",
            )  # fmt: skip
        kind = ruling.type or (read.type if pinned else draft.event_type)
        if kind != draft.event_type:
            draft.event_type, draft.event_mode, draft.cameo_code = kind, None, None
        draft.modality = ruling.modality or (read.modality if pinned else draft.modality)
        if pinned or ruling.sides:
            self._sides(draft, ruling.sides, ruling.shown if pinned else {})
        date = read.date if pinned and ruling.date is None else ruling.date
        if date is not None and (ruling.date is not None or date != _edtf(draft)):
            draft.date = _date(date)
        place = (read.place,) if pinned and ruling.place is None else ruling.place
        if place is not None:
            self._place(draft, place[0])
        if draft.method is None:
            draft.method = METHOD if ruling.is_changed else "confirmed"
        self._confidence(draft, ruling)
        return draft

    @staticmethod
    def _confidence(draft: EventDraft, ruling: _Ruling) -> None:
        """The chance of what was not decided: what was is sure."""
        of_type = ruling.right or ruling.type is not None
        of_sides = ruling.right or bool(ruling.sides)
        if of_sides and of_type:
            draft.confidence = 1.0
        elif of_sides:
            draft.confidence = draft.type_confidence
        elif of_type and draft.type_confidence:
            draft.confidence = min(1.0, draft.confidence / draft.type_confidence)
        if of_type:
            draft.type_confidence = 1.0

    def _sides(
        self,
        draft: EventDraft,
        decided: dict[str, tuple[Party, ...]],
        shown: dict[str, tuple[Party, ...]],
    ) -> None:
        """Put the parties on their sides."""
        held = {(p.mention, p.role): p for p in draft.participants}
        sides = {
            name: self._mentions(shown[name], draft)
            if name in shown
            else [p.mention for p in draft.participants if p.role == role]
            for name, role in _SIDES.items()
        }
        for name, parties in decided.items():
            wanted = self._mentions(parties, draft)
            if name == "both":
                sides = {"both": wanted} if wanted else {**sides, "both": []}
                continue
            if not wanted:
                sides[name] = []
                continue
            # Those that acted alike with these are on the other side now.
            other = next(side for side in ("recipients", "initiators") if side != name)
            left = [m for m in sides.get("both", ()) if m not in wanted]
            sides = {name: wanted, other: list(dict.fromkeys([*sides.get(other, ()), *left]))}
        wanted_roles = [(m, _SIDES[name]) for name, held_ in sides.items() for m in held_]
        draft.participants = [
            held.get(key) or self._participant(*key) for key in dict.fromkeys(wanted_roles)
        ]

    def _participant(self, mention: int, role: str) -> Participant:
        code = self.layer.entities[self.layer.mentions[mention].entity].country_code
        return Participant(role, mention, code, "named" if code else None, METHOD, 1.0)

    def _mentions(self, parties: Sequence[Party], draft: EventDraft) -> list[int]:
        """The mentions that parties stand for; made where the layer has none."""
        found = (m for party in parties for m in self._mentions_of(party, draft))
        return list(dict.fromkeys(found))

    def _mentions_of(self, party: Party, draft: EventDraft) -> list[int]:
        if party.start is not None:
            span = tokens_at(self.parse, party.start, party.start + len(party.text))
            return [] if span is None else self._at(span, party.text)
        known = self._named(party.text)
        if known:
            before = [m for m in known if self.layer.mentions[m].end <= draft.trigger_start]
            return [before[-1] if before else known[0]]
        span = self._nearest(party.text, draft.trigger_start)
        return [] if span is None else self._at(span, party.text)

    def _at(self, span: tuple[int, int], text: str) -> list[int]:
        mentions = self.layer.mentions
        same = [n for n, m in enumerate(mentions) if (m.start, m.end) == span]
        if same:
            return same
        head = self.parse.head_of(*span)
        at_head = [n for n, m in enumerate(mentions) if m.head == head]
        if at_head:
            size = min(mentions[n].end - mentions[n].start for n in at_head)
            return [n for n in at_head if mentions[n].end - mentions[n].start == size]
        named = self._named(text)
        entity = mentions[named[0]].entity if named else self._entity(text)
        kind = "name" if self.parse.pos[head] == "PROPN" else "nominal"
        mentions.append(Mention(*span, head, entity, kind, None, METHOD, 1.0))
        return [len(mentions) - 1]

    def _named(self, text: str) -> list[int]:
        """Mentions, in text order, of the entity of this name."""
        name = fold(text)
        held = {
            number
            for number, entity in enumerate(self.layer.entities)
            if name in {fold(entity.name), *map(fold, entity.aliases)}
        }
        found = [n for n, m in enumerate(self.layer.mentions) if m.entity in held]
        return sorted(found, key=lambda n: (self.layer.mentions[n].start, n))

    def _entity(self, text: str) -> int:
        """An entity of the article alone, as the extractor makes of parties it does not know."""
        scope = hashlib.sha256(self.parse.text.encode()).hexdigest()[:16]
        key = f"other:{fold(text)}|{scope}"
        for number, entity in enumerate(self.layer.entities):
            if entity.key == key:
                return number
        self.layer.entities.append(EntityDraft(key, text, "other", None, "UNK"))
        return len(self.layer.entities) - 1

    def _place(self, draft: EventDraft, place: Place | None) -> None:
        places = self.notes.places
        if place is None:
            draft.place = None
            return
        held = None if draft.place is None else places[draft.place]
        if held is not None and self._text(held) == place.text:
            if place.place_id in (None, held.place_id):
                return
            self._locate(held, place.place_id)
            return
        near = [n for n, p in enumerate(places) if self._text(p) == place.text]
        if near:
            nearest = min(near, key=lambda n: abs(places[n].start - draft.trigger_start))
            if place.place_id not in (None, places[nearest].place_id):
                self._locate(places[nearest], place.place_id)
            draft.place = nearest
            return
        span = self._nearest(place.text, draft.trigger_start)
        if span is None:
            return
        made = PlaceMention(*span, None, METHOD, 1.0)
        self._locate(made, place.place_id or self._best(place.text))
        places.append(made)
        draft.place = len(places) - 1

    def _text(self, place: PlaceMention) -> str:
        return self.parse.span_text(place.start, place.end)

    def _locate(self, mention: PlaceMention, place_id: str | None) -> None:
        try:
            row = None if place_id is None else self.gazetteer.place(place_id)
        except (KeyError, ValueError):
            row = None
        mention.place_id = None if row is None else row.place_id
        mention.country_code = None if row is None else row.country_code
        mention.place_type = None if row is None else row.place_type
        mention.method, mention.confidence = METHOD, 1.0

    def _best(self, name: str) -> str | None:
        found = self.gazetteer.lookup(name)
        best = max(found, key=lambda c: (c.kind == PRIMARY, c.weight), default=None)
        return None if best is None else self.gazetteer.id_of(best.index)

    def _nearest(self, text: str, token: int) -> tuple[int, int] | None:
        """Tokens of the text, in one sentence, that stand nearest to a token."""
        whole, found = self.parse.text, []
        at = whole.find(text)
        while at >= 0:
            span = tokens_at(self.parse, at, at + len(text))
            if span and self.parse.sent_of[span[0]] == self.parse.sent_of[span[1] - 1]:
                found.append(span)
            at = whole.find(text, at + 1)
        return min(found, key=lambda span: abs(span[0] - token), default=None)


def _moved(parties: Iterable[Party], by: int) -> tuple[Party, ...]:
    return tuple(
        party if party.start is None else Party(text=party.text, start=party.start + by)
        for party in parties
    )


def _edtf(draft: EventDraft) -> str:
    return (draft.date.edtf or "") if draft.date else ""


def _date(text: str) -> EventDate | None:
    try:
        found = days(text)
    except ValueError:  # as shown, of a form that no decision may have
        return None
    return None if found is None else EventDate(text, *found, METHOD, None)
