-- One row an event with everything an analyst reads first: the parties' names, countries and
-- sectors, date, place, type, mode, counts, and the lead report with its sentence. Parties are
-- those of `told_parties`; who stands on both sides of an act that is not mutual is one of its
-- parties, whichever.
CREATE OR REPLACE VIEW event_details AS
WITH parties AS (
    -- list_distinct leaves NULL out; it is quicker than list(DISTINCT …) by a third.
    SELECT p.event_id,
        list_sort(list_distinct(list(e.name) FILTER (p.role <> 'recipient'))) AS initiators,
        list_sort(list_distinct(list(e.name) FILTER (p.role <> 'initiator'))) AS recipients,
        nullif(list_sort(list_distinct(list(p.country_code) FILTER (p.role <> 'recipient'))), []) AS initiator_countries,
        nullif(list_sort(list_distinct(list(p.country_code) FILTER (p.role <> 'initiator'))), []) AS recipient_countries,
        nullif(list_sort(list_distinct(list(p.sector) FILTER (p.role <> 'recipient'))), []) AS initiator_sectors,
        nullif(list_sort(list_distinct(list(p.sector) FILTER (p.role <> 'initiator'))), []) AS recipient_sectors
    FROM told_parties p JOIN entities e USING (entity_id)
    GROUP BY p.event_id
), dated AS (
    -- How the best of the reports that give the event's date found it.
    SELECT m.event_id, arg_min(m.date_method, list_position(
        ['corrected', 'explicit', 'relative', 'inherited', 'publication'], m.date_method)) AS date_method
    FROM event_mentions m JOIN events o USING (event_id)
    WHERE m.event_date = o.event_date
    GROUP BY m.event_id
)
SELECT e.event_id, e.event_type, e.event_mode, e.cameo_code, e.quad_class, e.goldstein, e.modality,
    e.event_date, e.date_start, e.date_end, e.date_precision, d.date_method,
    p.initiators, p.recipients, p.initiator_countries, p.recipient_countries,
    p.initiator_sectors, p.recipient_sectors,
    l.name AS place, l.place_type, e.place_id, e.country_code, l.latitude, l.longitude,
    e.mention_count, e.article_count, e.source_count, e.first_reported_at, e.last_reported_at,
    e.confidence, e.type_confidence, e.told, m.method AS reviewed, s.name AS attributed_to,
    m.trigger_text AS trigger,
    r.article_id, a.title, a.source, a.url, a.published_at, r.sentence_id, r.sentence
FROM events e
    JOIN event_leads r USING (event_id)
    JOIN event_mentions m USING (event_mention_id)
    JOIN articles a ON a.article_id = r.article_id
    LEFT JOIN parties p USING (event_id)
    LEFT JOIN dated d USING (event_id)
    LEFT JOIN places l ON l.place_id = e.place_id
    LEFT JOIN entities s ON s.entity_id = m.attribution_entity_id;
COMMENT ON VIEW event_details IS 'One row an event: parties, date, place, type, and the sentence of its lead report';
