"""What the report holds: the chosen events as columns, and their sentences in blocks.

Texts that repeat stand once and are referred to by number, so that a page of 100,000 events
stays small and quick to read.
"""

from __future__ import annotations

import datetime as dt
import json
import zlib
from base64 import b64encode
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from flows.resources.filters import Filter
from warehouse.connection import Connection, value
from warehouse.vocabulary import DYAD_LIMIT, QUAD_OF_TYPE

BLOCK = 1000  # events whose sentences are packed, and unpacked by the page, together
REPORTS = 6  # sentences shown of one event; the page says how many more there are
_MARKS = {"initiator": "i", "recipient": "r", "participant": "p"}
_EPOCH = dt.date(1970, 1, 1)


def pack(value: Any) -> str:
    """JSON, deflated, base64: safe inside any HTML element, for base64 has no `<`."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return b64encode(zlib.compress(text.encode("utf-8"), 6)).decode("ascii")


def choose(con: Connection, limit: int) -> int:
    """Number the events in a temporary table `chosen`, the latest first. `limit` 0 is all of them.

    Returns how many there are, which is more than were chosen where `limit` cut.
    """
    cut = f"LIMIT {int(limit)}" if limit else ""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE chosen AS SELECT event_id, row_number() OVER ("
        f"ORDER BY date_start DESC NULLS LAST, event_id) - 1 AS n FROM events ORDER BY n {cut}"
    )
    return int(value(con, "SELECT count(*) FROM events"))


class Index:
    """Numbers for values, in the order in which they are met."""

    def __init__(self) -> None:
        self.numbers: dict[Any, int] = {}

    def __call__(self, value: Any) -> int:
        """The number of `value`, −1 for None."""
        return -1 if value is None else self.numbers.setdefault(value, len(self.numbers))

    def __iter__(self) -> Iterator[Any]:
        return iter(self.numbers)


def columns(con: Connection) -> dict[str, Any]:
    """The chosen events, one list a column, in the order of `chosen.n`.

    Days count from 1970-01-01; `goldstein` is in tenths, `confidence` in hundredths. `date` has the
    EDTF text where it says more than first and last day do.
    """
    types, modes, modalities, told, methods, speakers = (Index() for _ in range(6))
    precisions, countries, places, entities = Index(), Index(), Index(), Index()
    data: dict[str, Any] = {
        name: []
        for name in (
            "type", "mode", "modality", "told", "method", "goldstein", "start", "days",
            "precision", "place", "country", "mentions", "sources", "confidence", "speaker",
        )
    }  # fmt: skip
    dates: dict[int, str] = {}
    rows = con.execute(
        "SELECT n, event_type, event_mode, modality, told, date_method, goldstein, date_start, "
        "date_end, event_date, date_precision, place_id, country_code, mention_count, "
        "source_count, confidence, attributed_to FROM chosen JOIN event_details USING (event_id) "
        "ORDER BY n"
    ).fetchall()
    for n, kind, mode, modality, teller, method, tone, start, end, text, *rest in rows:
        values = (
            types(kind), modes(mode), modalities(modality), told(teller), methods(method),
            None if tone is None else round(tone * 10),
            None if start is None else (start - _EPOCH).days,
            0 if start is None or end is None else (end - start).days,
            precisions(rest[0]), places(rest[1]), countries(rest[2]),
            rest[3], rest[4], round(rest[5] * 100), speakers(rest[6]),
        )  # fmt: skip
        for column, item in zip(data.values(), values, strict=True):
            column.append(item)
        if text and not (start == end and start and text == start.isoformat()):
            dates[n] = text
    data |= _parties(con, len(rows), entities, countries)
    data["pairs"] = _pairs(con, len(rows), countries)
    data["date"] = dates
    data["types"] = [[name, QUAD_OF_TYPE[name]] for name in types]
    data["modes"], data["modalities"] = list(modes), list(modalities)
    data["tellings"], data["methods"], data["speakers"] = list(told), list(methods), list(speakers)
    data["precisions"] = list(precisions)
    data["entities"] = _look_up(
        con, "SELECT entity_id, name, entity_type, country_code FROM entities", entities, countries
    )
    data["places"] = _look_up(
        con,
        "SELECT place_id, name, place_type, round(latitude, 3), round(longitude, 3), country_code "
        "FROM places",
        places,
        countries,
    )
    data["countries"] = [[code, _country(code)] for code in countries]
    return data


def _parties(
    con: Connection, count: int, entities: Index, countries: Index
) -> dict[str, list[Any]]:
    """Initiators, recipients and participants of each event, and the countries on each side."""
    named: dict[str, list[Any]] = {name: [[] for _ in range(count)] for name in _MARKS}
    sides: dict[str, list[Any]] = {
        name: [[] for _ in range(count)] for name in ("from_countries", "to_countries")
    }
    rows = con.execute(
        "SELECT DISTINCT n, role, entity_id, country_code FROM chosen "
        "JOIN told_parties USING (event_id) ORDER BY ALL"
    ).fetchall()
    for n, role, entity, country in rows:
        if (number := entities(entity)) not in named[role][n]:
            named[role][n].append(number)
        if country is not None:
            code = countries(country)
            for side, left_out in (("from_countries", "recipient"), ("to_countries", "initiator")):
                if role != left_out and code not in sides[side][n]:
                    sides[side][n].append(code)
    return named | sides


def _pairs(con: Connection, count: int, countries: Index) -> list[list[list[int]]]:
    """[who acts, on whom] of each event, the pairs of countries sure enough to be counted."""
    found: list[list[list[int]]] = [[] for _ in range(count)]
    for n, one, other in con.execute(_PAIRS, [DYAD_LIMIT]).fetchall():
        found[n].append([countries(one), countries(other)])
    return found


# What `dyad_reports` counts, for events of every modality and date.
_PAIRS = """
WITH sides AS (
    SELECT n, p.country_code, coalesce(p.confidence, 1.0) AS chance, p.role, type_confidence
    FROM chosen JOIN events USING (event_id) JOIN event_participants p USING (event_id)
    WHERE p.country_code IS NOT NULL
)
SELECT i.n, i.country_code, r.country_code
FROM sides i JOIN sides r ON i.n = r.n AND i.country_code <> r.country_code
WHERE i.role <> 'recipient' AND r.role <> 'initiator'
GROUP BY ALL
HAVING max(i.chance) * max(r.chance) * coalesce(any_value(i.type_confidence), 1.0) >= ?
ORDER BY ALL
"""


def _look_up(con: Connection, sql: str, wanted: Index, countries: Index) -> list[list[Any]]:
    found = {row[0]: [*row[1:-1], countries(row[-1])] for row in con.execute(sql).fetchall()
             if row[0] in wanted.numbers}  # fmt: skip
    return [found[key] for key in wanted]


def _country(code: str) -> str:
    import pycountry

    known = pycountry.countries.get(alpha_3=code)
    if known is None:
        return "Kosovo" if code == "XKX" else code
    return str(getattr(known, "common_name", known.name))


def read_by_day(con: Connection, chosen: Filter) -> list[list[int]]:
    """[day, articles read] of each day of publication: what events are to be measured by.

    Also of articles without events; of the chosen sources and days, where there are such.
    """
    asked = chosen.values
    sources = [source.lower() for source in asked.get("source", ())]
    rows = con.execute(
        "SELECT published_at::DATE AS day, count(*) FROM articles "
        "WHERE article_id IN (SELECT article_id FROM sentences) "
        "AND ($sources = [] OR lower(source) IN (SELECT unnest($sources))) "
        "AND ($first IS NULL OR published_at::DATE >= $first) "
        "AND ($last IS NULL OR published_at::DATE <= $last) GROUP BY 1 ORDER BY 1",
        {"sources": sources, "first": asked.get("first"), "last": asked.get("last")},
    ).fetchall()
    return [[(day - _EPOCH).days, count] for day, count in rows if day is not None]


def blocks(con: Connection) -> Iterator[tuple[list[Any], Index]]:
    """Blocks of `BLOCK` events: [event id, reports in all, [report, …]] in the order of `chosen`.

    A report is [article, modality, confidence, who says so or 0, segments, parties, told or 0];
    see `segments`. The articles met so far come with each block; number them with the last.
    """
    articles = Index()
    block: list[Any] = []
    for _, reports in groupby(_stream(con.execute(_REPORTS, [REPORTS])), key=lambda row: row[0]):
        listed = []
        for row in reports:
            _, event_id, count, article, modality, confidence, speaker, sentence, parts, told = row
            spans = [(start, end, _MARKS.get(role, "t")) for role, start, end, _, _ in parts]
            parties = sorted(
                {(_MARKS[role], name, text) for role, _, _, text, name in parts if role in _MARKS}
            )
            listed.append(
                [articles(article), modality, round(confidence * 100), speaker or 0,
                 segments(sentence, spans), parties, told or 0]
            )  # fmt: skip
        block.append([event_id, count, listed])
        if len(block) == BLOCK:
            yield block, articles
            block = []
    if block:
        yield block, articles


def _stream(cursor: Any) -> Iterator[Any]:
    while rows := cursor.fetchmany(10_000):
        yield from rows


_REPORTS = """
WITH reports AS (
    SELECT c.n, m.*, a.is_cluster_lead, a.published_at, count(*) OVER (PARTITION BY c.n) AS total
    FROM chosen c JOIN event_mentions m USING (event_id) JOIN articles a USING (article_id)
    QUALIFY row_number() OVER (PARTITION BY c.n ORDER BY a.is_cluster_lead DESC, a.published_at,
        m.article_id, m.trigger_start) <= ?
), parties AS (
    SELECT p.event_mention_id, list({'role': p.role, 'first': x.start_char, 'last': x.end_char,
        'text': x.text, 'name': e.name}) AS parts
    FROM reports r JOIN told_parties p USING (event_mention_id)
        JOIN entity_mentions x USING (mention_id) JOIN entities e ON e.entity_id = p.entity_id
    GROUP BY 1
)
SELECT r.n, r.event_id, r.total, r.article_id, r.modality, r.confidence, v.name,
    substr(a.text, s.start_char + 1, s.end_char - s.start_char),
    list_transform(list_append(coalesce(p.parts, []), {'role': 'trigger', 'first': r.trigger_start,
        'last': r.trigger_end, 'text': r.trigger_text, 'name': ''}),
        lambda x: (x.role, x.first - s.start_char, x.last - s.start_char, x.text, x.name)),
    r.told
