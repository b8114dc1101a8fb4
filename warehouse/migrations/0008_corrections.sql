-- What people decided about a report and its parties; they looked at none of those here before.
ALTER TABLE event_mentions ADD COLUMN method VARCHAR;
ALTER TABLE event_participants ADD COLUMN method VARCHAR;
