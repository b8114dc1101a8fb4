-- What a batch looks up stands by itself: what identity reads of a report in one table, with the
-- weeks of its block keys; bands as numbers; evidence of entities counted.
CREATE TABLE event_evidence_4 (
  event_mention_id VARCHAR NOT NULL, article_id VARCHAR NOT NULL, cameo_code VARCHAR,
  trigger_lemma VARCHAR NOT NULL, date_start DATE, date_end DATE, date_precision VARCHAR NOT NULL,
  country_code VARCHAR, content VARCHAR[] NOT NULL, blocks BIGINT[] NOT NULL, joins VARCHAR,
  event_id VARCHAR NOT NULL, event_type VARCHAR NOT NULL, modality VARCHAR NOT NULL,
  place_id VARCHAR, date_method VARCHAR, initiators VARCHAR[], recipients VARCHAR[],
  initiator_countries VARCHAR[], recipient_countries VARCHAR[],
  published_at TIMESTAMP, first_week INTEGER, last_week INTEGER
);
INSERT INTO event_evidence_4
WITH sides AS (
    SELECT event_mention_id,
        list_sort(list(DISTINCT entity_id) FILTER (role <> 'recipient')) AS initiators,
        list_sort(list(DISTINCT entity_id) FILTER (role <> 'initiator')) AS recipients,
        list_sort(list(DISTINCT country_code)
            FILTER (role <> 'recipient' AND country_code IS NOT NULL)) AS initiator_countries,
        list_sort(list(DISTINCT country_code)
            FILTER (role <> 'initiator' AND country_code IS NOT NULL)) AS recipient_countries
    FROM event_participants GROUP BY event_mention_id
), days AS (  -- as transforms.nlp.identity.reports has them: days_of, then weeks_of
    SELECT event_mention_id,
        e.date_start IS NOT NULL AND m.date_method IS DISTINCT FROM 'publication' AS is_told,
        coalesce(a.published_at::DATE, e.date_start) AS told,
        CASE WHEN is_told THEN e.date_start - (m.date_method IS NOT DISTINCT FROM 'inherited')::INTEGER
            ELSE told - 7 END AS first_day,
        CASE WHEN is_told THEN coalesce(e.date_end, e.date_start) ELSE told END AS last_day,
        first_day - DATE '0001-01-01' + 1 AS first, last_day - DATE '0001-01-01' + 1 AS last
    FROM event_evidence e JOIN event_mentions m USING (event_mention_id)
        JOIN articles a ON a.article_id = m.article_id
)
SELECT e.event_mention_id, e.article_id, e.cameo_code, e.trigger_lemma, e.date_start, e.date_end,
    e.date_precision, e.country_code, e.content, e.blocks, e.joins, m.event_id, m.event_type,
    m.modality, m.place_id, m.date_method, s.initiators, s.recipients,
    s.initiator_countries, s.recipient_countries, a.published_at,
    CASE WHEN d.last - d.first > 62 THEN -year(d.first_day) ELSE d.first // 7 END,
    CASE WHEN d.last - d.first > 62 THEN -year(d.first_day) ELSE (d.last + 1) // 7 END
FROM event_evidence e JOIN event_mentions m USING (event_mention_id)
    JOIN days d USING (event_mention_id) JOIN articles a ON a.article_id = m.article_id
    LEFT JOIN sides s USING (event_mention_id)
ORDER BY a.published_at, e.event_mention_id;
DROP TABLE event_evidence;
ALTER TABLE event_evidence_4 RENAME TO event_evidence;
CREATE TABLE event_dyads (
  event_id VARCHAR NOT NULL, "day" DATE NOT NULL, initiator VARCHAR NOT NULL,
  recipient VARCHAR NOT NULL, event_type VARCHAR NOT NULL, quad_class INTEGER NOT NULL,
  goldstein DOUBLE
);
INSERT INTO event_dyads
SELECT DISTINCT e.event_id, e.date_start, i.country_code, r.country_code, e.event_type,
    e.quad_class, e.goldstein
FROM events e
    JOIN event_participants i ON i.event_id = e.event_id AND i.role <> 'recipient'
    JOIN event_participants r ON r.event_id = e.event_id AND r.role <> 'initiator'
WHERE e.modality = 'asserted' AND e.date_start IS NOT NULL AND e.date_precision = 'day'
    AND i.country_code IS NOT NULL AND r.country_code IS NOT NULL
    AND i.country_code <> r.country_code
ORDER BY ALL;
CREATE TABLE article_bands (band BIGINT NOT NULL, article_id VARCHAR NOT NULL);
INSERT INTO article_bands
SELECT unnest(list_transform(bands, lambda band: ('0x' || band)::BIGINT)), article_id
FROM article_signatures;
ALTER TABLE article_signatures DROP COLUMN bands;
CREATE TABLE entity_tallies (
  entity_id VARCHAR NOT NULL, "name" VARCHAR NOT NULL, entity_type VARCHAR NOT NULL,
  country_code VARCHAR, sector VARCHAR, kb_id VARCHAR, mentions BIGINT NOT NULL,
  articles BIGINT NOT NULL, aliases VARCHAR[] NOT NULL
);
INSERT INTO entity_tallies
SELECT entity_id, name, entity_type, country_code, sector, kb_id, sum(mention_count)::BIGINT,
    count(*), list_sort(list_distinct(flatten(list(aliases))))
FROM entity_evidence GROUP BY ALL ORDER BY entity_id;
