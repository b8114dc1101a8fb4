"""Settling a batch against the warehouse: versions, clusters, events and entities across articles.

Reads only. The pure decisions stand in `transforms`; this module fetches what they need to
know of earlier articles and puts their answers into the batch.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from flows.run.identify import identify
from flows.run.staged import Staged
from transforms import near_duplicates, rollups
from warehouse.connection import Connection
from warehouse.loading import Load

_CLOSURE_ROUNDS = 4


def settle(
    con: Connection,
    frames: dict[str, pl.DataFrame],
    versions: pl.DataFrame,
    *,
    replaced: Sequence[str] = (),
) -> Load:
    """The batch as it will stand in the warehouse, and what it changes there.

    `replaced` are articles whose old rows go although the batch has no new ones.

    `frames` are `rows.merge`d; `versions` new rows of `article_versions`, also of texts that
    are not current. Columns `run_id` and `loaded_at` are left to the caller.
    """
    frames = dict(frames)
    replaced = [*frames["articles"]["article_id"].to_list(), *replaced]
    with Staged(con, "s_ids", pl.DataFrame({"id": replaced}, schema={"id": pl.String})):
        frames["places"] = _unknown_places(con, frames["places"])
        others = _versions(con, frames, versions)
        others = _clusters(con, frames, others)
        frames, moved, relinked = identify(con, frames)
        entity_ids = _entities(con, frames)
        event_ids = _events(con, frames, moved, others)
    return Load(
        frames=frames,
        replaced=replaced,
        entity_ids=entity_ids,
        event_ids=event_ids,
        moved=moved,
        relinked=relinked,
        articles=others,
    )


def _unknown_places(con: Connection, places: pl.DataFrame) -> pl.DataFrame:
    with Staged(con, "s_places", places):
        known = con.execute(
            "SELECT place_id FROM places WHERE place_id IN (SELECT place_id FROM s_places)"
        ).pl()
    return places.join(known, on="place_id", how="anti")


def _versions(
    con: Connection, frames: dict[str, pl.DataFrame], versions: pl.DataFrame
) -> pl.DataFrame:
    """Number versions by the distinct texts seen. Returns other articles' rows that change."""
    with Staged(con, "s_versions", versions):
        counts = con.execute(
            """
            SELECT article_id, count(DISTINCT content_sha256)::INTEGER AS version FROM (
                SELECT article_id, content_sha256 FROM s_versions UNION ALL
                SELECT article_id, content_sha256 FROM article_versions
                WHERE article_id IN (SELECT article_id FROM s_versions))
            GROUP BY article_id
            """
        ).pl()
    frames["articles"] = frames["articles"].update(counts, on="article_id", how="left")
    with Staged(con, "s_counts", counts):
        return con.execute(
            """
            SELECT article_id, c.version, a.cluster_id, a.is_cluster_lead
            FROM articles a JOIN s_counts c USING (article_id)
            WHERE a.version <> c.version AND article_id NOT IN (SELECT id FROM s_ids)
            """
        ).pl()


