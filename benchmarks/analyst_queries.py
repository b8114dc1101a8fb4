# ruff: noqa: E501
"""The ten queries analysts ask most, on a warehouse of a million synthetic events.

    python -m benchmarks.analyst_queries [WAREHOUSE or ducklake:…]

Without a warehouse one is made by `benchmarks.synthetic` (some minutes, 1.3 GB). Two threads, read
only, warm, answers fetched as Arrow: each query runs five times after a first one, whose time is
printed as `cold`; the aim is a median of 100 ms at most. The pair, person and event asked for are
the most frequent of their kind, so the hardest; a second block asks for ordinary ones. Processor
time stands beside, for it tells on a machine that is busy with other things.

November 2026, 2 cores, DuckDB 1.5.5; ms warm (processor ms), rows:

    query                        most frequent               ordinary
    daily timeline with zeros     17 ( 30)   1,097             14 ( 25)   1,088
    top persons                   31 ( 59)      50             32 ( 59)      50
    co-occurrence with one        28 ( 47)      50             13 ( 17)      50
    places                        11 ( 13)     200             11 ( 13)     200
    event to sentence              9 ( 12)      10             10 ( 13)      10
    share of total by month        8 ( 14)     608              7 ( 11)     608
    by source                      2 (  4)     120              2 (  3)     120
    dyad-month by quad class      21 ( 39)      37             15 ( 27)      36
    all on one entity             66 (103)  20,515             19 ( 32)     298
    what changed since            32 ( 48)  48,554             30 ( 45)  48,554

Rows kept for an entity or event lie by its number, as `dateline maintain` leaves them; as loaded,
the most frequent entity's events took 327 ms of processor, who is named with it 191.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.synthetic import build, counts
from warehouse.opening import store_at

EVENTS = 1_000_000
AIM_MS = 100
RUNS = 5

QUERIES = {
    "daily timeline with zeros": "FROM dyad_day WHERE initiator = '{a}' AND recipient = '{b}' ORDER BY day",
    "top persons": """SELECT name, sum(events) AS events FROM entity_volume
        WHERE entity_type = 'person' GROUP BY entity_id, name ORDER BY events DESC, name LIMIT 50""",
    "co-occurrence with one": "FROM co_mentions_of('{name}') LIMIT 50",
    "places": """SELECT name, country_code, latitude, longitude, sum(asserted_events) AS events
        FROM place_volume GROUP BY place_id, name, country_code, latitude, longitude ORDER BY events DESC LIMIT 200""",
    "event to sentence": "FROM evidence('{event}')",
    "share of total by month": """SELECT *, events / sum(events) OVER (PARTITION BY month) AS share
        FROM (SELECT month, event_type, sum(events) AS events FROM event_volume
            WHERE modality = 'asserted' GROUP BY ALL) ORDER BY month, event_type""",
    "by source": """SELECT source, sum(articles) AS articles, sum(event_reports) AS reports
        FROM source_volume GROUP BY source ORDER BY articles DESC""",
    "dyad-month by quad class": "FROM dyad_month WHERE initiator = '{a}' AND recipient = '{b}' ORDER BY month",
    "all on one entity": "FROM entity_timeline('{name}')",
    "what changed since": "FROM changes_since('{since}')",
}


def asked(con: Any, rank: int) -> dict[str, str]:
    """What the queries ask for: of each kind the one of this rank by frequency, 0 the first."""

    def nth(sql: str) -> tuple[str, ...]:
        return tuple(con.execute(f"{sql} LIMIT 1 OFFSET {rank}").fetchone())

    a, b = nth(
        "SELECT initiator, recipient FROM dyad_reports GROUP BY ALL ORDER BY count(*) DESC, 1, 2"
    )
    (name,) = nth(
        "SELECT e.name FROM event_participants JOIN entities e USING (entity_id) "
        "WHERE entity_type = 'person' GROUP BY e.name ORDER BY count(*) DESC, 1"
    )
    (event,) = nth("SELECT event_id FROM events ORDER BY mention_count DESC, event_id")
    (since,) = con.execute("SELECT max(changed_at) - INTERVAL 1 MINUTE FROM change_log").fetchone()
    return {"a": a, "b": b, "name": name, "event": event, "since": str(since)}


def measure(con: Any, sql: str) -> tuple[float, float, float, int]:
    """(median of warm runs, processor time of these, first run, all in ms; rows)."""
    walls, work, rows = [], [], 0
    for _ in range(RUNS + 1):
        clock, used = time.perf_counter(), time.process_time()
        rows = con.execute(sql).to_arrow_table().num_rows
        walls.append((time.perf_counter() - clock) * 1000)
        work.append((time.process_time() - used) * 1000)
    return statistics.median(walls[1:]), statistics.median(work[1:]), walls[0], rows


def main(path: Path) -> bool:
    """Print the times. True when every query keeps to the aim."""
    con = store_at(path).reader()
    con.execute("SET threads = 2")
    print(", ".join(f"{rows:,} {name}" for name, rows in counts(con).items()))
    slow = 0
    for title, rank in (("the most frequent", 0), ("ordinary", 300)):
        values = asked(con, rank)
        print(f"\n{title}: {values['a']} and {values['b']}, {values['name']}")
        print(f"{'query':28} {'ms':>7} {'cpu ms':>7} {'cold':>7} {'rows':>9}")
        for name, sql in QUERIES.items():
            median, work, first, rows = measure(con, sql.format(**values))
            slow += median > AIM_MS
            note = "  over the aim" if median > AIM_MS else ""
            print(f"{name:28} {median:7.0f} {work:7.0f} {first:7.0f} {rows:9,}{note}")
    con.close()
    return not slow


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.exit(not main(Path(sys.argv[1])))
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "synthetic.duckdb"
        build(made, EVENTS)
        sys.exit(not main(made))
