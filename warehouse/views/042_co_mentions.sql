-- Pairs of named entities in one sentence: in how many sentences, articles and sources.
CREATE OR REPLACE VIEW co_mentions AS
WITH named AS (
    SELECT DISTINCT m.sentence_id, m.article_id, m.entity_id FROM entity_mentions m
    WHERE m.mention_type = 'name'
)
SELECT a.name AS one, b.name AS other, x.entity_id AS one_id, y.entity_id AS other_id,
    count(DISTINCT x.sentence_id) AS sentences, count(DISTINCT x.article_id) AS articles,
    count(DISTINCT coalesce(t.source, t.source_uri)) AS sources
FROM named x JOIN named y ON x.sentence_id = y.sentence_id AND x.entity_id < y.entity_id
    JOIN entities a ON a.entity_id = x.entity_id
    JOIN entities b ON b.entity_id = y.entity_id
    JOIN articles t ON t.article_id = x.article_id
GROUP BY ALL;
COMMENT ON VIEW co_mentions IS 'Pairs of named entities that share sentences';
