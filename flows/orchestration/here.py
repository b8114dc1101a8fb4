"""A flow run here and now by a command: with the server that is named, or a local one."""

from __future__ import annotations

import importlib
import logging
import sys
from typing import Any

from flows.orchestration import local_server, prefect_setup
from flows.resources.terminal import PlainFormatter
from warehouse.errors import DatelineError

_LOGGERS = ("prefect.flow_runs", "prefect.task_runs")
_OF_PREFECT = ("Beginning flow run", "Finished in state", "View at", "Running hook", "Hook ")


def run_here(name: str, **parameters: Any) -> Any:
    """The value of the flow `name` of the module of that name. Raises DatelineError.

    Its log lines go to standard error, without Prefect's own.
    """
    with local_server.api():
        flow = getattr(importlib.import_module(f"flows.orchestration.{name}"), name)
        prefect_setup.quiet_console()
        show_log()
        try:
            return flow(**parameters)
        except DatelineError:
            raise
        except Exception as error:
            reason = str(error).partition("\n")[0]
            raise DatelineError(f"{type(error).__name__}: {reason}", subject=name) from error


def show_log() -> None:
    """Log lines of a run on standard error, without Prefect's own."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(PlainFormatter())
    handler.addFilter(
        lambda record: (
            record.levelno < logging.ERROR and not record.getMessage().startswith(_OF_PREFECT)
        )
    )
    for name in _LOGGERS:
        logging.getLogger(name).addHandler(handler)
