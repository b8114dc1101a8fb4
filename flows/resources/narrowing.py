"""A reader's connection narrowed to chosen events: its tables and views hold them alone."""

from __future__ import annotations

import difflib
import re
from typing import Any

import duckdb

from flows.resources.filters import BY_KEY, MANY, NAMED, Filter
from flows.resources.names import near_names
from warehouse import store
from warehouse.connection import Connection, value
from warehouse.dialects import quote
from warehouse.errors import DatelineError
from warehouse.tables import TABLES


def conditions(chosen: Filter) -> tuple[list[str], list[Any]]:
    """Tests in SQL over `events e`, to be joined by AND, and their values."""
    tests: list[str] = []
    values: list[Any] = []
    for key, held in chosen.values.items():
        option = BY_KEY[key]
        asked = held
        test = option.test
        if option.several:
            test = test.replace("(FROM asked)", "(SELECT unnest(?))")
            test = test.replace("(SELECT list(v) FROM asked)", "?")
            asked = [text.lower() if option.takes == MANY else text for text in held]
        tests.append(test)
        values += [asked] * test.count("?")
    return tests, values


def narrow(con: Connection, chosen: Filter) -> None:
    """Let a reader's tables and views hold the chosen events alone.

    Articles, entities and what else is not of an event stay whole. Raises DatelineError for a name
    that nothing has.
    """
    if not chosen:
        return
    _check(con, chosen)
    tests, values = conditions(chosen)
    try:
        con.execute(
            "CREATE OR REPLACE TEMP TABLE chosen_events AS "
            f"SELECT event_id FROM events e WHERE {' AND '.join(tests)}",
            values,
        )
        _shadow(con)
    except (duckdb.BinderException, duckdb.CatalogException):
        reason = "an earlier version of dateline published this data; `dateline run` renews it"
        raise DatelineError(reason) from None


def _shadow(con: Connection) -> None:
    """Temporary views stand before the stored ones of their names, and see one another."""
    database = '"' + str(value(con, "SELECT current_database()")).replace('"', '""') + '"'
    rows = con.execute(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database() UNION "
        "SELECT view_name FROM duckdb_views() WHERE NOT internal UNION "
        "SELECT function_name FROM duckdb_functions() WHERE NOT internal"
    ).fetchall()
    there = {name for (name,) in rows}  # an earlier version's data may lack some
    for name, table in TABLES.items():
        if name not in there:
            continue
        if "event_id" in table.columns:
            chosen = "event_id IN (FROM chosen_events)"
        elif name != "event_mentions" and "event_mention_id" in table.columns:
            chosen = "event_mention_id IN (SELECT event_mention_id FROM event_mentions)"
        else:
            continue
        con.execute(
            f'CREATE OR REPLACE TEMP VIEW "{name}" AS '
            f'SELECT * FROM {database}.main."{name}" WHERE {chosen}'
        )
    for name, script in store.views():
        if name.removesuffix(".sql").partition("_")[2] in there:
            made = re.sub(r"\bCREATE OR REPLACE (?=VIEW|MACRO)", "CREATE OR REPLACE TEMP ", script)
            con.execute(made.partition("COMMENT ON ")[0])


def _check(con: Connection, chosen: Filter) -> None:
    """Raise DatelineError for an entity, country or source that stands nowhere, with near ones."""
    for name in chosen.values.get("entity", ()):
        asked = f"WITH asked AS (SELECT {quote(name.lower())} AS v)"
        if not value(con, f"{asked} SELECT count(*) FROM entities n WHERE {NAMED}"):
            raise DatelineError(f"no entity of this name{near_names(con, name)}", subject=name)
    for code in chosen.values.get("country", ()):
        _check_country(con, code)
    for source in chosen.values.get("source", ()):
        rows = con.execute(
            "SELECT DISTINCT source FROM articles WHERE source IS NOT NULL"
        ).fetchall()
        known = {row[0].lower(): row[0] for row in rows}
        if source.lower() not in known:
            near = difflib.get_close_matches(source.lower(), known, n=3)
            hint = f"; did you mean {', '.join(known[name] for name in near)}?" if near else ""
            raise DatelineError(f"no article is of this source{hint}", subject=source)


def _check_country(con: Connection, code: str) -> None:
    if con.execute(
        "SELECT 1 FROM events WHERE country_code = $1 UNION ALL "
        "SELECT 1 FROM told_parties WHERE country_code = $1 LIMIT 1",
        [code],
    ).fetchall():
        return
    meant = con.execute(
        "SELECT code FROM code_countries WHERE contains(lower(name), lower(?)) ORDER BY code "
        "LIMIT 4",
        [code],
    ).fetchall()
    hint = f"; did you mean {', '.join(row[0] for row in meant)}?" if meant else ""
    raise DatelineError(f"no event of this country{hint}", subject=code)
