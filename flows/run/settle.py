"""Settling a batch against the warehouse: versions, clusters, events and entities across articles.

Reads only. The pure decisions stand in `transforms`; this module fetches what they need to
know of earlier articles and puts their answers into the batch. What it asks for is found by keys
of the batch, in few scans of few columns; articles that are all new need fewer still.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from flows.run.identify import Draft, Identified, identify
from flows.run.staged import Staged
from transforms import kept, near_duplicates, rollups
from warehouse.connection import Connection, let_go
from warehouse.dialects import polars_schema
from warehouse.loading import Load
from warehouse.tables import TABLES

_CLOSURE_ROUNDS = 4
_OTHERS = {"article_id": pl.String, "version": pl.Int32, "cluster_id": pl.String,
           "is_cluster_lead": pl.Boolean}  # fmt: skip
_STAYING = "article_id NOT IN (SELECT id FROM s_ids)"


def settle(
    con: Connection,
    frames: dict[str, pl.DataFrame],
    versions: pl.DataFrame,
    *,
    replaced: Sequence[str] = (),
    before: Load | None = None,
    drafted: Draft | None = None,
) -> Load:
    """The batch as it will stand in the warehouse, and what it changes there.

    `replaced` are articles whose old rows go although the batch has no new ones.

    `frames` are `rows.merge`d; `versions` new rows of `article_versions`, also of texts that
    are not current. Columns `run_id` and `loaded_at` are left to the caller. `before` is what
    became of the batch with rows that have been refused since: where all its articles are still
    there, only their events are settled again. `drafted` is what identity has done of it.
    """
    frames = dict(frames)
    own = frames["articles"]["article_id"].to_list()
    known = _known(con, {*own, *replaced, *versions["article_id"]})
    gone = sorted(known & {*own, *replaced})
    with Staged(con, "s_ids", _ids("id", gone)):
        if before is not None and set(before.frames["articles"]["article_id"]) == set(own):
            places = frames["places"].select("place_id")
            frames["places"] = before.frames["places"].join(places, on="place_id", how="semi")
            for name in ("articles", "entities", "entity_tallies"):
                frames[name] = before.frames[name]
            others, entity_ids = before.articles, before.entity_ids
            assert others is not None
        else:
            frames["places"] = _unknown_places(con, frames["places"])
            others = _versions(con, frames, versions, known)
            others = _clusters(con, frames, others, replaces=bool(gone))
            entity_ids = _entities(con, frames, replaces=bool(gone))
        let_go(con)
        found = identify(con, frames, replaces=bool(gone), drafted=drafted)
        frames = found.frames
        let_go(con)
        event_ids = _events(con, found, others, replaces=bool(gone))
    let_go(con)
    return Load(
        frames=frames,
        replaced=gone,
        entity_ids=entity_ids,
        event_ids=event_ids,
        moved=found.moved,
        relinked=found.relinked,
        articles=others,
    )


def _ids(name: str, keys: Iterable[str]) -> pl.DataFrame:
    return pl.DataFrame({name: sorted(keys)}, schema={name: pl.String})


def _known(con: Connection, ids: set[str]) -> set[str]:
    """Those of these articles that have rows or versions in the warehouse."""
    with Staged(con, "s_asked", _ids("id", ids)):
        found = con.execute(
            """
            SELECT article_id FROM articles WHERE article_id IN (SELECT id FROM s_asked) UNION
            SELECT article_id FROM article_versions WHERE article_id IN (SELECT id FROM s_asked)
            """
        ).fetchall()
    return {key for (key,) in found}


def _unknown_places(con: Connection, places: pl.DataFrame) -> pl.DataFrame:
    with Staged(con, "s_places", places):
        known = con.execute(
            "SELECT place_id FROM places WHERE place_id IN (SELECT place_id FROM s_places)"
        ).pl()
    return places.join(known, on="place_id", how="anti")


def _versions(
    con: Connection, frames: dict[str, pl.DataFrame], versions: pl.DataFrame, known: set[str]
) -> pl.DataFrame:
    """Number versions by the distinct texts seen. Returns other articles' rows that change."""
    texts = versions.select("article_id", "content_sha256")
    if known:
        with Staged(con, "s_asked", _ids("id", known)):
            earlier = con.execute(
                "SELECT article_id, content_sha256 FROM article_versions "
                "WHERE article_id IN (SELECT id FROM s_asked)"
            ).pl()
        asked = texts.select("article_id").unique()
        texts = pl.concat([texts, earlier.join(asked, on="article_id", how="semi")])
    counts = texts.group_by("article_id").agg(
        version=pl.col("content_sha256").n_unique().cast(pl.Int32)
    )
    frames["articles"] = frames["articles"].update(counts, on="article_id", how="left")
    if not known:
        return pl.DataFrame(schema=_OTHERS)
    with Staged(con, "s_counts", counts):
        return con.execute(
            """
            SELECT article_id, c.version, a.cluster_id, a.is_cluster_lead
            FROM articles a JOIN s_counts c USING (article_id)
            WHERE a.version <> c.version AND article_id NOT IN (SELECT id FROM s_ids)
            """
        ).pl()


