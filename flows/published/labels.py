"""Reviewed reports as labels, in the form that the scorers and `training/` read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from transforms.corrections.decisions import Wrong, read_line, standing
from warehouse.connection import Connection

FILE = "labels.jsonl"
_REVIEWED = """
SELECT m.event_mention_id, m.article_id, s.ordinal, m.trigger_text, m.trigger_start, m.event_type,
    m.modality, m.event_date, m.place_text, w.name AS says
FROM event_mentions m JOIN sentences s USING (sentence_id)
    LEFT JOIN entities w ON w.entity_id = m.attribution_entity_id
WHERE m.method IS NOT NULL ORDER BY m.article_id, m.trigger_start
"""
_PARTIES = """
SELECT p.event_mention_id, p.role, n.text, n.start_char, n.end_char, e.name
FROM event_participants p JOIN entity_mentions n USING (mention_id)
    JOIN entities e ON e.entity_id = p.entity_id
    JOIN event_mentions m USING (event_mention_id)
WHERE m.method IS NOT NULL ORDER BY p.event_mention_id, n.start_char, e.name
"""
_USED = "SELECT DISTINCT article_id, correction_id FROM correction_uses WHERE is_applied"


def write_labels(con: Connection, target: Path) -> tuple[int, int]:
    """Write one line an article that somebody decided about. Returns (articles, events).

    Only what was looked at stands there, so `complete` is false: nothing is said of other words.
    `none` names triggers at which no event is told.
    """
    articles = events = 0
    with target.open("w", encoding="utf-8") as stream:
        for document in labels(con):
            stream.write(json.dumps(document, ensure_ascii=False) + "\n")
            articles, events = articles + 1, events + len(document["events"])
    return articles, events


def labels(con: Connection) -> Iterator[dict[str, Any]]:
    """The articles with their labels, in the order of their ids."""
    reports: dict[str, list[dict[str, Any]]] = {}
    for row in con.execute(_REVIEWED).pl().iter_rows(named=True):
        reports.setdefault(row["article_id"], []).append(row)
    parties: dict[str, list[dict[str, Any]]] = {}
    for row in con.execute(_PARTIES).pl().iter_rows(named=True):
        parties.setdefault(row["event_mention_id"], []).append(row)
    lines = con.execute("SELECT line FROM corrections").fetchall()
    wrong = {
        held.correction_id: held
        for held in standing(read_line(line) for (line,) in lines)
        if isinstance(held, Wrong)
    }
    denied: dict[str, list[Wrong]] = {}
    for article, key in con.execute(_USED).fetchall():
        if key in wrong:
            denied.setdefault(article, []).append(wrong[key])
    for article in sorted(reports.keys() | denied.keys()):
        rows = con.execute("SELECT * FROM articles WHERE article_id = ?", [article]).pl().to_dicts()
        spans = con.execute(
            "SELECT start_char, end_char FROM sentences WHERE article_id = ? ORDER BY ordinal",
            [article],
        ).fetchall()
        if rows:
            yield _document(
                rows[0], spans, reports.get(article, []), parties, denied.get(article, [])
            )


def _document(
    article: dict[str, Any],
    spans: list[tuple[int, int]],
    reports: list[dict[str, Any]],
    parties: dict[str, list[dict[str, Any]]],
    denied: list[Wrong],
) -> dict[str, Any]:
    text = article["text"]
    sentences = [text[start:end] for start, end in spans]
    return {
        "doc": article["article_id"],
        "src": article["source"] or "",
        "title": article["title"] or "",
        "date": f"{article['published_at']:%Y-%m-%d}",
        "text": text,
        "sentences": sentences,
        "complete": False,
        "events": [
            _event(row, spans, sentences, parties.get(row["event_mention_id"], []))
            for row in reports
        ],
        "none": [
            found
            for held in sorted(denied, key=lambda one: (one.of.sentence, one.of.start))
            if (found := _denied(held, spans, text)) is not None
        ],
    }


def _event(
    row: dict[str, Any],
    spans: list[tuple[int, int]],
    sentences: list[str],
    parties: list[dict[str, Any]],
) -> dict[str, Any]:
    number = row["ordinal"]
    start, end = spans[number]
    sides: dict[str, list[str]] = {"initiator": [], "recipient": [], "participant": []}
    for party in parties:
        inside = start <= party["start_char"] and party["end_char"] <= end
        told = party["text"] if inside else f"^{party['name']}"
        if told not in sides[party["role"]]:
            sides[party["role"]].append(told)
    both = sides["participant"]
    says = row["says"]
    return {
        "s": number,
        "trigger": row["trigger_text"],
        "n": _occurrence(sentences[number], row["trigger_text"], row["trigger_start"] - start),
        "type": row["event_type"],
        "modality": row["modality"],
        "initiators": sides["initiator"] + both,
        "recipients": sides["recipient"] + both,
        "reciprocal": bool(both),
        "date": row["event_date"] or "",
        "place": row["place_text"] or "",
        "who_says": "" if says is None else says if says in sentences[number] else f"^{says}",
        "core": True,
        "also": [],
    }


def _denied(held: Wrong, spans: list[tuple[int, int]], text: str) -> dict[str, Any] | None:
    at = text.find(held.of.sentence)
    if at < 0:
        return None
    begin = at + held.of.start
    for number, (start, end) in enumerate(spans):
        if start <= begin < end:
            trigger = held.of.text
            nth = _occurrence(text[start:end], trigger, begin - start)
            return {"s": number, "trigger": trigger, "n": nth}
    return None


def _occurrence(sentence: str, words: str, at: int) -> int:
    """Which of the occurrences of the words in a sentence the one at a character is, from 1."""
    return sentence[:at].count(words) + 1
