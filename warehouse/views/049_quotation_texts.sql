-- Quotations with their words and the name of who speaks.
CREATE OR REPLACE VIEW quotation_texts AS
SELECT q.quotation_id, q.article_id, q.sentence_id, e.name AS speaker, q.cue, q.is_direct,
    substr(a.text, q.quote_start + 1, q.quote_end - q.quote_start) AS quotation,
    a.title, a.source, a.url, a.published_at
FROM quotations q JOIN articles a USING (article_id)
    LEFT JOIN entities e ON e.entity_id = q.speaker_entity_id;
COMMENT ON VIEW quotation_texts IS 'Quotations with their words and who speaks';
