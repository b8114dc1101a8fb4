"""The gazetteer's bytes, read back; and our lists of places."""

from __future__ import annotations

import pytest

from transforms.gazetteer import (
    ADJECTIVE,
    ALIAS,
    PRIMARY,
    Gazetteer,
    GazetteerError,
    SourcePlace,
    encode,
    fold,
)
from transforms.lexicons import loader
from transforms.lexicons.loader import LexiconError
from transforms.nlp.places import sources


def places() -> list[SourcePlace]:
    return [
        SourcePlace("geonames:9", "Texas", "admin1", "USA", 31.3, -99.3, 0, 9_000,
                    admin1="geonames:9", parent="geonames:3", names={"Texas": PRIMARY}),
        SourcePlace("geonames:3", "United States", "country", "USA", None, None, 330, 990,
                    names={"United States": PRIMARY, "U.S.": ALIAS, "American": ADJECTIVE}),
        SourcePlace("geonames:20", "Saint-Étienne", "city", "FRA", 45.43, 4.39, 170_000, 170_000,
                    names={"Saint-Étienne": PRIMARY}),
        SourcePlace("geonames:100", "Paris", "city", "USA", 33.66, -95.56, 24_782, 24_782,
                    admin1="geonames:9", parent="geonames:9", names={"Paris": PRIMARY}),
        SourcePlace("dateline:west-sea", "West Sea", "region", "", 36.0, 123.0, 0, 5,
                    names={"West Sea": PRIMARY}),
    ]  # fmt: skip


@pytest.fixture
def gazetteer() -> Gazetteer:
    return Gazetteer(encode(places()))


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("St. Étienne", "saint etienne"),
        ("Ust-Kamenogorsk", "ust kamenogorsk"),
        ("U.S.", "us"),
        ("Xi’an", "xian"),
        ("Łódź", "lodz"),
        ("EDMONTON", "edmonton"),
    ],
)
def test_fold(name: str, folded: str) -> None:
    assert fold(name) == folded


def test_place_gives_the_columns_of_the_contract(gazetteer: Gazetteer) -> None:
    row = gazetteer.place("geonames:100")
    assert (row.name, row.place_type, row.country_code, row.admin1) == (
        "Paris", "city", "USA", "Texas",
    )  # fmt: skip
    assert row.latitude == pytest.approx(33.66, abs=1e-4)
    assert row.population == 24_782


def test_what_is_not_known_is_none(gazetteer: Gazetteer) -> None:
    sea = gazetteer.place("dateline:west-sea")
    assert (sea.country_code, sea.admin1, sea.population) == (None, None, None)
    country = gazetteer.place("geonames:3")
    assert (country.latitude, country.longitude) == (None, None)


def test_lookup_takes_any_spelling(gazetteer: Gazetteer) -> None:
    (hit,) = gazetteer.lookup("ST ETIENNE")
    assert gazetteer.id_of(hit.index) == "geonames:20"
    assert [c.kind for c in gazetteer.lookup("American")] == [ADJECTIVE]
    assert gazetteer.lookup("Atlantis") == ()


def test_longest_name_by_first_word(gazetteer: Gazetteer) -> None:
    assert gazetteer.longest("united") == 2
    assert gazetteer.longest("paris") == 1
    assert gazetteer.longest("nowhere") == 0


def test_every_id_is_found_again(gazetteer: Gazetteer) -> None:
    ids = [gazetteer.id_of(index) for index in range(len(gazetteer))]
    assert [gazetteer.index_of(place_id) for place_id in ids] == list(range(5))


@pytest.mark.parametrize("place_id", ["geonames:4", "geonames:1000", "dateline:a", "x"])
def test_unknown_id_raises(gazetteer: Gazetteer, place_id: str) -> None:
    with pytest.raises(KeyError):
        gazetteer.place(place_id)


def test_order_of_input_does_not_matter() -> None:
    assert encode(places()) == encode(places()[::-1])


def test_other_bytes_are_refused() -> None:
    with pytest.raises(GazetteerError):
        Gazetteer(b"not a gazetteer at all")


def test_doubled_id_and_unknown_type_are_refused() -> None:
    with pytest.raises(GazetteerError, match="share one id"):
        encode([*places(), places()[0]])
    odd = places()
    odd[0].place_type = "moon"
    with pytest.raises(GazetteerError, match="moon"):
        encode(odd)


def test_mistake_in_a_list_is_named_by_line(monkeypatch: pytest.MonkeyPatch) -> None:
    header = "id\tname\ttype\tcountry\tlatitude\tlongitude\tweight\taliases\tadjectives\n"
    line = "moon\tMoon\tregion\t-\t95\t0\t1\t-\t-\n"
    monkeypatch.setattr(
        loader,
        "table",
        lambda path, columns: list(loader.parse_table(header + line, path, columns)),
    )
    with pytest.raises(LexiconError, match=r"places/regions.tsv:2: latitude 95.0 is out of range"):
        sources.apply_lexicons({}, {})
