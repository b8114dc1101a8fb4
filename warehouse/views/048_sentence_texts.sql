-- Sentences with their words, and the article they stand in.
CREATE OR REPLACE VIEW sentence_texts AS
SELECT s.sentence_id, s.article_id, s.ordinal,
    substr(a.text, s.start_char + 1, s.end_char - s.start_char) AS sentence,
    a.title, a.source, a.url, a.published_at
FROM sentences s JOIN articles a USING (article_id);
COMMENT ON VIEW sentence_texts IS 'Sentences with their words';
