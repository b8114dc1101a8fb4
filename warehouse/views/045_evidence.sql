-- `FROM evidence('<event_id>')`: every sentence that reports an event, the trigger in [[ ]]; `marked`
-- has the parties in { } too, and `parties` lists their names and offsets.
CREATE OR REPLACE MACRO evidence(event) AS TABLE
WITH reports AS MATERIALIZED (
    SELECT * FROM event_reports
    WHERE event_number = (md5_number_lower(event) >> 1)::BIGINT AND event_id = event
), named AS (
    SELECT r.event_mention_id, list_sort(list({'role': r.role, 'text': r.text, 'name': e.name,
        'start_char': r.first::INTEGER, 'end_char': r.last::INTEGER})) AS parties
    FROM (SELECT event_mention_id, unnest(party_ids) AS entity_id, unnest(party_roles) AS role,
            unnest(party_texts) AS text, unnest(party_starts) AS first, unnest(party_ends) AS last
        FROM reports) r JOIN entities e USING (entity_id)
    GROUP BY r.event_mention_id
), told AS (
    SELECT m.* EXCLUDE (sentence), m.sentence AS whole, n.parties,
        m.trigger_start - m.sentence_start AS first, m.trigger_end - m.sentence_start AS last,
        list_distinct(list_transform(
            list_filter(coalesce(n.parties, []), lambda p: p.start_char >= m.sentence_start
                AND p.end_char <= m.sentence_start + length(m.sentence)),
            lambda p: {'first': p.start_char - m.sentence_start, 'last': p.end_char - m.sentence_start,
                'opening': '{' || p.role || ': ', 'closing': '}'})) AS spans
    FROM reports m LEFT JOIN named n USING (event_mention_id)
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
