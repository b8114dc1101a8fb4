WITH parties AS (
    SELECT event_mention_id, list_sort(list({'first': n.start_char, 'last': n.end_char,
        'id': p.entity_id, 'role': p.role, 'text': n.text})) AS named
    FROM event_participants p JOIN entity_mentions n USING (mention_id)
    GROUP BY event_mention_id
), reports AS (
    -- By itself: a join behind it would hold the text of an article once for each of its reports.
    SELECT m.event_mention_id, m.event_id, m.article_id, a.title, a.source, a.source_uri, a.url,
        a.published_at, substr(a.text, s.start_char + 1, s.end_char - s.start_char) AS sentence,
        s.start_char, m.trigger_text, m.trigger_start, m.trigger_end, m.modality, m.told, m.confidence
    FROM event_mentions m JOIN articles a USING (article_id) JOIN sentences s USING (sentence_id)
)
SELECT (md5_number_lower(event_id) >> 1)::BIGINT, event_id, event_mention_id, article_id, title,
    source, source_uri, url, published_at, sentence, start_char, trigger_text, trigger_start,
    trigger_end, modality, told, confidence,
    coalesce(list_transform(named, lambda x: x.id), []),
    coalesce(list_transform(named, lambda x: x.role), []),
    coalesce(list_transform(named, lambda x: x.text), []),
    coalesce(list_transform(named, lambda x: x.first::BIGINT), []),
    coalesce(list_transform(named, lambda x: x.last::BIGINT), [])
FROM reports LEFT JOIN parties USING (event_mention_id)
ORDER BY 1, published_at, event_mention_id
