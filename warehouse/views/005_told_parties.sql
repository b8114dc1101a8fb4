-- The parties of reports that are told wherever people look: rows of `event_participants` but for
-- those with a confidence under .35, three in ten of which are right. Who acts together, and what
-- people said, is told.
CREATE OR REPLACE VIEW told_parties AS
SELECT * FROM event_participants
WHERE confidence IS NULL OR confidence >= 0.35 OR role = 'participant';
COMMENT ON VIEW told_parties IS 'Parties of reports but for those that are likely wrong: what views and filters tell';
