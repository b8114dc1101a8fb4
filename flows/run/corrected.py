"""What decisions of people mean for articles that are stored: which are to be read again, and what
became of each decision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import polars as pl

from flows.resources.corrections import Held
from flows.run.staged import Staged
from transforms.corrections.binding import Book, place_of
from transforms.corrections.decisions import Decision, Undo, read_line, standing
from warehouse import store
from warehouse.connection import Connection, value
from warehouse.dialects import frame
from warehouse.loading import stage
from warehouse.tables import TABLES

_SHOWN = 5  # lost decisions that a run names


def are_new(con: Connection, decisions: Mapping[str, Decision]) -> bool:
    """Whether these are others than the last run kept."""
    return _kept(con) != decisions.keys()


def is_kept(con: Connection) -> bool:
    """Whether a version that knows decisions has written this."""
    return bool(value(
        con, "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'correction_uses'"
    ))  # fmt: skip


def _kept(con: Connection) -> set[str]:
    if not is_kept(con):
        return set()
    return {key for (key,) in con.execute("SELECT correction_id FROM corrections").fetchall()}


def touched(con: Connection, decisions: Mapping[str, Decision]) -> set[str]:
    """Ids of stored articles that other decisions hold for than when they were read."""
    if not are_new(con, decisions):
        return set()
    lines = con.execute("SELECT line FROM corrections").fetchall() if is_kept(con) else []
    old = {held.correction_id: held for held in standing(read_line(line) for (line,) in lines)}
    new = {held.correction_id: held for held in standing(decisions.values())}
    found = _used(con, old.keys() - new.keys())
    found |= _told(con, [new[key] for key in sorted(new.keys() - old.keys())])
    return found | _renamed(con, Book.of(old.values()).ids, Book.of(new.values()).ids)


def _used(con: Connection, gone: set[str]) -> set[str]:
    if not gone:
        return set()
    rows = con.execute(
        "SELECT DISTINCT article_id FROM correction_uses WHERE correction_id IN (SELECT unnest(?))",
        [sorted(gone)],
    ).fetchall()
    return {key for (key,) in rows}


def _told(con: Connection, decisions: list[Decision]) -> set[str]:
    """Articles in which the sentence of one of these stands, and does not hold yet."""
    anchors = [
        (held.correction_id, part, anchor)
        for held in decisions
        for part, anchor in held.anchors().items()
    ]
    if not anchors:
        return set()
    asked = pl.DataFrame(
        {"sentence": sorted({anchor.sentence for _, _, anchor in anchors})},
        schema={"sentence": pl.String},
    )
    used = "SELECT correction_id, part, article_id FROM correction_uses"
    known = set(con.execute(used).fetchall()) if is_kept(con) else set()
    with Staged(con, "s_asked", asked):
        rows = con.execute(
            "SELECT a.article_id, a.text, s.sentence FROM articles a JOIN s_asked s "
            "ON contains(a.text, s.sentence) WHERE a.language = 'en'"
        )
        found = set()
        while chunk := rows.fetchmany(1000):
            for article_id, text, sentence in chunk:
                for key, part, anchor in anchors:
                    if (
                        anchor.sentence == sentence
                        and (key, part, article_id) not in known
                        and place_of(anchor, article_id, text) is not None
                    ):
                        found.add(article_id)
    return found


def _renamed(con: Connection, old: Mapping[str, str], new: Mapping[str, str]) -> set[str]:
    """Articles that name an entity which is another one's now, or its own again."""
    moved = [key for key in sorted({*old, *new}) if old.get(key, key) != new.get(key, key)]
    if not moved:
        return set()
    fresh = [key for key in moved if key not in old]
    named = "SELECT article_id FROM entity_evidence WHERE entity_id IN (SELECT unnest($ids))"
    used = "SELECT article_id FROM correction_uses WHERE entity_id IN (SELECT unnest($moved))"
    rows = con.execute(named, {"ids": fresh or [""]}).fetchall()
    if is_kept(con):
        rows += con.execute(used, {"moved": moved}).fetchall()
    return {key for (key,) in rows}


def keep(con: Connection, held: Held, run_id: str) -> tuple[list[str], bool]:
    """Write the table `corrections`, by what the warehouse says of each.

    Returns (what to tell of them, whether the table is another one now).
    """
    rows = _rows(con, held, run_id)
    lost = [row for row in rows if row["status"] == "lost"]
    said = []
    if rows:
        applied = sum(row["status"] == "applied" for row in rows)
        said.append(f"{applied:,} applied" + (f", {len(lost):,} lost" if lost else ""))
    said += [
        f"{held.file}:{held.numbers[row['correction_id']]}: {row['reason']}: {_short(row)}"
        for row in lost[:_SHOWN]
    ]
    if len(lost) > _SHOWN:
        said.append("FROM corrections WHERE status = 'lost' lists all")
    made = frame(TABLES["corrections"], rows)
    old = con.execute("SELECT * EXCLUDE (run_id) FROM corrections ORDER BY correction_id").pl()
    new = made.drop("run_id").sort("correction_id")
    if old.cast(new.schema).equals(new):
        return said, False
    stage(con, "s_decided", made)
    columns = ", ".join(f'"{name}"' for name in made.columns)
    with store.transaction(con):
        con.execute("DELETE FROM corrections")
        con.execute(f"INSERT INTO corrections ({columns}) SELECT {columns} FROM s_decided")
    con.execute("DROP TABLE s_decided")
    return said, True


def _short(row: Mapping[str, Any]) -> str:
    text = row["sentence"] or ""
    return f"“{text[:60]}…”" if len(text) > 60 else f"“{text}”"


def _rows(con: Connection, held: Held, run_id: str) -> list[dict[str, Any]]:
    stand = {one.correction_id for one in standing(held.decisions.values())}
    uses: dict[str, dict[str, set[str]]] = {}
    met: dict[str, set[str]] = {}  # the same with those that were in vain
    for key, part, article, is_applied in con.execute(
        "SELECT correction_id, part, article_id, is_applied FROM correction_uses"
    ).fetchall():
        met.setdefault(key, set()).add(part)
        if is_applied:
            uses.setdefault(key, {}).setdefault(part, set()).add(article)
    rows = []
    for key, one in held.decisions.items():
        anchors, used = one.anchors(), uses.get(key, {})
        reason = None
        if key in stand and (missing := anchors.keys() - used.keys()):
            reason = _reason(one, missing, met.get(key, set()))
        undone = not isinstance(one, Undo) and key not in stand
        of = anchors.get("of")
        rows.append(
            {
                "correction_id": key,
                "decided_at": one.at.astimezone(dt.UTC).replace(tzinfo=None),
                "kind": one.say,
                "sentence": None if of is None else of.sentence,
                "text": None if of is None else of.text,
                "status": "undone" if undone else "lost" if reason else "applied",
                "reason": reason,
                "article_count": len(set().union(*used.values())) if used else 0,
                "line": one.line(),
                "run_id": run_id,
            }
        )
    return rows


def _reason(one: Decision, missing: set[str], met: set[str]) -> str:
    which = "the other sentence" if missing == {"with"} else "the sentence"
    if missing <= met:
        return f"{which} is there, but what it is about is not"
    return f"no article tells {which} any more"
