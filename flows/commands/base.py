"""What every command of `dateline` shares: its options, and errors of one line."""

from __future__ import annotations

import datetime as dt
import errno
import os
import sys
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer

from flows.resources.settings import Settings
from flows.resources.terminal import say
from warehouse.errors import DatelineError, WarehouseMissing

_DISK = {
    errno.ENOSPC: "no space left on the disk; what was loaded stays",
    errno.EDQUOT: "no space left within the quota; what was loaded stays",
    errno.EROFS: "the disk is read-only; nothing was changed",
}

PARTIAL = 3  # exit status of a run that loaded what it could and refused the rest

Warehouse = Annotated[
    Path,
    typer.Option("--warehouse", envvar="DATELINE_WAREHOUSE", help="The DuckDB file, or ducklake:…"),
]

Wait = Annotated[
    float | None, typer.Option(help="Seconds to wait while another process writes; default 5")
]

Column = Annotated[
    list[str] | None,
    typer.Option(help="For CSV and Parquet: field=column, e.g. text=body; repeatable"),
]


def with_columns(options: Settings, given: Sequence[str] | None) -> Settings:
    """The settings with columns that `--column` names on top. Raises DatelineError."""
    return options.model_copy(
        update={"columns": {**options.columns, **dict(_pair(text) for text in given or ())}}
    )


def _pair(text: str) -> tuple[str, str]:
    from transforms.readers.fields import names

    field, equals, column = text.partition("=")
    if not (field and equals and column):
        raise DatelineError(f"{text!r} is not field=column", subject="--column")
    if field not in names():
        raise DatelineError(f"{field!r} is none of {', '.join(names())}", subject="--column")
    return field, column


def guarded(command: Callable[..., Any]) -> Callable[..., Any]:
    """Expected errors become one line and exit status 1."""

    @wraps(command)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **{name: _utf8(value) for name, value in kwargs.items()})
        except DatelineError as error:
            say(f"dateline: {error}", err=True)
            raise typer.Exit(1) from None
        except KeyboardInterrupt:
            say("dateline: interrupted; what was loaded stays", err=True)
            raise typer.Exit(130) from None
        except BrokenPipeError:
            sys.stderr.close()
            raise typer.Exit(0) from None
        except Exception as error:
            reason = of_the_disk(error)
            if isinstance(error, OSError) and error.filename is not None:
                reason = f"{error.filename}: {(error.strerror or str(error)).lower()}"
            if reason is None:
                raise
            say(f"dateline: {reason}", err=True)
            raise typer.Exit(1) from None

    return wrapper


def of_the_disk(error: Exception) -> str | None:
    """That the disk is full or read-only, in words; None for other errors."""
    said = str(error)  # DuckDB's and SQLite's own errors quote the system's
    for number, reason in _DISK.items():
        if os.strerror(number) in said:
            return reason
    return None


def _utf8(value: Any) -> Any:
    """An argument without bytes that are no UTF-8, which neither DuckDB nor a file of text takes:
    spelt out in a text, as in the addresses of raw files. Raises DatelineError for a path of ours.
    """
    if isinstance(value, list):
        return [_utf8(item) for item in value]
    if isinstance(value, str | Path) and not _is_utf8(str(value)):
        from flows.run.landing import shown

        if isinstance(value, Path):
            raise DatelineError("the name is no UTF-8; choose another", subject=shown(str(value)))
        return shown(value)
    return value


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def day(text: str | None, option: str) -> dt.date | None:
    """A day like 2026-01-31. Raises DatelineError that names the option."""
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise DatelineError(f"{text!r} is no day like 2026-01-31", subject=option) from None


def existing(options: Settings) -> Settings:
    """Raises WarehouseMissing before Prefect is started for nothing."""
    if not options.store.exists():
        raise WarehouseMissing(
            "no warehouse here yet; `dateline run PATH` makes one", subject=str(options.warehouse)
        )
    return options