def _clusters(
    con: Connection, frames: dict[str, pl.DataFrame], others: pl.DataFrame
) -> pl.DataFrame:
    """Cluster the batch with earlier articles. Returns `others` with those that change."""
    new = frames["article_signatures"]
    old = con.execute(  # who shared a cluster with what is replaced
        """
        SELECT * FROM article_signatures WHERE article_id NOT IN (SELECT id FROM s_ids)
          AND article_id IN (SELECT article_id FROM articles WHERE cluster_id IN
            (SELECT cluster_id FROM articles WHERE article_id IN (SELECT id FROM s_ids)))
        """
    ).pl().cast(new.schema)  # fmt: skip
    fresh = pl.concat([new, old])
    for _ in range(_CLOSURE_ROUNDS):
        with Staged(con, "s_bands", fresh.select(pl.col("bands").explode().unique())):
            near = con.execute(
                """
                WITH hits AS (
                    SELECT DISTINCT article_id FROM
                        (SELECT article_id, unnest(bands) AS band FROM article_signatures)
                    WHERE band IN (SELECT bands FROM s_bands))
                SELECT * FROM article_signatures
                WHERE article_id IN (SELECT article_id FROM hits)
                  AND article_id NOT IN (SELECT id FROM s_ids)
                """
            ).pl()
        near = near.cast(new.schema).join(old, on="article_id", how="anti")
        if near.is_empty():
            break
        old, fresh = pl.concat([old, near]), near
    members = pl.concat([new, old])
    found = near_duplicates.clusters(
        {
            row["article_id"]: (row["signature"], row["published_at"], row["bands"])
            for row in members.iter_rows(named=True)
        }
    )
    settled = pl.DataFrame(
        [(key, cluster, lead) for key, (cluster, lead) in found.items()],
        schema={"article_id": pl.String, "cluster_id": pl.String, "is_cluster_lead": pl.Boolean},
        orient="row",
    )
    frames["articles"] = frames["articles"].update(settled, on="article_id", how="left")
    if old.is_empty():
        return others
    with Staged(con, "s_settled", settled), Staged(con, "s_others", others):
        return con.execute(
            """
            SELECT article_id, coalesce(o.version, a.version) AS version,
                coalesce(s.cluster_id, a.cluster_id) AS cluster_id,
                coalesce(s.is_cluster_lead, a.is_cluster_lead) AS is_cluster_lead
            FROM articles a LEFT JOIN s_settled s USING (article_id)
                LEFT JOIN s_others o USING (article_id)
            WHERE article_id NOT IN (SELECT id FROM s_ids) AND (o.article_id IS NOT NULL
                OR a.cluster_id <> s.cluster_id OR a.is_cluster_lead <> s.is_cluster_lead)
            """
        ).pl()


def _entities(con: Connection, frames: dict[str, pl.DataFrame]) -> list[str]:
    """Roll up the entities this batch touches into `frames`. Returns their ids."""
    with Staged(con, "s_evidence", frames["entity_evidence"]):
        touched = con.execute(
            """
            SELECT DISTINCT entity_id FROM s_evidence UNION
            SELECT entity_id FROM entity_evidence WHERE article_id IN (SELECT id FROM s_ids)
            """
        ).pl()
        with Staged(con, "s_touched", touched):
            tallies = con.execute(
                """
                SELECT entity_id, name, entity_type, country_code, sector, kb_id,
                    sum(mention_count)::BIGINT AS mentions, count(*) AS articles,
                    list_sort(list_distinct(flatten(list(aliases)))) AS aliases
                FROM (
                    SELECT * FROM s_evidence UNION ALL BY NAME
                    SELECT * FROM entity_evidence
                    WHERE entity_id IN (SELECT entity_id FROM s_touched)
                      AND article_id NOT IN (SELECT id FROM s_ids))
                GROUP BY 1, 2, 3, 4, 5, 6
                """
            ).pl()
    frames["entities"] = rollups.entities(tallies)
    return touched["entity_id"].to_list()


def _events(
    con: Connection, frames: dict[str, pl.DataFrame], moved: pl.DataFrame, others: pl.DataFrame
) -> list[str]:
    """Roll up the events this batch touches into `frames`. Returns their ids."""
    articles = frames["articles"].select(
        "article_id", "source", "source_uri", "published_at", "cluster_id", "is_cluster_lead"
    )
    with (
        Staged(con, "s_mentions", frames["event_mentions"]),
        Staged(con, "s_evidence", frames["event_evidence"]),
        Staged(con, "s_articles", articles),
        Staged(con, "s_moved", moved),
        Staged(con, "s_others", others),
    ):
        touched = con.execute(
            """
            SELECT event_id FROM s_mentions UNION SELECT event_id FROM s_moved UNION
            SELECT event_id FROM event_mentions
            WHERE article_id IN (SELECT id FROM s_ids UNION ALL SELECT article_id FROM s_others)
               OR event_mention_id IN (SELECT event_mention_id FROM s_moved)
            """
        ).pl()
        with Staged(con, "s_touched", touched):
            reports = con.execute(_ALL_REPORTS).pl()
    frames["events"] = rollups.events(reports)
    frames["event_leads"] = _leads(con, frames, rollups.leads(reports))
    return touched["event_id"].to_list()


