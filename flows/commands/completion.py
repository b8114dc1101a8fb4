"""What the shell offers for an option's value. Imported at every start, so nothing heavy here."""

from __future__ import annotations

from collections.abc import Callable, Iterable


def _offer(words: Callable[[], Iterable[str]]) -> Callable[[str], list[str]]:
    def offered(incomplete: str) -> list[str]:
        return [word for word in words() if word.startswith(incomplete)]

    return offered


def _query_formats() -> Iterable[str]:
    from flows.published.query import FORMATS

    return FORMATS


def _export_formats() -> Iterable[str]:
    from flows.published.export import FORMATS

    return FORMATS


def _tables() -> Iterable[str]:
    from flows.published.export import EXTRA
    from warehouse.tables import PUBLIC

    return [*(table.name for table in PUBLIC), *EXTRA]


query_formats, export_formats, tables = (
    _offer(words) for words in (_query_formats, _export_formats, _tables)
)
