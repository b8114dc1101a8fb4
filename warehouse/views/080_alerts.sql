-- What the project watches for (`[[watch]]` in dateline.toml): one row a watch and event, the latest
-- first, with the event as `event_details` has it.
CREATE OR REPLACE VIEW alerts AS
SELECT l.watch, l.found_at, l.told_at, l.told_by, l.run_id, d.event_date, d.event_type, d.modality,
    d.initiators, d.recipients, d.place, d.country_code, d.confidence, d.source_count, d.sentence,
    d.source, d.url, d.event_id
FROM (
    SELECT watch, event_id, min(found_at) AS found_at, min(told_at) AS told_at,
        list_sort(list(channel) FILTER (told_at IS NOT NULL AND channel <> 'view')) AS told_by,
        min(run_id) AS run_id
    FROM alert_log GROUP BY watch, event_id
) l JOIN event_details d USING (event_id)
ORDER BY l.found_at DESC, l.watch, d.date_start DESC, d.event_id;
COMMENT ON VIEW alerts IS 'Events that the project watches for, and where they were told';
