-- The report that speaks for each event, and its sentence, are kept.
CREATE TABLE event_leads AS
WITH leads AS (
    SELECT m.event_id, arg_min({'mention': m.event_mention_id, 'sentence': m.sentence_id},
        (NOT a.is_cluster_lead, a.published_at, m.article_id, m.trigger_start, m.event_mention_id))
        AS lead
    FROM event_mentions m JOIN articles a USING (article_id)
    GROUP BY m.event_id
)
SELECT l.event_id, l.lead.mention AS event_mention_id, s.article_id, s.sentence_id,
    substr(a.text, s.start_char + 1, s.end_char - s.start_char) AS sentence
FROM leads l JOIN sentences s ON s.sentence_id = l.lead.sentence JOIN articles a USING (article_id)
ORDER BY l.event_id;
ALTER TABLE event_leads ALTER COLUMN event_id SET NOT NULL;
ALTER TABLE event_leads ALTER COLUMN event_mention_id SET NOT NULL;
ALTER TABLE event_leads ALTER COLUMN article_id SET NOT NULL;
ALTER TABLE event_leads ALTER COLUMN sentence_id SET NOT NULL;
ALTER TABLE event_leads ALTER COLUMN sentence SET NOT NULL;
