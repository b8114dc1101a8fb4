-- `FROM entity_timeline('Park Yoon-joo')`: every event of an entity, by name or alias, in order of
-- time, with the part it played. Case does not matter.
CREATE OR REPLACE MACRO entity_timeline(who) AS TABLE
WITH mine AS MATERIALIZED (
    SELECT DISTINCT event_id, role FROM event_participants WHERE entity_id IN (
        SELECT entity_id FROM entities WHERE lower(name) = lower(who)
            OR list_contains(list_transform(aliases, lambda a: lower(a)), lower(who)))
), found AS MATERIALIZED (
    SELECT DISTINCT event_id FROM mine
), parties AS (
    SELECT event_id,
        list_sort(list_distinct(list(name) FILTER (role <> 'recipient'))) AS initiators,
        list_sort(list_distinct(list(name) FILTER (role <> 'initiator'))) AS recipients
    FROM event_participants JOIN found USING (event_id) JOIN entities USING (entity_id)
    GROUP BY event_id
), told AS MATERIALIZED (  -- before the rest, so that only these sentences are unpacked
    SELECT event_id, sentence FROM event_leads WHERE event_id IN (FROM found)
)
SELECT e.event_date, e.date_start, m.role, e.event_type, e.modality, p.initiators, p.recipients,
    l.name AS place, t.sentence, e.event_id
FROM mine m JOIN events e USING (event_id) JOIN told t USING (event_id)
    LEFT JOIN parties p USING (event_id) LEFT JOIN places l USING (place_id)
ORDER BY e.date_start NULLS LAST, e.event_id, m.role;
COMMENT ON MACRO TABLE entity_timeline IS 'Every event of an entity, by name or alias, in order of time';
