-- Country pairs by month, both directions apart, zero months filled.
CREATE OR REPLACE VIEW dyad_month AS
SELECT date_trunc('month', day)::DATE AS month, initiator, recipient, sum(events)::BIGINT AS events,
    sum(verbal_cooperation)::BIGINT AS verbal_cooperation,
    sum(material_cooperation)::BIGINT AS material_cooperation,
    sum(verbal_conflict)::BIGINT AS verbal_conflict,
    sum(material_conflict)::BIGINT AS material_conflict, sum(goldstein_sum) AS goldstein_sum
FROM dyad_day GROUP BY month, initiator, recipient;
COMMENT ON VIEW dyad_month IS 'Country pairs by month, zero months filled';
