-- Parties of events have more columns: they are made anew from what they are counted over.
DROP TABLE IF EXISTS event_parties CASCADE;
