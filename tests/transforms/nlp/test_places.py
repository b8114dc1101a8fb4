"""Toponyms found, resolved and given to events, on sentences of our own."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.annotate import annotate
from tests.transforms.nlp.event_cases import parses_of
from transforms.gazetteer import Gazetteer
from transforms.nlp.annotations import PlaceMention
from transforms.nlp.parsing.parse import Parse
from transforms.nlp.places import locate_event

CASES = [
    line.split("\t")
    for line in (Path(__file__).parents[2] / "cases" / "event_places.tsv")
    .read_text("utf-8")
    .splitlines()
    if line and not line.startswith("#")
][1:]

ARTICLES = {
    "texas": "A fire broke out in Paris, Texas. Firefighters in Paris came from Lamar County.",
    "france": "The French president spoke in Paris. France will vote in May.",
    "kentucky": "Police in Metcalfe County, Kentucky, searched a house near Edmonton on Monday.",
    "demonym": "Turkish troops crossed the border. Turks cheered. He speaks fluent French.",
    "person": "Jordan Smith, a lawyer, said that Smith was ill.",
    "georgia": "Voters in Atlanta and Savannah, Georgia, queued. Georgia counts early ballots.",
    "caucasus": "Georgia and Armenia share a border. Protests went on in Tbilisi, Georgia.",
    "sea": "The ships met in the West Sea near the Korean Peninsula.",
    "canada": "Officials in Edmonton, Alberta, warned of snow. Calgary and Red Deer were hit.",
    "abbreviation": "The U.S. and the UK agreed. He told us about the flight to L.A. on Monday.",
    "joined": "A U.S.-led coalition bombed a depot. An E-mail from a Turkey-based group said so.",
    "province": "The twins were born in Brandon, Man. Their mother came home in May.",
    "namesake": "The fair returns to Lebanon on Friday. Tickets are sold by the city of Lebanon.",
    "someone": "He was beaten by a Canadian. Both the French and Spanish governments objected.",
    "dash": "He lost two of the states won by Mr Trump - Wisconsin and Ohio - in May.",
    "unknown": "Shells fell in Qwyzhorovka on Monday.",
}


@pytest.fixture(scope="session")
def parsed() -> dict[str, Parse]:
    texts = [*ARTICLES.values(), *dict.fromkeys(case[0] for case in CASES)]
    return dict(zip(texts, parses_of(texts), strict=True))


def mentions(
    name: str, parsed: dict[str, Parse], gazetteer: Gazetteer
) -> list[tuple[str, PlaceMention]]:
    parse = parsed[ARTICLES[name]]
    return [(parse.span_text(m.start, m.end), m) for m in annotate(parse).places]


def by_text(name: str, parsed: dict[str, Parse], gazetteer: Gazetteer) -> dict[str, str | None]:
    return {text: m.place_id for text, m in mentions(name, parsed, gazetteer)}


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 90


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[1]}: {case[0][:40]}")
def test_event_place(case: list[str], parsed: dict[str, Parse], gazetteer: Gazetteer) -> None:
    sentence, trigger, place, country = case
    parse = parsed[sentence]
    places = annotate(parse).places
    found = locate_event(parse, parse.words.index(trigger), places)
    if place == "-":
        assert found is None
        return
    assert found is not None
    mention = places[found]
    assert parse.span_text(mention.start, mention.end).removeprefix("the ") == place
    assert mention.country_code == (None if country == "-" else country)


def test_one_sense_per_article(parsed: dict[str, Parse], gazetteer: Gazetteer) -> None:
    ids = {m.place_id for text, m in mentions("texas", parsed, gazetteer) if text == "Paris"}
    assert ids == {"geonames:4717560"}


def test_a_bare_name_is_the_known_place(parsed: dict[str, Parse], gazetteer: Gazetteer) -> None:
    assert by_text("france", parsed, gazetteer)["Paris"] == "geonames:2988507"


def test_neighbouring_county_decides(parsed: dict[str, Parse], gazetteer: Gazetteer) -> None:
    assert by_text("kentucky", parsed, gazetteer)["Edmonton"] == "geonames:4290886"
    assert by_text("canada", parsed, gazetteer)["Edmonton"] == "geonames:5946768"


def test_demonym_points_at_country_but_is_no_site(
    parsed: dict[str, Parse], gazetteer: Gazetteer
) -> None:
    found = mentions("demonym", parsed, gazetteer)
    assert [(text, m.method, m.place_id) for text, m in found] == [
        ("Turkish", "demonym", "geonames:298795")
    ]
    parse = parsed[ARTICLES["demonym"]]
    places = [m for _, m in found]
    assert locate_event(parse, parse.words.index("crossed"), places) is None


def test_short_form_of_a_division_behind_a_town(
    parsed: dict[str, Parse], gazetteer: Gazetteer
) -> None:
    found = by_text("province", parsed, gazetteer)
    assert found["Man"] == "geonames:6065171"
    assert found["Brandon"] == "geonames:5907896"


def test_the_city_of_a_name_is_no_country(parsed: dict[str, Parse], gazetteer: Gazetteer) -> None:
    kinds = {m.place_type for text, m in mentions("namesake", parsed, gazetteer)}
    assert kinds == {"city"}


def test_one_person_and_two_governments_by_their_demonyms(
    parsed: dict[str, Parse], gazetteer: Gazetteer
) -> None:
    found = by_text("someone", parsed, gazetteer)
    assert {"Canadian", "French", "Spanish"} <= set(found)


def test_a_name_ends_at_a_dash(parsed: dict[str, Parse], gazetteer: Gazetteer) -> None:
    assert {"Wisconsin", "Ohio"} <= set(by_text("dash", parsed, gazetteer))


def test_names_of_people_are_no_places(parsed: dict[str, Parse], gazetteer: Gazetteer) -> None:
    assert mentions("person", parsed, gazetteer) == []


def test_country_or_state(parsed: dict[str, Parse], gazetteer: Gazetteer) -> None:
    assert by_text("georgia", parsed, gazetteer)["Georgia"] == "geonames:4197000"
    assert by_text("caucasus", parsed, gazetteer)["Georgia"] == "geonames:614540"


def test_regions_of_our_own(parsed: dict[str, Parse], gazetteer: Gazetteer) -> None:
    found = by_text("sea", parsed, gazetteer)
    assert "dateline:west-sea" in found.values()
    assert "dateline:korean-peninsula" in found.values()


def test_abbreviations(parsed: dict[str, Parse], gazetteer: Gazetteer) -> None:
    found = by_text("abbreviation", parsed, gazetteer)
    assert found["U.S."] == "geonames:6252001"
    assert found["UK"] == "geonames:2635167"
    assert "us" not in found


def test_a_place_joined_by_a_dash(parsed: dict[str, Parse], gazetteer: Gazetteer) -> None:
    codes = [m.country_code for _, m in mentions("joined", parsed, gazetteer)]
    assert codes == ["USA", "TUR"]


def test_unknown_place_stays_without_id(parsed: dict[str, Parse], gazetteer: Gazetteer) -> None:
    assert by_text("unknown", parsed, gazetteer).get("Qwyzhorovka", "missing") in {None, "missing"}
