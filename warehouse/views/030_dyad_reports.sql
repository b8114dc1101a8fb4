-- Directed pairs of countries of asserted, dated events: one row an event and pair. An event
-- without a direction (two participants) counts in both. Kept with each load, in `event_dyads`.
CREATE OR REPLACE VIEW dyad_reports AS
SELECT event_id, day, initiator, recipient, event_type, quad_class, goldstein FROM event_dyads;
COMMENT ON VIEW dyad_reports IS 'Directed country pairs of asserted events dated to the day';
