"""Which event each report of a batch tells of, given the reports already in the warehouse.

Reads only. The decisions stand in `transforms.nlp.identity.assign`; what is fetched here are the
earlier reports that share a block with the batch, a slice at a time, and the members of the events
that change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Any

import polars as pl

from flows.run.staged import Staged
from flows.run.tied import Ties, orders, ties_of, whole
from transforms import rollups
from transforms.nlp.identity import assign as identity
from transforms.nlp.identity.decided import Order, decided_ids
from transforms.nlp.identity.reports import (
    MOST_WEEKS,
    ReportKey,
    block_keys,
    order_of,
    weeks_of,
)
from warehouse.connection import Connection
from warehouse.dialects import polars_schema
from warehouse.tables import TABLES

SLICE = 2048  # reports held at once
# A query reads the lists of every row between the first and the last it may give; to skip so many
# rows is worth another query.
_STRETCH = 8192
_LINKS = {"event_mention_id": pl.String, "joins": pl.String}
_MOVES = {"event_mention_id": pl.String, "event_id": pl.String}
_MEMBERS: dict[str, Any] = {
    **_LINKS, "event_id": pl.String, "article_id": pl.String, "published_at": pl.Datetime("us"),
}  # fmt: skip
_DECIDED: dict[str, Any] = {
    **_MOVES, "joins": pl.String, "blocks": pl.List(pl.Int64), "first_week": pl.Int32,
    "last_week": pl.Int32,
}  # fmt: skip
_COPIED = ("event_type", "modality", "place_id", "date_method", "initiators", "recipients",
           "initiator_countries", "recipient_countries", "published_at")  # fmt: skip

_REPORTS = """
    SELECT event_mention_id, event_id, article_id, event_type, modality, place_id, date_method,
        date_start, date_end, date_precision, country_code, trigger_lemma, content, blocks,
        initiators, recipients, published_at, joins
    FROM event_evidence
    WHERE rowid BETWEEN {first} AND {last} AND rowid IN (SELECT place FROM s_places)
"""
# Who had joined a report that is replaced: they are decided anew, with the batch.
_ORPHANS = """
    SELECT rowid FROM event_evidence WHERE joins IN (
        SELECT event_mention_id FROM event_evidence WHERE article_id IN (SELECT id FROM s_ids))
      AND article_id NOT IN (SELECT id FROM s_ids)
"""
_STAYING = """
      AND article_id NOT IN (SELECT id FROM s_ids)
      AND event_mention_id NOT IN (SELECT event_mention_id FROM s_orphans)
"""
# Where those lie that share a block with the batch. Only rows that share a week with it are opened
# up.
_MATES = """
    SELECT DISTINCT place FROM (
        SELECT rowid AS place, unnest(blocks) AS block FROM event_evidence
        WHERE (first_week IN (SELECT week FROM s_weeks)
            OR last_week IN (SELECT week FROM s_weeks)
            OR (last_week > first_week + 1 AND first_week IN (SELECT week FROM s_before))
            {undated}){staying})
    WHERE block IN (SELECT block FROM s_blocks)
"""
_IN_SLICE = "SELECT rowid FROM event_evidence WHERE event_mention_id IN (FROM s_slice)"
_HELD = """
    SELECT event_mention_id, joins FROM event_evidence
    WHERE joins IS NOT NULL AND event_mention_id IN (SELECT event_mention_id FROM s_slice)
