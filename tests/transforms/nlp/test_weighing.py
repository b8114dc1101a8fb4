"""`tests/cases/typed_by_verb.tsv`: acts whose type their verb says, with its complements."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from tests.transforms.nlp.event_cases import annotated, parses_of
from transforms.nlp.annotations import EntityLayer
from transforms.nlp.clauses.arguments import Clauses
from transforms.nlp.clauses.predicates import load_lexicon
from transforms.nlp.events.senses import Senses
from transforms.nlp.events.weighing import weighed
from transforms.nlp.reader.features import TYPES
from transforms.nlp.reader.read import ReadTrigger

CASES = Path(__file__).parents[2] / "cases" / "typed_by_verb.tsv"

# Not yet as they should be; a case that comes right is to be taken out of here (strict).
OPEN = {
    "Dockers in Antwerp have suspended a three-day strike against the port authority.",
    "The governor of Mombasa bowed to demands by traders for a new market.",
    "Kazakhstan gave Kyrgyz farmers until Friday to remove their cattle.",
}


@cache
def cases() -> list[dict[str, str]]:
    lines = [line for line in CASES.read_text("utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, marks=pytest.mark.xfail(strict=True) if case["text"] in OPEN else ())
        for case in cases()
    ],
    ids=lambda case: case["text"][:50],
)
def test_a_verb_says_the_type(case: dict[str, str]) -> None:
    parses_of([one["text"] for one in cases()])
    parse, _, events = annotated(case["text"])
    found = {e.event_type for e in events if parse.words[e.trigger_start] == case["word"]}
    assert found & set(case["types"].split(";")), found


def test_the_chance_of_no_event_stays() -> None:
    parse = parses_of(["Romania deployed two frigates to the Black Sea."])[0]
    lexicon = load_lexicon()
    senses = Senses(Clauses(parse, EntityLayer([], []), lexicon), lexicon)
    types = np.full(1 + len(TYPES), 0.7 / len(TYPES), np.float32)
    types[0] = 0.3
    trigger = ReadTrigger(1, types, np.full(6, 1 / 6, np.float32), 0)
    (told,) = weighed([trigger], senses, 0.5)
    assert told.event_type == "MOBILIZE"
    assert told.types[0] == pytest.approx(0.3)
    assert told.types.sum() == pytest.approx(1.0)
    assert trigger.types[1] == pytest.approx(0.7 / len(TYPES)), "the reading stays as it was"
    assert weighed([trigger], senses, 0.8) == [trigger], "not looked up below the limit"
