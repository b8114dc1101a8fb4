"""Alerts: the events of a run that the project watches for, told once each.

A match is a row of `alert_log` for each channel; it is marked when the channel took it, so what
could not be told is told by the next run. With no channel alerts stand in the view `alerts` alone.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from flows.resources.narrowing import conditions
from flows.resources.post import post
from flows.resources.watches import Channels, Watch
from flows.run.summary import Log, now
from warehouse.connection import Connection
from warehouse.wording import counted

_TOLD = (
    "watch", "event_id", "event_type", "event_mode", "modality", "event_date", "initiators",
    "recipients", "place", "country_code", "confidence", "source_count", "sentence", "title",
    "source", "url",
)  # fmt: skip
_VIEW = "view"
_PARTY = """e.event_id IN (SELECT p.event_id FROM told_parties p JOIN entities n USING
    (entity_id) WHERE p.role <> '{other}' AND (p.country_code = upper(?) OR lower(n.name) = lower(?)
    OR list_contains(list_transform(n.aliases, lambda a: lower(a)), lower(?))))"""
_PLACE = """e.place_id IN (SELECT place_id FROM places WHERE list_contains(
    list_transform(?, lambda p: lower(p)), lower(name)))"""
# Of articles that this run saw first, so that reading known ones again tells nothing twice.
_FRESH = """e.event_id IN (SELECT event_id FROM event_mentions JOIN article_versions v
    USING (article_id) WHERE v.run_id = ?)"""


def tell(
    con: Connection, watches: Sequence[Watch], channels: Channels, run_id: str, log: Log
) -> int:
    """Note the run's matches, tell what is not told yet, and return how many were new.

    What a channel refuses is a line of the log, not the end of the run.
    """
    new = sum(_match(con, watch, channels.used() or [_VIEW], run_id) for watch in watches)
    senders: dict[str, Callable[[list[dict[str, Any]]], None]] = {
        _VIEW: lambda _: None,
        "file": lambda rows: _append(channels.file or Path(), rows),
        "mail": lambda rows: _mail(channels, run_id, rows),
        "webhook": lambda rows: post(channels.webhook or "", {"run": run_id, "alerts": rows}),
    }
    for name in [_VIEW, *channels.used()]:
        rows = _pending(con, name)
        if not rows:
            continue
        try:
            senders[name](rows)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            many = counted(len(rows), "alert")
            log.warning("%s not told by %s, the next run tries: %s", many, name, reason)
            continue
        con.execute(
            "UPDATE alert_log SET told_at = ? WHERE channel = ? AND told_at IS NULL", [now(), name]
        )
    return new


def _match(con: Connection, watch: Watch, channels: list[str], run_id: str) -> int:
    """Put new matches into `alert_log`; returns how many events that are."""
    tests, values = conditions(watch.chosen)
    tests.append(_FRESH)
    values.append(run_id)
    tests.append("e.source_count >= ?")
    values.append(watch.min_sources)
    if watch.place:
        tests.append(_PLACE)
        values.append(list(watch.place))
    if watch.dyad:
        one, other = watch.dyad
        acts, suffers = _PARTY.format(other="recipient"), _PARTY.format(other="initiator")
        tests.append(f"(({acts} AND {suffers}) OR ({acts} AND {suffers}))")
        values += [one] * 3 + [other] * 3 + [other] * 3 + [one] * 3
    found = con.execute(
        f"SELECT event_id FROM events e WHERE {' AND '.join(tests)} AND event_id NOT IN "
        "(SELECT event_id FROM alert_log WHERE watch = ?) ORDER BY event_id",
        [*values, watch.name],
    ).fetchall()
    if found:
        con.execute(
            "INSERT INTO alert_log SELECT ?, event, channel, ?, ?, NULL FROM "
            "(SELECT unnest(?) AS event), (SELECT unnest(?) AS channel)",
            [watch.name, run_id, now(), [key for (key,) in found], channels],
        )
    return len(found)


def _pending(con: Connection, channel: str) -> list[dict[str, Any]]:
    columns = ", ".join(f"d.{name}" if name != "watch" else "l.watch" for name in _TOLD)
    cursor = con.execute(
        f"SELECT {columns} FROM alert_log l JOIN event_details d USING (event_id) "
        "WHERE l.channel = ? AND l.told_at IS NULL ORDER BY l.watch, d.date_start, event_id",
        [channel],
    )
    return [dict(zip(_TOLD, row, strict=True)) for row in cursor.fetchall()]


def _append(path: Path, rows: list[dict[str, Any]]) -> None:
    """Add one line of JSON an alert."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = "".join(json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in rows)
    with path.open("a", encoding="utf-8") as file:
        file.write(lines)


def _mail(channels: Channels, run_id: str, rows: list[dict[str, Any]]) -> None:
    """Write one e-mail, for a mail program to send: `sendmail -t < FILE`."""
    folder = channels.mail or Path()
    folder.mkdir(parents=True, exist_ok=True)
    counts = Counter(row["watch"] for row in rows)
    message = EmailMessage()
    listed = ", ".join(f"{name} {count}" for name, count in counts.items())
    message["Subject"] = f"Dateline: {len(rows)} new ({listed})"
    message["From"] = channels.to or "dateline@localhost"
    message["To"] = channels.to or "dateline@localhost"
    message["Date"] = format_datetime(now())
    message.set_content("\n".join(_lines(rows)), cte="8bit")  # to be read as it lies, too
    (folder / f"{run_id}.eml").write_bytes(bytes(message))


def _lines(rows: list[dict[str, Any]]) -> list[str]:
    lines, watch = [], None
    for row in rows:
        if row["watch"] != watch:
            watch = row["watch"]
            lines += [f"{watch}", ""]
        sides = " → ".join(", ".join(row[side] or ["?"]) for side in ("initiators", "recipients"))
        told = (row["event_date"] or "undated", row["event_type"], sides, row["place"])
        lines += [
            " · ".join(part for part in told if part),
            f"    {' '.join(row['sentence'].split())}",
            f"    {row['modality']}, confidence {row['confidence']:.2f}; "
            + " · ".join(part for part in (row["source"], row["url"]) if part),
            "",
        ]
    return lines
