"""The command `dateline`. Every command answers with one line when something is wrong.

Exit status: 0 when it did its work, 1 when it failed, 2 for a wrong option, 3 when a run loaded
what it could and refused the rest.
"""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from flows.commands.backfill import backfill
from flows.commands.base import guarded
from flows.commands.compare import compare
from flows.commands.dictionary import dictionary, unknown
from flows.commands.evaluate import evaluate
from flows.commands.export import export
from flows.commands.init import init
from flows.commands.maintain import maintain
from flows.commands.publish import publish
from flows.commands.quality import quality
from flows.commands.quarantine import quarantine
from flows.commands.query import query
from flows.commands.reextract import reextract
from flows.commands.report import report
from flows.commands.retract import retract
from flows.commands.review import review
from flows.commands.run import run
from flows.commands.serve import serve
from flows.commands.status import status
from flows.resources.private import owner_only
from flows.resources.project import project
from flows.resources.settings import settings
from flows.resources.terminal import say

app = typer.Typer(
    name="dateline",
    help="Raw news articles in, a DuckDB warehouse of who did what to whom out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

# What they write is to be passed on; all other commands write what Dateline keeps for itself.
_FOR_OTHERS = (None, "init", "dictionary", "query", "export", "report", "compare", "quality")

# Typer brings its own copy of click in some versions; its errors are reached through this one.
_UsageError: Any = typer.BadParameter.__base__


def _version(asked: bool) -> None:
    if asked:
        from flows.resources.version import package_version

        say(f"dateline {package_version()}")
        raise typer.Exit


@app.callback()
@guarded
def options(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version"),
    ] = False,
) -> None:
    """Raw news articles in, a DuckDB warehouse of who did what to whom out."""
    if context.invoked_subcommand not in (None, "init"):
        context.default_map = _defaults()
    if context.invoked_subcommand not in _FOR_OTHERS:
        context.with_resource(owner_only(settings()))


def _defaults() -> dict[str, Any]:
    """What the project's `dateline.toml` says of options, for every command that has them."""
    held = project()
    if held is None:
        return {}
    options = {
        "warehouse": str(settings().warehouse),
        "every": held.schedule.every,
        **held.show,
    }
    everywhere = dict.fromkeys((command.__name__ for command in _COMMANDS), options)
    everywhere["compare"] = {"gdelt": options}
    everywhere["dictionary"] = {"check": options}
    return everywhere | {
        "quarantine": dict.fromkeys(("list", "show", "replay", "dismiss"), options)
    }


# In the order of `dateline --help`.
_COMMANDS = (
    init, run, query, status, quality, retract, export, report, review, evaluate, unknown,
    backfill, reextract, publish, maintain, serve,
)  # fmt: skip
for command in _COMMANDS[:4]:
    app.command()(command)
app.add_typer(quarantine, name="quarantine")
app.add_typer(compare, name="compare")
app.add_typer(dictionary, name="dictionary")
for command in _COMMANDS[4:]:
    app.command()(command)


def main() -> None:
    """Entry point of the command. A wrong option costs one line, as every error does."""
    try:
        code = app(prog_name="dateline", standalone_mode=False)
    except _UsageError as error:
        say(_usage_line(error), err=True)
        sys.exit(2)
    except typer.Abort:
        sys.exit(130)
    sys.exit(code if isinstance(code, int) else 0)


def _usage_line(error: Any) -> str:
    message = error.format_message()
    if error.ctx is None:
        return f"dateline: {message}"
    if type(error).__name__ == "NoArgsIsHelpError":
        return str(message)
    command = error.ctx.command_path
    message = message.rstrip(".").replace("'. Did you mean", "'; did you mean")
    return f"{command}: {message}{'' if message.endswith('?') else ';'} see `{command} --help`"


if __name__ == "__main__":
    main()
