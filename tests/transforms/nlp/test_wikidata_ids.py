"""Ids are told where sources agree, and nobody's where they do not."""

from __future__ import annotations

from typing import Any

from benchmarks.wikidata_ids import bodies, territories


def operator(name: str, identifier: str, *places: str) -> dict[str, Any]:
    return {
        "locationSet": {"include": list(places)},
        "tags": {"operator": name, "operator:wikidata": identifier},
    }


def row(name: str, country: str, aliases: str = "-") -> dict[str, str]:
    return {"name": name, "country_code": country, "aliases": aliases}


def test_a_body_has_the_one_id_of_its_name_in_its_country() -> None:
    names = {
        "nsi": {
            "operators/office/government": {
                "items": [
                    operator("Border Guard", "Q1", "pl"),
                    operator("Border Guard", "Q2", "fi"),
                    operator("Twin", "Q3", "fr"),
                    operator("Twin", "Q4", "fr"),
                    operator("Charity", "Q5", "de-nw.geojson"),
                    operator("ICE", "Q6", "cr"),
                ]
            },
            "brands/shop/shoes": {"items": [operator("Boots", "Q7", "001")]},
        }
    }
    known = [
        row("Border Guard", "POL"),
        row("Twin", "FRA"),
        row("Charity", "-"),
        row("Immigration and Customs Enforcement", "USA", "ICE"),
        row("Boots", "GBR"),
    ]
    assert bodies(names, known) == {"Border Guard": "Q1"}


def test_a_country_has_an_id_that_two_sources_tell() -> None:
    borders = {
        "features": [
            {"properties": {"iso1A3": "PER", "wikidata": "Q419"}},
            {"properties": {"iso1A3": "CHL", "wikidata": "Q298"}},
            {"properties": {"nameEn": "European Union", "wikidata": "Q458"}},
        ]
    }
    other = [
        {"name": "Peru", "alpha3": "per", "qid": "Q419", "code": "pe"},
        {"name": "Chile", "alpha3": "chl", "qid": "Q1", "code": "cl"},
        {"name": "European Union", "qid": "Q458", "code": "eu"},
    ]
    assert territories(borders, other) == ({"PER": "Q419"}, {"European Union": "Q458"})
