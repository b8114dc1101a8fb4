-- Country pairs by day, both directions apart, with a zero row for every day between a pair's
-- first and last event: counts by quad class and the sum of Goldstein scores. Of pairs that
-- are sure enough (`dyad_reports.is_counted`).
CREATE OR REPLACE VIEW dyad_day AS
WITH counted AS (
    FROM dyad_reports WHERE is_counted
), spans AS (
    -- Both directions span the days of either, each selected by its own two columns, so that a
    -- query for one pair looks at no other.
    SELECT initiator, recipient, min(day) AS first_day, max(day) AS last_day
    FROM (SELECT initiator, recipient, day FROM counted
        UNION ALL SELECT recipient, initiator, day FROM counted)
    GROUP BY initiator, recipient
)
SELECT day, initiator, recipient, count(event_id) AS events,
    count(*) FILTER (quad_class = 1) AS verbal_cooperation,
    count(*) FILTER (quad_class = 2) AS material_cooperation,
    count(*) FILTER (quad_class = 3) AS verbal_conflict,
    count(*) FILTER (quad_class = 4) AS material_conflict,
    coalesce(sum(goldstein), 0) AS goldstein_sum
FROM (
    SELECT day, initiator, recipient, event_id, quad_class, goldstein FROM counted
    UNION ALL
    SELECT unnest(generate_series(first_day::TIMESTAMP, last_day::TIMESTAMP, INTERVAL 1 DAY))::DATE,
        initiator, recipient, NULL, NULL, NULL
    FROM spans
)
GROUP BY day, initiator, recipient;
COMMENT ON VIEW dyad_day IS 'Country pairs by day, zero days filled: events by quad class, Goldstein sum';
