-- `FROM entity_timeline('Park Yoon-joo')`: every event of an entity, by name or alias, in order of
-- time, with the part it played. Case does not matter.
CREATE OR REPLACE MACRO entity_timeline(who) AS TABLE
SELECT DISTINCT d.event_date, d.date_start, p.role, d.event_type, d.modality, d.initiators,
    d.recipients, d.place, d.sentence, d.event_id
FROM entities e
    JOIN event_participants p USING (entity_id)
    JOIN event_details d USING (event_id)
WHERE lower(e.name) = lower(who) OR list_contains(list_transform(e.aliases, x -> lower(x)), lower(who))
ORDER BY d.date_start NULLS LAST, d.event_id;
COMMENT ON MACRO TABLE entity_timeline IS 'Every event of an entity, by name or alias, in order of time';
