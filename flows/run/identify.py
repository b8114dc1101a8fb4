"""Which event each report of a batch tells of, given the reports already in the warehouse.

Reads only. The decisions stand in `transforms.nlp.identity.assign`; what is fetched here are the
earlier reports that share a block with the batch, a slice at a time, and the members of the events
that change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl

from flows.run.staged import Staged
from transforms import rollups
from transforms.nlp.identity import assign as identity
from transforms.nlp.identity.reports import ANCHOR, ReportKey, block_keys
from warehouse.connection import Connection

SLICE = 2048  # reports held at once
_LINKS = {"event_mention_id": pl.String, "joins": pl.String}
_MOVES = {"event_mention_id": pl.String, "event_id": pl.String}

_REPORTS = """
    WITH wanted AS ({wanted}), sides AS (
        SELECT event_mention_id,
            list_sort(list(DISTINCT entity_id) FILTER (role <> 'recipient')) AS initiators,
            list_sort(list(DISTINCT entity_id) FILTER (role <> 'initiator')) AS recipients
        FROM event_participants WHERE event_mention_id IN (SELECT event_mention_id FROM wanted)
        GROUP BY event_mention_id
    ), held AS (
        SELECT * FROM event_evidence
        WHERE rowid BETWEEN {first} AND {last}
          AND event_mention_id IN (SELECT event_mention_id FROM wanted)
    )
    SELECT m.event_mention_id, m.event_id, m.article_id, m.event_type, m.modality, m.place_id,
        m.date_method, e.date_start, e.date_end, e.date_precision, e.country_code,
        e.trigger_lemma, e.content, e.blocks, p.initiators, p.recipients, a.published_at, e.joins
    FROM held e JOIN event_mentions m USING (event_mention_id)
        JOIN articles a ON a.article_id = m.article_id
        LEFT JOIN sides p USING (event_mention_id)
"""
# Who had joined a report that is replaced: they are decided anew, with the batch.
_ORPHANS = """
    SELECT event_mention_id FROM event_evidence WHERE joins IN (
        SELECT event_mention_id FROM event_evidence WHERE article_id IN (SELECT id FROM s_ids))
      AND article_id NOT IN (SELECT id FROM s_ids)
"""
# Those that share two anchors with one report. In the order of storage, so that a slice reads one
# stretch of the table.
_MATES = """
    CREATE OR REPLACE TEMP TABLE s_mates AS
    WITH pairs AS (
        SELECT place FROM s_blocks JOIN (
            SELECT rowid AS place, unnest(blocks) AS block FROM event_evidence
            WHERE article_id NOT IN (SELECT id FROM s_ids)
              AND event_mention_id NOT IN (SELECT event_mention_id FROM s_orphans))
        USING (block)
        GROUP BY number, place HAVING min(block & {anchor}) <> max(block & {anchor})
    )
    SELECT event_mention_id, e.rowid AS place,
        (row_number() OVER (ORDER BY e.rowid) - 1) // {slice} AS slice
    FROM event_evidence e WHERE e.rowid IN (SELECT place FROM pairs)
"""
_HELD = """
    SELECT event_mention_id, joins FROM event_evidence
    WHERE joins IS NOT NULL AND event_mention_id IN (SELECT event_mention_id FROM s_slice)
