-- `FROM entity_timeline('Park Yoon-joo')`: every event of an entity, by name or alias, in order of
-- time, with the part it played: `participant` where it stands on both sides or reports differ.
-- Case does not matter.
CREATE OR REPLACE MACRO entity_timeline(who) AS TABLE
WITH mine AS MATERIALIZED (
    -- Namesakes in one event are one.
    SELECT event_id, CASE WHEN min(role) = max(role) THEN min(role) ELSE 'participant' END AS role
    FROM event_parties WHERE entity_id IN (
        SELECT entity_id FROM entities WHERE lower(name) = lower(who)
            OR list_contains(list_transform(aliases, lambda a: lower(a)), lower(who)))
    GROUP BY event_id
), parties AS (
    SELECT event_id,
        list_sort(list_distinct(list(name) FILTER (role <> 'recipient'))) AS initiators,
        list_sort(list_distinct(list(name) FILTER (role <> 'initiator'))) AS recipients
    FROM event_parties SEMI JOIN mine USING (event_id) JOIN entities USING (entity_id)
    GROUP BY event_id
), told AS MATERIALIZED (  -- before the rest, so that only these sentences are unpacked
    SELECT event_id, sentence FROM event_leads WHERE event_id IN (SELECT event_id FROM mine)
)
SELECT e.event_date, e.date_start, m.role, e.event_type, e.modality, e.told, p.initiators, p.recipients,
    l.name AS place, t.sentence, e.event_id
FROM mine m JOIN events e USING (event_id) JOIN told t USING (event_id)
    LEFT JOIN parties p USING (event_id) LEFT JOIN places l USING (place_id)
ORDER BY e.date_start NULLS LAST, e.event_id;
COMMENT ON MACRO TABLE entity_timeline IS 'Every event of an entity, by name or alias, in order of time';
