-- Block keys become digests, and event identity keeps the report each one joined: here the first
-- of its event. Keys of reports without a day, or of a long time, get a period of their own.
CREATE TABLE event_evidence_2 AS
WITH ordered AS (
    SELECT m.event_mention_id, a.published_at,
        first_value(m.event_mention_id) OVER (PARTITION BY m.event_id
            ORDER BY a.published_at::DATE, m.article_id, m.event_mention_id) AS first
    FROM event_mentions m JOIN articles a USING (article_id)
)
SELECT e.* REPLACE (list_sort(list_distinct(list_transform(e.blocks, lambda key: block_key(
        CASE WHEN NOT ends_with(key, '|?') THEN key
            WHEN e.date_start IS NULL THEN key || strftime(o.published_at, '%Y-%m')
            ELSE left(key, length(key) - 1) || year(e.date_start) || '-' END)))) AS blocks),
    nullif(o.first, e.event_mention_id) AS joins
FROM event_evidence e JOIN ordered o USING (event_mention_id);
DROP TABLE event_evidence;
ALTER TABLE event_evidence_2 RENAME TO event_evidence;
ALTER TABLE event_evidence ALTER COLUMN event_mention_id SET NOT NULL;
ALTER TABLE event_evidence ALTER COLUMN article_id SET NOT NULL;
ALTER TABLE event_evidence ALTER COLUMN trigger_lemma SET NOT NULL;
ALTER TABLE event_evidence ALTER COLUMN date_precision SET NOT NULL;
ALTER TABLE event_evidence ALTER COLUMN content SET NOT NULL;
ALTER TABLE event_evidence ALTER COLUMN blocks SET NOT NULL;
-- The digest of views and macros, to make them anew when the package has others.
ALTER TABLE schema_version ADD COLUMN views VARCHAR;
