"""`dateline dictionary`: actors, places, verbs and words of one's own. `dateline unknown`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.commands.base import Warehouse, guarded
from flows.resources.settings import DEFAULT_WAREHOUSE, settings
from flows.resources.terminal import say
from warehouse.errors import DatelineError
from warehouse.wording import counted, counted_of

dictionary = typer.Typer(
    no_args_is_help=True, help="Actors, places, verbs and words of the project's own."
)
KINDS = ("actors", "places", "verbs")


@dictionary.command("new")
@guarded
def new(
    folder: Annotated[Path, typer.Argument(help="Folder to make")] = Path("dictionary"),
) -> None:
    """Make a dictionary: a file for each kind, with its columns and an example of each."""
    from flows.resources.dictionary import templates
    from flows.resources.project import enter, project

    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for name, text in templates().items():
        if not (folder / name).exists():
            (folder / name).write_text(text, "utf-8")
            made.append(name)
    say(f"{folder}: {', '.join(made) if made else 'all files are there already'}")
    held = project()
    if held is None:
        say("next: `dateline init` makes a project that can name it")
    elif held.dictionary is None:
        line = f'dictionary = "{folder}"'
        if enter(held, "dictionary", str(folder)):
            say(f"{held.file}: {line}")
        else:
            say(f"next: put {line} into {held.file}, before its first [table]")


@dictionary.command("check")
@guarded
def check(
    folder: Annotated[
        Path | None, typer.Argument(help="The dictionary; default that of the project")
    ] = None,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
) -> None:
    """Read it, try each example, and say how many stored articles it touches."""
    from flows.published import taught
    from flows.resources.dictionary import dictionary_of

    options = settings(warehouse=warehouse, dictionary=folder)
    if options.dictionary is None:
        reason = 'name a folder, or let dateline.toml name one: dictionary = "dictionary"'
        raise DatelineError(reason, subject="dictionary")
    held = dictionary_of(options.dictionary)
    parts = [counted_of(count, what) for what, count in taught.contents(held) if count]
    say(f"{options.dictionary}: {', '.join(parts) or 'nothing yet'}")
    found = list(taught.faults(options, held)) if held else []
    for fault in found:
        say(f"{fault.where}: {fault.reason}", err=True)
    stale = taught.stale(options)
    if stale:
        say(f"{counted(stale, 'stored article')} to read again: `dateline reextract`")
    if found:
        raise typer.Exit(1)


@guarded
def unknown(
    kinds: Annotated[
        list[str] | None, typer.Argument(help="actors, places, verbs; default all")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="Of each kind")] = 20,
    sentences: Annotated[
        int, typer.Option(min=1, help="Read for verbs: the latest without an event")
    ] = 2000,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
) -> None:
    """The most frequent actors, places and verbs that nothing resolved, to paste and fill in."""
    from flows.published import unknown as held

    for kind in kinds or KINDS:
        if kind not in KINDS:
            raise DatelineError(f"there are {', '.join(KINDS)}", subject=kind)
    options = settings(warehouse=warehouse)
    for kind in kinds or KINDS:
        columns, found = held.unknown(options, kind, limit=limit, sentences=sentences)
        say(f"# {held.KINDS[kind][0]}.tsv: {kind} that nothing resolved; fill in each ?")
        for line in held.lines(columns, found):
            say(line)
        say("")