FROM reports r JOIN articles a USING (article_id) JOIN sentences s USING (sentence_id)
    LEFT JOIN parties p USING (event_mention_id)
    LEFT JOIN entities v ON v.entity_id = r.attribution_entity_id
ORDER BY r.n, r.is_cluster_lead DESC, r.published_at, r.article_id, r.trigger_start
"""


def segments(sentence: str, spans: Iterable[tuple[int, int, str]]) -> list[Any]:
    """The sentence cut at its marks: a text, or [mark, text] where one holds.

    Marks are `t` trigger, `i` initiator, `r` recipient, `p` participant. A trigger wins over a
    party and a shorter span over a longer one. Spans beyond the sentence are left out. Cutting
    here spares the page the difference of code points and UTF-16.
    """
    marks: list[str] = [""] * len(sentence)
    order = sorted(spans, key=lambda span: (span[2] == "t", span[0] - span[1]))
    for start, end, mark in order:
        if 0 <= start < end <= len(sentence):
            marks[start:end] = [mark] * (end - start)
    found: list[Any] = []
    at = 0
    for mark, run in groupby(marks):
        length = len(list(run))
        text = sentence[at : at + length]
        found.append([mark, text] if mark else text)
        at += length
    return found


def articles(con: Connection, wanted: Index) -> list[list[Any]]:
    """[title, source, url, when published] of each numbered article."""
    con.execute("CREATE OR REPLACE TEMP TABLE wanted_articles AS SELECT unnest(?) AS article_id",
                [list(wanted)])  # fmt: skip
    rows = con.execute(
        "SELECT article_id, title, coalesce(source, parse_filename(source_uri)), url, "
        "strftime(published_at, '%Y-%m-%d') FROM articles JOIN wanted_articles USING (article_id)"
    ).fetchall()
    found = {key: rest for key, *rest in rows}
    return [found[key] for key in wanted]
