"""Which event each report of a batch tells of, given the reports already in the warehouse.

Reads only. The decisions stand in `transforms.nlp.identity`; what is fetched here are the earlier
reports that share a block with the batch, and the members of the events that change.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from flows.staged import Staged
from transforms import rollups
from transforms.nlp import identity

_LINKS = {"event_mention_id": pl.String, "joins": pl.String}
_MOVES = {"event_mention_id": pl.String, "event_id": pl.String}

_REPORTS = """
    WITH wanted AS (
        SELECT DISTINCT event_mention_id FROM ({wanted})
        WHERE event_mention_id NOT IN (
            SELECT event_mention_id FROM event_evidence
            WHERE article_id IN (SELECT id FROM s_ids))
    ), sides AS (
        SELECT event_mention_id,
            list_sort(list(DISTINCT entity_id) FILTER (role <> 'recipient')) AS initiators,
            list_sort(list(DISTINCT entity_id) FILTER (role <> 'initiator')) AS recipients
        FROM event_participants WHERE event_mention_id IN (SELECT event_mention_id FROM wanted)
        GROUP BY event_mention_id
    ), held AS (
        SELECT * FROM event_evidence
        WHERE event_mention_id IN (SELECT event_mention_id FROM wanted)
    )
    SELECT m.event_mention_id, m.event_id, m.article_id, m.event_type, m.modality, m.place_id,
        m.date_method, e.date_start, e.date_end, e.date_precision, e.country_code,
        e.trigger_lemma, e.content, e.blocks, p.initiators, p.recipients, a.published_at, e.joins
    FROM held e JOIN event_mentions m USING (event_mention_id)
        JOIN articles a ON a.article_id = m.article_id
        LEFT JOIN sides p USING (event_mention_id)
"""
_ORPHANS = """
    SELECT event_mention_id FROM event_evidence WHERE joins IN (
        SELECT event_mention_id FROM event_evidence WHERE article_id IN (SELECT id FROM s_ids))
"""
_TARGETS = "SELECT joins AS event_mention_id FROM s_mates WHERE joins IS NOT NULL"
_MATES = """
    SELECT event_mention_id FROM (
        SELECT event_mention_id, unnest(blocks) AS block FROM event_evidence)
    WHERE block IN (SELECT block FROM s_blocks)
"""


def identify(
    con: Any, frames: dict[str, pl.DataFrame]
) -> tuple[dict[str, pl.DataFrame], pl.DataFrame, pl.DataFrame]:
    """Give each report its event. Returns also the earlier mentions that change theirs.

    The frames, then (`event_mention_id`, `event_id`) and (`event_mention_id`, `joins`) of earlier
    mentions. The table `s_ids` holds the articles whose rows are replaced. Ids are a function of
    the set of reports: one changes only when an article turns up that was published before the
    first report of its event, or when that report goes.
    """
    mentions, evidence = frames["event_mentions"], frames["event_evidence"]
    days = frames["articles"].select("article_id", "published_at")
    joined = (
        mentions.join(evidence.drop("article_id"), on="event_mention_id", how="left")
        .join(rollups.parties(frames["event_participants"]), on="event_mention_id", how="left")
        .join(days, on="article_id", how="left")
    )
    orphans = con.execute(_REPORTS.format(wanted=_ORPHANS)).pl()
    reports = [*rollups.report_keys(joined), *rollups.report_keys(orphans)]
    blocks = {report.event_mention_id: identity.block_keys(report) for report in reports}
    wanted = sorted({block for held in blocks.values() for block in held})
    with Staged(con, "s_blocks", pl.DataFrame({"block": wanted}, schema={"block": pl.Int64})):
        mates = con.execute(_REPORTS.format(wanted=_MATES)).pl()
    mates = mates.join(orphans, on="event_mention_id", how="anti")
    own = dict(blocks)
    blocks |= dict(zip(mates["event_mention_id"], mates["blocks"].to_list(), strict=True))
    with Staged(con, "s_mates", mates.select("joins")):
        targets = con.execute(_REPORTS.format(wanted=_TARGETS)).pl()
    links = identity.links(reports, rollups.report_keys(mates), _joined(mates, targets), blocks)
    assigned, moved = _events(con, mates, orphans, links)
    ids = pl.DataFrame(
        [(key, assigned[key], links[key], own[key]) for key in mentions["event_mention_id"]],
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


def _joined(mates: pl.DataFrame, targets: pl.DataFrame) -> dict[str, identity.ReportKey]:
    """What each earlier report joined."""
    reports = {report.event_mention_id: report for report in rollups.report_keys(targets)}
    pairs = zip(mates["event_mention_id"], mates["joins"], strict=True)
    return {key: reports[parent] for key, parent in pairs if parent in reports}


def _events(
    con: Any, mates: pl.DataFrame, orphans: pl.DataFrame, links: dict[str, str | None]
) -> tuple[dict[str, str], pl.DataFrame]:
    """event_mention_id → event_id of what may change, and the earlier mentions that do."""
    met = {key for pair in links.items() for key in pair if key is not None}
    touched = pl.concat(
        [orphans["event_id"], mates.filter(pl.col("event_mention_id").is_in(list(met)))["event_id"]]
    ).unique()
    with Staged(con, "s_met", touched.to_frame("event_id")):
        members = con.execute(
            """
            SELECT m.event_mention_id, e.joins, m.event_id
            FROM event_mentions m JOIN event_evidence e USING (event_mention_id)
            WHERE m.event_id IN (SELECT event_id FROM s_met)
              AND m.article_id NOT IN (SELECT id FROM s_ids)
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
