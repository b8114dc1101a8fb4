"""The words of time, from `lexicons/dates`."""

from __future__ import annotations

from functools import cache

from transforms.lexicons.loader import Row, table

KINDS = ("weekday", "month", "unit", "number", "ordinal", "scale", "vague", "season", "part",
         "deictic", "set", "last", "this", "next", "mod", "clock", "label", "measure",
         "tens", "bind", "masthead", "dayname", "lead")  # fmt: skip
TENSE_KINDS = ("planned", "aim", "resolve", "defer", "begin", "ahead", "behind", "before", "after",
               "might", "occur", "charge", "forward", "bygone", "earlier", "case",
               "react", "mount")  # fmt: skip
_VALUELESS = ("lead", "label", "measure", "masthead", "dayname")


@cache
def words() -> dict[str, dict[str, str]]:
    """kind → word → value. Raises LexiconError on an unknown kind or a word that stands twice."""
    return grouped(table("dates/words.tsv", ["word", "kind", "value"]))


def grouped(rows: list[Row]) -> dict[str, dict[str, str]]:
    """Rows of words.tsv by kind. Raises LexiconError as `words`."""
    found: dict[str, dict[str, str]] = {kind: {} for kind in KINDS}
    for row in rows:
        if row["kind"] not in KINDS:
            raise row.error(f"unknown kind {row['kind']!r}")
        if row["word"] in found[row["kind"]]:
            raise row.error(f"{row['word']} stands twice as {row['kind']}")
        if not row["value"] and row["kind"] not in _VALUELESS:
            raise row.error(f"{row['word']} has no value")
        found[row["kind"]][row["word"]] = row["value"]
    return found


@cache
def tenses() -> dict[str, frozenset[str]]:
    """kind → words of tense.tsv. Raises LexiconError on an unknown kind."""
    found: dict[str, set[str]] = {kind: set() for kind in TENSE_KINDS}
    for row in table("dates/tense.tsv", ["word", "kind"]):
        if row["kind"] not in TENSE_KINDS:
            raise row.error(f"unknown kind {row['kind']!r}")
        found[row["kind"]].add(row["word"])
    return {kind: frozenset(held) for kind, held in found.items()}


@cache
def unit_of() -> dict[str, str]:
    """Singular and plural of each unit → its TIMEX3 letter."""
    found = {}
    for word, value in words()["unit"].items():
        plural = {"century": "centuries", "millennium": "millennia"}.get(word, f"{word}s")
        found[word] = found[plural] = value
    return found


@cache
def leads() -> frozenset[tuple[str, ...]]:
    """Word runs that may stand before a count: ("more", "than")."""
    return frozenset(tuple(phrase.split()) for phrase in words()["lead"])