"""


@dataclass(frozen=True, slots=True)
class Identified:
    """What identity says of a batch: its frames, and what changes of earlier mentions.

    `moved` holds (`event_mention_id`, `event_id`), `relinked` (`event_mention_id`, `joins`),
    `met` the ids that events of the batch, or moved ones, have had so far.
    """

    frames: dict[str, pl.DataFrame]
    moved: pl.DataFrame
    relinked: pl.DataFrame
    met: set[str]


@dataclass(frozen=True, slots=True)
class Draft:
    """Reports of a batch, compared before its turn with the earlier ones that lay in `places`."""

    reports: list[ReportKey]
    linking: identity.Linking
    places: frozenset[int]


def draft(con: Connection, frames: dict[str, pl.DataFrame]) -> Draft:
    """What identity can do of a batch before its turn: of what it takes, most."""
    reports = list(rollups.report_keys(rollups.reports(frames)))
    blocks = {report.event_mention_id: block_keys(report) for report in reports}
    linking = identity.Linking(reports, blocks)
    places = _mates(con, reports, blocks, None)
    _meet(con, linking, places)
    return Draft(reports, linking, frozenset(places))


def identify(
    con: Connection,
    frames: dict[str, pl.DataFrame],
    *,
    replaces: bool,
    drafted: Draft | None = None,
) -> Identified:
    """Give each report its event.

    The table `s_ids` holds the articles whose rows are replaced, if it `replaces` any. Ids are a
    function of the set of reports: one changes only when an article turns up that was published
    before the first report of its event, or when that report goes. What was `drafted` is done once
    and for all: a report stays as it was compared, or goes.
    """
    frames, mentions = dict(frames), frames["event_mentions"]
    joined = rollups.reports(frames)
    reports = list(rollups.report_keys(joined))
    orphans = _reports(con, _places(con, _ORPHANS)) if replaces else None
    if orphans is not None:
        reports += rollups.report_keys(orphans)
    blocks = {report.event_mention_id: block_keys(report) for report in reports}
    links = _link(con, reports, blocks, orphans, drafted)
    new = set(mentions["event_mention_id"].to_list())
    ties = ties_of(con, frames["correction_uses"], replaces=replaces)
    order = {report.event_mention_id: order_of(report) for report in reports}
    assigned, moved, met = _events(con, orphans, links, new, ties, order)
    weeks = {report.event_mention_id: weeks_of(report) or (None, None) for report in reports}
    ids = pl.DataFrame(
        [
            (key, assigned[key], links[key], blocks[key], *weeks[key])
            for key in mentions["event_mention_id"]
        ],
        schema=_DECIDED,
        orient="row",
    )
    named = ids.select("event_mention_id", "event_id")
    frames["event_mentions"] = mentions.update(named, on="event_mention_id", how="left")
    frames["event_participants"] = frames["event_participants"].update(
        named, on="event_mention_id", how="left"
    )
    schema = polars_schema(TABLES["event_evidence"])
    filled = [name for name in (*_COPIED, *_DECIDED) if name != "event_mention_id"]
    own = frames["event_evidence"].drop(filled, strict=False)
    frames["event_evidence"] = (
        own.join(joined.select("event_mention_id", *_COPIED), on="event_mention_id", how="left",
                 maintain_order="left")
        .join(ids, on="event_mention_id", how="left", maintain_order="left")
        .select(list(schema))
        .cast(schema)
    )  # fmt: skip
    relinked = [(key, parent) for key, parent in links.items() if key not in new]
    return Identified(frames, moved, pl.DataFrame(relinked, schema=_LINKS, orient="row"), met)


def _places(con: Connection, sql: str) -> list[int]:
    """Where in `event_evidence` the rows lie that the query gives the rowids of, in order."""
    return sorted(place for (place,) in con.execute(sql).fetchall())


def _reports(con: Connection, places: Sequence[int]) -> pl.DataFrame:
    """What identity asks of the reports that lie there; places in order."""
    begins = [n for n, (one, other) in enumerate(pairwise(places), 1) if other - one > _STRETCH]
    edges = [0, *begins, len(places)]
    stretches = [(places[i], places[j - 1]) for i, j in pairwise(edges) if j > i] or [(0, -1)]
    asked = pl.DataFrame({"place": places}, schema={"place": pl.Int64})
    with Staged(con, "s_places", asked):
        return pl.concat(
            con.execute(_REPORTS.format(first=first, last=last)).pl() for first, last in stretches
        )


def _link(
    con: Connection,
    reports: list[ReportKey],
    blocks: dict[str, list[int]],
    orphans: pl.DataFrame | None,
    drafted: Draft | None,
) -> dict[str, str | None]:
    """What the reports join, and which settled ones now join one of them."""
    places = _mates(con, reports, blocks, orphans)
    if drafted and drafted.reports == reports and drafted.places.issubset(places):
        linking = drafted.linking
        places = [place for place in places if place not in drafted.places]
    else:
        linking = identity.Linking(reports, blocks)
    _meet(con, linking, places)
    challenged = linking.challenged
    for begin in range(0, len(challenged), SLICE):
        linking.defend(_held(con, challenged[begin : begin + SLICE]))
    return linking.links()


def _mates(
    con: Connection,
    reports: list[ReportKey],
    blocks: dict[str, list[int]],
    orphans: pl.DataFrame | None,
) -> list[int]:
    """Where the earlier reports lie that are to be compared with these."""
    if not reports:
        return []
    spans = [weeks_of(report) for report in reports]
    weeks = {week for span in spans if span for week in range(span[0], span[1] + 1)}
    before = {week for span in spans if span for week in range(span[0] - MOST_WEEKS, span[1] + 1)}
    gone = _ids([]) if orphans is None else orphans.select("event_mention_id")
    keys = pl.DataFrame({"block": sorted({*chain(*blocks.values())})}, schema={"block": pl.Int64})
    with (
        Staged(con, "s_blocks", keys),
        Staged(con, "s_orphans", gone),
        Staged(con, "s_weeks", pl.DataFrame({"week": sorted(weeks)}, schema={"week": pl.Int32})),
        Staged(con, "s_before", pl.DataFrame({"week": sorted(before)}, schema={"week": pl.Int32})),
    ):
        return _places(
            con,
            _MATES.format(
                undated="OR first_week IS NULL" if None in spans else "",
                staying="" if orphans is None else _STAYING,
            ),
        )


def _meet(con: Connection, linking: identity.Linking, places: list[int]) -> None:
    for begin in range(0, len(places), SLICE):
        frame = _reports(con, places[begin : begin + SLICE])
        keys = dict(zip(frame["event_mention_id"], frame["blocks"].to_list(), strict=True))
        linking.meet(rollups.report_keys(frame), keys)


def _held(con: Connection, challenged: list[str]) -> Iterator[tuple[ReportKey, ReportKey]]:
    """(What it joined, report) of settled reports."""
    with Staged(con, "s_slice", _ids(challenged)):
        pairs = con.execute(_HELD).fetchall()
    with Staged(con, "s_slice", _ids(key for pair in pairs for key in pair)):
        frame = _reports(con, _places(con, _IN_SLICE))
    reports = {report.event_mention_id: report for report in rollups.report_keys(frame)}
    for key, target in pairs:
        if target in reports:
            yield reports[target], reports[key]


def _ids(keys: Iterable[str]) -> pl.DataFrame:
    return pl.DataFrame(
        {"event_mention_id": sorted(set(keys))}, schema={"event_mention_id": pl.String}
    )


def _events(
    con: Connection,
    orphans: pl.DataFrame | None,
    links: dict[str, str | None],
    new: set[str],
    ties: Ties,
    order: dict[str, Order],
) -> tuple[dict[str, str], pl.DataFrame, set[str]]:
    """event_mention_id → event_id of what may change, the earlier mentions that do, and the
    events that were met."""
    met = {key for pair in links.items() for key in pair if key is not None} - new
    met |= ties.lost
    none = _ids([]).rename({"event_mention_id": "event_id"})
    gone = none if orphans is None else orphans.select("event_id").unique()
    staying = "" if orphans is None else "article_id NOT IN (SELECT id FROM s_ids) AND "

    def load(reports: set[str], events: pl.DataFrame = none) -> pl.DataFrame:
        with Staged(con, "s_slice", _ids(reports)), Staged(con, "s_met", events):
            return con.execute(
                f"""
                SELECT event_mention_id, joins, event_id, article_id, published_at
                FROM event_evidence WHERE rowid IN (
                    SELECT rowid FROM event_evidence WHERE {staying}event_id IN (
                        SELECT event_id FROM s_met UNION ALL
                        SELECT event_id FROM event_evidence
                        WHERE event_mention_id IN (FROM s_slice)))
                """
            ).pl()

    members = load(met, gone) if met else pl.DataFrame(schema=_MEMBERS)
    if ties.ties or ties.lost:
        members = whole(con, members, links, ties, load)
    parents = dict(zip(members["event_mention_id"], members["joins"], strict=True)) | links
    assigned = (
        decided_ids(parents, orders(members) | order, ties.ties)
        if ties.ties
        else identity.event_ids(parents)
    )
    moved = [
        (key, assigned[key])
        for key, held in zip(members["event_mention_id"], members["event_id"], strict=True)
        if assigned[key] != held
    ]
    return assigned, pl.DataFrame(moved, schema=_MOVES, orient="row"), set(members["event_id"])
