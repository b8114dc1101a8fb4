"""Whether there is anything new to read, found without starting a worker, a server or a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import duckdb

from flows.resources.corrections import read_corrections
from flows.resources.settings import Settings
from flows.resources.snapshot import reader
from flows.resources.version import extractor
from flows.run import landing
from flows.run.corrected import are_new
from flows.run.seen import SAID, Known, known_at, reading, refused_at, untouched
from transforms.readers import Limits, ReadError
from warehouse import store
from warehouse.connection import value
from warehouse.errors import WarehouseMissing

NOTHING_NEW = "Nothing new"  # the state of a look that found nothing


# What a run would end: runs that broke off, alerts that a channel did not take.
_OPEN = """
SELECT (SELECT count(*) FROM runs WHERE status = 'running')
    + (SELECT count(*) FROM alert_log WHERE told_at IS NULL)
"""


@dataclass(slots=True)
class Look:
    """What lies below some paths: files nobody has read, the others by what a run says of them,
    and those that cannot be read, of which a run tells each time."""

    new: int = 0
    known: Counter[str] = field(default_factory=Counter)
    unreadable: int = 0
    unreadable_new: int = 0  # of these, not in quarantine yet
    refused: int = 0  # things of these files in quarantine, open


def look(options: Settings, paths: Sequence[str]) -> Look:
    """What is new below `paths`, by the published data."""
    limits = Limits(max_file_bytes=options.max_file_bytes)
    everything = list(landing.find(paths, warehouse=options.warehouse))
    known, refused = _published(options, everything)
    done = Look(refused=sum(refused.get(landing.address(item), 0) for item in everything))
    by = reading(extractor(options).name, options.model_dump(mode="json"))
    for found in everything:
        seen: Sequence[Known] = ()
        if isinstance(found, ReadError):
            done.unreadable += 1
            done.unreadable_new += (found.record or "") not in known
            continue
        seen = known.get(found.source_uri, ())
        same = untouched(found, seen)
        if same is None:
            try:
                sha = landing.sha256(landing.read_bytes(found, limits))
            except landing.LandingError:
                done.unreadable += 1
                done.unreadable_new += not any(item.sha256 == "" for item in seen)
                continue
            same = next((item for item in seen if item.sha256 == sha), None)
        if same is None or same.refused_by not in (None, by):
            done.new += 1
        else:
            done.known[SAID.get(same.status, same.status)] += 1
    return done


def new_files(options: Settings, paths: Sequence[str]) -> int:
    """How many files below `paths` have bytes that the published data does not know, or that
    another extractor, or one with other settings, refused. One that cannot be read counts once."""
    found = look(options, paths)
    return found.new + found.unreadable_new


def has_decisions(options: Settings) -> bool:
    """Whether people have decided something since the last run."""
    decisions = read_corrections(options.corrections_file).decisions
    try:
        con = reader(options.warehouse)
    except WarehouseMissing:
        return False
    try:
        return are_new(con, decisions)
    except duckdb.Error:  # a warehouse of an earlier version
        return bool(decisions)
    finally:
        con.close()


def nothing_new(options: Settings, paths: Sequence[str]) -> tuple[Look, int] | None:
    """What lies there and how many entities are published, if a run would find nothing to do.

    None where it would: something is new or cannot be read, a run broke off, an alert is yet to be
    told, something was decided since, or a later version of the package has other tables and views.
    Where no warehouse is yet, an empty folder makes none.
    """
    decisions = read_corrections(options.corrections_file).decisions
    if not options.store.exists():
        is_empty = next(iter(landing.find(paths, warehouse=options.warehouse)), None) is None
        return (Look(), 0) if is_empty else None
    try:
        con = reader(options.warehouse)
    except WarehouseMissing:
        return None
    try:
        if not store.is_current(con) or value(con, _OPEN) or are_new(con, decisions):
            return None
        entities = int(value(con, "SELECT count(*) FROM entities"))
    except duckdb.Error:  # a warehouse of an earlier version
        return None
    finally:
        con.close()
    found = look(options, paths)
    return None if found.new or found.unreadable else (found, entities)


def _published(
    options: Settings, everything: Sequence[landing.Found | ReadError]
) -> tuple[Mapping[str, list[Known]], Mapping[str, int]]:
    """What the published data knows of files, and how much of each is refused, by address."""
    try:
        con = reader(options.warehouse)
    except WarehouseMissing:
        return {}, {}
    try:
        return known_at(con, [landing.address(item) for item in everything]), refused_at(con)
    finally:
        con.close()
