-- Meetings, visits, talks and calls told as fact: one row a pair and event.
CREATE OR REPLACE VIEW who_met_whom AS
SELECT DISTINCT v.event_date, v.date_start, a.name AS one, b.name AS other, v.event_mode, l.name AS place,
    v.source_count, v.event_id
FROM asserted_events v
    JOIN told_parties p ON p.event_id = v.event_id AND p.role <> 'recipient'
    JOIN told_parties q ON q.event_id = v.event_id AND q.role <> 'initiator'
    JOIN entities a ON a.entity_id = p.entity_id
    JOIN entities b ON b.entity_id = q.entity_id
    LEFT JOIN places l USING (place_id)
WHERE v.event_type = 'CONSULT' AND p.entity_id <> q.entity_id
    AND (p.role = 'initiator' OR p.entity_id < q.entity_id);
COMMENT ON VIEW who_met_whom IS 'Meetings, visits, talks and calls told as fact, one row a pair';
