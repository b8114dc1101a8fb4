"""Bylines → names. What stands beside the names is in `lexicons/readers/byline.tsv`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from transforms.lexicons.loader import table

_KINDS = ("role", "lead", "cut", "desk", "degree", "small", "credit", "button")
_JOINTS = re.compile(r"\s*[,;|/•·\n]\s*(?:and\s+|&\s*)?|\s+(?:and|&|und|with)\s+|\s+[–—-]\s+", re.I)
_PART_END = re.compile(r"[;|•·\n]")
_BESIDE = re.compile(r"\s*\([^()]*\)|\s*\[[^\[\]]*\]")
_PLACED = re.compile(r"\s+(?:in|for|For)\s+(?:the\s+)?[A-Z\d].*$")
_ADDRESS = re.compile(r"\S+@\S+|\S+://\S+|(?<!\w)@\w+")
_NAME_WORD = re.compile(r"[^\W\d_][\w'’.`-]*")


@cache
def _lexicon() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {kind: [] for kind in _KINDS}
    for row in table("readers/byline.tsv", ["kind", "entry"]):
        if row["kind"] not in found:
            raise row.error(f"unknown kind {row['kind']!r}")
        if row["entry"] in found[row["kind"]]:
            raise row.error(f"{row['entry']!r} stands twice")
        if row["kind"] in ("lead", "cut", "credit"):
            try:
                re.compile(row["entry"])
            except re.error as error:
                raise row.error(f"no regular expression: {error}") from None
        found[row["kind"]].append(row["entry"])
    return found


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    entries = sorted(_lexicon()[kind], key=len, reverse=True)
    if kind == "lead":
        return re.compile(rf"\s*(?:{'|'.join(entries)})(?:\s+|$|(?<=:))", re.I)
    return re.compile("|".join(entries), re.I)


@cache
def _set(kind: str) -> frozenset[str]:
    return frozenset(_lexicon()[kind])


def names_in(text: str) -> list[str]:
    """Names of a declared byline ("By A. Rossi and Li Na, Political Editor"), offices left out."""
    text = _without_credits(_ADDRESS.sub(" ", text))
    lead = _pattern("lead").match(text)
    if lead:
        text = text[lead.end() :]
    found: list[str] = []
    for part in _JOINTS.split(text):
        part = _BESIDE.sub("", part).strip(" .,:;\u2022-–—") if part else ""
        if part.endswith((" Jr", " Sr")):
            part += "."
        named = _PLACED.sub("", part)
        if named != part and looks_like_name(named):  # "Ana Ruiz in Kyiv", no "Women in Sport"
            part = named
        if not part or not any(character.isalpha() for character in part):
            continue
        if part.lower() in ("and", "by", "with") or _is_button(part):
            continue
        folded = part.lower().replace(".", "")
        if found and (folded in _set("degree") or is_office(part)):
            continue
        found.append(part)
    return unique(found)


def _without_credits(text: str) -> str:
    """A byline without who took its pictures: from the credit to the end of its part."""
    while found := _pattern("credit").search(text):
        before = text[: found.start()].rstrip()
        if before and before[-1] not in ",;|/•·–—-(\n" and not before.endswith((" and", " &")):
            break  # the name of a desk that has to do with pictures
        ends = _PART_END.search(text, found.end())
        text = before + (text[ends.start() :] if ends else "")
    return text


def _is_button(part: str) -> bool:
    return not _set("button").isdisjoint(word.strip(".,:").lower() for word in part.split())


def is_office(part: str) -> bool:
    """Whether a part of a byline is an office ("Chief Political Correspondent")."""
    return any(word.strip("-,.").lower() in _set("role") for word in re.split(r"[\s-]+", part))


def is_desk(name: str) -> bool:
    """Whether an author is nobody: a desk, an agency unnamed, the administrator."""
    return name.lower().strip() in _set("desk")


def shown_names(text: str) -> list[str]:
    """Names of a byline as the page shows it, [] where it holds anything that is no name."""
    lead = _pattern("lead").match(text)
    if lead:
        text = text[lead.end() :]
    cut = _pattern("cut").search(text)
    if cut:
        text = text[: cut.start()]
    found = [name for name in names_in(text) if not is_office(name)]
    while len(found) > 1 and not looks_like_name(found[-1]):
        found.pop()
    return found if found and all(looks_like_name(name) for name in found) else []


def looks_like_name(name: str) -> bool:
    """Two to five words that begin with capitals, small words between them allowed."""
    parts = name.split()
    if not 2 <= len(parts) <= 5 or len(name) > 50 or is_office(name) or is_desk(name):
        return False
    if not (parts[0][0].isupper() and parts[-1][0].isupper()):
        return False
    return all(
        _NAME_WORD.fullmatch(part) and (part[0].isupper() or part.lower() in _set("small"))
        for part in parts
    )


def has_lead(text: str) -> bool:
    """Whether a line begins like a byline ("By ", "Words by ")."""
    return bool(_pattern("lead").match(text))


def unique(names: Iterable[str]) -> list[str]:
    """Names once each, case ignored, in order."""
    seen: dict[str, str] = {}
    for name in names:
        seen.setdefault(name.lower(), name)
    return list(seen.values())
