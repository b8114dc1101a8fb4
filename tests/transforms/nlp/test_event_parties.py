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


def test_the_second_charge_and_the_second_accused_stay_alleged() -> None:
    """What hangs on a second "of", or on the last of a list, is still only alleged."""
    for text in (
        "The minister accused Togo of shelling the port and of arming the rebels.",
        "Honduras accused the army, the police and the militia of killing farmers.",
    ):
        deeds = [e for e in annotated(text)[2] if e.event_type in {"ASSAULT", "AID"}]
        assert deeds, text
        assert {e.modality for e in deeds} == {"alleged"}, text


def test_machines_of_war_are_no_people() -> None:
    """Jets and tanks have a sector and a country, and are of no kind that has a will."""
    _, layer, _ = annotated("Chadian warplanes bombed the tanks of the rebels.")
    found = {e.name: (e.entity_type, e.sector, e.country_code) for e in layer.entities}
    assert found["Chadian warplanes"] == ("other", "MIL", "TCD")
    assert found["tanks"][:2] == ("other", "MIL")


def test_a_machine_yields_to_the_body_that_flies_it() -> None:
    """ "NATO aircraft" are NATO's act, "artillery systems" nobody's."""
    parse, layer, events = annotated("NATO aircraft bombed 20 artillery systems near Derna.")
    assert any(sides(parse, layer, e)[0] == {"nato"} for e in events)
    assert "artillery" not in {e.name for e in layer.entities}


def test_nameless_actors_are_named_by_the_adjective() -> None:
    """Names read as English: "Kenyan demonstrators"; without an adjective the country's name."""
    _, layer, _ = annotated("Kenyan demonstrators met Hong Kong students.")
    assert {"Kenyan demonstrators", "Hong Kong students"} <= {e.name for e in layer.entities}


def test_two_countries_may_be_named_later() -> None:
    """ "The two countries" in a lead are those that the article goes on to name."""
    text = (
        "The two countries agreed on Monday to end the dispute.\n\n"
        "Peru and Chile had closed the border. Peru recalled its envoy from Chile."
    )
    _, layer, events = annotated(text)
    agreed = next(e for e in events if e.event_type == "AGREE")
    named = {layer.entities[layer.mentions[p.mention].entity].name for p in agreed.participants}
    assert named == {"Peru", "Chile"}


def test_a_foe_is_nobodys_friend() -> None:
    """To commit oneself to defeating a group is no support of it."""
    text = "The minister of Ghana reiterated the commitment to defeating the rebels of Togo."
    parse, layer, events = annotated(text)
    friends = [sides(parse, layer, e)[1] for e in events if e.event_type == "SUPPORT"]
    assert not any("rebels" in " ".join(side) for side in friends)


def test_the_two_leaders_are_the_two_people_just_named() -> None:
    """Named in the sentence; with three names nobody is guessed."""
    text = "Jan Novak met Prime Minister Ana Lopez in Quito, where the two leaders discussed trade."
    _, layer, events = annotated(text)
    talked = [e for e in events if e.event_type == "CONSULT"]
    named = {layer.entities[layer.mentions[p.mention].entity].name for p in talked[-1].participants}
    assert named == {"Jan Novak", "Ana Lopez"}
    text = "Jan Novak, Ana Lopez and Li Wei met in Quito, where the two leaders discussed trade."
    _, layer, _ = annotated(text)
    assert not any(m.method == "pair" for m in layer.mentions)
