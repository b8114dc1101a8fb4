-- The report an event is told by, one row an event: that of the first lead of a cluster, with its
-- article, sentence and parties, and when the event was first loaded.
CREATE OR REPLACE VIEW lead_reports AS
WITH leads AS (
    SELECT m.event_id, min(a.loaded_at) AS loaded_at, bool_or(s.ordinal < 2) AS in_lead_paragraph,
        any_value(s.ordinal) FILTER (t.event_id IS NOT NULL) AS sentence_ordinal,
        any_value({'mention': m.event_mention_id, 'article': m.article_id,
            'place_text': m.place_text, 'extractor_version': m.extractor_version})
            FILTER (t.event_id IS NOT NULL) AS lead
    FROM event_mentions m JOIN articles a USING (article_id) JOIN sentences s USING (sentence_id)
        LEFT JOIN event_leads t ON t.event_mention_id = m.event_mention_id
    GROUP BY m.event_id
)
SELECT l.event_id, l.lead.mention AS event_mention_id, l.lead.article AS article_id,
    l.sentence_ordinal, l.lead.place_text AS place_text,
    l.lead.extractor_version AS extractor_version, l.in_lead_paragraph, l.loaded_at,
    p.actor1, e.name AS actor1_name, e.entity_type AS actor1_type,
    p.actor2, f.name AS actor2_name, f.entity_type AS actor2_type
FROM leads l
    LEFT JOIN report_parties p ON p.event_mention_id = l.lead.mention
    LEFT JOIN entities e ON e.entity_id = p.actor1.entity_id
    LEFT JOIN entities f ON f.entity_id = p.actor2.entity_id;
COMMENT ON VIEW lead_reports IS 'The report an event is told by, with its article, sentence and parties';
