-- In how many events of each month an entity takes part. Kept with each load.
CREATE OR REPLACE VIEW entity_volume AS
SELECT e.entity_id, e.name, e.entity_type, e.country_code, e.sector, m.month, m.events,
    m.asserted_events
FROM entity_months m JOIN entities e USING (entity_id);
COMMENT ON VIEW entity_volume IS 'Events of each month in which an entity takes part';
