"""The quality page of a run: one self-contained HTML file that works offline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any


def quality_page(
    run: Mapping[str, Any],
    results: Sequence[Mapping[str, Any]],
    refused: Sequence[Mapping[str, Any]],
    history: Sequence[Mapping[str, Any]],
) -> str:
    """What was checked in `run`, what was refused and why, and the last runs."""
    failed = [row for row in results if not row["success"]]
    checked = "".join(
        f"<tr class={'ok' if row['success'] else 'bad'}><td>{escape(row['table_name'])}</td>"
        f"<td>{escape(row['expectation'])}</td><td>{row['severity']}</td>"
        f"<td>{row['element_count']:,}</td><td>{row['unexpected_count']:,}</td></tr>"
        for row in results
    )
    rows = "".join(
        f"<tr><td>{escape(row['kind'])}</td><td>{escape(row['rule'])}</td>"
        f"<td>{escape(row['reason'])}</td><td><code>{escape(row['record'][:300])}</code></td></tr>"
        for row in refused
    )
    past = "".join(
        f"<tr><td>{escape(row['run_id'])}</td><td>{row['status']}</td>"
        f"<td>{row['articles_loaded']:,}</td><td>{row['events_loaded']:,}</td>"
        f"<td>{row['rows_quarantined']:,}</td></tr>"
        for row in history
    )
    return f"""<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Quality of run {escape(run["run_id"])}</title>
<style>:root{{color-scheme:light dark}}body{{font:16px/1.5 system-ui;max-width:60rem;margin:auto;
padding:1rem}}table{{border-collapse:collapse;width:100%}}
td,th{{text-align:left;padding:.2rem .6rem;
border-bottom:1px solid #8884}}
.bad td{{color:#c33}}code{{font-size:.8rem;word-break:break-all}}</style>
<h1>Quality of run {escape(run["run_id"])}</h1>
<p>{len(results)} expectations, {len(failed)} broken; {len(refused)} things refused.</p>
<h2>Refused</h2><table><tr><th>what<th>rule<th>reason<th>record</tr>{rows}</table>
<h2>Checked</h2><table><tr><th>table<th>expectation<th>severity<th>rows<th>broken</tr>{checked}</table>
<h2>Last runs</h2><table><tr><th>run<th>status<th>articles<th>events<th>refused</tr>{past}</table>
</html>"""
