-- Pairs of named entities in one sentence: in how many sentences, articles and sources.
CREATE OR REPLACE VIEW co_mentions AS
WITH pairs AS (
    SELECT entity_id AS one_id, unnest(other_ids) AS other_id, article_id, source FROM named_together
)
SELECT a.name AS one, b.name AS other, one_id, other_id, count(*) AS sentences,
    count(DISTINCT p.article_id) AS articles, count(DISTINCT p.source) AS sources
FROM pairs p JOIN entities a ON a.entity_id = p.one_id JOIN entities b ON b.entity_id = p.other_id
WHERE one_id < other_id
GROUP BY ALL;
COMMENT ON VIEW co_mentions IS 'Pairs of named entities that share sentences';
