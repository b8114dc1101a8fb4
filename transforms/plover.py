"""PLOVER and CAMEO as tables: types, modes, quad classes, codes and Goldstein scores.

The facts stand in `lexicons/plover.tsv` and `cameo.tsv`, what the extraction rules know of a type
in `event_types.tsv`; this module only reads them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from transforms.lexicons.loader import table

QUADS = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class EventType:
    """One of the 16 PLOVER types. `modes` maps a mode to its CAMEO code."""

    name: str
    quad_class: int
    cameo_code: str
    modes: dict[str, str]


@dataclass(frozen=True, slots=True)
class CameoCode:
    """One CAMEO code. `root_quad` is the quad class by CAMEO root (01-05 1 … 14-20 4)."""

    code: str
    goldstein: float
    root_quad: int
    event_type: str | None
    mode: str | None


@cache
def event_types() -> dict[str, EventType]:
    """The 16 event types by name. Raises LexiconError where the table breaks its format."""
    found: dict[str, EventType] = {}
    codes = cameo_codes()
    for row in table("plover.tsv", ["type", "mode", "quad", "cameo", "meaning"]):
        name, mode = row["type"], row["mode"]
        if not row["quad"].isdigit() or int(row["quad"]) not in QUADS:
            raise row.error(f"quad is {row['quad']!r}, expected 1 to 4")
        if row["cameo"] not in codes:
            raise row.error(f"unknown CAMEO code {row['cameo']!r}")
        if not mode:
            if name in found:
                raise row.error(f"{name} stands twice")
            found[name] = EventType(name, int(row["quad"]), row["cameo"], {})
            continue
        if name not in found:
            raise row.error(f"mode {mode} before its type {name}")
        found[name].modes[mode] = row["cameo"]
    return found


@cache
def cameo_codes() -> dict[str, CameoCode]:
    """Every CAMEO code with its Goldstein score, in the scale −10…10."""
    found: dict[str, CameoCode] = {}
    for row in table("cameo.tsv", ["code", "goldstein", "root_quad", "type", "mode"]):
        try:
            goldstein, quad = float(row["goldstein"]), int(row["root_quad"])
        except ValueError:
            raise row.error("goldstein and root_quad must be numbers") from None
        if not -10 <= goldstein <= 10:
            raise row.error(f"goldstein {goldstein} is out of −10…10")
        if row["code"] in found:
            raise row.error(f"{row['code']} stands twice")
        found[row["code"]] = CameoCode(
            row["code"], goldstein, quad, row["type"] or None, row["mode"] or None
        )
    return found


@cache
def _traits() -> dict[str, dict[str, str]]:
    """`lexicons/event_types.tsv`: trait → type → value, "" where it has none."""
    found: dict[str, dict[str, str]] = {}
    for row in table("event_types.tsv", ["trait", "types", "meaning"]):
        if row["trait"] in found:
            raise row.error(f"{row['trait']} stands twice")
        pairs = [part.partition("=") for part in row["types"].split(";")]
        found[row["trait"]] = {name: value for name, _, value in pairs}
        for name in found[row["trait"]].keys() - event_types().keys():
            raise row.error(f"{name!r} is no PLOVER type")
    return found


def having(trait: str) -> frozenset[str]:
    """The event types with a trait of `lexicons/event_types.tsv`."""
    return frozenset(values(trait))


def values(trait: str) -> dict[str, str]:
    """Event type → value of a trait. Raises KeyError for a trait that is not in the table."""
    return _traits()[trait]


def quad_class(event_type: str) -> int:
    """1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict."""
    return event_types()[event_type].quad_class


def cameo_for(event_type: str, mode: str | None, code: str | None = None) -> str:
    """`code` where given, else the code of the mode, else the code of the type."""
    kind = event_types()[event_type]
    if code:
        return code
    return kind.modes.get(mode or "", kind.cameo_code)


def goldstein(cameo_code: str) -> float:
    """Goldstein score of a CAMEO code; a code of unknown detail takes that of its root."""
    codes = cameo_codes()
    while cameo_code not in codes and len(cameo_code) > 2:
        cameo_code = cameo_code[:-1]
    return codes[cameo_code].goldstein
