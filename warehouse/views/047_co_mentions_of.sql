-- `FROM co_mentions_of('Park Yoon-joo')`: who stands in one sentence with an entity, by name or
-- alias; much faster than `co_mentions` for one.
CREATE OR REPLACE MACRO co_mentions_of(who) AS TABLE
WITH asked AS MATERIALIZED (
    SELECT entity_id, (md5_number_lower(entity_id) >> 1)::BIGINT AS entity_number FROM entities
    WHERE lower(name) = lower(who)
        OR list_contains(list_transform(aliases, lambda a: lower(a)), lower(who))
), shared AS (
    SELECT article_id, source, unnest(other_ids) AS entity_id, unnest(ordinals) AS ordinal
    FROM named_together n JOIN asked a USING (entity_number)
    WHERE n.entity_id || '' = a.entity_id  -- no column, so that the number is looked for first
), counted AS (
    -- A sentence that names two namesakes counts once.
    SELECT entity_id, CASE WHEN (SELECT count(*) FROM asked) = 1 THEN count(*)
            ELSE count(DISTINCT (article_id, ordinal)) END AS sentences,
        count(DISTINCT article_id) AS articles, count(DISTINCT source) AS sources
    FROM shared WHERE entity_id NOT IN (SELECT entity_id FROM asked) GROUP BY entity_id
)
SELECT e.name, e.entity_type, e.country_code, c.entity_id, c.sentences, c.articles, c.sources
FROM counted c JOIN entities e USING (entity_id)
ORDER BY c.sentences DESC, e.name;
COMMENT ON MACRO TABLE co_mentions_of IS 'Who stands in one sentence with an entity';
