"""What a project's dictionary does to extraction, one kind of entry after another."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.transforms.nlp.event_cases import parses_of
from tests.transforms.test_dictionary import files
from transforms.dictionary.entries import EMPTY, Dictionary
from transforms.dictionary.read import read
from transforms.gazetteer import Gazetteer
from transforms.nlp.annotations import Annotations
from transforms.nlp.extract import Resources, annotate
from transforms.nlp.names.actors import lexicon, packaged
from transforms.nlp.parsing.parse import Parse

SPRING, AUTUMN = dt.date(2026, 3, 1), dt.date(2026, 9, 1)
DICTIONARY = read(
    files(
        actors="Sahel Dawn Front\tgroup\tMLI\tREB\tDawn Front;SDF\t-\n"
        "Anu Rebane\tperson\tEST\tPTY\t-\tRebane\nTarn Ilves\tperson\tEST\tPTY\t-\t-",
        offices="Anu Rebane\tforeign minister\tEST\tGOV\t2025-01-01\t2026-06-30\n"
        "Tarn Ilves\tforeign minister\tEST\tGOV\t2026-07-01\t-",
        places="camp-tamour\tCamp Tamour\tsite\tMLI\t17.1\t-1.5\t-\tTamour\t-\n"
        "paris-of-ours\tParis\tcity\tKEN\t0.5\t37.5\t-\t-\t-\n"
        "2449067\tTimbuktu\tcity\tMLI\t-\t-\t-\tTumbutu\t-",
        events="gherao\tverb\tPROTEST\tobstruct\t-\t-\tx.\n"
        "overfly\tverb\tdrone-incursion\t-\t-\tobj:country\tx.\n"
        "elbow bump\tnoun\tCONSULT\t-\t-\t-\tx.\n"
        "cordon off\tverb\tMOBILIZE\t-\t-\t-\tx.",
        ignore="attack\tevent\tASSAULT\nsign\tevent\t-\nIron Bull\tactor\t-\nHelsinki\tplace\t-",
    )
)


def read_text(
    text: str, gazetteer: Gazetteer, dictionary: Dictionary = DICTIONARY, day: dt.date = SPRING
) -> tuple[Parse, Annotations]:
    (parse,) = parses_of([text])
    return parse, annotate(parse, Resources.load(gazetteer, dictionary), published=day)


def events(parse: Parse, found: Annotations) -> list[tuple[str, str, str | None]]:
    return [(parse.words[e.trigger_start], e.event_type, e.event_mode) for e in found.events]


def parties(found: Annotations, number: int = 0) -> set[tuple[str, str, str | None]]:
    layer = found.entities
    return {
        (p.role, layer.entities[layer.mentions[p.mention].entity].name, p.country_code)
        for p in found.events[number].participants
    }


def entity(found: Annotations, name: str) -> Any:
    return next(one for one in found.entities.entities if one.name == name)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Students gheraoed the minister on Tuesday.", ("gheraoed", "PROTEST", "obstruct")),
        ("Russia overflew Estonia with drones.", ("overflew", "COERCE", "drone-incursion")),
        ("The elbow bump between France and Mali was brief.", ("bump", "CONSULT", None)),
        ("Police cordoned the square off on Monday.", ("cordoned", "MOBILIZE", None)),
    ],
)
def test_a_phrase_tells_its_event_with_parties(
    gazetteer: Gazetteer, text: str, told: tuple[str, str, str | None]
) -> None:
    parse, found = read_text(text, gazetteer)
    assert told in events(parse, found)
    assert all(event.participants for event in found.events)
    _, before = read_text(text, gazetteer, EMPTY)
    assert told not in events(parse, before)


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("Students gheraoed the minister.", "asserted"),
        ("Students will gherao the minister next week.", "planned"),
        ("Students did not gherao the minister.", "negated"),
    ],
)
def test_a_phrase_that_is_planned_or_denied_is_no_fact(
    gazetteer: Gazetteer, text: str, modality: str
) -> None:
    _, found = read_text(text, gazetteer)
    assert [event.modality for event in found.events] == [modality]


def test_conditions_of_a_phrase_hold(gazetteer: Gazetteer) -> None:
    parse, found = read_text("A pilot overflew the stadium.", gazetteer)
    assert ("overflew", "COERCE", "drone-incursion") not in events(parse, found)


def test_an_ignored_word_tells_no_event(gazetteer: Gazetteer) -> None:
    text = "Rebels attacked a police post in Mali on Monday. France and Chad signed a treaty."
    parse, before = read_text(text, gazetteer, EMPTY)
    assert {kind for _, kind, _ in events(parse, before)} >= {"ASSAULT"}
    parse, found = read_text(text, gazetteer)
    assert not {word for word, _, _ in events(parse, found)} & {"attacked", "signed"}


def test_an_actor_has_its_country_and_sector_under_every_name(gazetteer: Gazetteer) -> None:
    for name in ("Sahel Dawn Front", "Dawn Front", "SDF"):
        _, found = read_text(f"The {name} killed five soldiers on Monday.", gazetteer)
        held = entity(found, "Sahel Dawn Front")
        assert (held.entity_type, held.country_code, held.sector) == ("group", "MLI", "REB")
        assert held.key == "group:sahel dawn front|MLI"
        assert ("initiator", "Sahel Dawn Front", "MLI") in parties(found)


def test_a_surname_means_its_person(gazetteer: Gazetteer) -> None:
    _, found = read_text("Rebane condemned the shelling on Monday.", gazetteer)
    assert entity(found, "Anu Rebane").country_code == "EST"


@pytest.mark.parametrize(
    ("text", "day", "who"),
    [
        ("Estonia's foreign minister met Chad's president.", SPRING, "Anu Rebane"),
        ("Estonia's foreign minister met Chad's president.", AUTUMN, "Tarn Ilves"),
        ("The Estonian foreign minister met Chad's president.", SPRING, "Anu Rebane"),
        ("The former Estonian foreign minister met Chad's president.", SPRING, None),
        ("The Estonian deputy foreign minister met Chad's president.", SPRING, None),
        ("Latvia's foreign minister met Chad's president.", SPRING, None),
    ],
)
def test_an_office_is_who_holds_it_that_day(
    gazetteer: Gazetteer, text: str, day: dt.date, who: str | None
) -> None:
    _, found = read_text(text, gazetteer, day=day)
    named = {entity.name for entity in found.entities.entities}
    assert named & {"Anu Rebane", "Tarn Ilves"} == ({who} if who else set())


def test_sector_goes_with_the_office(gazetteer: Gazetteer) -> None:
    for day, sector in ((SPRING, "GOV"), (AUTUMN, "PTY")):
        _, found = read_text("Anu Rebane criticised Russia.", gazetteer, day=day)
        assert entity(found, "Anu Rebane").sector == sector


def test_places_of_ones_own_go_before_all_others(gazetteer: Gazetteer) -> None:
    text = "The army shelled Camp Tamour on Monday. He lived in Paris and in Tumbutu."
    _, found = read_text(text, gazetteer)
    assert [place.place_id for place in found.places] == [
        "own:camp-tamour", "own:paris-of-ours", "geonames:2449067",
    ]  # fmt: skip
    resources = Resources.load(gazetteer, DICTIONARY)
    row = resources.gazetteer.place("own:camp-tamour")
    assert (row.name, row.country_code, row.latitude) == ("Camp Tamour", "MLI", 17.1)
    assert resources.gazetteer.place("geonames:2449067").name == "Timbuktu"


def test_ignored_names_are_nobody_and_nowhere(gazetteer: Gazetteer) -> None:
    text = "Iron Bull condemned Russia in Helsinki on Monday."
    _, before = read_text(text, gazetteer, EMPTY)
    assert any("Iron Bull" in e.name for e in before.entities.entities) and before.places
    _, found = read_text(text, gazetteer)
    assert not any("Iron Bull" in one.name for one in found.entities.entities)
    assert all(place.place_id is None for place in found.places if place.country_code != "RUS")


def test_nothing_taught_is_left_behind(gazetteer: Gazetteer) -> None:
    read_text("The SDF met Anu Rebane.", gazetteer)
    assert lexicon() is packaged()
    _, found = read_text("The SDF attacked a village in Syria.", gazetteer, EMPTY)
    assert not any(one.country_code == "MLI" for one in found.entities.entities)
