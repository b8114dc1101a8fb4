-- According to whom an event is told stands beside whether it is told as fact.
ALTER TABLE event_mentions ADD COLUMN told VARCHAR;
ALTER TABLE events ADD COLUMN told VARCHAR;
-- "Today" is the day where the outlet is. Articles read before count from UTC until read again.
ALTER TABLE articles ADD COLUMN utc_offset INTEGER;
