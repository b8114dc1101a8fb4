-- Country pairs by day, both directions apart, with a zero row for every day between a pair's
-- first and last event: counts by quad class and the sum of Goldstein scores.
CREATE OR REPLACE VIEW dyad_day AS
WITH pairs AS (
    SELECT least(initiator, recipient) AS one, greatest(initiator, recipient) AS other,
        min(day) AS first_day, max(day) AS last_day
    FROM dyad_reports GROUP BY 1, 2
), directed AS (
    SELECT one AS initiator, other AS recipient, first_day, last_day FROM pairs
    UNION ALL SELECT other, one, first_day, last_day FROM pairs
), calendar AS (
    SELECT initiator, recipient,
        unnest(generate_series(first_day::TIMESTAMP, last_day::TIMESTAMP, INTERVAL 1 DAY))::DATE AS day
    FROM directed
)
SELECT c.day, c.initiator, c.recipient, count(d.event_id) AS events,
    count(*) FILTER (d.quad_class = 1) AS verbal_cooperation,
    count(*) FILTER (d.quad_class = 2) AS material_cooperation,
    count(*) FILTER (d.quad_class = 3) AS verbal_conflict,
    count(*) FILTER (d.quad_class = 4) AS material_conflict,
    coalesce(sum(d.goldstein), 0) AS goldstein_sum
FROM calendar c LEFT JOIN dyad_reports d USING (day, initiator, recipient)
GROUP BY c.day, c.initiator, c.recipient;
COMMENT ON VIEW dyad_day IS 'Country pairs by day, zero days filled: events by quad class, Goldstein sum';
