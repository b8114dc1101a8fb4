-- Denominators: what each source published on each day, near-copies apart.
CREATE OR REPLACE VIEW source_volume AS
SELECT coalesce(a.source, a.source_uri) AS source, a.published_at::DATE AS day,
    count(*) AS articles, count(*) FILTER (a.is_cluster_lead) AS original_articles,
    sum(a.word_count)::BIGINT AS words, sum(coalesce(m.reports, 0))::BIGINT AS event_reports
FROM articles a LEFT JOIN (
    SELECT article_id, count(*) AS reports FROM event_mentions GROUP BY 1) m USING (article_id)
GROUP BY ALL;
COMMENT ON VIEW source_volume IS 'Articles, words and event reports of each source and day';
