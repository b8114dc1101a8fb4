-- Asserted events under the 40 column names of POLECAT, one row an event; several parties of a
-- side are joined by "; ". `Contexts`, `District` and the Wikipedia ids are not known and NULL.
CREATE OR REPLACE VIEW polecat_events AS
WITH sides AS (
    SELECT p.event_id, p.role <> 'recipient' AS acts, e.name, p.country_code, p.sector, x.title,
        x.text, count(*) AS mentions
    FROM told_parties p JOIN entities e USING (entity_id) JOIN entity_mentions x USING (mention_id)
    GROUP BY ALL
    UNION ALL
    SELECT p.event_id, false, e.name, p.country_code, p.sector, x.title, x.text, count(*)
    FROM told_parties p JOIN entities e USING (entity_id) JOIN entity_mentions x USING (mention_id)
    WHERE p.role = 'participant'
    GROUP BY ALL
), joined AS (
    SELECT event_id, acts,
        list_sort(list(DISTINCT sides.name)).array_to_string('; ') AS names,
        list_sort(list(DISTINCT country_code) FILTER (country_code IS NOT NULL)).array_to_string('; ') AS countries,
        list_sort(list(DISTINCT k.cow) FILTER (k.cow IS NOT NULL)).array_to_string('; ') AS cow,
        mode(sector ORDER BY sector) AS sector,
        list_sort(list(DISTINCT sector) FILTER (sector IS NOT NULL)).array_to_string('; ') AS sectors,
        list_sort(list(DISTINCT title) FILTER (title IS NOT NULL)).array_to_string('; ') AS titles,
        list_sort(list(DISTINCT text)).array_to_string('; ') AS raw
    FROM sides LEFT JOIN code_countries k ON k.code = country_code
    GROUP BY event_id, acts
), told AS (
    SELECT m.article_id,
        list_sort(list(DISTINCT e.name) FILTER (e.entity_type = 'person')).array_to_string('; ') AS people,
        list_sort(list(DISTINCT e.name) FILTER (e.entity_type IN ('organization', 'government'))).array_to_string('; ') AS organizations,
        list_sort(list(DISTINCT e.name) FILTER (e.entity_type IN ('country', 'place'))).array_to_string('; ') AS locations
    FROM entity_mentions m JOIN entities e USING (entity_id)
    GROUP BY m.article_id
)
SELECT e.event_id AS "Event ID",
    coalesce(e.date_start, e.first_reported_at::DATE) AS "Event Date",
    e.event_type AS "Event Type",
    e.event_mode AS "Event Mode",
    e.goldstein AS "Intensity",
    ['VERBAL COOPERATION', 'MATERIAL COOPERATION', 'VERBAL CONFLICT', 'MATERIAL CONFLICT'][e.quad_class] AS "Quad Code",
    NULL::VARCHAR AS "Contexts",
    i.names AS "Actor Name",
    i.countries AS "Actor Country",
    i.cow AS "Actor COW",
    i.sector AS "Primary Actor Sector",
    i.sectors AS "Actor Sectors",
    i.titles AS "Actor Title",
    i.raw AS "Actor Name Raw",
    NULL::VARCHAR AS "Wikipedia Actor ID",
    o.names AS "Recipient Name",
    o.countries AS "Recipient Country",
    o.cow AS "Recipient COW",
    o.sector AS "Primary Recipient Sector",
    o.sectors AS "Recipient Sectors",
    o.titles AS "Recipient Title",
    o.raw AS "Recipient Name Raw",
    NULL::VARCHAR AS "Wikipedia Recipient ID",
    l.name AS "Placename",
    CASE WHEN l.place_type = 'city' THEN l.name END AS "City",
    NULL::VARCHAR AS "District",
    CASE WHEN l.place_type = 'admin1' THEN l.name ELSE l.admin1 END AS "Province",
    coalesce(l.country_code, e.country_code) AS "Country",
    l.latitude AS "Latitude",
    l.longitude AS "Longitude",
    CASE WHEN starts_with(l.place_id, 'geonames:') THEN substr(l.place_id, 10) END AS "GeoNames ID",
    r.place_text AS "Raw Placename",
    CASE l.place_type WHEN 'country' THEN 'PCLI' WHEN 'admin1' THEN 'ADM1' WHEN 'city' THEN 'PPL'
        WHEN 'region' THEN 'RGN' WHEN 'site' THEN 'S' END AS "Feature Type",
    coalesce(a.source, parse_filename(a.source_uri)) AS "Source",
    a.published_at::DATE AS "Publication Date",
    t.people AS "Story People",
    t.organizations AS "Story Organizations",
    t.locations AS "Story Locations",
    a.language AS "Language",
    r.extractor_version AS "Version"
FROM asserted_events e
    JOIN lead_reports r USING (event_id)
    JOIN articles a USING (article_id)
    LEFT JOIN joined i ON i.event_id = e.event_id AND i.acts
    LEFT JOIN joined o ON o.event_id = e.event_id AND NOT o.acts
    LEFT JOIN told t USING (article_id)
    LEFT JOIN places l USING (place_id);
COMMENT ON VIEW polecat_events IS 'Asserted events under the column names of POLECAT';
