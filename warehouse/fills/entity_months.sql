SELECT entity_number, entity_id, date_trunc('month', date_start)::DATE AS month, count(*) AS events,
    count(*) FILTER (modality = 'asserted') AS asserted_events
FROM event_parties GROUP BY ALL
