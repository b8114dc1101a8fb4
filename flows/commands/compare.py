"""`dateline compare`: our events beside those of another data set."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.commands.base import Warehouse, guarded
from flows.commands.filtering import filtered
from flows.resources.filters import Filter
from flows.resources.settings import DEFAULT_WAREHOUSE
from flows.resources.terminal import say
from warehouse.wording import counted

compare = typer.Typer(no_args_is_help=True, help="Our events beside those of another data set.")
_EXAMPLES = 5


@compare.command("gdelt")
@guarded
@filtered
def compare_gdelt(
    files: Annotated[
        list[Path], typer.Argument(help="GDELT 2.0 Events: *.export.CSV, also zipped")
    ],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Every event and pair as CSV")
    ] = None,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    raw: Annotated[
        bool, typer.Option("--raw", help="In CSV, leave cells that a spreadsheet would run")
    ] = False,
    *,
    chosen: Filter,
) -> None:
    """For the addresses both have read: events both, only we and only GDELT have."""
    import polars as pl

    from flows.published import output as out
    from flows.published.cells import without_formulas
    from flows.published.compare import compare as beside

    done = beside(warehouse, files, chosen)
    same = sum(one.root == other.root for one, other in done.pairs)
    dyads = sum(one.countries == other.countries for one, other in done.pairs)
    say(f"{counted(done.urls, 'address', 'addresses')} in GDELT, {done.shared:,} of them here")
    say(
        f"both {len(done.pairs):,} (same root code {same:,}, same countries {dyads:,}), "
        f"only ours {len(done.ours):,}, only theirs {len(done.theirs):,}"
    )
    out.print_rows(done.by_root())
    for title, events in (("only ours", done.ours), ("only theirs", done.theirs)):
        for event in events[:_EXAMPLES]:
            sides = " → ".join(name or "?" for name in (event.actor1, event.actor2))
            say(f"{title}: {event.code} {sides} · {event.day} · {event.url}")
    if output is not None:
        frame = pl.DataFrame(list(done.rows()), infer_schema_length=None)
        (frame if raw else without_formulas(frame)).write_csv(output)
        rows = len(done.pairs) + len(done.ours) + len(done.theirs)
        say(f"{output}: {counted(rows, 'row')}")
