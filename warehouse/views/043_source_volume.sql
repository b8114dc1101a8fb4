-- Denominators: what each source published on each day, near-copies apart. Kept with each load.
CREATE OR REPLACE VIEW source_volume AS
SELECT source, day, articles, original_articles, words, event_reports FROM source_days;
COMMENT ON VIEW source_volume IS 'Articles, words and event reports of each source and day';
