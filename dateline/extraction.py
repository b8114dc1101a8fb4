"""`extract`: one text through every extractor, as objects that refer to one another.

They are made from the rows a run would load, so that both say the same; the columns' meaning stands
in `warehouse/TABLES.md`. Offsets are code points of the text as given, end-exclusive.
"""

from __future__ import annotations

import datetime as dt
import gc
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import dateline.packages  # noqa: F401 -- the folders must be our own
from dateline.html import html
from warehouse.errors import DatelineError

if TYPE_CHECKING:
    from flows.resources.settings import Settings
    from transforms.nlp.extract import Resources
    from transforms.nlp.parsing.parse import Parse


@dataclass(frozen=True, slots=True)
class Span:
    """Characters [start, end) of the text."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mention(Span):
    """One mention of an entity: a `name`, a `nominal` or a `pronoun`."""

    kind: str
    title: str | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Entity:
    """One person, body, country, place or group, and where it is mentioned."""

    id: str
    name: str
    type: str
    country: str | None
    sector: str | None
    kb_id: str | None
    aliases: tuple[str, ...] = ()
    mentions: tuple[Mention, ...] = ()

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Place(Span):
    """One toponym; where we abstain there is no `id`, `name`, country and position."""

    id: str | None
    name: str | None
    type: str | None
    country: str | None
    latitude: float | None
    longitude: float | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Date(Span):
    """One temporal expression: its TIMEX3 value and the days from `first` to `last`."""

    type: str
    value: str
    first: dt.date | None
    last: dt.date | None
    precision: str


@dataclass(frozen=True, slots=True)
class Party:
    """One party to an event: `initiator`, `recipient` or `participant`, and the mention."""

    role: str
    entity: Entity
    mention: Mention


@dataclass(frozen=True, slots=True)
class Count:
    """A number said of an event."""

    kind: str
    low: int
    high: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One report of an event. `date` is EDTF; `date_text` what the text says of it."""

    type: str
    mode: str | None
    cameo: str | None
    modality: str
    confidence: float
    trigger: Span
    sentence: Span
    parties: tuple[Party, ...]
    attributed_to: Entity | None
    date: str | None
    date_text: str | None
    date_method: str | None
    place: Place | None
    counts: tuple[Count, ...]

    @property
    def initiators(self) -> tuple[Entity, ...]:
        """Who acts; those who act together stand on both sides."""
        return self._side("recipient")

    @property
    def recipients(self) -> tuple[Entity, ...]:
        """Who is acted on."""
        return self._side("initiator")

    def _side(self, other: str) -> tuple[Entity, ...]:
        held = {party.entity.id: party.entity for party in self.parties if party.role != other}
        return tuple(held.values())

    def line(self) -> str:
        """All that is known of it in one line."""
        counts = "".join(f" · {count.text} {count.kind}" for count in self.counts)
        return f"{self}{counts}" + (
            f" · according to {self.attributed_to}" if self.attributed_to else ""
        )

    def __str__(self) -> str:
        sides = (", ".join(map(str, side)) or "?" for side in (self.initiators, self.recipients))
        parts = [self.type + (f"-{self.mode}" if self.mode else ""), " → ".join(sides)]
        parts += [part for part in (self.date, self.place and self.place.text) if part]
        return f"{' · '.join(parts)} ({self.modality}, {self.confidence:.2f})"


@dataclass(frozen=True, slots=True)
class Quotation(Span):
    """One quoted or reported statement."""

    speaker: Entity | None
    cue: str | None
    is_direct: bool


