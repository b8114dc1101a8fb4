"""Evidence of one entity from many articles, merged into its one row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any


def merge_evidence(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The one `entities` row for all evidence rows of one entity, whatever their order.

    Each row gives `article_id`, `name`, `entity_type`, `country_code`, `sector`, `kb_id`,
    `aliases` and `mention_count`. Every column goes to the value with most mentions, then most
    articles, then the first in the alphabet; NULL and UNK lose to any value. Aliases are united,
    sorted, without the name. Raises ValueError without rows.
    """
    held = list(rows)
    if not held:
        raise ValueError("merge_evidence needs at least one row")
    merged: dict[str, Any] = {}
    for column in ("name", "entity_type", "country_code", "sector", "kb_id"):
        mentions: Counter[str] = Counter()
        articles: dict[str, set[str]] = {}
        for row in held:
            value = row[column]
            if value is not None and value != "UNK":
                mentions[value] += int(row.get("mention_count") or 1)
                articles.setdefault(value, set()).add(str(row["article_id"]))
        fallback = "UNK" if any(row[column] == "UNK" for row in held) else None
        merged[column] = min(
            mentions, key=lambda v: (-mentions[v], -len(articles[v]), v), default=fallback
        )
    aliases = {a for row in held for a in row["aliases"] or ()} | {row["name"] for row in held}
    merged["aliases"] = sorted(aliases - {merged["name"]})
    return merged
