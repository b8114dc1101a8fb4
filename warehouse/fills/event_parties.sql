SELECT event_id, entity_id,
    CASE WHEN min(role) = max(role) THEN min(role) ELSE 'participant' END AS role
FROM event_participants GROUP BY event_id, entity_id ORDER BY entity_id, event_id
