-- Events told as fact: `modality` asserted.
CREATE OR REPLACE VIEW asserted_events AS
SELECT * FROM events WHERE modality = 'asserted';
COMMENT ON VIEW asserted_events IS 'Events told as fact (modality asserted)';
