-- Who acts on whom among all actors: one row a pair, over asserted events. Two who act together
-- (`is_mutual`) stand once, the lesser entity id first; else `source` acts on `target`.
CREATE OR REPLACE VIEW actor_network AS
WITH parties AS (
    SELECT DISTINCT event_id, entity_id, role FROM told_parties
), pairs AS (
    SELECT p.event_id, p.entity_id AS source_id, q.entity_id AS target_id, false AS is_mutual
    FROM parties p JOIN parties q USING (event_id)
    WHERE p.role = 'initiator' AND q.role = 'recipient' AND p.entity_id <> q.entity_id
    UNION ALL
    SELECT p.event_id, p.entity_id, q.entity_id, true
    FROM parties p JOIN parties q USING (event_id)
    WHERE p.role = 'participant' AND q.role = 'participant' AND p.entity_id < q.entity_id
)
SELECT a.name AS source, b.name AS target, source_id, target_id, is_mutual, count(*) AS events,
    count(*) FILTER (e.quad_class = 1) AS verbal_cooperation,
    count(*) FILTER (e.quad_class = 2) AS material_cooperation,
    count(*) FILTER (e.quad_class = 3) AS verbal_conflict,
    count(*) FILTER (e.quad_class = 4) AS material_conflict,
    avg(e.goldstein) AS goldstein_mean, min(e.date_start) AS first_day, max(e.date_start) AS last_day
FROM pairs JOIN asserted_events e USING (event_id)
    JOIN entities a ON a.entity_id = source_id
    JOIN entities b ON b.entity_id = target_id
GROUP BY ALL;
COMMENT ON VIEW actor_network IS 'Who acts on whom among all actors, one row a pair';
