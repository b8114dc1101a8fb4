"""The hook of failed and crashed runs: a small JSON to DATELINE_WEBHOOK_URL, if that is set.

It says which run, how it ended and why in one line. Of an unexpected error only its kind is
told: its message may quote the article it broke on.
"""

from __future__ import annotations

import logging
import re
from typing import Any

from flows.orchestration import local_server
from flows.resources.post import post
from flows.resources.settings import settings
from warehouse.errors import DatelineError

_CREDENTIALS = re.compile(r"//[^/@\s]+@")
_QUERY = re.compile(r"(://[^\s?]+)\?[^\s:]+")  # signed addresses carry their key there
_EXPECTED = re.compile(r"\b(?:DatelineError|[A-Z]\w+Error|Warehouse\w+|BatchRefused)\b")


def tell(flow: Any, flow_run: Any, state: Any) -> None:
    """Prefect's `on_failure` and `on_crashed` hook. Never raises: the run has ended already."""
    address = settings().webhook_url
    if not address:
        return
    try:
        post(address, payload(flow, flow_run, state))
    except Exception as error:
        logging.getLogger("dateline").warning("the webhook failed: %s", type(error).__name__)


def payload(flow: Any, flow_run: Any, state: Any) -> dict[str, str | None]:
    """`run`, `flow`, `status`, `message`, `url`: all text, without secrets and article text."""
    return {
        "run": flow_run.name,
        "flow": flow.name,
        "status": state.name.lower(),
        "message": _without_secrets(_message(state)),
        "url": _page_of(flow_run),
    }


def _message(state: Any) -> str:
    if state.is_crashed():
        return str(state.message or "the process running it ended").splitlines()[0]
    error = _error_of(state)
    if isinstance(error, DatelineError):
        return str(error)
    if error is not None:
        return f"{type(error).__name__}; see the log of the run"
    found = _EXPECTED.search(state.message or "")
    return f"{found.group(0) if found else 'it failed'}; see the log of the run"


def _error_of(state: Any) -> BaseException | None:
    data = getattr(state, "data", None)
    if isinstance(data, BaseException):
        return data
    result = getattr(data, "result", None)  # a ResultRecord, while still in this process
    return result if isinstance(result, BaseException) else None


def _without_secrets(text: str) -> str:
    return _QUERY.sub(r"\1", _CREDENTIALS.sub("//", text)).replace("\n", " ")[:500]


def _page_of(flow_run: Any) -> str | None:
    from prefect.settings import PREFECT_UI_URL

    if local_server.serving:
        return None
    base = PREFECT_UI_URL.value()
    return f"{_CREDENTIALS.sub('//', base)}/runs/flow-run/{flow_run.id}" if base else None
