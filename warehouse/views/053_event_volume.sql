-- Events of each month by type, modality and country, for shares of a total. Kept with each load.
CREATE OR REPLACE VIEW event_volume AS
SELECT month, event_type, modality, country_code, events FROM event_months;
COMMENT ON VIEW event_volume IS 'Events of each month by type, modality and country';
