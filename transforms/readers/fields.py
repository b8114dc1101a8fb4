"""Records with named fields → raw articles. The names stand in `lexicons/readers/fields.tsv`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from transforms.lexicons.loader import table
from transforms.readers.base import Item, RawArticle, ReadError
from transforms.readers.bylines import names_in

_FIELDS = (
    "text", "title", "authors", "source", "url", "published", "modified", "language", "id", "status",  # noqa: E501
)  # fmt: skip
_LARGEST = 10**30
_RETRACTED = {"canceled", "cancelled", "withheld", "retracted", "withdrawn"}


@cache
def names() -> dict[str, tuple[str, ...]]:
    """Our field → their names, folded. Raises LexiconError on an unknown field."""
    found: dict[str, tuple[str, ...]] = {}
    for row in table("readers/fields.tsv", ["field", "names"]):
        if row["field"] not in _FIELDS:
            raise row.error(f"unknown field {row['field']!r}")
        if row["field"] in found:
            raise row.error(f"{row['field']} stands twice")
        found[row["field"]] = tuple(_fold(name) for name in row["names"].split("|"))
    return found


def _fold(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "").replace(" ", "")


def article(record: Mapping[str, Any], number: str | None, mapping: Mapping[str, str]) -> Item:
    """The article of one record. `mapping` (our field → their name) goes before our guesses."""
    flat: dict[str, Any] = {}
    for key, value in record.items():
        flat.setdefault(_fold(str(key)), value)
        if isinstance(value, Mapping):
            for inner, what in value.items():
                flat.setdefault(f"{_fold(str(key))}.{_fold(str(inner))}", what)

    def get(field: str) -> Any:
        wanted = mapping.get(field)
        if wanted is not None:
            return flat.get(_fold(wanted))
        for name in names()[field]:
            value = _joined(flat, name) if "+" in name else flat.get(name)
            if value not in (None, "", [], {}):
                return value
        return None

    text = _text(get("text"))
    if not text and not _text(get("title")):
        known = ", ".join(list(record)[:8])
        return ReadError("no-text", f"no text field among: {known}", number)
    url = _text(get("url"))
    declared = _text(get("id")) or None
    return RawArticle(
        text=text,
        title=_text(get("title")) or None,
        authors=people(get("authors")),
        source=_text(get("source")) or None,
        url=url if url and "://" in url else None,
        published=_text(get("published")) or None,
        modified=_text(get("modified")) or None,
        language=_text(get("language")) or None,
        declared_id=declared,
        retracted=_text(get("status")).lower() in _RETRACTED,
        record=number,
    )


def _joined(flat: Mapping[str, Any], name: str) -> str | None:
    """The texts of fields that are parts of one, None where one is missing: Factiva's "lp+td"."""
    parts = [_text(flat.get(part)) for part in name.split("+")]
    return "\n\n".join(parts) if all(parts) else None


def _text(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, Mapping):
        for key in ("name", "@id", "text", "value", "#text", "plain"):
            if value.get(key):
                return _text(value[key])
        return ""
    if isinstance(value, list | tuple):
        parts = [_text(item) for item in value]
        joint = "\n\n" if any(len(part) > 40 for part in parts) else ", "
        return joint.join(part for part in parts if part)
    if isinstance(value, int) and abs(value) > _LARGEST:
        return ""  # Python writes no number of thousands of digits
    return str(value).strip()


def people(value: Any) -> list[str]:
    """Names of authors from a list, objects with a name, or one text."""
    if value is None:
        return []
    if isinstance(value, list | tuple):
        return [name for item in value for name in people(item)]
    text = _text(value)
    if text[:1] == "[" and text[-1:] == "]":
        text = text[1:-1].replace("'", "").replace('"', "")
    return names_in(text)
