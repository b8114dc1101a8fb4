"""The words of time, from `lexicons/dates/words.tsv`."""

from __future__ import annotations

from functools import cache

from transforms.lexicons.loader import table

KINDS = frozenset(
    [
        "weekday",
        "month",
        "unit",
        "number",
        "ordinal",
        "scale",
        "vague",
        "season",
        "part",
        "deictic",
        "set",
        "last",
        "this",
        "next",
    ]
)


@cache
def words() -> dict[str, dict[str, str]]:
    """kind → word → value. Raises LexiconError on an unknown kind or a word that stands twice."""
    found: dict[str, dict[str, str]] = {kind: {} for kind in KINDS}
    for row in table("dates/words.tsv", ["word", "kind", "value"]):
        if row["kind"] not in KINDS:
            raise row.error(f"unknown kind {row['kind']!r}")
        if row["word"] in found[row["kind"]]:
            raise row.error(f"{row['word']} stands twice as {row['kind']}")
        found[row["kind"]][row["word"]] = row["value"]
    return found


@cache
def unit_of() -> dict[str, str]:
    """Singular and plural of each unit → its TIMEX3 letter."""
    found = {}
    for word, value in words()["unit"].items():
        plural = {"century": "centuries", "millennium": "millennia"}.get(word, f"{word}s")
        found[word] = found[plural] = value
    return found
