"""The words of `lexicons/places/words.tsv`, and the abbreviations that our lists of places hold."""

from __future__ import annotations

from functools import cache

from transforms.gazetteer import fold
from transforms.lexicons.loader import Row, table

KINDS = ("common", "street", "site", "settlement", "body", "office", "paper", "direction",
         "division", "division_of", "given", "local", "named_after", "bench",
         "happening", "topic", "matter")  # fmt: skip
_LISTS = {
    "places/regions.tsv": ("id", "name", "type", "country", "latitude", "longitude", "weight",
                           "aliases", "adjectives"),
    "places/admin1.tsv": ("code", "latitude", "longitude", "aliases", "adjectives"),
    "places/aliases.tsv": ("name", "country", "aliases", "adjectives", "weight"),
}  # fmt: skip


@cache
def words() -> dict[str, frozenset[str]]:
    """kind → words. Raises LexiconError on an unknown kind or a word that stands twice."""
    return grouped(table("places/words.tsv", ["word", "kind"]))


def grouped(rows: list[Row]) -> dict[str, frozenset[str]]:
    """Rows of words.tsv by kind. Raises LexiconError as `words`."""
    found: dict[str, set[str]] = {kind: set() for kind in KINDS}
    for row in rows:
        if row["kind"] not in KINDS:
            raise row.error(f"unknown kind {row['kind']!r}")
        if row["word"] in found[row["kind"]]:
            raise row.error(f"{row['word']} stands twice as {row['kind']}")
        found[row["kind"]].add(row["word"])
    return {kind: frozenset(held) for kind, held in found.items()}


@cache
def abbreviations() -> frozenset[str]:
    """Short names of places as written, from our lists: "U.S.", "NSW", "Calif."."""
    found = set()
    for path, columns in _LISTS.items():
        for row in table(path, list(columns)):
            names = [name.strip() for name in row["aliases"].split(";")]
            short = {name for name in names if name.isupper() or name.endswith(".")}
            forms = {fold(name) for name in short}
            found |= {name for name in names if name in short or fold(name) in forms}
    return frozenset(found)


@cache
def short_forms() -> frozenset[str]:
    """Folded forms of the abbreviations, which other words have as well: "us", "mass", "pa"."""
    return frozenset(fold(name) for name in abbreviations())
