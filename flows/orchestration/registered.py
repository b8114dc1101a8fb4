"""What the deployments of this process were registered with; a run may touch nothing else.

A run's parameters come from whoever may talk to the server, so what is allowed is told by another
way: `DATELINE_REGISTERED`, a JSON object in the environment of `dateline serve` or of a worker:
`warehouse`, `paths`, and `parent`, the process with which a run ends. A run of a command has none.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import re
import signal
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flows.resources.settings import settings
from warehouse.addresses import absolute, lake_of, place_of
from warehouse.errors import DatelineError

VARIABLE = "DATELINE_REGISTERED"
_GLOB = set("*?[")
_POLL_SECONDS = 1.0


def register(warehouse: Path, paths: Sequence[str]) -> None:
    """Allow the runs that this process starts these, and let them end with it."""
    held = {"warehouse": absolute(warehouse), "paths": [*paths], "parent": os.getpid()}
    os.environ[VARIABLE] = json.dumps(held)


def admit(warehouse: str, paths: Sequence[str] = (), model: str = "") -> None:
    """Raises DatelineError for a warehouse, a path or a model that was not registered.

    A path may be below a registered folder.
    """
    held = _held()
    if held is None:
        return
    ours = settings(warehouse=warehouse)
    if ours.private:
        os.umask(0o077)  # of a worker; `serve` itself has it already
    if not _is_same(Path(warehouse), Path(held["warehouse"])):
        raise DatelineError("not the warehouse of this deployment", subject=warehouse)
    allowed = [str(path) for path in held.get("paths", ())]
    for path in paths:
        if path not in allowed and not _is_below(path, allowed):
            raise DatelineError("not below what this deployment reads", subject=path)
    if model and model != ours.model:
        raise DatelineError("not the model of this deployment", subject=model)


def _is_same(one: Path, other: Path) -> bool:
    if lake_of(one) or lake_of(other):
        return absolute(one) == absolute(other)
    return one.resolve() == other.resolve()


def _is_below(path: str, allowed: Sequence[str]) -> bool:
    if "://" in path or _GLOB & set(path):
        return False
    real = Path(path).resolve()  # of links, too: one may lead out
    return any(
        real.is_relative_to(Path(folder).resolve())
        for folder in allowed
        if "://" not in folder and not _GLOB & set(folder)
    )


def _held() -> dict[str, Any] | None:
    text = os.environ.get(VARIABLE)
    if not text:
        return None
    try:
        held = json.loads(text)
        return {**held, "warehouse": str(held["warehouse"])}
    except (ValueError, TypeError, KeyError):
        raise DatelineError("no JSON object with `warehouse`", subject=VARIABLE) from None


def follow_parent() -> None:
    """End this process, at once, when the `dateline serve` that started it has died.

    A killed run leaves what it had loaded; one that goes on would keep its successor waiting.
    """
    parent = (_held() or {}).get("parent")
    if parent in (None, os.getpid()) or multiprocessing.parent_process() is not None:
        return
    if any(thread.name == VARIABLE for thread in threading.enumerate()):
        return
    threading.Thread(target=_follow, args=(parent,), name=VARIABLE, daemon=True).start()


def _follow(parent: int) -> None:
    while os.getppid() == parent:  # the system gives an orphan another one, macOS's too
        time.sleep(_POLL_SECONDS)
    os.kill(os.getpid(), signal.SIGKILL)


def label(warehouse: Path) -> str:
    """How names of deployments and work pools tell this warehouse from others on the machine:
    the project's folder, and digits of the path."""
    parts, address = place_of(warehouse).absolute().parts[:-1], absolute(warehouse)
    folder = next((part for part in reversed(parts) if part != "data"), "")
    word = re.sub(r"[^\w-]+", "-", folder).strip("-")[:40] or "warehouse"
    return f"{word}-{hashlib.sha256(address.encode('utf-8')).hexdigest()[:6]}"
