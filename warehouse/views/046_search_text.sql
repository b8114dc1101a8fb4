-- `FROM search_text('ceasefire talks')`: articles that hold every word of the query, the most
-- hits first. Case does not matter.
CREATE OR REPLACE MACRO search_text(words) AS TABLE
WITH asked AS (
    SELECT list_filter(string_split(lower(words), ' '), x -> x <> '') AS terms
), hits AS (
    SELECT a.article_id, a.published_at, a.source, a.title, a.text,
        list_transform(asked.terms, t -> (length(lower(coalesce(a.title, '') || ' ' || a.text))
            - length(replace(lower(coalesce(a.title, '') || ' ' || a.text), t, ''))) / length(t)) AS counts
    FROM articles a, asked
)
SELECT article_id, published_at, source, title, list_sum(counts)::BIGINT AS hits, text
FROM hits WHERE list_min(counts) > 0 ORDER BY hits DESC, published_at DESC, article_id;
COMMENT ON MACRO TABLE search_text IS 'Articles that hold every word of the query, the most hits first';
