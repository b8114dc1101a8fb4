-- Reports of asserted events in the 16 columns of GDELT 2.0 Mentions. Offsets count characters of
-- the article, −1 where a side has no party. `MentionDocTone` is 0: no tone is measured.
CREATE OR REPLACE VIEW gdelt_mentions AS
WITH added AS (
    SELECT m.event_id, min(a.loaded_at) AS loaded_at
    FROM event_mentions m JOIN articles a USING (article_id) GROUP BY m.event_id
)
SELECT
    ('0x' || substr(m.event_id, 1, 15))::BIGINT AS GLOBALEVENTID,
    strftime(d.loaded_at, '%Y%m%d%H%M%S')::BIGINT AS EventTimeDate,
    strftime(a.published_at, '%Y%m%d%H%M%S')::BIGINT AS MentionTimeDate,
    CASE WHEN a.url IS NULL THEN 2 ELSE 1 END::INTEGER AS MentionType,
    coalesce(a.source, parse_filename(a.source_uri)) AS MentionSourceName,
    coalesce(a.url, a.source_uri) AS MentionIdentifier,
    s.ordinal + 1 AS SentenceID,
    coalesce(p.actor1.start_char, -1)::INTEGER AS Actor1CharOffset,
    coalesce(p.actor2.start_char, -1)::INTEGER AS Actor2CharOffset,
    m.trigger_start AS ActionCharOffset,
    1::INTEGER AS InRawText,
    round(m.confidence * 100)::INTEGER AS Confidence,
    length(a.text)::INTEGER AS MentionDocLen,
    0::DOUBLE AS MentionDocTone,
    NULL::VARCHAR AS MentionDocTranslationInfo,
    NULL::VARCHAR AS Extras
FROM event_mentions m
    JOIN asserted_events e USING (event_id)
    JOIN articles a USING (article_id)
    JOIN sentences s USING (sentence_id)
    JOIN added d USING (event_id)
    LEFT JOIN report_parties p USING (event_mention_id)
WHERE e.cameo_code IS NOT NULL;
COMMENT ON VIEW gdelt_mentions IS 'Reports of asserted events in the 16 columns of GDELT 2.0 Mentions';
