SELECT date_trunc('month', date_start)::DATE AS month, event_type, modality, country_code,
    count(*) AS events
FROM events GROUP BY ALL
