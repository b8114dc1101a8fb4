-- `FROM evidence('<event_id>')`: every sentence that reports an event. The trigger stands in
-- [[ ]], the characters of each party are listed with their offsets.
CREATE OR REPLACE MACRO evidence(event) AS TABLE
WITH reports AS (
    SELECT * FROM event_mentions m WHERE m.event_id = event
), parties AS (
    SELECT p.event_mention_id, list_sort(list({'role': p.role, 'text': n.text, 'name': e.name,
        'start_char': n.start_char, 'end_char': n.end_char})) AS parties
    FROM event_participants p JOIN entity_mentions n USING (mention_id)
        JOIN entities e ON e.entity_id = p.entity_id
    WHERE p.event_id = event
    GROUP BY p.event_mention_id
)
SELECT m.event_mention_id, a.title, a.source, a.url, a.published_at, m.modality, m.confidence,
    substr(a.text, s.start_char + 1, m.trigger_start - s.start_char) || '[[' || m.trigger_text || ']]'
        || substr(a.text, m.trigger_end + 1, s.end_char - m.trigger_end) AS sentence, p.parties
FROM reports m
    JOIN articles a USING (article_id)
    JOIN sentences s USING (sentence_id)
    LEFT JOIN parties p USING (event_mention_id)
ORDER BY a.published_at, m.event_mention_id;
COMMENT ON MACRO TABLE evidence IS 'Every sentence that reports an event, with trigger and parties';
