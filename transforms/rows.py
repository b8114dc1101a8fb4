"""Annotations of one article → rows of the contract, with their ids.

Every id is a digest of content: the article's id and what the row says. Nothing here knows
other articles; what spans articles (`entities`, `events`, clusters) is rolled up from the
evidence rows by `transforms.rollups`.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from transforms import plover
from transforms.articles import Article
from transforms.gazetteer import Gazetteer
from transforms.ids import digest, entity_id
from transforms.nlp.annotations import Annotations, EventDraft, Use
from transforms.nlp.identity.acts import act_word
from transforms.nlp.identity.likeness import content_of, story_of
from transforms.nlp.parsing.parse import Parse
from warehouse.dialects import polars_schema
from warehouse.tables import EXTRACTED, TABLES

Rows = dict[str, list[dict[str, Any]]]


def frames(rows: Mapping[str, list[dict[str, Any]]]) -> dict[str, pl.DataFrame]:
    """Rows as one frame a table, with the declared columns and types."""
    return {
        name: pl.DataFrame(rows.get(name, []), schema=polars_schema(TABLES[name]), orient="row")
        for name in EXTRACTED
    }


def merge(parts: Iterable[Mapping[str, pl.DataFrame]]) -> dict[str, pl.DataFrame]:
    """Frames of several chunks as one; a place named in several stands once."""
    held = list(parts)
    merged = {
        name: pl.concat([part[name] for part in held])
        if held
        else pl.DataFrame(schema=polars_schema(TABLES[name]))
        for name in EXTRACTED
    }
    merged["places"] = merged["places"].unique("place_id", keep="any").sort("place_id")
    return merged


def article_rows(
    article: Article,
    parse: Parse | None,
    found: Annotations,
    *,
    gazetteer: Gazetteer,
    extractor_version: str,
    signature: tuple[str, list[int]],
    uses: Iterable[Use] = (),
) -> Rows:
    """All rows that come from one article alone.

    `parse` is None for an article that is not in English: it is stored and not read. The
    columns that only the warehouse knows (run, version, cluster, event) are filled with the
    article's own ids and settled by `transforms.rollups`. `uses` are the decisions that
    `transforms.corrections` found in the article.
    """
    rows: Rows = {name: [] for name in EXTRACTED}
    rows["articles"].append(_article(article))
    rows["article_signatures"].append(
        {
            "article_id": article.article_id,
            "published_at": article.published_at,
            "signature": signature[0],
        }
    )
    rows["article_bands"] = [
        {"band": band, "article_id": article.article_id} for band in signature[1]
    ]
    if parse is not None:
        builder = _Builder(article, parse, found, gazetteer, extractor_version)
        builder.fill(rows)
        builder.uses(rows, uses)
    return rows


def _article(article: Article) -> dict[str, Any]:
    return {
        "article_id": article.article_id,
        "source_uri": article.source_uri,
        "url": article.url,
        "source": article.source,
        "title": article.title,
        "authors": list(article.authors),
        "language": article.language,
        "published_at": article.published_at,
        "published_method": article.published_method,
        "utc_offset": article.utc_offset,
        "dateline": article.dateline,
        "text": article.text,
        "word_count": article.word_count,
        "content_sha256": article.content_sha256,
        "version": 1,
        "cluster_id": article.article_id,
        "is_cluster_lead": True,
        "run_id": "",
        "loaded_at": article.published_at,
    }


class _Builder:
    def __init__(
        self,
        article: Article,
        parse: Parse,
        found: Annotations,
        gazetteer: Gazetteer,
        extractor_version: str,
    ) -> None:
        self.article, self.parse, self.found = article, parse, found
        self.gazetteer, self.version = gazetteer, extractor_version
        self.id = article.article_id
        self.day: dt.date = article.day
        self.sentence_ids = [digest("sentence", self.id, s.ordinal) for s in parse.sents]
        self.entity_ids = [entity_id(e.key) for e in found.entities.entities]
        self.mention_ids: list[str] = []
        self.story = story_of(parse)

    def span(self, start: int, end: int) -> tuple[int, int, str]:
        """Characters and text of tokens [start, end)."""
        first, last = self.parse.starts[start], self.parse.ends[end - 1]
        return first, last, self.parse.text[first:last]

    def fill(self, rows: Rows) -> None:
        for sent, identifier in zip(self.parse.sents, self.sentence_ids, strict=True):
            rows["sentences"].append(
                {
                    "sentence_id": identifier,
                    "article_id": self.id,
                    "ordinal": sent.ordinal,
                    "start_char": sent.start_char,
                    "end_char": sent.end_char,
                }
            )
        self._entities(rows)
        self._positions(rows)
        self._times(rows)
        self._places(rows)
        self._events(rows)
        self._quotations(rows)

    def _base(self, start: int, end: int) -> dict[str, Any]:
        first, last, text = self.span(start, end)
        return {
            "article_id": self.id,
            "sentence_id": self.sentence_ids[self.parse.sent_of[start]],
            "text": text,
            "start_char": first,
            "end_char": last,
        }

    def _entities(self, rows: Rows) -> None:
        layer = self.found.entities
        counts: Counter[int] = Counter()
        seen: set[str] = set()
        for mention in layer.mentions:
            base = self._base(mention.start, mention.end)
            entity_id = self.entity_ids[mention.entity]
            identifier = digest("mention", self.id, base["start_char"], base["end_char"], entity_id)
            self.mention_ids.append(identifier)
            if identifier in seen:
                continue
            seen.add(identifier)
            counts[mention.entity] += 1
            rows["entity_mentions"].append(
                {
                    "mention_id": identifier,
                    **base,
                    "entity_id": entity_id,
                    "mention_type": mention.mention_type,
                    "title": mention.title,
                    "method": mention.method,
                    "confidence": mention.confidence,
                }
            )
        used = {m.entity for m in layer.mentions} | {
            e for p in layer.positions for e in (p.entity, p.organization) if e is not None
        }
        for index, entity in enumerate(layer.entities):
            if index in used:
                rows["entity_evidence"].append(
                    {
                        "entity_id": self.entity_ids[index],
                        "article_id": self.id,
                        "name": entity.name,
                        "entity_type": entity.entity_type,
                        "country_code": entity.country_code,
                        "sector": entity.sector,
                        "aliases": sorted(set(entity.aliases)),
                        "kb_id": entity.kb_id,
                        "mention_count": counts[index],
                    }
                )

    def _positions(self, rows: Rows) -> None:
        seen: set[tuple[str, str, str]] = set()
        for position in self.found.entities.positions:
            organization = position.organization
            row = {
                "entity_id": self.entity_ids[position.entity],
                "title": position.title,
                "organization_entity_id": None
                if organization is None
                else self.entity_ids[organization],
                "country_code": position.country_code,
                "article_id": self.id,
                "sentence_id": self.sentence_ids[position.sent],
                "observed_on": self.day,
            }
            key = (self.entity_ids[position.entity], position.title, str(row["sentence_id"]))
            if key not in seen:
                seen.add(key)
                rows["positions"].append(row)

    def _times(self, rows: Rows) -> None:
        for time in self.found.times:
            base = self._base(time.start, time.end)
            rows["time_mentions"].append(
                {
                    "time_mention_id": digest(
                        "time", self.id, base["start_char"], base["end_char"]
                    ),
                    **base,
                    "timex_type": time.timex_type,
                    "timex_value": time.timex_value,
                    "date_start": time.date_start,
                    "date_end": time.date_end,
                    "date_precision": time.date_precision,
                    "anchor": time.anchor,
                }
            )

    def _places(self, rows: Rows) -> None:
        named: set[str] = set()
        for place in self.found.places:
            base = self._base(place.start, place.end)
            rows["place_mentions"].append(
                {
                    "place_mention_id": digest(
                        "place", self.id, base["start_char"], base["end_char"]
                    ),
                    **base,
                    "place_id": place.place_id,
                    "method": place.method,
                    "confidence": place.confidence,
                }
            )
            if place.place_id is not None and place.place_id not in named:
                named.add(place.place_id)
                row = self.gazetteer.place(place.place_id)
                rows["places"].append({name: getattr(row, name) for name in row.__slots__})

    def _events(self, rows: Rows) -> None:
        seen: set[str] = set()
        for event in self.found.events:
            first, last, text = self.span(event.trigger_start, event.trigger_end)
            identifier = self.report_id(event)
            if identifier in seen or not event.participants:
                continue  # an event without a party is nobody's
            seen.add(identifier)
            self._event(rows, event, identifier, (first, last, text))

    def _event(
        self, rows: Rows, event: EventDraft, identifier: str, trigger: tuple[int, int, str]
    ) -> None:
        place = None if event.place is None else self.found.places[event.place]
        date = event.date
        when = None if date is None or date.mention is None else self.found.times[date.mention]
        who = event.attribution
        mentions = self.found.entities.mentions
        rows["event_mentions"].append(
            {
                "event_mention_id": identifier,
                "event_id": "",
                "article_id": self.id,
                "sentence_id": self.sentence_ids[event.sent],
                "trigger_text": trigger[2],
                "trigger_start": trigger[0],
                "trigger_end": trigger[1],
                "event_type": event.event_type,
                "event_mode": event.event_mode,
                "modality": event.modality,
                "attribution_entity_id": None
                if who is None
                else self.entity_ids[mentions[who].entity],
                "date_text": None if when is None else self.span(when.start, when.end)[2],
                "event_date": None if date is None else date.edtf,
                "date_method": (date.date_method or None) if date else None,
                "place_text": None if place is None else self.span(place.start, place.end)[2],
                "place_id": None if place is None else place.place_id,
                "confidence": event.confidence,
                "type_confidence": event.type_confidence,
                "told": event.told,
                "method": event.method,
                "extractor_version": self.version,
            }
        )
        self._parties(rows, event, identifier)
        texts: set[tuple[str, str]] = set()
        for count in event.counts:
            text = self.span(count.start, count.end)[2]
            if (count.kind, text) not in texts:
                texts.add((count.kind, text))
                rows["event_counts"].append(
                    {
                        "event_mention_id": identifier,
                        "kind": count.kind,
                        "low": count.low,
                        "high": count.high,
                        "text": text,
                    }
                )
        rows["event_evidence"].append(
            {
                "event_mention_id": identifier,
                "article_id": self.id,
                "cameo_code": plover.cameo_for(
                    event.event_type, event.event_mode, event.cameo_code
                ),
                "trigger_lemma": act_word(self.parse, event.trigger_start, event.trigger_end),
                "date_start": None if date is None else date.date_start,
                "date_end": None if date is None else date.date_end,
                "date_precision": "unknown" if date is None else date.date_precision,
                "country_code": None if place is None else place.country_code,
                "content": content_of(
                    self.parse,
                    event.sent,
                    self.story,
                    self.found.entities,
                    event.participants,
                    trigger=event.trigger_start,
                    place=None
                    if place is None or place.place_id is None
                    else self.gazetteer.place(place.place_id),
                    counts=event.counts,
                ),
                "blocks": [],
                "joins": None,
            }
        )

    def _parties(self, rows: Rows, event: EventDraft, identifier: str) -> None:
        seen: set[tuple[str, str]] = set()
        for party in event.participants:
            mention = self.found.entities.mentions[party.mention]
            entity = self.found.entities.entities[mention.entity]
            key = (self.mention_ids[party.mention], party.role)
            if key not in seen:
                seen.add(key)
                rows["event_participants"].append(
                    {
                        "event_mention_id": identifier,
                        "event_id": "",
                        "entity_id": self.entity_ids[mention.entity],
                        "mention_id": key[0],
                        "role": party.role,
                        "country_code": party.country_code,
                        "country_method": party.country_method,
                        "sector": entity.sector,
                        "method": party.method,
                        "confidence": party.confidence,
                    }
                )

    def report_id(self, event: EventDraft) -> str:
        """The id of a report: where it stands, and of what type it is."""
        first, last, _ = self.span(event.trigger_start, event.trigger_end)
        return digest("event-mention", self.id, first, last, event.event_type)

    def uses(self, rows: Rows, uses: Iterable[Use]) -> None:
        """Which decisions are about this article."""
        for use in uses:
            report = None if use.event is None else self.report_id(use.event)
            rows["correction_uses"].append(
                {
                    "correction_id": use.correction_id,
                    "article_id": self.id,
                    "part": use.part,
                    "event_mention_id": report,
                    "tie": use.tie,
                    "decided_at": use.decided_at,
                    "entity_id": use.entity_id,
                    "is_applied": use.is_applied,
                }
            )

    def _quotations(self, rows: Rows) -> None:
        mentions = self.found.entities.mentions
        seen: set[str] = set()
        for quote in self.found.quotations:
            identifier = digest("quotation", self.id, quote.start_char, quote.end_char)
            if identifier not in seen:
                seen.add(identifier)
                rows["quotations"].append(
                    {
                        "quotation_id": identifier,
                        "article_id": self.id,
                        "sentence_id": self.sentence_ids[quote.sent],
                        "speaker_entity_id": None
                        if quote.speaker is None
                        else self.entity_ids[mentions[quote.speaker].entity],
                        "quote_start": quote.start_char,
                        "quote_end": quote.end_char,
                        "cue": quote.cue,
                        "is_direct": quote.is_direct,
                    }
                )
