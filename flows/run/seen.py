"""What the warehouse knows of the files at some addresses, in one look-up."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flows.run.landing import Found
from warehouse.connection import Connection

_TICK = 0.1  # seconds by which the clock of a file system may lag

# What a run says of a file it knows, by its status.
SAID = {"loaded": "unchanged", "quarantined": "refused before"}

_KNOWN = """
SELECT f.source_uri, coalesce(f.sha256, ''), f.size_bytes,
    CASE WHEN f.status = 'loaded' AND r.status IS DISTINCT FROM 'crashed' THEN 'unchanged'
        ELSE f.status END,
    CASE WHEN f.status = 'quarantined' OR f.error IS NOT NULL
        THEN [r.extractor_version, r.settings::VARCHAR] END,
    epoch(r.started_at)
FROM files f LEFT JOIN runs r USING (run_id)
WHERE f.source_uri IN (SELECT unnest($uris))
"""
_REFUSED = """
WITH open AS (FROM quarantine WHERE status = 'open' AND run_id <> $run),
refused AS (
    SELECT coalesce((o.record ->> 'source_uri'), v.source_uri) AS uri, o.quarantine_id
    FROM open o LEFT JOIN article_versions v ON v.article_id = (o.record ->> 'article_id')
    UNION
    SELECT unnest(from_json((o.record -> 'files'), '["VARCHAR"]')), o.quarantine_id FROM open o
    WHERE o.rule = 'batch-refused'
)
SELECT uri, count(DISTINCT quarantine_id) FROM refused WHERE uri IS NOT NULL GROUP BY 1
"""

# Settings by which a reader takes or refuses a file.
_READING = ("columns", "source", "timezone", "max_file_bytes", "max_article_chars")


def reading(version: str, options: Mapping[str, Any]) -> str:
    """What took or refused a file: the extractor and the settings of reading, as JSON.

    `options` are those of `Settings`, as the row of `runs` has them.
    """
    return json.dumps([version, [options.get(name) for name in _READING]], sort_keys=True)


@dataclass(frozen=True, slots=True)
class Known:
    """One content that was seen at an address.

    `status` is what a run says of it: `unchanged`, `loaded` (by a run that broke off), `duplicate`,
    `retracted`, `quarantined`.
    `refused_by` is the `reading` that could not take it, or not all of it; `seen_at` when the run
    that saw it last had begun, in seconds since 1970.
    """

    sha256: str
    size: int | None
    status: str
    refused_by: str | None
    seen_at: float


def refused_at(con: Connection, *, but_by: str = "") -> dict[str, int]:
    """Address → how many things of the file there are refused and neither overcome nor put aside,
    but those that one run refused."""
    return dict(con.execute(_REFUSED, {"run": but_by}).fetchall())


def known_at(con: Connection, addresses: Sequence[str]) -> dict[str, list[Known]]:
    """Address → what was seen there, of these addresses."""
    found: dict[str, list[Known]] = {}
    rows = con.execute(_KNOWN, {"uris": [*addresses]})
    while chunk := rows.fetchmany(10_000):
        for uri, sha, size, status, by, at in chunk:
            refused_by = None if by is None else reading(by[0], json.loads(by[1] or "{}"))
            found.setdefault(uri, []).append(Known(sha, size, status, refused_by, at or 0.0))
    return found


def untouched(found: Found, seen: Sequence[Known]) -> Known | None:
    """What was seen of a file that cannot have changed since: of the same size, and its inode last
    touched before the run that saw it. So a look at 20,000 files takes half a second, not three."""
    if found.touched is None:
        return None
    same = [item for item in seen if item.size == found.size]
    last = max(same, key=lambda item: item.seen_at, default=None)
    return last if last is not None and found.touched < last.seen_at - _TICK else None
