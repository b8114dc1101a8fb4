"""Reports that people said to be of one event, or of two."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import polars as pl

from transforms.nlp.identity.decided import Order, Tie
from warehouse.connection import Connection

_COLUMNS = "correction_id, tie, decided_at, part, event_mention_id"
_NO_DAY = dt.date.max


@dataclass(slots=True)
class Ties:
    """Ties in the order in which they were said; `partners` are reports by report, `lost` those
    that a tie held which the batch has no more."""

    ties: list[Tie] = field(default_factory=list)
    partners: dict[str, set[str]] = field(default_factory=dict)
    parted: set[str] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)


def ties_of(con: Connection, uses: pl.DataFrame, *, replaces: bool) -> Ties:
    """The ties as they stand with the batch's rows of `correction_uses`.

    The table `s_ids` holds the articles whose rows are replaced, if it `replaces` any.
    """
    gone = "article_id IN (SELECT id FROM s_ids)" if replaces else "false"
    kept = con.execute(
        f"SELECT {_COLUMNS}, {gone} AS is_gone FROM correction_uses "
        "WHERE tie IS NOT NULL AND event_mention_id IS NOT NULL"
    ).fetchall()
    own = uses.filter(pl.col("tie").is_not_null() & pl.col("event_mention_id").is_not_null())
    rows = [row[:-1] for row in kept if not row[-1]]
    rows += own.select(_COLUMNS.split(", ")).rows()
    found = Ties()
    ends: dict[tuple[dt.datetime, str, str], dict[str, list[str]]] = {}
    for key, tie, at, part, report in rows:
        ends.setdefault((at, key, tie), {}).setdefault(part, []).append(report)
    for at in sorted(ends):
        of, other = ends[at].get("of", []), ends[at].get("with", [])
        found.ties.append(Tie(at[2] == "same", tuple(of), tuple(other)))
        for report in of:
            found.partners.setdefault(report, set()).update(other)
        for report in other:
            found.partners.setdefault(report, set()).update(of)
        if at[2] == "apart":
            found.parted.update((*of, *other))
    touched = {row[0] for row in kept if row[-1]} | set(own["correction_id"])
    found.lost = {row[4] for row in kept if not row[-1] and row[0] in touched}
    return found


def whole(
    con: Connection,
    members: pl.DataFrame,
    links: Mapping[str, str | None],
    ties: Ties,
    load: Callable[[set[str]], pl.DataFrame],
) -> pl.DataFrame:
    """`members` and all that hangs together with them: what they joined, and what they are tied to.

    `load` gives the members of the events that reports are of.
    """
    asked: set[str] = set()
    joined = _joined(con, ties.parted)
    while True:
        held = {*members["event_mention_id"], *links}
        parents = set(members["joins"].drop_nulls()) | {key for key in links.values() if key}
        wanted = parents | {key for key, parent in joined.items() if parent in held}
        for key in held & ties.partners.keys():
            wanted |= ties.partners[key]
        wanted -= held | asked
        if not wanted:
            return members
        asked |= wanted
        members = pl.concat([members, load(wanted)]).unique("event_mention_id", keep="first")


def _joined(con: Connection, reports: Iterable[str]) -> dict[str, str]:
    ids = sorted(reports)
    if not ids:
        return {}
    return dict(
        con.execute(
            "SELECT event_mention_id, joins FROM event_evidence "
            "WHERE joins IS NOT NULL AND event_mention_id IN (SELECT unnest(?))", [ids],
        ).fetchall()
    )  # fmt: skip


def orders(members: pl.DataFrame) -> dict[str, Order]:
    """The order of members: as `order_of` has it of a report."""
    return {
        key: (_NO_DAY if at is None else at.date(), article, key)
        for key, article, at in members.select(
            "event_mention_id", "article_id", "published_at"
        ).iter_rows()
    }
