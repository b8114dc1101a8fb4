"""Telling another program of something: a small JSON by HTTP POST."""

from __future__ import annotations

import json
import time
import urllib.request
from typing import Any

_ATTEMPTS = 3
_TIMEOUT_SECONDS = 10
PAUSE_SECONDS = 0.5


def post(address: str, body: dict[str, Any]) -> None:
    """POST as JSON, tried again with growing pauses. Raises OSError when all tries failed."""
    request = urllib.request.Request(
        address,
        data=json.dumps(body, default=str, ensure_ascii=False).encode(),
        headers={"Content-Type": "application/json"},
        method="POST",
    )
    for attempt in range(_ATTEMPTS):
        try:
            with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS):
                return
        except OSError:
            if attempt + 1 == _ATTEMPTS:
                raise
            time.sleep(PAUSE_SECONDS * 2**attempt)
