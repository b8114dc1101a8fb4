"""What the page shows: reports that are doubtful, with sentence, trigger and parties; and choices.

Reads the published snapshot. Rows of a card that decisions are made of stay here: the page sends
ids and words back, never text that a decision would be bound to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from warehouse.connection import Connection
from warehouse.errors import DatelineError

CONTEXT = 180  # characters shown before and after a sentence
CHOICES = 12  # events or entities to choose from
_SIDE = {"initiator": "initiators", "recipient": "recipients", "participant": "both"}

_ORDER = """
SELECT m.event_mention_id, m.article_id, m.trigger_start, m.trigger_end
FROM event_mentions m JOIN articles a USING (article_id)
WHERE m.modality = 'asserted' AND m.method IS NULL AND a.is_cluster_lead
    AND m.event_id IN (SELECT event_id FROM events)
ORDER BY m.confidence, m.event_mention_id
LIMIT ? OFFSET ?
"""
_REPORT = """
SELECT m.event_mention_id, m.event_id, m.article_id, m.event_type, m.event_mode, m.modality, m.told,
    m.trigger_text, m.trigger_start, m.trigger_end, m.event_date, m.date_method, m.place_text,
    m.place_id, m.confidence, m.method, s.start_char, s.end_char, a.text, a.title,
    coalesce(a.source, parse_filename(a.source_uri)) AS source, a.url,
    a.published_at, w.name AS says
FROM event_mentions m JOIN articles a USING (article_id) JOIN sentences s USING (sentence_id)
    LEFT JOIN entities w ON w.entity_id = m.attribution_entity_id
WHERE m.event_mention_id = ?
"""
_PARTIES = """
SELECT p.role, p.mention_id, p.entity_id, n.text, n.start_char, n.end_char, e.name
FROM event_participants p JOIN entity_mentions n USING (mention_id)
    JOIN entities e ON e.entity_id = p.entity_id
WHERE p.event_mention_id = ? ORDER BY p.role, n.start_char, e.name
"""
_NAMED = """
SELECT n.mention_id, n.entity_id, n.text, n.start_char, n.end_char, n.mention_type, e.name,
    e.entity_type, e.country_code
FROM entity_mentions n JOIN entities e USING (entity_id)
WHERE n.article_id = ? ORDER BY n.start_char, n.end_char DESC, e.name
"""
_OTHERS = """
SELECT m.event_mention_id, m.event_id, m.event_type, m.event_date, m.trigger_text,
    substr(a.text, s.start_char + 1, s.end_char - s.start_char) AS sentence,
    coalesce(a.source, parse_filename(a.source_uri)) AS source,
    strftime(a.published_at, '%Y-%m-%d') AS published
FROM event_mentions m JOIN articles a USING (article_id) JOIN sentences s USING (sentence_id)
WHERE {where}
ORDER BY {order}, a.published_at, m.event_mention_id LIMIT {limit}
"""
# Events near in time, in type or in parties to one, those that have most in common first.
_NEAR = """
SELECT l.event_mention_id FROM event_leads l JOIN events e USING (event_id), events o
WHERE o.event_id = $event AND e.event_id <> o.event_id AND {test}
ORDER BY (e.event_type = o.event_type)::INT * 2
    + (SELECT count(DISTINCT p.entity_id) FROM event_participants p WHERE p.event_id = e.event_id
        AND p.entity_id IN (SELECT entity_id FROM event_participants WHERE event_id = $event)) * 3
    - least(abs(date_diff('day', e.date_start, o.date_start)), 60) / 10.0 DESC NULLS LAST,
    l.event_mention_id
LIMIT {limit}
"""
_ENTITIES = """
SELECT e.entity_id, e.name, e.entity_type, e.country_code, count(*) AS mentions
FROM entities e JOIN entity_mentions n USING (entity_id)
WHERE e.entity_id <> $entity AND (contains(lower(e.name), lower($text))
    OR list_bool_or(list_transform(e.aliases, lambda a: contains(lower(a), lower($text))))
    OR jaro_winkler_similarity(lower(e.name), lower($text)) > 0.86)
