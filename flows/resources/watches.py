"""What a project watches for: entries of `[[watch]]` in `dateline.toml`, and where it is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.resources.filters import Filter, choose
from warehouse.errors import DatelineError

_KEYS = ("name", "dyad", "place", "min_sources")


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Events to be told of. `dyad` are two countries or names, acting in either direction."""

    name: str
    chosen: Filter
    dyad: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    min_sources: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Channels:
    """Where alerts go: a file of JSON lines, a folder of e-mails as text, an address to POST to."""

    file: Path | None = None
    mail: Path | None = None
    webhook: str | None = None
    to: str | None = None

    def used(self) -> list[str]:
        """Names of those that are set; alerts always stand in the view `alerts`."""
        return [name for name in ("file", "mail", "webhook") if getattr(self, name)]


def read_watch(entry: Mapping[str, Any], where: str) -> Watch:
    """An entry of the file; keys beside our own are filters. Raises DatelineError."""
    name = entry.get("name")
    if not isinstance(name, str) or not name.strip():
        raise DatelineError("each watch needs a name of its own", subject=f"{where}name")
    dyad, place = (_texts(entry.get(key, ()), f"{where}{key}") for key in ("dyad", "place"))
    if dyad and len(dyad) != 2:
        raise DatelineError("names two countries or entities", subject=f"{where}dyad")
    sources = entry.get("min_sources", 1)
    if not isinstance(sources, int) or sources < 1:
        raise DatelineError("is a number from 1 on", subject=f"{where}min_sources")
    filters = {key: value for key, value in entry.items() if key not in _KEYS}
    shown = filters.pop("shown", False) is True
    chosen = choose(shown=shown, where=where, **filters)
    return Watch(name=name, chosen=chosen, dyad=dyad, place=place, min_sources=sources)


def _texts(held: Any, where: str) -> tuple[str, ...]:
    texts = (held,) if isinstance(held, str) else held
    if not isinstance(texts, list | tuple) or not all(isinstance(text, str) for text in texts):
        raise DatelineError("is a text or a list of texts", subject=where)
    return tuple(texts)