"""


def identify(
    con: Connection, frames: dict[str, pl.DataFrame]
) -> tuple[dict[str, pl.DataFrame], pl.DataFrame, pl.DataFrame]:
    """Give each report its event. Returns also the earlier mentions that change theirs.

    The frames, then (`event_mention_id`, `event_id`) and (`event_mention_id`, `joins`) of earlier
    mentions. The table `s_ids` holds the articles whose rows are replaced. Ids are a function of
    the set of reports: one changes only when an article turns up that was published before the
    first report of its event, or when that report goes.
    """
    mentions, evidence = frames["event_mentions"], frames["event_evidence"]
    orphans = _reports(con, _ORPHANS)
    reports = [
        *rollups.report_keys(rollups.reports(frames)),
        *rollups.report_keys(orphans),
    ]
    blocks = {report.event_mention_id: block_keys(report) for report in reports}
    links = _link(con, reports, blocks, orphans.select("event_mention_id"))
    assigned, moved = _events(con, orphans, links)
    ids = pl.DataFrame(
        [(key, assigned[key], links[key], blocks[key]) for key in mentions["event_mention_id"]],
        schema={**_MOVES, "joins": pl.String, "blocks": pl.List(pl.Int64)},
        orient="row",
    )
    named = ids.select("event_mention_id", "event_id")
    frames["event_mentions"] = mentions.update(named, on="event_mention_id", how="left")
    frames["event_participants"] = frames["event_participants"].update(
        named, on="event_mention_id", how="left"
    )
    frames["event_evidence"] = (
        evidence.drop("joins", "blocks")
        .join(ids.drop("event_id"), on="event_mention_id", how="left", maintain_order="left")
        .select(evidence.columns)
    )
    new = set(mentions["event_mention_id"].to_list())
    relinked = [(key, parent) for key, parent in links.items() if key not in new]
    return frames, moved, pl.DataFrame(relinked, schema=_LINKS, orient="row")


def _reports(con: Connection, wanted: str, first: int = 0, last: int = 2**62) -> pl.DataFrame:
    """The columns of reports stored between two rowids, of the mentions `wanted` selects."""
    frame: pl.DataFrame = con.execute(_REPORTS.format(wanted=wanted, first=first, last=last)).pl()
    return frame


def _link(
    con: Connection, reports: list[ReportKey], blocks: dict[str, list[int]], orphans: pl.DataFrame
) -> dict[str, str | None]:
    """What the reports join, and which settled ones now join one of them."""
    linking = identity.Linking(reports, blocks)
    numbers = pl.DataFrame(
        {"number": range(len(blocks)), "block": list(blocks.values())},
        schema={"number": pl.Int32, "block": pl.List(pl.Int64)},
    )
    with (
        Staged(con, "s_blocks", numbers.explode("block").drop_nulls()),
        Staged(con, "s_orphans", orphans),
    ):
        con.execute(_MATES.format(slice=SLICE, anchor=ANCHOR))
    slices = con.execute(
        "SELECT slice, min(place), max(place) FROM s_mates GROUP BY slice ORDER BY slice"
    ).fetchall()
    for number, first, last in slices:
        mates = f"SELECT event_mention_id FROM s_mates WHERE slice = {number}"
        frame = _reports(con, mates, first, last)
        keys = dict(zip(frame["event_mention_id"], frame["blocks"].to_list(), strict=True))
        linking.meet(rollups.report_keys(frame), keys)
    con.execute("DROP TABLE s_mates")
    challenged = linking.challenged
    for begin in range(0, len(challenged), SLICE):
        linking.defend(_held(con, challenged[begin : begin + SLICE]))
    return linking.links()


def _held(con: Connection, challenged: list[str]) -> Iterator[tuple[ReportKey, ReportKey]]:
    """(What it joined, report) of settled reports."""
    with Staged(con, "s_slice", _ids(challenged)):
        pairs = con.execute(_HELD).fetchall()
    with Staged(con, "s_slice", _ids(key for pair in pairs for key in pair)):
        frame = _reports(con, "SELECT event_mention_id FROM s_slice")
    reports = {report.event_mention_id: report for report in rollups.report_keys(frame)}
    for key, target in pairs:
        if target in reports:
            yield reports[target], reports[key]


def _ids(keys: Iterable[str]) -> pl.DataFrame:
    return pl.DataFrame(
        {"event_mention_id": sorted(set(keys))}, schema={"event_mention_id": pl.String}
    )


def _events(
    con: Connection, orphans: pl.DataFrame, links: dict[str, str | None]
) -> tuple[dict[str, str], pl.DataFrame]:
    """event_mention_id → event_id of what may change, and the earlier mentions that do."""
    met = _ids(key for pair in links.items() for key in pair if key is not None)
    with (
        Staged(con, "s_slice", met),
        Staged(con, "s_met", orphans.select("event_id").unique()),
    ):
        members = con.execute(
            """
            SELECT m.event_mention_id, e.joins, m.event_id
            FROM event_mentions m JOIN event_evidence e USING (event_mention_id)
            WHERE m.article_id NOT IN (SELECT id FROM s_ids) AND m.event_id IN (
                SELECT event_id FROM s_met UNION ALL
                SELECT event_id FROM event_mentions WHERE event_mention_id IN (FROM s_slice))
            """
        ).pl()
    parents = dict(zip(members["event_mention_id"], members["joins"], strict=True)) | links
    assigned = identity.event_ids(parents)
    moved = [
        (key, assigned[key])
        for key, held in zip(members["event_mention_id"], members["event_id"], strict=True)
        if assigned[key] != held
    ]
    return assigned, pl.DataFrame(moved, schema=_MOVES, orient="row")
