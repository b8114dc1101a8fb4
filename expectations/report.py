"""The quality page of a run: one self-contained HTML file that works offline."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from expectations.gate import HANGS, suites
from expectations.refusals import refusals, remedy
from warehouse.tables import TABLES
from warehouse.wording import counted

_SAMPLES = 3  # rows of one rule shown in full
_LISTED = 20  # files and articles of one rule, a line each
_OPEN = 40  # as many refusals stand open at once
_TEXT_LIMIT = 240
_MOVES = (
    ("Articles", "articles_loaded"),
    ("Event reports", "events_loaded"),
    ("Refused", "rows_quarantined"),
)
Row = Mapping[str, Any]


def quality_page(
    run: Row, results: Sequence[Row], refused: Sequence[Row], history: Sequence[Row]
) -> str:
    """What was checked in `run`, what was refused and why, and the last runs.

    `run` and `history` (newest first) are rows of `runs`, `results` of `quality_results`,
    `refused` of `quarantine`.
    """
    page: str = _template().render(
        run=run,
        answer=_answer(run, refused),
        groups=_groups(refused),
        warnings=_warnings(results),
        moves=_moves(history),
        history=history,
        results=results,
        tables=_tables(results),
    )
    return page


@cache
def _template() -> Any:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("expectations"), autoescape=True, trim_blocks=True
    )
    environment.filters["counted"] = counted
    environment.filters["sentence"] = _sentence
    environment.filters["coded"] = _coded
    environment.filters["moment"] = lambda value: str(value)[:19]
    return environment.get_template("quality.html")


@cache
def _abouts() -> dict[tuple[str, str], str]:
    return {(e.table, e.rule): e.about for items in suites().values() for e in items}


def _sentence(text: str) -> str:
    text = text.strip()
    if "_" not in text.split(" ", 1)[0]:  # a column name keeps its form
        text = text[:1].upper() + text[1:]
    return text + ("" if text.endswith((".", "!", "?")) else ".")


def _coded(text: str) -> Any:
    """HTML of a text in which `…` is code."""
    import markupsafe

    parts = (str(markupsafe.escape(part)) for part in text.split("`"))
    return markupsafe.Markup(
        "".join(f"<code>{part}</code>" if n % 2 else part for n, part in enumerate(parts))
    )


def _answer(run: Row, refused: Sequence[Row]) -> dict[str, str]:
    """The page in two lines."""
    loaded = (
        f"{counted(run['articles_loaded'], 'article')} with "
        f"{counted(run['events_loaded'], 'event report')}"
    )
    were = "was" if run["articles_loaded"] == 1 else "were"
    whole = [row for row in refused if row["rule"] == "batch-refused"]
    count = max(run["rows_quarantined"], len(refused))
    if whole:
        return {
            "tone": "bad",
            "title": f"{counted(len(whole), 'batch', 'batches')} refused altogether",
            "text": f"{_sentence(whole[0]['reason'])} Nothing of it was loaded; {loaded} {were}.",
        }
    if count:
        return {
            "tone": "warn",
            "title": f"Loaded, but {counted(count, 'thing was', 'things were')} refused",
            "text": f"{loaded} {were} loaded. What was refused, and why, is listed below.",
        }
    return {"tone": "good", "title": "Everything was loaded", "text": f"{loaded} {were} loaded."}


def _groups(refused: Sequence[Row]) -> list[dict[str, Any]]:
    """Refused things by table and rule; what only hangs on others comes last."""
    held: dict[tuple[str, str], list[Row]] = {}
    for row in refused:
        held.setdefault((row["table_name"] or "", row["rule"]), []).append(row)
    ordered = sorted(
        held.items(),
        key=lambda entry: (entry[0][1] == HANGS, entry[0][1] != "batch-refused", -len(entry[1])),
    )
    shown = 0
    groups: list[dict[str, Any]] = []
    for (table, rule), rows in ordered:
        shown += len(rows)
        size = _SAMPLES if table else _LISTED
        groups.append(
            {
                "title": _title(table, rule),
                "remedy": "" if table else remedy(rule),  # of rows the page says it once
                "where": table or _kinds(rows),
                "count": len(rows),
                "open": not groups or (shown <= _OPEN and rule != HANGS),
                "listed": [] if table else [_line(row) for row in rows[:size]],
                "samples": [
                    {"reason": row["reason"], "shown": _record(row), "which": _which(row)}
                    for row in rows[:size]
                ]
                if table
                else [],
                "more": max(0, len(rows) - size),
            }
        )
    return groups


def _kinds(rows: Sequence[Row]) -> str:
    counts = Counter(row["kind"] for row in rows)
    return ", ".join(counted(count, kind) for kind, count in sorted(counts.items()))


def _line(row: Row) -> dict[str, str]:
    """A file or article: its name, the folder it lay in, which record of it, and the reason."""
    record = row["record"]
    record = json.loads(record) if isinstance(record, str) else record
    uri = str(record.get("source_uri") or record.get("first_file") or "")
    folder, _, name = uri.rpartition("/")
    part = record.get("record")
    return {
        "name": name,
        "folder": folder,
        "part": f"record {part}" if part else "",
        "reason": row["reason"],
    }


def _title(where: str, rule: str) -> str:
    about = _abouts().get((where, rule))
    if about:
        return f"Rule broken: {about}"
    known = refusals().get(rule)
    return known.title if known else rule.replace("-", " ").capitalize()


def _record(row: Row) -> list[tuple[str, str]]:
    """(column, value) of a refused thing, keys first, long texts cut, empty values left out."""
    record = row["record"]
    if isinstance(record, str):
        try:
            record = json.loads(record)
        except ValueError:
            return [("record", record[:_TEXT_LIMIT])]
    if not isinstance(record, dict):
        return [("record", str(record)[:_TEXT_LIMIT])]
    table = TABLES.get(row["table_name"] or "")
    first = table.columns if table else ()
    names = [*(n for n in first if n in record), *(n for n in record if n not in first)]
    return [(name, _cut(str(record[name]))) for name in names if record[name] not in (None, "", [])]


def _which(row: Row) -> str:
    """A refused thing by its first value: a row by its key, a file by its address."""
    shown = _record(row)
    return f"{row['table_name'] or row['kind']} {shown[0][1] if shown else ''}"


def _cut(text: str) -> str:
    return text if len(text) <= _TEXT_LIMIT else text[:_TEXT_LIMIT] + " …"


def _warnings(results: Sequence[Row]) -> list[str]:
    found: list[str] = []
    for row in results:
        if row["severity"] == "warn" and not row["success"]:
            seen = json.loads(row["observed"] or "{}")
            found += seen.get("reasons") or [
                _abouts().get((row["table_name"], row["expectation"]), row["expectation"])
            ]
    return found


def _moves(history: Sequence[Row]) -> list[dict[str, Any]]:
    """Bars of each figure, oldest run first."""
    runs = list(reversed(history))
    if len(runs) < 2:
        return []
    moves = []
    for name, column in _MOVES:
        values = [int(row[column] or 0) for row in runs]
        top, step = max(values) or 1, 100 / len(values)
        moves.append(
            {
                "name": name,
                "last": f"{values[-1]:,}",
                "spoken": ", ".join(f"{value:,}" for value in values),
                "bars": [
                    {
                        "x": round(number * step + step * 0.08, 2),
                        "width": round(step * 0.84, 2),
                        "height": round(max(0.6, 30 * value / top), 2),
                        "y": round(30 - max(0.6, 30 * value / top), 2),
                    }
                    for number, value in enumerate(values)
                ],
            }
        )
    return moves


def _tables(results: Sequence[Row]) -> list[dict[str, Any]]:
    """Expectations by table, broken ones first."""
    held: dict[str, list[dict[str, Any]]] = {}
    for row in results:
        about = _abouts().get((row["table_name"], row["expectation"]), row["expectation"])
        held.setdefault(row["table_name"], []).append({**row, "about": about})
    return [
        {
            "name": name,
            "rows": max(check["element_count"] for check in checks),
            "broken": sum(not check["success"] for check in checks),
            "checks": sorted(checks, key=lambda check: bool(check["success"])),
        }
        for name, checks in held.items()
    ]
