-- How sure it is that a party is one. Of old rows it is not known, and their pairs all count.
ALTER TABLE event_participants ADD COLUMN confidence DOUBLE;
ALTER TABLE event_dyads ADD COLUMN confidence DOUBLE;
UPDATE event_dyads SET confidence = coalesce(e.type_confidence, 1.0)
FROM events e WHERE e.event_id = event_dyads.event_id;
