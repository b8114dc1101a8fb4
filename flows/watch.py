"""Whether there is anything new to read, found without starting a worker."""

from __future__ import annotations

from collections.abc import Sequence

from flows import landing
from flows.query import reader
from flows.settings import Settings
from transforms.readers import Limits, ReadError
from warehouse.errors import WarehouseMissing


def new_files(options: Settings, paths: Sequence[str]) -> int:
    """How many files below `paths` have bytes that the published data does not know."""
    limits = Limits(max_file_bytes=options.max_file_bytes)
    known: set[tuple[str, str]] = set()
    try:
        con = reader(options.warehouse)
    except WarehouseMissing:
        pass
    else:
        rows = con.execute("SELECT source_uri, coalesce(sha256, '') FROM files").fetchall()
        known = {(uri, sha) for uri, sha in rows}
        con.close()
    count = 0
    for found in landing.find(paths):
        if isinstance(found, ReadError):
            count += (found.record or "", "") not in known
            continue
        try:
            sha = landing.sha256(landing.read_bytes(found, limits))
        except landing.LandingError:
            sha = ""
        count += (found.source_uri, sha) not in known
    return count
