"""Every country code that one table gives has its row in every table that is asked for it.

A real article that names Dominica once ended in `KeyError: 'DMA'`, and 57 other names with it.
"""

from __future__ import annotations

from importlib import resources

from flows.resources.gazetteer import open_gazetteer
from transforms.nlp.names.actors import lexicon
from warehouse import codes


def given() -> dict[str, str]:
    """Country code → who gives it: the gazetteer, or a lexicon with a column of countries."""
    found = dict.fromkeys(filter(None, open_gazetteer()._countries), "the gazetteer")
    root = resources.files("transforms.lexicons")
    for folder in ("actors", "places"):
        for item in (root / folder).iterdir():
            if not item.name.endswith(".tsv"):
                continue
            lines = [line.split("\t") for line in item.read_text("utf-8").splitlines()
                     if line and not line.startswith("#")]  # fmt: skip
            for column in {"country", "country_code"}.intersection(lines[0]):
                at = lines[0].index(column)
                for cells in lines[1:]:
                    if cells[at] != "-":
                        found.setdefault(cells[at], f"{folder}/{item.name}")
    return found


def test_no_code_is_missing() -> None:
    wanted = given()
    assert len(wanted) > 245
    tables = {
        "transforms/lexicons/actors/countries.tsv": set(lexicon().countries),
        "warehouse/codes/countries.tsv": {row[0] for row in codes.read("countries.tsv")[2]},
    }
    for path, known in tables.items():
        lost = {code: by for code, by in wanted.items() if code not in known}
        assert not lost, f"add to {path}: {lost}"
