-- How the country of a party is known. Old rows have what is said of the party, whichever way.
ALTER TABLE event_participants ADD COLUMN country_method VARCHAR;
