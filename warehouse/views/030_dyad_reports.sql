-- Directed pairs of countries of asserted, dated events: one row an event and pair. An event
-- without a direction (two participants) counts in both. `confidence` is how sure the pair is;
-- `is_counted` from .5 on (`DYAD_LIMIT`): what `dyad_day` counts. Kept with each load, in
-- `event_dyads`.
CREATE OR REPLACE VIEW dyad_reports AS
SELECT event_id, day, initiator, recipient, event_type, quad_class, goldstein, confidence,
    confidence >= 0.5 AS is_counted
FROM event_dyads;
COMMENT ON VIEW dyad_reports IS 'Directed country pairs of asserted events dated to the day, and how sure each is';
