"""What the extractors find in one article. Token spans are [start, end) into its `Parse`.

These are drafts: `transforms.rows` turns them into the rows of the contract and gives ids.
"""

from __future__ import annotations

import datetime as dt
from bisect import insort
from dataclasses import dataclass, field


@dataclass(slots=True)
class TimeMention:
    """One temporal expression and the days it covers (both ends included)."""

    start: int
    end: int
    timex_type: str  # DATE, TIME, DURATION, SET
    timex_value: str  # TIMEX3
    date_start: dt.date | None = None
    date_end: dt.date | None = None
    date_precision: str = "unknown"  # day, week, month, quarter, year, unknown
    anchor: str = "none"  # publication, focus, none
    edtf: str | None = None  # EDTF text of the interval


@dataclass(slots=True)
class EventDate:
    """When an event took place, and how that was decided."""

    edtf: str | None
    date_start: dt.date | None
    date_end: dt.date | None
    date_precision: str
    date_method: str  # explicit, relative, inherited, publication, corrected
    mention: int | None  # index into the article's time mentions

    @classmethod
    def untold(cls) -> EventDate:
        """Of an event that no day is known of."""
        return cls(None, None, None, "unknown", "", None)


AROUND = "around"


@dataclass(slots=True)
class PlaceMention:
    """One toponym; `place_id` ("geonames:…") is None where we abstain.

    With method `AROUND` it is what holds a place that no list has.
    """

    start: int
    end: int
    place_id: str | None
    method: str
    confidence: float
    country_code: str | None = None
    place_type: str | None = None

    @property
    def own_id(self) -> str | None:
        """`place_id` where it is the place itself."""
        return None if self.method == AROUND else self.place_id


@dataclass(slots=True)
class EntityDraft:
    """One entity of the article. Equal `key`s in two articles are one entity.

    `key` is a canonical, content-only text such as "person:park yoon joo|KOR"; `entity_id`
    is its digest.
    """

    key: str
    name: str
    entity_type: str  # person, organization, government, country, place, group, other
    country_code: str | None = None
    sector: str | None = None
    aliases: list[str] = field(default_factory=list)
    kb_id: str | None = None


@dataclass(slots=True)
class Mention:
    """One mention of one entity. A group ("both sides") is several mentions of one span."""

    start: int
    end: int
    head: int
    entity: int  # index into the article's entities
    mention_type: str  # name, nominal, pronoun
    title: str | None
    method: str
    confidence: float


@dataclass(slots=True)
class Position:
    """`entity` seen holding the office `title`, at `organization`, in sentence `sent`."""

    entity: int
    title: str
    organization: int | None
    country_code: str | None
    sent: int


@dataclass(slots=True)
class EntityLayer:
    """All entities of an article and where they are mentioned."""

    entities: list[EntityDraft] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    positions: list[Position] = field(default_factory=list)
    _by_token: dict[int, list[int]] | None = None
    _placed: int = 0  # of the mentions, so many stand in `_by_token`

    def at(self, token: int) -> list[int]:
        """Mentions (indices) whose span covers `token`, the widest first."""
        if self._by_token is None:
            self._by_token, self._placed = {}, 0
        for index in range(self._placed, len(self.mentions)):
            mention = self.mentions[index]
            for position in range(mention.start, mention.end):
                held = [*self._by_token.get(position, ())]  # who was told of it keeps what it had
                insort(held, index, key=self._breadth)
                self._by_token[position] = held
        self._placed = len(self.mentions)
        return self._by_token.get(token, [])

    def _breadth(self, index: int) -> tuple[int, int]:
        mention = self.mentions[index]
        return mention.start - mention.end, index


@dataclass(slots=True)
class Participant:
    """One party to an event mention."""

    role: str  # initiator, recipient, participant
    mention: int  # index into EntityLayer.mentions
    country_code: str | None = None
    country_method: str | None = None  # named, office, place, dateline, article
    method: str | None = None  # corrected, where somebody said so
    confidence: float | None = None  # chance that it is one, of the lesser role where it has both


@dataclass(slots=True)
class Count:
    """A number said of an event; `low` = `high` when exact. Tokens [start, end)."""

    kind: str  # killed, injured, arrested, abducted, displaced, participants
    low: int
    high: int
    start: int
    end: int


@dataclass(slots=True)
class EventDraft:
    """One report of an event in one sentence."""

    sent: int
    trigger_start: int  # tokens
    trigger_end: int
    event_type: str
    event_mode: str | None
    cameo_code: str | None
    modality: str
    participants: list[Participant]
    attribution: int | None  # index into EntityLayer.mentions: who says so
    date: EventDate | None
    place: int | None  # index into the article's place mentions
    counts: list[Count]
    confidence: float  # that type, modality and sides are right
    type_confidence: float = 0.0  # that type and modality are
    told: str = "narrated"  # narrated, attributed, claimed, disputed
    method: str | None = None  # confirmed, corrected, added, where somebody said so


@dataclass(slots=True)
class QuotationDraft:
    """A quoted or reported statement: characters [start_char, end_char) of the article."""

    sent: int
    speaker: int | None  # index into EntityLayer.mentions
    start_char: int
    end_char: int
    cue: str | None
    is_direct: bool


@dataclass(frozen=True, slots=True)
class Use:
    """One end of a decision of people that was found in an article.

    `event` is the report it ties to another one, `tie` how, "same" or "apart"; `entity_id` the
    entity it was about. `decided_at` is UTC, without zone.
    """

    correction_id: str
    part: str
    event: EventDraft | None = None
    entity_id: str | None = None
    is_applied: bool = True
    tie: str | None = None
    decided_at: dt.datetime | None = None


@dataclass(slots=True)
class Annotations:
    """Everything found in one article."""

    times: list[TimeMention] = field(default_factory=list)
    places: list[PlaceMention] = field(default_factory=list)
    entities: EntityLayer = field(default_factory=EntityLayer)
    events: list[EventDraft] = field(default_factory=list)
    quotations: list[QuotationDraft] = field(default_factory=list)