def _leads(con: Connection, frames: dict[str, pl.DataFrame], leads: pl.DataFrame) -> pl.DataFrame:
    """The leads of events with the words of their sentences."""
    texts = frames["articles"].select("article_id", "text")
    spans = frames["sentences"].select("sentence_id", "start_char", "end_char")
    with (
        Staged(con, "s_leads", leads),
        Staged(con, "s_texts", texts),
        Staged(con, "s_spans", spans),
    ):
        found: pl.DataFrame = con.execute(_WORDS).pl()
    return found


_WORDS = """
WITH texts AS (
    FROM s_texts UNION ALL
    SELECT article_id, text FROM articles
    WHERE article_id IN (SELECT article_id FROM s_leads)
      AND article_id NOT IN (SELECT id FROM s_ids)
), spans AS (
    FROM s_spans UNION ALL
    SELECT sentence_id, start_char, end_char FROM sentences
    WHERE sentence_id IN (SELECT sentence_id FROM s_leads)
      AND article_id NOT IN (SELECT id FROM s_ids)
)
SELECT l.*, substr(t.text, s.start_char + 1, s.end_char - s.start_char) AS sentence
FROM s_leads l JOIN texts t USING (article_id) JOIN spans s USING (sentence_id)
ORDER BY l.event_id
"""


_ALL_REPORTS = """
WITH mentions AS (
    SELECT * FROM s_mentions WHERE event_id IN (SELECT event_id FROM s_touched)
    UNION ALL
    SELECT m.* REPLACE (coalesce(v.event_id, m.event_id) AS event_id)
    FROM event_mentions m LEFT JOIN s_moved v USING (event_mention_id)
    WHERE m.article_id NOT IN (SELECT id FROM s_ids)
      AND coalesce(v.event_id, m.event_id) IN (SELECT event_id FROM s_touched)
), evidence AS (
    SELECT * FROM s_evidence UNION ALL
    SELECT * FROM event_evidence
    WHERE event_mention_id IN (SELECT event_mention_id FROM mentions)
      AND article_id NOT IN (SELECT id FROM s_ids)
), told AS (
    SELECT article_id, published_at, cluster_id, is_cluster_lead FROM s_articles
    UNION ALL
    SELECT article_id, published_at, coalesce(o.cluster_id, a.cluster_id),
        coalesce(o.is_cluster_lead, a.is_cluster_lead)
    FROM articles a LEFT JOIN s_others o USING (article_id)
    WHERE article_id IN (SELECT article_id FROM mentions)
      AND article_id NOT IN (SELECT id FROM s_ids)
), leads AS (
    SELECT cluster_id, min(voice) AS voice FROM (
        SELECT cluster_id, coalesce(source, source_uri) AS voice
        FROM s_articles WHERE is_cluster_lead
        UNION ALL
        SELECT coalesce(o.cluster_id, a.cluster_id), coalesce(source, source_uri)
        FROM articles a LEFT JOIN s_others o USING (article_id)
        WHERE coalesce(o.is_cluster_lead, a.is_cluster_lead)
          AND article_id NOT IN (SELECT id FROM s_ids)
          AND coalesce(o.cluster_id, a.cluster_id) IN (SELECT cluster_id FROM told))
    GROUP BY cluster_id
)
SELECT m.event_id, m.event_mention_id, m.article_id, m.event_type, m.event_mode, m.modality,
    m.event_date, m.date_method, m.place_id, m.confidence, m.type_confidence, m.told, e.cameo_code,
    e.date_start, e.date_end, e.date_precision, e.country_code, a.published_at,
    a.is_cluster_lead, l.voice, m.sentence_id,
    m.trigger_start
FROM mentions m JOIN evidence e USING (event_mention_id)
    JOIN told a ON a.article_id = m.article_id
    LEFT JOIN leads l USING (cluster_id)
"""
