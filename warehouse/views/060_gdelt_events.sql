-- Asserted events in the 61 columns of GDELT 2.0 Events, in their order and codes; one row an event,
-- with one party a side. An event without a day has that of its first report. `AvgTone` is 0 and
-- actors have no place: neither is measured.
CREATE OR REPLACE VIEW gdelt_events AS
SELECT
    ('0x' || substr(e.event_id, 1, 15))::BIGINT AS GLOBALEVENTID,
    strftime(d.day, '%Y%m%d')::INTEGER AS SQLDATE,
    strftime(d.day, '%Y%m')::INTEGER AS MonthYear,
    year(d.day)::INTEGER AS Year,
    round(year(d.day) + ((month(d.day) - 1) * 30 + day(d.day)) / 365.0, 4)::DOUBLE AS FractionDate,
    nullif(concat(c1.cameo, t1.cameo), '') AS Actor1Code,
    upper(r.actor1_name) AS Actor1Name,
    c1.cameo AS Actor1CountryCode,
    NULL::VARCHAR AS Actor1KnownGroupCode,
    NULL::VARCHAR AS Actor1EthnicCode,
    NULL::VARCHAR AS Actor1Religion1Code,
    NULL::VARCHAR AS Actor1Religion2Code,
    t1.cameo AS Actor1Type1Code,
    NULL::VARCHAR AS Actor1Type2Code,
    NULL::VARCHAR AS Actor1Type3Code,
    nullif(concat(c2.cameo, t2.cameo), '') AS Actor2Code,
    upper(r.actor2_name) AS Actor2Name,
    c2.cameo AS Actor2CountryCode,
    NULL::VARCHAR AS Actor2KnownGroupCode,
    NULL::VARCHAR AS Actor2EthnicCode,
    NULL::VARCHAR AS Actor2Religion1Code,
    NULL::VARCHAR AS Actor2Religion2Code,
    t2.cameo AS Actor2Type1Code,
    NULL::VARCHAR AS Actor2Type2Code,
    NULL::VARCHAR AS Actor2Type3Code,
    r.in_lead_paragraph::INTEGER AS IsRootEvent,
    rpad(e.cameo_code, 3, '0') AS EventCode,
    left(rpad(e.cameo_code, 3, '0'), 3) AS EventBaseCode,
    left(e.cameo_code, 2) AS EventRootCode,
    CASE WHEN left(e.cameo_code, 2) <= '05' THEN 1 WHEN left(e.cameo_code, 2) <= '08' THEN 2
        WHEN left(e.cameo_code, 2) <= '13' THEN 3 ELSE 4 END::INTEGER AS QuadClass,
    coalesce(e.goldstein, 0)::DOUBLE AS GoldsteinScale,
    e.mention_count AS NumMentions,
    e.source_count AS NumSources,
    e.article_count AS NumArticles,
    0::DOUBLE AS AvgTone,
    0::INTEGER AS Actor1Geo_Type,
    NULL::VARCHAR AS Actor1Geo_FullName,
    NULL::VARCHAR AS Actor1Geo_CountryCode,
    NULL::VARCHAR AS Actor1Geo_ADM1Code,
    NULL::VARCHAR AS Actor1Geo_ADM2Code,
    NULL::DOUBLE AS Actor1Geo_Lat,
    NULL::DOUBLE AS Actor1Geo_Long,
    NULL::VARCHAR AS Actor1Geo_FeatureID,
    0::INTEGER AS Actor2Geo_Type,
    NULL::VARCHAR AS Actor2Geo_FullName,
    NULL::VARCHAR AS Actor2Geo_CountryCode,
    NULL::VARCHAR AS Actor2Geo_ADM1Code,
    NULL::VARCHAR AS Actor2Geo_ADM2Code,
    NULL::DOUBLE AS Actor2Geo_Lat,
    NULL::DOUBLE AS Actor2Geo_Long,
    NULL::VARCHAR AS Actor2Geo_FeatureID,
    CASE WHEN l.place_type = 'country' OR l.place_id IS NULL AND e.country_code IS NOT NULL THEN 1
        WHEN l.place_id IS NULL THEN 0
        WHEN l.place_type IN ('admin1', 'region') THEN CASE WHEN l.country_code = 'USA' THEN 2 ELSE 5 END
        WHEN l.country_code = 'USA' THEN 3 ELSE 4 END::INTEGER AS ActionGeo_Type,
    nullif(concat_ws(', ', CASE WHEN l.place_type <> 'country' THEN l.name END,
        CASE WHEN l.admin1 <> l.name THEN l.admin1 END, g.name), '') AS ActionGeo_FullName,
    g.fips AS ActionGeo_CountryCode,
    CASE WHEN ActionGeo_Type = 1 THEN g.fips END AS ActionGeo_ADM1Code,
    NULL::VARCHAR AS ActionGeo_ADM2Code,
    l.latitude AS ActionGeo_Lat,
    l.longitude AS ActionGeo_Long,
    CASE WHEN ActionGeo_Type = 1 THEN g.fips END AS ActionGeo_FeatureID,
    strftime(r.loaded_at, '%Y%m%d%H%M%S')::BIGINT AS DATEADDED,
    coalesce(a.url, a.source_uri) AS SOURCEURL
FROM asserted_events e
    JOIN lead_reports r USING (event_id)
    JOIN articles a USING (article_id)
    CROSS JOIN LATERAL (SELECT coalesce(e.date_start, e.first_reported_at::DATE) AS day) d
    LEFT JOIN places l USING (place_id)
    LEFT JOIN code_countries g ON g.code = coalesce(l.country_code, e.country_code)
    LEFT JOIN code_countries c1 ON c1.code = r.actor1.country_code
    LEFT JOIN code_countries c2 ON c2.code = r.actor2.country_code
    LEFT JOIN code_sectors t1 ON t1.sector = r.actor1.sector AND r.actor1_type <> 'country'
    LEFT JOIN code_sectors t2 ON t2.sector = r.actor2.sector AND r.actor2_type <> 'country'
WHERE e.cameo_code IS NOT NULL;
COMMENT ON VIEW gdelt_events IS 'Asserted events in the 61 columns of GDELT 2.0 Events';
