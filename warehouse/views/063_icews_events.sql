-- Asserted events under the 20 column names of ICEWS, one row an event with one party a side;
-- countries and CAMEO codes are told in ICEWS's words. `District` is not known and NULL.
CREATE OR REPLACE VIEW icews_events AS
SELECT ('0x' || substr(e.event_id, 1, 15))::BIGINT AS "Event ID",
    coalesce(e.date_start, e.first_reported_at::DATE) AS "Event Date",
    r.actor1_name AS "Source Name",
    t1.text AS "Source Sectors",
    c1.name AS "Source Country",
    coalesce(w.text, b.text) AS "Event Text",
    rpad(e.cameo_code, 3, '0') AS "CAMEO Code",
    e.goldstein AS "Intensity",
    r.actor2_name AS "Target Name",
    t2.text AS "Target Sectors",
    c2.name AS "Target Country",
    ('0x' || substr(sha256(a.article_id), 1, 12))::BIGINT AS "Story ID",
    r.sentence_ordinal + 1 AS "Sentence Number",
    coalesce(a.source, parse_filename(a.source_uri)) AS "Publisher",
    CASE WHEN l.place_type = 'city' THEN l.name END AS "City",
    NULL::VARCHAR AS "District",
    CASE WHEN l.place_type = 'admin1' THEN l.name ELSE l.admin1 END AS "Province",
    g.name AS "Country",
    l.latitude AS "Latitude",
    l.longitude AS "Longitude"
FROM asserted_events e
    JOIN lead_reports r USING (event_id)
    JOIN articles a USING (article_id)
    LEFT JOIN places l USING (place_id)
    LEFT JOIN code_cameo w ON w.code = rpad(e.cameo_code, 3, '0')
    LEFT JOIN code_cameo b ON b.code = left(e.cameo_code, 3)
    LEFT JOIN code_countries g ON g.code = coalesce(l.country_code, e.country_code)
    LEFT JOIN code_countries c1 ON c1.code = r.actor1.country_code
    LEFT JOIN code_countries c2 ON c2.code = r.actor2.country_code
    LEFT JOIN code_sectors t1 ON t1.sector = r.actor1.sector
    LEFT JOIN code_sectors t2 ON t2.sector = r.actor2.sector
WHERE e.cameo_code IS NOT NULL;
COMMENT ON VIEW icews_events IS 'Asserted events under the column names of ICEWS';
