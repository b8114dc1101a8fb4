-- How many people an event killed, injured, … as it stands: a later report's number replaces an
-- earlier one's, be it higher or lower; of those told at once the highest.
CREATE OR REPLACE VIEW event_tolls AS
SELECT m.event_id, c.kind,
    arg_max(c.low, (a.published_at, c.high)) AS low,
    arg_max(c.high, (a.published_at, c.high)) AS high,
    arg_max(c.text, (a.published_at, c.high)) AS text,
    arg_max(c.event_mention_id, (a.published_at, c.high)) AS event_mention_id,
    max(a.published_at) AS reported_at
FROM event_counts c JOIN event_mentions m USING (event_mention_id) JOIN articles a USING (article_id)
GROUP BY m.event_id, c.kind;
COMMENT ON VIEW event_tolls IS 'People killed, injured, arrested … of each event by its latest report of a number';
