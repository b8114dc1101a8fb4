-- The two parties other event data sets name, one row a report: `actor1` acts, `actor2` is acted
-- on, each the first of its side in the sentence; of two who act together the first is `actor1`.
CREATE OR REPLACE VIEW report_parties AS
WITH listed AS (
    SELECT p.event_mention_id, any_value(p.event_id) AS event_id,
        list({'role': p.role, 'entity_id': p.entity_id, 'country_code': p.country_code,
            'sector': p.sector, 'text': x.text, 'title': x.title, 'start_char': x.start_char}
            ORDER BY x.start_char, p.entity_id) AS parties
    FROM event_participants p JOIN entity_mentions x USING (mention_id)
    GROUP BY p.event_mention_id
), first AS (
    SELECT *, list_filter(parties, lambda p: p.role <> 'recipient')[1] AS actor1 FROM listed
)
SELECT event_mention_id, event_id, actor1,
    coalesce(list_filter(parties, lambda p: p.role = 'recipient')[1],
        list_filter(parties, lambda p: p.role = 'participant' AND p.entity_id <> actor1.entity_id)[1]
    ) AS actor2
FROM first;
COMMENT ON VIEW report_parties IS 'Who acts and who is acted on in each report, one of each side';
