"""What every command of `dateline` shares: its options, and errors of one line."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer

from warehouse.errors import DatelineError

Warehouse = Annotated[
    Path,
    typer.Option("--warehouse", envvar="DATELINE_WAREHOUSE", help="The DuckDB file"),
]

Wait = Annotated[
    float | None, typer.Option(help="Seconds to wait while another process writes; default 5")
]


def guarded(command: Callable[..., Any]) -> Callable[..., Any]:
    """Expected errors become one line and exit status 1."""

    @wraps(command)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except DatelineError as error:
            typer.echo(f"dateline: {error}", err=True)
            raise typer.Exit(1) from None
        except KeyboardInterrupt:
            typer.echo("dateline: interrupted; what was loaded stays", err=True)
            raise typer.Exit(130) from None
        except BrokenPipeError:
            sys.stderr.close()
            raise typer.Exit(0) from None
        except OSError as error:
            if error.filename is None:
                raise
            reason = (error.strerror or str(error)).lower()
            typer.echo(f"dateline: {error.filename}: {reason}", err=True)
            raise typer.Exit(1) from None

    return wrapper
