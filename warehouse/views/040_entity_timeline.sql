-- `FROM entity_timeline('Park Yoon-joo')`: every event of an entity, by name or alias, in order of
-- time, with the part it played: `participant` where it stands on both sides or reports differ.
-- Case does not matter.
CREATE OR REPLACE MACRO entity_timeline(who) AS TABLE
WITH asked AS MATERIALIZED (
    SELECT entity_id, (md5_number_lower(entity_id) >> 1)::BIGINT AS entity_number FROM entities
    WHERE lower(name) = lower(who)
        OR list_contains(list_transform(aliases, lambda a: lower(a)), lower(who))
), mine AS MATERIALIZED (
    -- The id is no column here, so that it is not looked for before the number.
    SELECT p.* FROM event_parties p JOIN asked a USING (entity_number)
    WHERE p.entity_id || '' = a.entity_id
), namesakes AS (  -- in one event they are one
    SELECT event_number, event_id, max(entity_id) AS other,
        CASE WHEN min(role) = max(role) THEN min(role) ELSE 'participant' END AS role
    FROM mine WHERE (SELECT count(*) FROM asked) > 1
    GROUP BY event_number, event_id HAVING count(*) > 1
), told AS MATERIALIZED (
    SELECT m.* REPLACE (coalesce(n.role, m.role) AS role)
    FROM mine m LEFT JOIN namesakes n USING (event_number, event_id)
    WHERE n.other IS NULL OR n.other = m.entity_id
), several AS (  -- names of sides of several parties; most have one
    SELECT event_number, event_id, list_sort(list_distinct(list(name) FILTER (acts))) AS initiators,
        list_sort(list_distinct(list(name) FILTER (NOT acts))) AS recipients
    FROM (
        SELECT event_number, event_id, unnest(initiators) AS entity_id, true AS acts FROM told
        WHERE len(initiators) > 1 UNION ALL
        SELECT event_number, event_id, unnest(recipients), false FROM told WHERE len(recipients) > 1
    ) JOIN entities USING (entity_id)
    GROUP BY event_number, event_id
)
SELECT t.event_date, t.date_start, t.role, t.event_type, t.modality, t.told,
    CASE len(t.initiators) WHEN 0 THEN NULL WHEN 1 THEN [i.name] ELSE s.initiators END AS initiators,
    CASE len(t.recipients) WHEN 0 THEN NULL WHEN 1 THEN [r.name] ELSE s.recipients END AS recipients,
    l.name AS place, t.sentence, t.event_id
FROM told t LEFT JOIN several s USING (event_number, event_id)
    LEFT JOIN entities i ON i.entity_id = t.initiators[1]
    LEFT JOIN entities r ON r.entity_id = t.recipients[1]
    LEFT JOIN places l USING (place_id)
ORDER BY t.date_start NULLS LAST, t.event_id;
COMMENT ON MACRO TABLE entity_timeline IS 'Every event of an entity, by name or alias, in order of time';
