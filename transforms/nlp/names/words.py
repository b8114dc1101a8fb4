"""Words that decide whether a capitalised run is a name, and of what (`actors/shape_words.tsv`)."""

from __future__ import annotations

from transforms.lexicons import loader

_PATH = "actors/shape_words.tsv"


def _classes() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for row in loader.table(_PATH, ("class", "words")):
        words = [word.strip() for word in row["words"].split(";")]
        if row["class"] in found:
            raise row.error(f"class {row['class']!r} stands twice")
        if len(set(words)) != len(words) or "" in words:
            raise row.error(f"class {row['class']!r} holds a word twice or an empty one")
        found[row["class"]] = frozenset(words)
    return found


_HELD = _classes()

LOCATIVE = _HELD["locative"]
CALENDAR = _HELD["calendar"]
NOT_NAMES = _HELD["not-name"]
SITES = _HELD["site"]
FEATURES = _HELD["feature"]
AREAS = _HELD["area"]
SHORT = _HELD["short"]
WORKS = _HELD["work"]
DEEDS = _HELD["deed"]
SHIPS = _HELD["ship"]
ORG_HEADS = _HELD["org-head"]
UNITS = _HELD["unit"]
NUMBERED = _HELD["numbered"]
ARABIC_ARTICLES = _HELD["arabic-article"]
PARTICLES = _HELD["particle"]
PERSONAL = _HELD["personal"]
SPEECH = _HELD["speech"]
KIN = _HELD["kin"]
SUFFIXES = _HELD["suffix"]
ADMIN = _HELD["admin"]
NO_BODIES = _HELD["no-body"]
DIRECTIONS = _HELD["direction"]
NAMESAKES = _HELD["namesake"]
