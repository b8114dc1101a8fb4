"""`tests/cases/whose_army.tsv`: whom nouns and pronouns of short passages mean."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from benchmarks.annotate import annotate
from benchmarks.score_coreference import judge, passages
from tests.transforms.nlp.event_cases import parses_of
from transforms.lexicons.loader import LexiconError, parse_table
from transforms.nlp.entities import pronouns
from transforms.nlp.entities.table import EntityTable
from transforms.nlp.parsing.parse import Parse

# Text and subject of those that are not yet as they should be (strict).
OPEN: set[tuple[str, str]] = {
    ("Police clashed with students in Dhaka on", "They"),
    ("TotalEnergies suspended work at its site", "The French company"),
    ("Haiti asked Kenya for police. The govern", "The government"),
    ("The Philippines and China traded accusat", "The coast guard"),
    ("Peru's government declared an emergency ", "they"),
    ("Myanmar's junta freed 200 prisoners on M", "it"),
    ("Yemen's government and the Houthi moveme", "The movement"),
    ('"They came at night and took my sons," s', "They"),
    ("Soldiers opened fire on protesters in Co", "They"),
    ("Nissan will cut 9,000 jobs, it said on T", "The carmaker"),
    ("Rwanda denied that its troops were in Co", "The army"),
    ("Cameroon's separatists burned a school i", "the rebels"),
    ("The International Criminal Court issued ", "its"),
    ("A court in Tunis jailed Rached Ghannouch", "it"),
}


def _params() -> Sequence[object]:
    found: list[object] = []
    for number, case in enumerate(passages()):
        is_open = (case["text"][:40], case["subject"]) in OPEN
        marks = [pytest.mark.xfail(reason="open", strict=True)] if is_open else []
        found.append(pytest.param(case, id=f"{case['set']}-{number}", marks=marks))
    return found


@pytest.mark.parametrize("case", _params())
def test_whose_army(case: dict[str, str]) -> None:
    parses_of(list(dict.fromkeys(case["text"] for case in passages())))  # all at once
    (parse,) = parses_of([case["text"]])
    assert judge(case, parse, annotate(parse)) == "right"


def test_every_sign_has_one_weight() -> None:
    assert all(weight for weight in pronouns.weights().values())
    with pytest.raises(LexiconError):
        list(parse_table("sign\tweight\the\n", "salience.tsv", ("sign", "weight")))


def test_a_country_has_the_id_that_published_data_tell() -> None:
    table = EntityTable(Parse(""), [], [])
    held = [table.layer.entities[table.country(code)] for code in ("KEN", "ANT")]
    told = [entity.kb_id for entity in held]
    assert told == ["wikidata:Q114", None]  # two sources agree on Kenya, none on the Antilles
