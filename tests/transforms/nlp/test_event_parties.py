"""Initiators and recipients by construction: passives, relatives, control, possessors, …"""

from __future__ import annotations

from pathlib import Path

import pytest
from _pytest.mark.structures import ParameterSet

from tests.transforms.nlp.event_cases import annotated, parses_of, sides
from transforms.lexicons.loader import Row, parse_table

CASES = Path(__file__).parents[2] / "cases"
COLUMNS = ["construction", "sentence", "type", "initiators", "recipients"]


def cases() -> list[Row]:
    """Rows of the case file."""
    path = CASES / "event_parties.tsv"
    return list(parse_table(path.read_text("utf-8"), path.name, COLUMNS))


def same(wanted: str, found: set[str]) -> bool:
    """Does each wanted head stand in the mentions, and nothing else?"""
    heads = [head.lower() for head in wanted.split(";") if head]
    words = [set(text.replace("-", " ").replace("'s", "").split()) for text in found]
    return all(any(h in w for w in words) for h in heads) and all(
        any(h in w for h in heads) for w in words
    )


def verdict(row: Row) -> str | None:
    """None when some event is as the row has it, else what was found."""
    parse, layer, events = annotated(row["sentence"])
    shown = []
    for event in events:
        first, second = sides(parse, layer, event)
        right = same(row["initiators"], first) and same(row["recipients"], second)
        if row["initiators"] == row["recipients"]:  # either role will do for either side
            right = same(row["initiators"], first | second) and bool(first and second)
        if right and event.event_type in row["type"].split(";"):
            return None
        shown.append(f"{event.event_type}: {sorted(first)} -> {sorted(second)}")
    return "; ".join(shown) or "nothing"


@pytest.fixture(scope="module", autouse=True)
def _parse_together() -> None:
    parses_of([row["sentence"] for row in cases()])


def params() -> list[ParameterSet]:
    """The rows, those that no sense of the lexicon finds marked."""
    unknown = pytest.mark.xfail(reason="no event of the type is found", strict=False)
    return [
        pytest.param(
            row,
            id=f"{row['construction']}{row.line}",
            marks=[unknown] if row["construction"] == "no-sense" else [],
        )
        for row in cases()
    ]


@pytest.mark.parametrize("row", params())
def test_parties(row: Row) -> None:
    """Some event of the type has just these parties."""
    found = verdict(row)
    if found:
        pytest.fail(f"{row['sentence']} gives {found}")


def test_nobody_stands_twice() -> None:
    """No entity stands twice on a side, or on both sides of an event that is not reciprocal."""
    for row in cases():
        _, layer, events = annotated(row["sentence"])
        for event in events:
            sides_of: dict[str, list[int]] = {}
            for party in event.participants:
                sides_of.setdefault(party.role, []).append(layer.mentions[party.mention].entity)
            found = [entity for side in sides_of.values() for entity in side]
            assert len(found) == len(set(found)), (row["sentence"], event.sense)
            assert "participant" not in sides_of or len(sides_of) == 1, row["sentence"]
