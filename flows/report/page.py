"""`dateline report`: one HTML file that needs no network and no server."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from flows.report import data as data
from flows.resources.filters import ALL, SHOWN, Filter
from flows.resources.pages import asset, template
from flows.resources.private import umask
from flows.resources.snapshot import reader
from warehouse.connection import Connection, value
from warehouse.errors import DatelineError

_SCRIPTS = ("base.js", "charts.js", "periods.js", "map.js", "table.js", "page.js")


def report(
    warehouse: Path,
    target: Path,
    chosen: Filter = ALL,
    *,
    limit: int = 0,
    title: str | None = None,
) -> tuple[int, int]:
    """Write the report of the chosen events of the published data to `target`, whole or not at all.

    `limit` keeps the latest that many, 0 all of them.
    Returns (events shown, events that match). Raises DatelineError when there is nothing to show
    or `target` cannot be written.
    """
    if target.is_dir():
        raise DatelineError("is a folder; name a file", subject=str(target))
    con = reader(warehouse, chosen)
    try:
        text, shown, total = page(con, chosen, limit=limit, title=title)
    finally:
        con.close()
    _write(target, text)
    return shown, total


def page(
    con: Connection, chosen: Filter = ALL, *, limit: int = 0, title: str | None = None
) -> tuple[str, int, int]:
    """(the page, events shown, events that match) of a connection narrowed to the chosen events.

    Raises DatelineError for nothing to show.
    """
    total = data.choose(con, limit)
    if not total:
        raise DatelineError(f"no event matches; widen {chosen.said() or 'what was read'}")
    main = data.columns(con)
    shown = len(main["type"])
    sentences, articles = [], data.Index()
    for block, articles in data.blocks(con):  # noqa: B007
        sentences.append(data.pack(block))
    read = data.read_by_day(con, chosen)
    main |= {"block": data.BLOCK, "reports": data.REPORTS, "read": read}
    main["first_shown"] = {key: list(held) if isinstance(held, tuple) else held
                           for key, held in SHOWN.items()}  # fmt: skip
    loaded = value(con, "SELECT max(finished_at) FROM runs")
    listed = data.articles(con, articles)
    text = template("flows.report", "report.html").render(
        title=title or _title(chosen),
        first_sure=SHOWN["min_confidence"],
        figures=_figures(main, listed),
        scope=_scope(chosen),
        shown=shown,
        total=total,
        loaded=f"{loaded:%Y-%m-%d %H:%M} UTC" if loaded else "",
        main=data.pack(main),
        world=data.pack(json.loads(asset("flows.report", "world.json"))),
        articles=data.pack(listed),
        sentences=sentences,
        style=asset("flows.report", "report.css"),
        script="\n".join(asset("flows.report", name) for name in _SCRIPTS),
    )
    return text, shown, total


def _figures(main: dict[str, Any], articles: list[list[Any]]) -> list[tuple[str, str]]:
    """The page in numbers: (number, what it counts)."""
    days = sorted(day for _, _, _, day in articles if day)
    sources = len({source for _, source, _, _ in articles})
    counted = [
        (len(main["type"]), "event", "events"),
        (sum(main["mentions"]), "report", "reports"),
        (len(articles), "article that tells of them", "articles that tell of them"),
        (sum(count for _, count in main["read"]), "article read", "articles read"),
        (sources, "source", "sources"),
        (len(set(main["place"]) - {-1}), "place", "places"),
    ]
    figures = [(f"{n:,}", one if n == 1 else many) for n, one, many in counted]
    if days:
        figures.append((f"{days[0]} – {days[-1]}", "published"))
    return figures


def _title(chosen: Filter) -> str:
    parts = [*chosen.values.get("entity", ()), *chosen.values.get("country", ())]
    return " · ".join(["Who did what to whom", *parts])


def _scope(chosen: Filter) -> str:
    first, last = chosen.values.get("first"), chosen.values.get("last")
    if first and last:
        return f"from {first} to {last}"
    if first:
        return f"from {first} on"
    return f"to {last}" if last else ""


def _write(target: Path, text: str) -> None:
    """Write beside the target and rename, so that a reader never sees half of it."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        part = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            part.chmod(0o666 & ~umask())
            part.replace(target)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise DatelineError(f"cannot be written: {error.strerror}", subject=str(target)) from None
