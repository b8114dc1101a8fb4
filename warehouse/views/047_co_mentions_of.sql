-- `FROM co_mentions_of('Park Yoon-joo')`: who stands in one sentence with an entity, by name or
-- alias; much faster than `co_mentions` for one.
CREATE OR REPLACE MACRO co_mentions_of(who) AS TABLE
WITH mine AS (
    SELECT entity_id FROM entities WHERE lower(name) = lower(who)
        OR list_contains(list_transform(aliases, lambda a: lower(a)), lower(who))
), places AS (
    SELECT DISTINCT sentence_id FROM entity_mentions
    WHERE mention_type = 'name' AND entity_id IN (FROM mine)
), shared AS (
    SELECT DISTINCT m.entity_id, m.sentence_id, m.article_id
    FROM entity_mentions m JOIN places USING (sentence_id)
    WHERE m.mention_type = 'name' AND m.entity_id NOT IN (FROM mine)
)
SELECT e.name, e.entity_type, e.country_code, s.entity_id, count(*) AS sentences,
    count(DISTINCT s.article_id) AS articles,
    count(DISTINCT coalesce(t.source, t.source_uri)) AS sources
FROM shared s JOIN entities e USING (entity_id) JOIN articles t USING (article_id)
GROUP BY ALL ORDER BY sentences DESC, e.name;
COMMENT ON MACRO TABLE co_mentions_of IS 'Who stands in one sentence with an entity';