@dataclass(frozen=True, slots=True)
class Extraction:
    """Everything found in one text."""

    text: str
    date: dt.date
    sentences: tuple[Span, ...] = field(repr=False)
    entities: tuple[Entity, ...]
    events: tuple[Event, ...]
    quotations: tuple[Quotation, ...]
    dates: tuple[Date, ...]
    places: tuple[Place, ...]

    def html(self) -> str:
        """The text with what was found marked in it, and a line for each event."""
        marks = [(e.trigger.start, e.trigger.end, "event", e.type) for e in self.events]
        for entity in self.entities:
            marks += [
                (m.start, m.end, entity.type, entity.type if m.kind == "name" else entity.name)
                for m in entity.mentions
            ]
        marks += [(place.start, place.end, "place", "place") for place in self.places]
        marks += [(date.start, date.end, "date", date.value) for date in self.dates]
        return html(self.text, marks, [event.line() for event in self.events])

    def _repr_html_(self) -> str:
        return self.html()

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain values; days as `datetime.date`."""
        return asdict(self)


def extract(
    text: str, date: dt.date | str | None = None, *, model: str | None = None
) -> Extraction:
    """Who did what to whom, when and where, in one English text.

    `date` is the day of publication, from which "on Friday" counts; today when it is not given.
    The first call loads the model (and builds the gazetteer, once); later ones take some
    milliseconds a paragraph. Raises DatelineError for a `date` that is no day.
    """
    from flows.resources.settings import settings

    day = day_of(date)
    options = settings(model=model)
    resources = _resources_of(options)  # first: the threads of its libraries are limited too
    parse = _parsed(text, options.model)
    _at_rest()
    return extraction_of(parse, day, resources)


def day_of(date: dt.date | str | None) -> dt.date:
    """The day given, today without one. Raises DatelineError for what is no day."""
    if date is None:
        return dt.date.today()
    if isinstance(date, dt.datetime):
        return date.date()
    if isinstance(date, dt.date):
        return date
    try:
        return dt.date.fromisoformat(date)
    except ValueError:
        raise DatelineError(f"{date!r} is no day like 2026-01-31", subject="date") from None


@cache
def _loaded(model: str) -> tuple[Any, Any]:
    """The spaCy pipeline, and a controller of the libraries that are loaded by then."""
    from threadpoolctl import ThreadpoolController

    from transforms.nlp.parsing.language import load

    return load(model), ThreadpoolController()


@cache
def _at_rest() -> None:
    """Keep Python's search for garbage off what is loaded by now, which stays: 90 ms each time."""
    gc.collect()
    gc.freeze()


@lru_cache(maxsize=2)
def _resources(dictionary: Any) -> Resources:
    from flows.resources.gazetteer import open_gazetteer
    from transforms.nlp.extract import Resources

    return Resources.load(open_gazetteer(), dictionary)


def _parsed(text: str, name: str) -> Parse:
    """The parse of an article of this text, as a run makes it with this pipeline."""
    from transforms.articles import dateline_of
    from transforms.nlp.parsing.language import parse_texts
    from transforms.nlp.parsing.parse import paragraphs

    try:
        nlp, threads = _loaded(name)
    except (OSError, ImportError):
        raise DatelineError("no spaCy pipeline of this name or path", subject=name) from None
    pieces = [(text, paragraphs(text, dateline_end=dateline_of(text)[1]))]
    with threads.limit(limits=1, user_api="blas"):  # more cost a second on busy cores
        return next(iter(parse_texts(nlp, pieces)))


def _rows(parse: Parse, resources: Resources, day: dt.date) -> dict[str, list[dict[str, Any]]]:
    """What a run would load of an article with this parse, published that day, by table."""
    from transforms.articles import Article, dateline_of
    from transforms.nlp.extract import annotate
    from transforms.rows import article_rows

    text = parse.text
    dateline, end = dateline_of(text)
    article = Article(
        article_id="text", source_uri="", record=None, url=None, source=None, title=None,
        authors=[], language="en", published_at=dt.datetime(day.year, day.month, day.day),
        published_method="field", published_precision="day", dateline=dateline,
        dateline_end=end, text=text, word_count=len(text.split()), content_sha256="",
        identity="content",
    )  # fmt: skip
    found = annotate(parse, resources, published=day)
    return article_rows(
        article, parse, found, gazetteer=resources.gazetteer, extractor_version="",
        signature=("", []),
    )  # fmt: skip


def extraction_of(parse: Parse, day: dt.date, resources: Resources) -> Extraction:
    """The objects of a parsed text."""
    return _Objects(parse.text, day, _rows(parse, resources, day)).extraction()


def project_resources() -> Resources:
    """Gazetteer, lexicons and weights with the dictionary that the settings name."""
    from flows.resources.settings import settings

    return _resources_of(settings())


def _resources_of(options: Settings) -> Resources:
    from flows.resources.dictionary import dictionary_of

    return _resources(dictionary_of(options.dictionary))


