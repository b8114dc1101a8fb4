"""`dateline review`: a local page to correct what was read."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.commands.base import Warehouse, guarded
from flows.commands.filtering import filtered
from flows.resources.filters import Filter
from flows.resources.settings import DEFAULT_WAREHOUSE, settings
from flows.resources.terminal import say
from warehouse.errors import DatelineError
from warehouse.store import is_current
from warehouse.wording import counted


@guarded
@filtered
def review(
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one")] = 0,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    *,
    chosen: Filter,
) -> None:
    """Serve a page on this machine to say what is right and wrong, doubtful events first."""
    from flows.resources.corrections import read_corrections
    from flows.resources.snapshot import reader
    from flows.review.server import HOST, Review, listening, serve

    options = settings(warehouse=warehouse)
    file = options.corrections_file
    read_corrections(file)
    con = reader(options.warehouse, chosen)
    try:
        if not is_current(con):
            raise DatelineError(
                "an earlier version of dateline published this data; `dateline run` renews it",
                subject=str(options.warehouse),
            )
        held = Review(con, file)
        with listening(port) as bound:
            say(f"http://{HOST}:{bound.getsockname()[1]}/{held.token}/")
            say(f"decisions go to {file}; Ctrl-C ends", err=True)
            serve(held, bound)
    finally:
        con.close()
    if held.written:
        them = "it" if held.written == 1 else "them"
        say(f"{counted(held.written, 'decision')} written to {file}; `dateline run` applies {them}")
