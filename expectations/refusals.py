"""What each rule of refusal is called, and what can be done about it: `refusals.tsv`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

from transforms.lexicons.loader import parse_table

_FILE = "refusals.tsv"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A rule in words: a title without a full stop, a remedy in whole sentences."""

    title: str
    remedy: str


@cache
def refusals() -> dict[str, Refusal]:
    """Rule → its words. Raises LexiconError for a rule that stands twice or says nothing."""
    found: dict[str, Refusal] = {}
    text = resources.files(__package__).joinpath(_FILE).read_text("utf-8")
    for row in parse_table(text, f"expectations/{_FILE}", ("rule", "title", "remedy")):
        if row["rule"] in found:
            raise row.error(f"{row['rule']!r} stands already above")
        if not (row["title"] and row["remedy"]):
            raise row.error("a title and a remedy are needed")
        found[row["rule"]] = Refusal(row["title"], row["remedy"])
    return found


def remedy(rule: str) -> str:
    """What can be done about a refusal by `rule`. Broken expectations have one answer."""
    known = refusals().get(rule)
    if known:
        return known.remedy
    return "After a fix of the text or the extractor: `dateline quarantine replay`."
