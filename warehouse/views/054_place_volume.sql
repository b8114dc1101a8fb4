-- Events of each month at each place, for maps. Kept with each load.
CREATE OR REPLACE VIEW place_volume AS
SELECT p.place_id, p.name, p.place_type, p.country_code, p.latitude, p.longitude, m.month, m.events,
    m.asserted_events
FROM place_months m JOIN places p USING (place_id);
COMMENT ON VIEW place_volume IS 'Events of each month at each place';
