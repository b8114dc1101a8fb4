"""Names of entities that are near a name nothing has."""

from __future__ import annotations

from warehouse.connection import Connection

_LIKE = 0.86  # Jaro-Winkler; below it names share little more than a letter or two


def near_names(con: Connection, name: str) -> str:
    """ "; did you mean Han Jae-wook, …?" with the names most often met, "" without any."""
    rows = con.execute(
        """
        WITH near AS (
            SELECT e.entity_id, e.name,
                contains(lower(e.name), lower($1)) AS holds,
                greatest(jaro_winkler_similarity(lower(e.name), lower($1)),
                    list_max(list_transform(string_split(lower(e.name), ' '),
                        lambda word: jaro_winkler_similarity(word, lower($1)) - 0.02))) AS likeness
            FROM entities e
        )
        SELECT near.name FROM near LEFT JOIN entity_mentions m USING (entity_id)
        WHERE holds OR likeness >= $2
        GROUP BY near.name ORDER BY bool_or(holds) DESC, round(max(likeness), 1) DESC,
            count(m.mention_id) DESC, near.name LIMIT 3
        """,
        [name, _LIKE],
    ).fetchall()
    return f"; did you mean {', '.join(row[0] for row in rows)}?" if rows else ""