GROUP BY 1, 2, 3, 4
ORDER BY max(jaro_winkler_similarity(lower(e.name), lower($text))) DESC, mentions DESC, 1
LIMIT {limit}
"""


@dataclass(frozen=True, slots=True)
class Card:
    """One report as it stands: its row, its parties, and who else is named in the article."""

    report: Mapping[str, Any]
    parties: list[dict[str, Any]] = field(default_factory=list)
    named: list[dict[str, Any]] = field(default_factory=list)

    @property
    def start(self) -> int:
        """Where its sentence begins in the article."""
        return int(self.report["start_char"])

    @property
    def end(self) -> int:
        """Where it ends."""
        return int(self.report["end_char"])

    @property
    def sentence(self) -> str:
        """Its words."""
        return str(self.report["text"][self.start : self.end])

    def is_inside(self, row: Mapping[str, Any]) -> bool:
        """Whether a mention stands in the sentence."""
        return bool(self.start <= row["start_char"] and row["end_char"] <= self.end)

    def party(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """A mention as a decision names it."""
        if self.is_inside(row):
            return {"text": row["text"], "start": row["start_char"] - self.start}
        return {"text": row["name"]}

    def sides(self) -> dict[str, list[dict[str, Any]]]:
        """Parties by side, as a decision names them; each once."""
        found: dict[str, list[dict[str, Any]]] = {name: [] for name in _SIDE.values()}
        for row in self.parties:
            party = self.party(row)
            if party not in found[_SIDE[row["role"]]]:
                found[_SIDE[row["role"]]].append(party)
        return found


def order(con: Connection, count: int, skip: int) -> list[tuple[str, str, int, int]]:
    """(report, article, first, last character of the trigger), the least sure first."""
    return con.execute(_ORDER, [count, skip]).fetchall()


def card(con: Connection, report: str) -> Card:
    """The report of this id. Raises DatelineError when there is none."""
    rows = con.execute(_REPORT, [report]).pl().to_dicts()
    if not rows:
        raise DatelineError("no report has this id", subject=report)
    article = rows[0]["article_id"]
    return Card(
        rows[0],
        con.execute(_PARTIES, [report]).pl().to_dicts(),
        con.execute(_NAMED, [article]).pl().to_dicts(),
    )


def shown(held: Card) -> dict[str, Any]:
    """A card as the page draws it: texts, and the sentence cut where marks begin and end."""
    row = held.report
    text, start, end = str(row["text"]), held.start, held.end
    marks = [(row["trigger_start"] - start, row["trigger_end"] - start, "trigger")]
    marks += [
        (p["start_char"] - start, p["end_char"] - start, p["role"])
        for p in held.parties
        if held.is_inside(p)
    ]
    # Whoever is named: those in the sentence as they stand there, the others once by name.
    named: dict[tuple[Any, ...], dict[str, Any]] = {}
    for one in held.named:
        party = held.party(one)
        kept = {**party, "mention": one["mention_id"], "entity": one["entity_id"],
                "name": one["name"], "type": one["entity_type"]}  # fmt: skip
        named.setdefault((party["text"], party.get("start"), one["entity_id"]), kept)
    parties = [
        {**held.party(p), "side": _SIDE[p["role"]], "name": p["name"], "entity": p["entity_id"],
         "mention": p["mention_id"]}
        for p in held.parties
    ]  # fmt: skip
    return {
        "id": row["event_mention_id"],
        "type": row["event_type"],
        "modality": row["modality"],
        "told": row["told"],
        "says": row["says"],
        "trigger": row["trigger_text"],
        "date": row["event_date"] or "",
        "date_method": row["date_method"],
        "place": row["place_text"] or "",
        "confidence": row["confidence"],
        "reviewed": row["method"],
        "before": _tail(text[:start]),
        "sentence": held.sentence,
        "parts": cut(held.sentence, marks),
        "after": _head(text[end:]),
        "title": row["title"],
        "source": row["source"],
        "url": row["url"] if str(row["url"] or "").startswith(("http://", "https://")) else None,
        "published": f"{row['published_at']:%Y-%m-%d}",
        "parties": parties,
        "named": sorted(named.values(), key=lambda one: one.get("start", len(text))),
    }


def _tail(text: str) -> str:
    return text if len(text) <= CONTEXT else "…" + text[-CONTEXT:].partition(" ")[2]


def _head(text: str) -> str:
    return text if len(text) <= CONTEXT else text[:CONTEXT].rpartition(" ")[0] + "…"


def cut(sentence: str, marks: list[tuple[int, int, str]]) -> list[list[Any]]:
    """The sentence in pieces, each with the names of the marks that cover it."""
    inside = [(max(0, a), min(len(sentence), b), name) for a, b, name in marks]
    edges = sorted({0, len(sentence), *(e for a, b, _ in inside for e in (a, b))})
    return [
        [sentence[a:b], sorted({name for low, high, name in inside if low <= a and b <= high})]
        for a, b in pairwise(edges)
        if a < b
    ]


def other_reports(con: Connection, held: Card) -> list[dict[str, Any]]:
    """The other reports of its event."""
    where = "m.event_id = $event AND m.event_mention_id <> $report"
    return _listed(con, where, "m.confidence DESC", event=held.report["event_id"],
                   report=held.report["event_mention_id"])  # fmt: skip


def near_events(con: Connection, held: Card, text: str) -> list[dict[str, Any]]:
    """The lead reports of events that may be the same one; with a text those that hold it."""
    test = "contains(lower(l.sentence), lower($text))" if text else "e.event_type IS NOT NULL"
    values = {"event": held.report["event_id"], **({"text": text} if text else {})}
    rows = con.execute(_NEAR.format(test=test, limit=CHOICES), values).fetchall()
    ids = [key for (key,) in rows]
    if not ids:
        return []
    where = "m.event_mention_id IN (SELECT unnest($ids))"
    return _listed(con, where, "list_position($ids, m.event_mention_id)", ids=ids)


def _listed(con: Connection, where: str, order: str, **values: Any) -> list[dict[str, Any]]:
    sql = _OTHERS.format(where=where, order=order, limit=CHOICES)
    found: list[dict[str, Any]] = con.execute(sql, values).pl().to_dicts()
    return found


def near_entities(con: Connection, entity: str, text: str) -> list[dict[str, Any]]:
    """Entities of this name, or of a near one."""
    if not text.strip():
        return []
    values = {"entity": entity, "text": text.strip()}
    found: list[dict[str, Any]] = (
        con.execute(_ENTITIES.format(limit=CHOICES), values).pl().to_dicts()
    )
    return found


def naming(con: Connection, entity: str) -> tuple[Card, dict[str, Any]]:
    """(A card whose sentence names the entity, that mention): the surest one of its name.

    Raises DatelineError.
    """
    rows = con.execute(
        """
        SELECT n.*, s.start_char AS sentence_start, s.end_char AS sentence_end, a.text AS whole,
            e.name, e.entity_type, e.country_code
        FROM entity_mentions n JOIN sentences s USING (sentence_id)
            JOIN articles a ON a.article_id = n.article_id JOIN entities e USING (entity_id)
        WHERE entity_id = ?
        ORDER BY n.mention_type <> 'name', n.confidence DESC, n.mention_id LIMIT 1
        """,
        [entity],
    ).pl().to_dicts()  # fmt: skip
    if not rows:
        raise DatelineError("no entity has this id", subject=entity)
    row = rows[0]
    place = {"article_id": row["article_id"], "text": row["whole"],
             "start_char": row["sentence_start"], "end_char": row["sentence_end"]}  # fmt: skip
    return Card(place), row
