WITH named AS (
    SELECT DISTINCT m.entity_id, m.article_id, s.ordinal
    FROM entity_mentions m JOIN sentences s USING (sentence_id) WHERE m.mention_type = 'name'
)
SELECT (md5_number_lower(n.entity_id) >> 1)::BIGINT, n.entity_id, n.article_id,
    coalesce(any_value(a.source), any_value(a.source_uri)),
    list(o.entity_id ORDER BY o.entity_id, o.ordinal),
    list(o.ordinal::BIGINT ORDER BY o.entity_id, o.ordinal)
FROM named n JOIN named o ON o.article_id = n.article_id AND o.ordinal = n.ordinal
        AND o.entity_id <> n.entity_id
    JOIN articles a ON a.article_id = n.article_id
GROUP BY n.entity_id, n.article_id
ORDER BY 1, n.entity_id, any_value(a.published_at), n.article_id