class _Objects:
    """Rows by table → objects."""

    def __init__(self, text: str, day: dt.date, rows: dict[str, list[dict[str, Any]]]) -> None:
        self.text, self.day, self.rows = text, day, rows
        self.sentences = {
            row["sentence_id"]: self._span(row["start_char"], row["end_char"])
            for row in rows["sentences"]
        }
        self.mentions = {
            row["mention_id"]: Mention(
                row["text"], row["start_char"], row["end_char"], row["mention_type"],
                row["title"], row["confidence"],
            )
            for row in rows["entity_mentions"]
        }  # fmt: skip
        self.entities = self._entities()
        self.places = self._places()

    def extraction(self) -> Extraction:
        """All of it, each in the order of the text."""
        events = [self._event(row) for row in self.rows["event_mentions"]]
        dates = [
            Date(
                row["text"], row["start_char"], row["end_char"], row["timex_type"],
                row["timex_value"], row["date_start"], row["date_end"], row["date_precision"],
            )
            for row in self.rows["time_mentions"]
        ]  # fmt: skip
        quotations = [
            Quotation(
                **asdict(self._span(row["quote_start"], row["quote_end"])),
                speaker=self._known(row["speaker_entity_id"]), cue=row["cue"],
                is_direct=row["is_direct"],
            )
            for row in self.rows["quotations"]
        ]  # fmt: skip
        named = [entity for entity in self.entities.values() if entity.mentions]
        return Extraction(
            text=self.text,
            date=self.day,
            sentences=tuple(self.sentences.values()),
            entities=tuple(sorted(named, key=lambda entity: entity.mentions[0].start)),
            events=tuple(sorted(events, key=lambda event: event.trigger.start)),
            quotations=tuple(sorted(quotations, key=lambda quotation: quotation.start)),
            dates=tuple(sorted(dates, key=lambda date: date.start)),
            places=tuple(sorted(self.places, key=lambda place: place.start)),
        )

    def _span(self, start: int, end: int) -> Span:
        return Span(self.text[start:end], start, end)

    def _known(self, entity_id: str | None) -> Entity | None:
        return self.entities.get(entity_id) if entity_id else None

    def _entities(self) -> dict[str, Entity]:
        by_entity: dict[str, list[Mention]] = defaultdict(list)
        for row in self.rows["entity_mentions"]:
            by_entity[row["entity_id"]].append(self.mentions[row["mention_id"]])
        return {
            row["entity_id"]: Entity(
                row["entity_id"], row["name"], row["entity_type"], row["country_code"],
                row["sector"], row["kb_id"], tuple(row["aliases"]),
                tuple(sorted(by_entity[row["entity_id"]], key=lambda mention: mention.start)),
            )
            for row in self.rows["entity_evidence"]
        }  # fmt: skip

    def _places(self) -> list[Place]:
        known = {row["place_id"]: row for row in self.rows["places"]}
        found = []
        for row in self.rows["place_mentions"]:
            about = known.get(row["place_id"], {})
            found.append(
                Place(
                    row["text"], row["start_char"], row["end_char"], row["place_id"],
                    about.get("name"), about.get("place_type"), about.get("country_code"),
                    about.get("latitude"), about.get("longitude"), row["confidence"],
                )
            )  # fmt: skip
        return found

    def _event(self, row: dict[str, Any]) -> Event:
        key = row["event_mention_id"]
        cameo = {e["event_mention_id"]: e["cameo_code"] for e in self.rows["event_evidence"]}
        place = next(
            (p for p in self.places if (p.id, p.text) == (row["place_id"], row["place_text"])), None
        )
        return Event(
            type=row["event_type"],
            mode=row["event_mode"],
            cameo=cameo[key],
            modality=row["modality"],
            confidence=row["confidence"],
            trigger=self._span(row["trigger_start"], row["trigger_end"]),
            sentence=self.sentences[row["sentence_id"]],
            parties=tuple(
                Party(party["role"], self.entities[party["entity_id"]],
                      self.mentions[party["mention_id"]])
                for party in self.rows["event_participants"]
                if party["event_mention_id"] == key
            ),
            attributed_to=self._known(row["attribution_entity_id"]),
            date=row["event_date"],
            date_text=row["date_text"],
            date_method=row["date_method"],
            place=place,
            counts=tuple(
                Count(count["kind"], count["low"], count["high"], count["text"])
                for count in self.rows["event_counts"]
                if count["event_mention_id"] == key
            ),
        )  # fmt: skip
