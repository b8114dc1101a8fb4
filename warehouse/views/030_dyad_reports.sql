-- Directed pairs of countries of asserted, dated events: one row an event and pair. An event
-- without a direction (two participants) counts in both.
CREATE OR REPLACE VIEW dyad_reports AS
SELECT DISTINCT e.event_id, e.date_start AS day, i.country_code AS initiator, r.country_code AS recipient,
    e.event_type, e.quad_class, e.goldstein
FROM asserted_events e
    JOIN event_participants i ON i.event_id = e.event_id AND i.role <> 'recipient'
    JOIN event_participants r ON r.event_id = e.event_id AND r.role <> 'initiator'
WHERE e.date_start IS NOT NULL AND e.date_precision = 'day'
    AND i.country_code IS NOT NULL AND r.country_code IS NOT NULL
    AND i.country_code <> r.country_code;
COMMENT ON VIEW dyad_reports IS 'Directed country pairs of asserted events dated to the day';