def _clusters(
    con: Connection, frames: dict[str, pl.DataFrame], others: pl.DataFrame, *, replaces: bool
) -> pl.DataFrame:
    """Cluster the batch with earlier articles. Returns `others` with those that change."""
    new = frames["article_signatures"]
    old = new.clear()
    if replaces:  # who shared a cluster with what is replaced
        old = con.execute(
            """
            SELECT * FROM article_signatures WHERE article_id NOT IN (SELECT id FROM s_ids)
              AND article_id IN (SELECT article_id FROM articles WHERE cluster_id IN
                (SELECT cluster_id FROM articles WHERE article_id IN (SELECT id FROM s_ids)))
            """
        ).pl().cast(new.schema)  # fmt: skip
    fresh = pl.concat([new, old])
    for _ in range(_CLOSURE_ROUNDS):
        near = _near(con, fresh, {*new["article_id"], *old["article_id"]}, replaces=replaces)
        if near.is_empty():
            break
        old, fresh = pl.concat([old, near]), near
    members = pl.concat([new, old])
    found = near_duplicates.clusters(
        {row["article_id"]: (row["signature"], row["published_at"])
         for row in members.iter_rows(named=True)}
    )  # fmt: skip
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


def _near(
    con: Connection, articles: pl.DataFrame, met: set[str], *, replaces: bool
) -> pl.DataFrame:
    """Signatures of earlier articles, not `met` yet, that share a band with one of these."""
    bands = {band for mark in articles["signature"] for band in near_duplicates.bands(mark)}
    with Staged(con, "s_bands", pl.DataFrame({"band": sorted(bands)}, schema={"band": pl.Int64})):
        hits = con.execute(
            "SELECT DISTINCT article_id FROM article_bands WHERE band IN (SELECT band FROM s_bands)"
            + (f" AND {_STAYING}" if replaces else "")
        ).fetchall()
    found = {key for (key,) in hits} - met
    if not found:
        return articles.clear()
    with Staged(con, "s_asked", _ids("id", found)):
        return con.execute(
            "SELECT * FROM article_signatures WHERE article_id IN (SELECT id FROM s_asked)"
        ).pl().cast(articles.schema)  # fmt: skip


def _entities(con: Connection, frames: dict[str, pl.DataFrame], *, replaces: bool) -> list[str]:
    """Roll up the entities this batch touches into `frames`.

    The batch is added to their tallies, and what it replaces taken off. Returns the ids of those
    that may have been there before.
    """
    with Staged(con, "s_evidence", frames["entity_evidence"]):
        of_replaced = _OF_REPLACED if replaces else "false"
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE s_gone AS FROM entity_evidence WHERE {of_replaced}"
        )
        con.execute(
            "CREATE OR REPLACE TEMP TABLE s_tallies AS FROM entity_tallies WHERE entity_id IN "
            "(SELECT entity_id FROM s_evidence UNION SELECT entity_id FROM s_gone)"
        )
        con.execute(_LOST.format(others="" if replaces else "WHERE false"))
        tallies = con.execute(_TALLIES).pl()
        before = con.execute("SELECT DISTINCT entity_id FROM s_tallies").fetchall()
        for name in ("s_gone", "s_tallies", "s_lost"):
            con.execute(f"DROP TABLE {name}")
    schema = polars_schema(TABLES["entity_tallies"])
    frames["entity_tallies"] = tallies.select(list(schema)).cast(schema).sort(TALLIED)
    frames["entities"] = rollups.entities(tallies)
    return sorted(key for (key,) in before)


