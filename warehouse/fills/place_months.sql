SELECT place_id, date_trunc('month', date_start)::DATE AS month, count(*) AS events,
    count(*) FILTER (modality = 'asserted') AS asserted_events
FROM events WHERE place_id IS NOT NULL GROUP BY ALL
