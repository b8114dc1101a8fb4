SELECT source, day, sum(articles)::BIGINT AS articles, sum(original_articles)::BIGINT AS original_articles,
    sum(words)::BIGINT AS words, sum(event_reports)::BIGINT AS event_reports
FROM (
    SELECT coalesce(source, source_uri) AS source, published_at::DATE AS day, count(*) AS articles,
        count(*) FILTER (is_cluster_lead) AS original_articles, sum(word_count) AS words,
        0 AS event_reports
    FROM articles GROUP BY 1, 2
    UNION ALL
    SELECT coalesce(source, source_uri), published_at::DATE, 0, 0, 0, count(*) FROM event_reports GROUP BY 1, 2
)
GROUP BY source, day
