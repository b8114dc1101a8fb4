-- The chance that type and modality are right stands beside the chance that all is.
ALTER TABLE event_mentions ADD COLUMN type_confidence DOUBLE;
ALTER TABLE events ADD COLUMN type_confidence DOUBLE;
