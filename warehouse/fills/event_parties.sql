WITH parties AS (
    SELECT event_id, entity_id,
        CASE WHEN min(role) = max(role) THEN min(role) ELSE 'participant' END AS role
    FROM event_participants GROUP BY event_id, entity_id
), sides AS (
    SELECT event_id,
        coalesce(list_sort(list(entity_id) FILTER (role <> 'recipient')), []) AS initiators,
        coalesce(list_sort(list(entity_id) FILTER (role <> 'initiator')), []) AS recipients
    FROM parties GROUP BY event_id
)
SELECT (md5_number_lower(entity_id) >> 1)::BIGINT, (md5_number_lower(event_id) >> 1)::BIGINT, event_id,
    p.entity_id, p.role, e.event_date, e.date_start, e.event_type, e.modality, e.told, e.place_id,
    l.sentence, s.initiators, s.recipients
FROM parties p JOIN events e USING (event_id) JOIN event_leads l USING (event_id)
    JOIN sides s USING (event_id)
ORDER BY ALL
