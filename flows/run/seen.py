"""What the warehouse knows of the files at some addresses, in one look-up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flows.run.landing import Found
from warehouse.connection import Connection

_TICK = 0.1  # seconds by which the clock of a file system may lag

# What a run says of a file it knows, by its status.
SAID = {"loaded": "unchanged", "quarantined": "refused before"}

_KNOWN = """
SELECT f.source_uri, coalesce(f.sha256, ''), f.size_bytes,
    CASE WHEN f.status = 'loaded' AND r.status IS DISTINCT FROM 'crashed' THEN 'unchanged'
        ELSE f.status END,
    CASE f.status WHEN 'quarantined' THEN r.extractor_version END, epoch(r.started_at)
FROM files f LEFT JOIN runs r USING (run_id)
WHERE f.source_uri IN (SELECT unnest($uris))
"""


@dataclass(frozen=True, slots=True)
class Known:
    """One content that was seen at an address.

    `status` is what a run says of it: `unchanged`, `loaded` (by a run that broke off), `duplicate`,
    `retracted`, `quarantined`.
    `refused_by` is the extractor that could not take it, where it was refused; `seen_at` when the
    run that saw it last had begun, in seconds since 1970.
    """

    sha256: str
    size: int | None
    status: str
    refused_by: str | None
    seen_at: float


def known_at(con: Connection, addresses: Sequence[str]) -> dict[str, list[Known]]:
    """Address → what was seen there, of these addresses."""
    found: dict[str, list[Known]] = {}
    rows = con.execute(_KNOWN, {"uris": [*addresses]})
    while chunk := rows.fetchmany(10_000):
        for uri, sha, size, status, version, at in chunk:
            found.setdefault(uri, []).append(Known(sha, size, status, version, at or 0.0))
    return found


def untouched(found: Found, seen: Sequence[Known]) -> Known | None:
    """What was seen of a file that cannot have changed since: of the same size, and its inode last
    touched before the run that saw it. So a look at 20,000 files takes half a second, not three."""
    if found.touched is None:
        return None
    same = [item for item in seen if item.size == found.size]
    last = max(same, key=lambda item: item.seen_at, default=None)
    return last if last is not None and found.touched < last.seen_at - _TICK else None
