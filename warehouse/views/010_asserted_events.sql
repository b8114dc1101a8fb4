-- Events told as fact: `modality` asserted. `told` says by whom: a claim of a belligerent about its
-- own act (`claimed`) is told as fact too; `WHERE told = 'narrated'` keeps the outlets' own words.
CREATE OR REPLACE VIEW asserted_events AS
SELECT * FROM events WHERE modality = 'asserted';
COMMENT ON VIEW asserted_events IS 'Events told as fact (modality asserted); told says by whom';
