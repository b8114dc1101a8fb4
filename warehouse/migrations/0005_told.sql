-- According to whom an event is told stands beside whether it is told as fact.
ALTER TABLE event_mentions ADD COLUMN told VARCHAR;
ALTER TABLE events ADD COLUMN told VARCHAR;
