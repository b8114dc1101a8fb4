"""Prefect's environment: no telemetry, a server of our own when none is named. Import first.

Prefect reads its settings when it is imported, so this runs before. Nothing that is already
set in the environment is changed.
"""

from __future__ import annotations

import contextlib
import logging
import os
from pathlib import Path

from flows.orchestration import registered

DEFAULTS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "true",
    "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
    "PREFECT_SERVER_LOGGING_LEVEL": "ERROR",
    "GX_ANALYTICS_ENABLED": "false",
}


def prepare() -> None:
    """Set the defaults that are not set, make Prefect's home where one is named, and follow the
    `dateline serve` that started this process, if one did."""
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)
    if os.environ.get("PREFECT_HOME"):  # Prefect makes the folder, but not those above it
        with contextlib.suppress(OSError):
            Path(os.environ["PREFECT_HOME"]).expanduser().mkdir(parents=True, exist_ok=True)
    registered.follow_parent()
    logging.getLogger("great_expectations").setLevel(logging.WARNING)


def quiet_console() -> None:
    """Take Prefect's own console handlers off; its log still goes to the server."""
    import prefect.logging  # noqa: F401
    from prefect.logging.handlers import PrefectConsoleHandler

    names = ["", *(n for n in logging.root.manager.loggerDict if n.startswith("prefect"))]
    for name in names:
        logger = logging.getLogger(name)
        for handler in list(logger.handlers):
            if isinstance(handler, PrefectConsoleHandler):
                logger.removeHandler(handler)