TALLIED = ("entity_id", *rollups.TALLY_COLUMNS)
_OF_REPLACED = "article_id IN (SELECT id FROM s_ids)"
_SAME = " AND ".join(f"a.{name} IS NOT DISTINCT FROM b.{name}" for name in TALLIED)
# Aliases that only replaced articles gave. Looked up one by one: all rows of a great power's
# evidence would not fit in memory.
_LOST = f"""
CREATE OR REPLACE TEMP TABLE s_lost AS
WITH given AS (
    SELECT DISTINCT {", ".join(TALLIED)}, unnest(aliases) AS alias FROM s_gone
), others AS (
    SELECT {", ".join(TALLIED)}, unnest(aliases) AS alias FROM s_evidence UNION ALL
    SELECT {", ".join(TALLIED)}, unnest(aliases) FROM (
        FROM entity_evidence WHERE entity_id IN (SELECT entity_id FROM given)
            AND NOT ({_OF_REPLACED})) {{others}}
)
SELECT {", ".join(TALLIED)}, list(alias) AS aliases FROM given a
WHERE NOT EXISTS (SELECT 1 FROM others b WHERE a.alias = b.alias AND {_SAME})
GROUP BY ALL
"""
_TALLIES = f"""
WITH counted AS (
    SELECT {", ".join(TALLIED)}, sum(mentions)::BIGINT AS mentions,
        sum(articles)::BIGINT AS articles,
        list_sort(list_distinct(flatten(list(aliases)))) AS aliases
    FROM (
        FROM s_tallies UNION ALL BY NAME
        SELECT * EXCLUDE (article_id, mention_count), mention_count::BIGINT AS mentions,
            1::BIGINT AS articles FROM s_evidence
        UNION ALL BY NAME
        SELECT * EXCLUDE (article_id, mention_count) REPLACE ([]::VARCHAR[] AS aliases),
            -mention_count::BIGINT AS mentions, -1::BIGINT AS articles FROM s_gone)
    GROUP BY {", ".join(TALLIED)} HAVING sum(articles) > 0
)
SELECT a.* REPLACE (list_filter(a.aliases,
    lambda alias: NOT list_contains(coalesce(b.aliases, []), alias)) AS aliases)
FROM counted a LEFT JOIN s_lost b ON {_SAME}
"""


def _events(
    con: Connection, found: Identified, others: pl.DataFrame, *, replaces: bool
) -> list[str]:
    """Roll up the events this batch touches into its frames. Returns the ids of earlier ones."""
    frames = found.frames
    articles = frames["articles"].select(
        "article_id", "source", "source_uri", "published_at", "cluster_id", "is_cluster_lead"
    )
    earlier = set(found.met)
    if replaces or not others.is_empty():
        with Staged(con, "s_others", others):
            told = con.execute(
                """
                SELECT DISTINCT event_id FROM event_mentions WHERE article_id IN (
                    SELECT id FROM s_ids UNION ALL SELECT article_id FROM s_others)
                """
            ).fetchall()
        earlier |= {key for (key,) in told}
    touched = earlier | {*frames["event_mentions"]["event_id"], *found.moved["event_id"]}
    with (
        Staged(con, "s_mentions", frames["event_mentions"]),
        Staged(con, "s_evidence", frames["event_evidence"]),
        Staged(con, "s_articles", articles),
        Staged(con, "s_moved", found.moved),
        Staged(con, "s_others", others),
        Staged(con, "s_earlier", _ids("event_id", earlier)),
        Staged(con, "s_touched", _ids("event_id", touched)),
    ):
        where = "event_id IN (SELECT event_id FROM s_earlier)" if earlier else "false"
        if replaces:
            where += f" AND {_STAYING}"
        con.execute(_THEIR_ROWS.format(where=where))
        con.execute(_THEIR_EVIDENCE)
        con.execute(f"CREATE OR REPLACE TEMP TABLE s_told AS {_EARLIER}")
        leads = _LEADS if others.is_empty() else _LEADS_WITH_OTHERS
        reports = con.execute(_ALL_REPORTS.format(leads=leads)).pl()
        own = frames["event_participants"].select(_SIDES)
        sides = pl.concat([own, con.execute(_EARLIER_SIDES).pl()]) if earlier else own
        for name in ("s_told", "s_rows", "s_evidence_rows"):
            con.execute(f"DROP TABLE {name}")
        frames["events"] = rollups.events(reports)
        frames["event_dyads"] = rollups.event_dyads(reports, frames["events"], sides)
        frames["event_reports"] = kept.event_reports(frames)
        frames["event_leads"] = _leads(con, frames["event_reports"], rollups.leads(reports))
        frames["event_parties"] = kept.event_parties(
            reports, frames["events"], frames["event_leads"]
        )
        frames["named_together"] = kept.named_together(frames)
    return sorted(touched) if earlier else []


