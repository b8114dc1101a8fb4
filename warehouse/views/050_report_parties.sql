-- The two parties other event data sets name, one row a report: `actor1` acts, `actor2` is acted
-- on, each the first of its side in the sentence; of those who act together the first two.
CREATE OR REPLACE VIEW report_parties AS
WITH named AS (
    SELECT p.event_mention_id, p.event_id, p.role, p.entity_id, x.start_char,
        {'role': p.role, 'entity_id': p.entity_id, 'country_code': p.country_code,
            'sector': p.sector, 'text': x.text, 'title': x.title, 'start_char': x.start_char} AS party
    FROM told_parties p JOIN entity_mentions x USING (mention_id)
), firsts AS (
    SELECT event_mention_id, any_value(event_id) AS event_id,
        arg_min(party, (start_char, entity_id)) FILTER (role <> 'recipient') AS actor1,
        arg_min(party, (start_char, entity_id)) FILTER (role = 'recipient') AS recipient,
        arg_min(party, (start_char, entity_id), 8) FILTER (role = 'participant') AS together
    FROM named GROUP BY event_mention_id
)
SELECT event_mention_id, event_id, actor1, coalesce(recipient,
    list_filter(together, lambda party: party.entity_id <> actor1.entity_id)[1]) AS actor2
FROM firsts;
COMMENT ON VIEW report_parties IS 'Who acts and who is acted on in each report, one of each side';
