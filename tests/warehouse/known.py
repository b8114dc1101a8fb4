"""A warehouse of three articles whose answers can be counted by hand.

Wire (1 March) and its near-copy tell that Park met Ma in Hanoi; Daily (2 March) tells it too, and
that China accused South Korea on 4 March and that rebels may attack South Korea, no date.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from warehouse import filling
from warehouse.dialects import frame
from warehouse.loading import stage
from warehouse.migrations import fills
from warehouse.store import open_writer
from warehouse.tables import TABLES

RUN = "20260305T000000-run"
LOADED = dt.datetime(2026, 3, 5, 12, 30)
MET = "Park met Ma in Hanoi on Sunday."
DAILY = (
    "🙂 Park met Ma in Hanoi. </script><script>boom()</script> "
    "China's <b>envoy</b> accused South Korea of lying. Rebels may attack South Korea."
)
_SENTENCES = {
    "a1": [MET],
    "a2": [
        "🙂 Park met Ma in Hanoi.",
        "</script><script>boom()</script> China's <b>envoy</b> accused South Korea of lying.",
        "Rebels may attack South Korea.",
    ],
    "a3": [MET],
}
_TEXTS = {"a1": MET, "a2": DAILY, "a3": MET}
_ENTITIES = {
    "park": ("Park Yoon-joo", "person", "KOR", "GOV", ["Park"]),
    "ma": ("Ma Zhaoxu", "person", "CHN", "GOV", ["Ma"]),
    "kor": ("South Korea", "country", "KOR", "GOV", ["Korea"]),
    "chn": ("China", "country", "CHN", "GOV", []),
    "rebels": ('Rebels "of the <hills>"', "group", None, "REB", []),
}
# event mention: (id, event, article, sentence ordinal, trigger, parties as (entity, text, role))
_BOTH = (("park", "Park", "participant"), ("ma", "Ma", "participant"))
_MENTIONS = (
    ("m1", "meet", "a1", 0, "met", _BOTH),
    ("m2", "meet", "a2", 0, "met", _BOTH),
    ("m3", "meet", "a3", 0, "met", _BOTH),
    (
        "m4",
        "accuse",
        "a2",
        1,
        "accused",
        (("chn", "China", "initiator"), ("kor", "South Korea", "recipient")),
    ),
    (
        "m5",
        "attack",
        "a2",
        2,
        "attack",
        (("rebels", "Rebels", "initiator"), ("kor", "South Korea", "recipient")),
    ),
)
_EVENTS: dict[str, dict[str, Any]] = {
    "meet": {
        "event_type": "CONSULT",
        "event_mode": "visit",
        "cameo_code": "042",
        "quad_class": 1,
        "goldstein": 1.9,
        "modality": "asserted",
        "event_date": "2026-03-01",
        "date_start": dt.date(2026, 3, 1),
        "date_end": dt.date(2026, 3, 1),
        "date_precision": "day",
        "place_id": "geonames:1581130",
        "country_code": "VNM",
        "mention_count": 3,
        "article_count": 3,
        "source_count": 2,
        "confidence": 0.9,
        "type_confidence": 0.9,
        "told": "narrated",
        "first_reported_at": dt.datetime(2026, 3, 1, 8),
        "last_reported_at": dt.datetime(2026, 3, 2, 9),
    },
    "accuse": {
        "event_type": "ACCUSE",
        "event_mode": None,
        "cameo_code": "112",
        "quad_class": 3,
        "goldstein": -2.0,
        "modality": "asserted",
        "event_date": "2026-03-04",
        "date_start": dt.date(2026, 3, 4),
        "date_end": dt.date(2026, 3, 4),
        "date_precision": "day",
        "place_id": None,
        "country_code": None,
        "mention_count": 1,
        "article_count": 1,
        "source_count": 1,
        "confidence": 0.6,
        "type_confidence": 0.6,
        "told": "claimed",
        "first_reported_at": dt.datetime(2026, 3, 2, 9),
        "last_reported_at": dt.datetime(2026, 3, 2, 9),
    },
    "attack": {
        "event_type": "ASSAULT",
        "event_mode": None,
        "cameo_code": "190",
        "quad_class": 4,
        "goldstein": -10.0,
        "modality": "possible",
        "event_date": None,
        "date_start": None,
        "date_end": None,
        "date_precision": "unknown",
        "place_id": None,
        "country_code": None,
        "mention_count": 1,
        "article_count": 1,
        "source_count": 1,
        "confidence": 0.4,
        "type_confidence": 0.4,
        "told": "narrated",
        "first_reported_at": dt.datetime(2026, 3, 2, 9),
        "last_reported_at": dt.datetime(2026, 3, 2, 9),
    },
}
EVENT_IDS = {"meet": "00" * 16, "accuse": "0f" + "11" * 15, "attack": "ff" * 16}


def rows() -> dict[str, list[dict[str, Any]]]:
    """Every row of the known warehouse, by table."""
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    found["runs"].append(
        {
            "run_id": RUN,
            "flow_run_id": None,
            "started_at": LOADED,
            "finished_at": LOADED,
            "status": "completed",
            "files_seen": 3,
            "articles_loaded": 3,
            "events_loaded": 5,
            "rows_quarantined": 0,
            "words": 30,
            "extractor_version": "known",
            "settings": "{}",
        }
    )
    found["event_counts"] = [
        {"event_mention_id": key, "kind": "participants", "low": n, "high": n, "text": str(n)}
        for key, n in (("m1", 40), ("m2", 30), ("m3", 50))
    ]
    for key, (name, kind, country, sector, aliases) in _ENTITIES.items():
        found["entities"].append(
            {
                "entity_id": key,
                "name": name,
                "entity_type": kind,
                "country_code": country,
                "sector": sector,
                "aliases": aliases,
                "kb_id": None,
            }
        )
    found["places"].append(
        {
            "place_id": "geonames:1581130",
            "name": "Hanoi",
            "place_type": "city",
            "country_code": "VNM",
            "admin1": "Hanoi",
            "latitude": 21.0245,
            "longitude": 105.84117,
            "population": 8053663,
        }
    )
    for number, (key, text) in enumerate(_TEXTS.items()):
        source, url = (
            ("Wire", "https://wire.example/1"),
            ("Daily", "javascript:boom()"),
            (None, None),
        )[number]
        found["articles"].append(
            {
                "article_id": key,
                "source_uri": f"/in/{key}.txt",
                "url": url,
                "source": source,
                "title": ("Talks in Hanoi", "<img src=x onerror=boom()> Hanoi", None)[number],
                "authors": [],
                "language": "en",
                "published_at": dt.datetime(2026, 3, 1 + number % 2, 8 + number % 2),
                "published_method": "field",
                "utc_offset": None,
                "dateline": None,
                "text": text,
                "word_count": len(text.split()),
                "content_sha256": f"{number:064x}",
                "version": 1,
                "cluster_id": "a2" if key == "a2" else "a1",
                "is_cluster_lead": key != "a3",
                "run_id": RUN,
                "loaded_at": LOADED,
            }
        )
        at = 0
        for ordinal, sentence in enumerate(_SENTENCES[key]):
            start = text.index(sentence, at)
            at = start + len(sentence)
            found["sentences"].append(
                {
                    "sentence_id": f"{key}.{ordinal}",
                    "article_id": key,
                    "ordinal": ordinal,
                    "start_char": start,
                    "end_char": at,
                }
            )
    for key, event in _EVENTS.items():
        found["events"].append({"event_id": EVENT_IDS[key], **event})
    for mention, name, article, ordinal, trigger, parties in _MENTIONS:
        _report(found, mention, name, article, ordinal, trigger, parties)
    found["event_leads"] = [
        {
            "event_id": EVENT_IDS[key],
            "event_mention_id": mention,
            "article_id": article,
            "sentence_id": f"{article}.{ordinal}",
            "sentence": _SENTENCES[article][ordinal],
        }
        for key, mention, article, ordinal in (
            ("meet", "m1", "a1", 0),
            ("accuse", "m4", "a2", 1),
            ("attack", "m5", "a2", 2),
        )
    ]
    found["change_log"] = [
        {
            "changed_at": LOADED,
            "run_id": RUN,
            "table_name": "events",
            "key": key,
            "change": "insert",
        }
        for key in EVENT_IDS.values()
    ]
    return found


def _report(
    found: dict[str, list[dict[str, Any]]],
    mention: str,
    event: str,
    article: str,
    ordinal: int,
    trigger: str,
    parties: tuple[tuple[str, str, str], ...],
) -> None:
    sentence = next(s for s in found["sentences"] if s["sentence_id"] == f"{article}.{ordinal}")
    known, text = _EVENTS[event], _TEXTS[article]
    where = text.index(trigger, sentence["start_char"])
    found["event_mentions"].append(
        {
            "event_mention_id": mention,
            "event_id": EVENT_IDS[event],
            "article_id": article,
            "sentence_id": sentence["sentence_id"],
            "trigger_text": trigger,
            "trigger_start": where,
            "trigger_end": where + len(trigger),
            "event_type": known["event_type"],
            "event_mode": known["event_mode"],
            "modality": known["modality"],
            "attribution_entity_id": "chn" if mention == "m4" else None,
            "date_text": None,
            "event_date": known["event_date"],
            "date_method": "publication" if known["event_date"] else None,
            "place_text": "Hanoi" if known["place_id"] else None,
            "place_id": known["place_id"],
            "confidence": known["confidence"],
            "type_confidence": known["type_confidence"],
            "told": known["told"],
            "extractor_version": "known",
        }
    )
    for entity, words, role in parties:
        start = text.index(words, sentence["start_char"])
        _, _, country, sector, _ = _ENTITIES[entity]
        key = f"{mention}.{entity}"
        found["entity_mentions"].append(
            {
                "mention_id": key,
                "article_id": article,
                "sentence_id": sentence["sentence_id"],
                "entity_id": entity,
                "text": words,
                "start_char": start,
                "end_char": start + len(words),
                "mention_type": "name",
                "title": None,
                "method": "name",
                "confidence": 1.0,
            }
        )
        found["event_participants"].append(
            {
                "event_mention_id": mention,
                "event_id": EVENT_IDS[event],
                "entity_id": entity,
                "mention_id": key,
                "role": role,
                "country_code": country,
                "sector": sector,
            }
        )


# What `event_dyads` holds, by definition.
DYADS = """
SELECT e.event_id, e.date_start AS day, i.country_code AS initiator,
    r.country_code AS recipient, e.event_type, e.quad_class, e.goldstein,
    max(coalesce(i.confidence, 1.0)) * max(coalesce(r.confidence, 1.0))
        * any_value(coalesce(e.type_confidence, 1.0)) AS confidence
FROM asserted_events e
    JOIN event_participants i ON i.event_id = e.event_id AND i.role <> 'recipient'
    JOIN event_participants r ON r.event_id = e.event_id AND r.role <> 'initiator'
WHERE e.date_start IS NOT NULL AND e.date_precision = 'day'
    AND i.country_code IS NOT NULL AND r.country_code IS NOT NULL
    AND i.country_code <> r.country_code
GROUP BY ALL
"""


def build(path: Path) -> Path:
    """Make a DuckDB file of it."""
    con = open_writer(path)
    fill(con)
    con.close()
    return path


def fill(con: Any) -> None:
    """Write the known warehouse to `path` and return it."""
    for name, listed in rows().items():
        if listed:
            stage(con, "incoming_rows", frame(TABLES[name], listed))
            con.execute(f'INSERT INTO "{name}" SELECT * FROM incoming_rows')
    con.execute(f"INSERT INTO event_dyads {DYADS}")
    for name in fills():
        filling.fill(con, name)


def refill(con: Any, name: str) -> None:
    """Make a table that is kept anew from the rows it is counted over."""
    con.execute(f"DELETE FROM {name}")
    filling.fill(con, name)