def _leads(con: Connection, own: pl.DataFrame, leads: pl.DataFrame) -> pl.DataFrame:
    """The leads of events with the words of their sentences: as a report keeps them, one of the
    batch (`own`) or an earlier one."""
    words = own.select("event_mention_id", "sentence")
    found = leads.join(words, on="event_mention_id")
    if found.height < leads.height:
        with Staged(con, "s_leads", leads.join(words, on="event_mention_id", how="anti")):
            found = pl.concat([found, con.execute(_EARLIER_WORDS).pl().cast(found.schema)])
    return found.sort("event_id")


_EARLIER_WORDS = """
SELECT l.*, r.sentence FROM s_leads l JOIN event_reports r USING (event_mention_id)
WHERE r.event_number IN (SELECT (md5_number_lower(event_id) >> 1)::BIGINT FROM s_earlier)
"""


# Where the rows of earlier events lie is found by one column each; of the others no more is read.
_THEIR_ROWS = """
CREATE OR REPLACE TEMP TABLE s_rows AS
SELECT rowid AS place, event_mention_id FROM event_mentions WHERE {where}
"""
_THEIR_EVIDENCE = """
CREATE OR REPLACE TEMP TABLE s_evidence_rows AS SELECT rowid AS place FROM event_evidence
WHERE event_mention_id IN (SELECT event_mention_id FROM s_rows)
"""
_EARLIER = """
WITH mentions AS (
    SELECT event_mention_id, event_id, article_id, event_type, event_mode, modality, event_date,
        date_method, place_id, confidence, type_confidence, told, sentence_id, trigger_start
    FROM event_mentions WHERE rowid IN (SELECT place FROM s_rows)
)
SELECT m.* REPLACE (coalesce(v.event_id, m.event_id) AS event_id), e.cameo_code, e.date_start,
    e.date_end, e.date_precision, e.country_code, e.initiators, e.recipients,
    e.initiator_countries, e.recipient_countries, a.published_at,
    coalesce(o.cluster_id, a.cluster_id) AS cluster_id,
    coalesce(o.is_cluster_lead, a.is_cluster_lead) AS is_cluster_lead
FROM mentions m
    JOIN (FROM event_evidence WHERE rowid IN (SELECT place FROM s_evidence_rows)) e
        USING (event_mention_id)
    JOIN articles a ON a.article_id = m.article_id
    LEFT JOIN s_moved v USING (event_mention_id)
    LEFT JOIN s_others o ON o.article_id = m.article_id
"""


_SIDES = ["event_mention_id", "role", "country_code", "confidence"]
_EARLIER_SIDES = f"""
SELECT {", ".join(_SIDES)} FROM event_participants
WHERE event_id IN (SELECT event_id FROM s_earlier) AND country_code IS NOT NULL
  AND event_mention_id IN (SELECT event_mention_id FROM s_told)
"""


_LEADS = """
        SELECT cluster_id, coalesce(source, source_uri) FROM articles
        WHERE is_cluster_lead AND cluster_id IN (SELECT cluster_id FROM told)
          AND article_id NOT IN (SELECT id FROM s_ids)
"""
_LEADS_WITH_OTHERS = """
        SELECT coalesce(o.cluster_id, a.cluster_id), coalesce(source, source_uri)
        FROM articles a LEFT JOIN s_others o USING (article_id)
        WHERE coalesce(o.is_cluster_lead, a.is_cluster_lead)
          AND article_id NOT IN (SELECT id FROM s_ids)
          AND coalesce(o.cluster_id, a.cluster_id) IN (SELECT cluster_id FROM told)
"""
_ALL_REPORTS = """
WITH told AS (
    FROM s_told WHERE event_id IN (SELECT event_id FROM s_touched) UNION ALL BY NAME
    SELECT m.event_mention_id, m.event_id, m.article_id, m.event_type, m.event_mode, m.modality,
        m.event_date, m.date_method, m.place_id, m.confidence, m.type_confidence,
        m.told, m.sentence_id, m.trigger_start,
        e.cameo_code, e.date_start, e.date_end, e.date_precision, e.country_code,
        e.initiators, e.recipients, e.initiator_countries, e.recipient_countries,
        a.published_at, a.cluster_id, a.is_cluster_lead
    FROM s_mentions m JOIN s_evidence e USING (event_mention_id)
        JOIN s_articles a ON a.article_id = m.article_id
), leads AS (
    SELECT cluster_id, min(voice) AS voice FROM (
        SELECT cluster_id, coalesce(source, source_uri) AS voice
        FROM s_articles WHERE is_cluster_lead
        UNION ALL {leads})
    GROUP BY cluster_id
)
SELECT t.* EXCLUDE (cluster_id), l.voice FROM told t LEFT JOIN leads l USING (cluster_id)
"""
