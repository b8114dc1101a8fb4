# ruff: noqa: E501
"""A warehouse of any number of synthetic events with the shape of a real one.

Entities and places follow a power law, three days in four have ordinary news and some have a
crisis, four events stand in an article, every offset is true. The same count gives the same rows.

    python -m benchmarks.synthetic 1000000 data/synthetic.duckdb
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from transforms.plover import cameo_codes, event_types
from warehouse import filling, store
from warehouse.dialects import quote
from warehouse.migrations import fills
from warehouse.tables import TABLES

DAYS = 1095  # three years from 2023-01-01
_NULL = {  # columns left empty
    "articles.utc_offset", "event_mentions.type_confidence", "event_mentions.told",
    "event_mentions.method", "event_participants.country_method", "event_participants.method",
    "event_participants.confidence", "events.type_confidence", "events.told",
}  # fmt: skip
_WEIGHTS = {
    "CONSULT": 22, "SUPPORT": 8, "AGREE": 6, "CONCEDE": 2, "COOPERATE": 5, "AID": 4, "RETREAT": 3,
    "REQUEST": 10, "ACCUSE": 12, "REJECT": 6, "THREATEN": 4, "PROTEST": 4, "SANCTION": 4,
    "MOBILIZE": 3, "COERCE": 4, "ASSAULT": 8,
}  # fmt: skip
_VERBS = {
    "CONSULT": "met", "SUPPORT": "praised", "AGREE": "agreed with", "CONCEDE": "yielded to",
    "COOPERATE": "cooperated with", "AID": "helped", "RETREAT": "withdrew from",
    "REQUEST": "urged", "ACCUSE": "accused", "REJECT": "rebuffed", "THREATEN": "threatened",
    "PROTEST": "protested against", "SANCTION": "sanctioned", "MOBILIZE": "mobilised against",
    "COERCE": "detained", "ASSAULT": "attacked",
}  # fmt: skip
_MODALITIES = (("asserted", 78), ("planned", 8), ("alleged", 5), ("negated", 4), ("possible", 3),
               ("denied", 2))  # fmt: skip
_ENDS = (
    "after a week of talks about the border", "the foreign ministry said in a statement",
    "as the two sides prepared for a summit", "according to officials who asked not to be named",
    "in a dispute over fishing rights that began last year", "state media reported",
    "days after the central bank cut its forecast", "a spokesman told reporters",
    "while aid groups warned of a shortage of medicine", "witnesses and local officials said",
)  # fmt: skip


def build(path: Path, events: int) -> None:
    """Write a new warehouse of `events` events to `path`, and nothing but its tables."""
    con = store.open_writer(path, memory_limit="6GB", threads=2)
    con.execute(
        "CREATE TEMP MACRO u(i, salt) AS hash(concat(salt, i))::DOUBLE / 18446744073709551616.0"
    )
    con.execute("CREATE TEMP MACRO pick(n, i, salt) AS least(n - 1, floor(n * u(i, salt)))::BIGINT")
    _lists(con)
    for script in _steps(events):
        con.execute(re.sub(r"INSERT INTO (\w+)", _into, script))
    for name in fills():
        filling.fill(con, name)
    con.execute("CHECKPOINT")
    con.close()


def _into(found: re.Match[str]) -> str:
    """With the columns that are filled here: all but a few that may be NULL."""
    columns = ", ".join(c for c in TABLES[found[1]].columns if f"{found[1]}.{c}" not in _NULL)
    return f"{found[0]} ({columns})"


def _lists(con: Any) -> None:
    """Event types with modes and codes, modalities, each repeated by its weight."""
    codes = cameo_codes()
    rows = []
    for name, kind in event_types().items():
        modes = [(None, kind.cameo_code), *kind.modes.items()]
        for n in range(_WEIGHTS[name]):
            mode, code = modes[n % len(modes)]
            rows.append(
                f"({quote(name)}, {quote(mode) if mode else 'NULL'}, {quote(code)}, "
                f"{kind.quad_class}, {codes[code].goldstein}, {quote(_VERBS[name])})"
            )
    con.execute(
        "CREATE TEMP TABLE kinds AS SELECT row_number() OVER () - 1 AS k, * FROM "
        f"(VALUES {', '.join(rows)}) t(event_type, event_mode, cameo_code, quad_class, goldstein, verb)"
    )
    told = ", ".join(f"({quote(name)})" for name, share in _MODALITIES for _ in range(share))
    con.execute(
        f"CREATE TEMP TABLE told AS SELECT row_number() OVER () - 1 AS k, * FROM (VALUES {told}) "
        "t(modality)"
    )
    import pycountry

    names = ", ".join(
        f"({quote(c.alpha_3)}, {quote(getattr(c, 'common_name', c.name))})"
        for c in sorted(pycountry.countries, key=lambda c: hash_of(c.alpha_3))
    )
    con.execute(
        f"CREATE TEMP TABLE lands AS SELECT row_number() OVER () - 1 AS k, * FROM (VALUES {names}) "
        "t(code, name)"
    )
    ends = ", ".join(f"({quote(text)})" for text in _ENDS)
    con.execute(
        f"CREATE TEMP TABLE ends AS SELECT row_number() OVER () - 1 AS k, * FROM (VALUES {ends}) t(words)"
    )


def hash_of(text: str) -> int:
    """A number that stays the same from run to run."""
    total: int = sum(ord(letter) * 31**place for place, letter in enumerate(text))
    return total * 2654435761 % 2**32


def _steps(events: int) -> list[str]:
    """SQL that fills the tables, in order."""
    entities, places = max(200, events // 50), max(100, events // 400)
    articles = max(1, events // 4)
    return [
        # A rank k of 0 is the most talked of; countries are spread over the first thousand.
        f"""CREATE TEMP TABLE who AS
        SELECT r.n AS k, left(md5('entity' || r.n), 20) AS entity_id, CASE WHEN r.n % 5 = 0 AND r.n // 5 < 240 THEN l.name
            WHEN r.n % 5 < 3 THEN chr(65 + (r.n % 26)::INT) || 'na ' || chr(75 + (r.n // 26 % 15)::INT)
                || 'or' || chr(97 + (r.n % 23)::INT) || 'ev ' || r.n
            WHEN r.n % 5 = 3 THEN 'Ministry ' || r.n ELSE 'Movement ' || r.n END AS name,
            CASE WHEN r.n % 5 = 0 AND r.n // 5 < 240 THEN 'country' WHEN r.n % 5 < 3 THEN 'person'
            WHEN r.n % 5 = 3 THEN 'government' ELSE 'group' END AS entity_type,
            CASE WHEN u(r.n, 'nationless') < 0.08 THEN NULL ELSE c.code END AS country_code,
            ['GOV', 'GOV', 'MIL', 'REB', 'OPP', 'CVL', 'BUS', 'MED'][1 + pick(8, r.n, 'sector')] AS sector
        FROM range({entities}) r(n) LEFT JOIN lands l ON l.k = r.n // 5
        JOIN lands c ON c.k = CASE WHEN r.n % 5 = 0 AND r.n // 5 < 240 THEN r.n // 5
            ELSE floor(240 * pow(u(r.n, 'land'), 2.5))::BIGINT END""",
        """INSERT INTO entities SELECT entity_id, name, entity_type, country_code, sector,
            ['The ' || name], NULL FROM who ORDER BY entity_type, name""",
        f"""INSERT INTO places SELECT 'geonames:' || (1000000 + r.k), 'Place ' || r.k, 'city', l.code,
            NULL, -35 + 90 * u(r.k, 'latitude'), -110 + 260 * u(r.k, 'longitude'), 10000
        FROM range({places}) r(k) JOIN lands l ON l.k = floor(240 * pow(u(r.k, 'pland'), 2.5))::BIGINT
        ORDER BY 1""",
        # An article's day follows its number, so that files lie in the order of publication.
        f"""CREATE TEMP TABLE happened AS
        SELECT i, md5('event' || i) AS event_id, a, k.event_type, k.event_mode, k.cameo_code,
            k.quad_class, k.goldstein, k.verb, t.modality, day, exact,
            CASE WHEN u(i, 'dated') < 0.03 THEN NULL ELSE day END AS dated,
            floor({entities} * pow(u(i, 'who'), 3))::BIGINT AS initiator,
            floor({entities} * pow(u(i, 'whom'), 3))::BIGINT AS recipient,
            CASE WHEN u(i, 'placed') < 0.35 THEN floor({places} * pow(u(i, 'place'), 2))::BIGINT END AS place,
            CASE WHEN u(i, 'more') < 0.75 THEN 1 ELSE 2 + floor(9 * pow(u(i, 'many'), 4)) END::INTEGER AS reports
        FROM (SELECT i, (i * {articles}) // {events} AS a, u(i, 'exact') AS exact,
                DATE '2023-01-01' + (((i * {articles}) // {events}) * {DAYS} // {articles})::INTEGER
                    - floor(3 * pow(u(i, 'late'), 3))::INTEGER AS day
            FROM range({events}) r(i))
        JOIN kinds k ON k.k = pick((SELECT count(*) FROM kinds), i, 'kind')
        JOIN told t ON t.k = pick(100, i, 'told')""",
        f"UPDATE happened SET recipient = (recipient + 1) % {entities} WHERE recipient = initiator",
        # A later report stands in an article of the same days.
        f"""CREATE TEMP TABLE told_in AS
        SELECT h.*, j, least({articles} - 1, a + CASE WHEN j = 0 THEN 0 ELSE 1 + floor({articles}
                * 2.0 / {DAYS} * u(h.i * 31 + j, 'apart')) END)::BIGINT AS article,
            w.name AS who, v.name AS whom, p.name AS place_name, p.place_id AS place_id,
            p.country_code AS place_country, e.words
        FROM (SELECT *, unnest(range(reports)) AS j FROM happened) h
        JOIN who w ON w.k = initiator JOIN who v ON v.k = recipient
        LEFT JOIN places p ON p.place_id = 'geonames:' || (1000000 + place)
        JOIN ends e ON e.k = pick(10, h.i * 31 + j, 'end')""",
        """CREATE TEMP TABLE lines AS
        SELECT *, left(md5('report' || i || '/' || j), 20) AS event_mention_id, left(md5('article' || article), 20) AS article_id,
            coalesce(sum(length(line) + 1) OVER before, 0)::INTEGER AS start_char,
            row_number() OVER whole - 1 AS ordinal
        FROM (SELECT *, who || ' ' || verb || ' ' || whom || coalesce(' in ' || place_name, '') || ', '
            || words || '.' AS line FROM told_in)
        WINDOW whole AS (PARTITION BY article ORDER BY i, j),
            before AS (PARTITION BY article ORDER BY i, j ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
        ORDER BY article, ordinal""",
        f"""INSERT INTO articles
        SELECT article_id, 'synthetic/' || article, 'https://news.example/' || article,
            'Paper ' || floor(120 * pow(u(article, 'source'), 2))::INT, first(line ORDER BY ordinal), [], 'en',
            TIMESTAMP '2023-01-01' + INTERVAL (article * {DAYS} * 1440 // {articles}) MINUTE, 'field', NULL,
            string_agg(line, ' ' ORDER BY ordinal), count(*) * 14, sha256(article_id), 1, article_id,
            true, 'run-' || article * 60 // {articles}, TIMESTAMP '2026-01-01'
        FROM lines GROUP BY article, article_id ORDER BY article""",
        """INSERT INTO sentences SELECT event_mention_id, article_id, ordinal, start_char,
            start_char + length(line) FROM lines ORDER BY article, ordinal""",
        """INSERT INTO entity_mentions
        SELECT left(md5(event_mention_id || side), 20), article_id, event_mention_id, w.entity_id, w.name, since,
            since + length(w.name), 'name', NULL, 'name', 0.9
        FROM (SELECT event_mention_id, article_id, article, initiator AS k, 'i' AS side, start_char AS since FROM lines
            UNION ALL SELECT event_mention_id, article_id, article, recipient, 'r',
                start_char + length(who) + length(verb) + 2 FROM lines) JOIN who w USING (k)
        ORDER BY article, since""",
        """INSERT INTO event_mentions
        SELECT event_mention_id, md5('event' || i), article_id, event_mention_id, verb,
            start_char + length(who) + 1, start_char + length(who) + 1 + length(verb), event_type,
            event_mode, modality, NULL, NULL, dated::VARCHAR, 'publication', place_name, place_id,
            round(0.3 + 0.7 * u(i, 'sure'), 3), 'synthetic' FROM lines ORDER BY article, ordinal""",
        """INSERT INTO event_participants
        SELECT event_mention_id, event_id, w.entity_id, left(md5(event_mention_id || side), 20),
            CASE WHEN event_type IN ('CONSULT', 'AGREE') THEN 'participant' WHEN side = 'i' THEN 'initiator'
                ELSE 'recipient' END, w.country_code, w.sector
        FROM (SELECT *, initiator AS k, 'i' AS side FROM lines
            UNION ALL SELECT *, recipient, 'r' FROM lines) JOIN who w USING (k)
        ORDER BY article, ordinal, side""",
        f"""INSERT INTO events
        SELECT event_id, first(event_type), first(event_mode), first(cameo_code), first(quad_class),
            first(goldstein), first(modality),
            CASE WHEN first(exact) < 0.93 THEN first(dated)::VARCHAR ELSE strftime(first(dated), '%Y-%m') END,
            CASE WHEN first(exact) < 0.93 THEN first(dated) ELSE date_trunc('month', first(dated))::DATE END,
            CASE WHEN first(exact) < 0.93 THEN first(dated) ELSE last_day(first(dated)) END,
            CASE WHEN first(dated) IS NULL THEN 'unknown' WHEN first(exact) < 0.93 THEN 'day' ELSE 'month' END,
            first(place_id), first(place_country), count(*), count(DISTINCT article), count(DISTINCT article),
            TIMESTAMP '2023-01-01' + INTERVAL (min(article) * {DAYS} // {articles}) DAY,
            TIMESTAMP '2023-01-01' + INTERVAL (max(article) * {DAYS} // {articles}) DAY,
            round(0.3 + 0.7 * u(i, 'sure'), 3)
        FROM lines GROUP BY i, event_id ORDER BY i""",
        """INSERT INTO event_dyads
        SELECT DISTINCT e.event_id, e.date_start, i.country_code, r.country_code, e.event_type,
            e.quad_class, e.goldstein, 1.0
        FROM events e
            JOIN event_participants i ON i.event_id = e.event_id AND i.role <> 'recipient'
            JOIN event_participants r ON r.event_id = e.event_id AND r.role <> 'initiator'
        WHERE e.modality = 'asserted' AND e.date_precision = 'day' AND e.date_start IS NOT NULL
            AND i.country_code <> r.country_code ORDER BY 2, 1, 3, 4""",
        """INSERT INTO event_leads
        SELECT md5('event' || i), l.event_mention_id, l.article_id, l.sentence_id, l.line FROM (
            SELECT i, arg_min({'event_mention_id': event_mention_id, 'article_id': article_id,
                'sentence_id': event_mention_id, 'line': line}, (article, ordinal)) AS l FROM lines GROUP BY i)
        ORDER BY i""",
        """INSERT INTO runs SELECT 'run-' || k, NULL, TIMESTAMP '2025-12-01' + INTERVAL (k) HOUR,
            TIMESTAMP '2025-12-01' + INTERVAL (k) HOUR, 'completed', 1, 1, 1, 0, 1, 'synthetic', '{}'
        FROM range(60) r(k)""",
        """INSERT INTO change_log
        SELECT TIMESTAMP '2025-12-01' + INTERVAL (split_part(run_id, '-', 2)::INT) HOUR, run_id,
            table_name, key, 'insert'
        FROM (SELECT run_id, 'articles' AS table_name, article_id AS key FROM articles
            UNION ALL SELECT a.run_id, 'event_mentions', event_mention_id FROM event_mentions JOIN articles a USING (article_id)
            UNION ALL SELECT min(a.run_id), 'events', event_id FROM event_mentions JOIN articles a USING (article_id) GROUP BY event_id)
        ORDER BY 1""",
    ]


def counts(con: Any) -> dict[str, int]:
    """Rows of each public table that has some."""
    found = {
        name: int(con.execute(f"SELECT count(*) FROM {name}").fetchone()[0])
        for name, table in TABLES.items()
        if table.is_public
    }
    return {name: rows for name, rows in found.items() if rows}


if __name__ == "__main__":
    target = Path(sys.argv[2])
    target.unlink(missing_ok=True)
    build(target, int(sys.argv[1]))
    reader = store.open_reader(target)
    print(f"{target}: " + ", ".join(f"{rows:,} {name}" for name, rows in counts(reader).items()))
