-- `FROM evidence('<event_id>')`: every sentence that reports an event, the trigger in [[ ]]; `marked`
-- has the parties in { } too, and `parties` lists their names and offsets.
CREATE OR REPLACE MACRO evidence(event) AS TABLE
WITH reports AS MATERIALIZED (  -- known first, so that only their articles and sentences are unpacked
    SELECT * FROM event_mentions m WHERE m.event_id = event
), named AS (
    SELECT p.event_mention_id, list_sort(list({'role': p.role, 'text': n.text, 'name': e.name,
        'start_char': n.start_char, 'end_char': n.end_char})) AS parties
    FROM event_participants p
        JOIN (FROM entity_mentions WHERE article_id IN (SELECT article_id FROM reports)) n
            USING (mention_id)
        JOIN entities e ON e.entity_id = p.entity_id
    WHERE p.event_id = event
    GROUP BY p.event_mention_id
), told AS (
    SELECT m.*, a.title, a.source, a.url, a.published_at, n.parties,
        substr(a.text, s.start_char + 1, s.end_char - s.start_char) AS whole,
        m.trigger_start - s.start_char AS first, m.trigger_end - s.start_char AS last,
        list_distinct(list_transform(
            list_filter(coalesce(n.parties, []),
                lambda p: p.start_char >= s.start_char AND p.end_char <= s.end_char),
            lambda p: {'first': p.start_char - s.start_char, 'last': p.end_char - s.start_char,
                'opening': '{' || p.role || ': ', 'closing': '}'})) AS spans
    FROM reports m
        JOIN (FROM articles WHERE article_id IN (SELECT article_id FROM reports)) a USING (article_id)
        JOIN (FROM sentences WHERE article_id IN (SELECT article_id FROM reports)) s USING (sentence_id)
        LEFT JOIN named n USING (event_mention_id)
), marks AS (
    -- Marks go in from the right, so that places to the left stay true. At one place those that
    -- open go in first, the shorter span before the longer; so ends stand before beginnings.
    SELECT *, list_sort(flatten(list_transform(
        list_append(spans, {'first': first, 'last': last, 'opening': '[[', 'closing': ']]'}),
        lambda x: [{'before': -x.first, 'closes': 0, 'size': x.last - x.first, 'text': x.opening},
            {'before': -x.last, 'closes': 1, 'size': x.first - x.last, 'text': x.closing}]))) AS inserts
    FROM told
)
SELECT event_mention_id, title, source, url, published_at, modality, told, confidence,
    whole[:first] || '[[' || trigger_text || ']]' || whole[last + 1:] AS sentence,
    list_reduce(inserts,
        lambda done, x: {'before': 0, 'closes': 0, 'size': 0,
            'text': left(done.text, -x.before) || x.text || substr(done.text, 1 - x.before)},
        {'before': 0, 'closes': 0, 'size': 0, 'text': whole}).text AS marked,
    parties
FROM marks
ORDER BY published_at, event_mention_id;
COMMENT ON MACRO TABLE evidence IS 'Every sentence that reports an event, with trigger and parties';
