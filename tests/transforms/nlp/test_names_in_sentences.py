"""A name ends with its sentence, whatever the reader or a list takes for one."""

from __future__ import annotations

import pytest

from tests.transforms.nlp.event_cases import parses_of
from transforms.nlp.extract import names_and_times
from transforms.nlp.reader.read import Reading, ReadName

# A headline and the line behind it, which begins with the second part.
RUN_ON = [
    ("Operations against ISIL Terrorists", "Navy officers died on Monday.", "ORG"),
    ("The envoys flew to New", "York was quiet on Monday.", "PLACE"),
    ("Soldiers fought near South", "Sudan called for talks on Monday.", "PLACE"),
    ("A visit by Li Wei", "Zhang Min stayed away on Monday.", "PERSON"),
]


@pytest.mark.parametrize(("headline", "line", "label"), RUN_ON)
@pytest.mark.parametrize("is_seen", [True, False], ids=["seen", "listed"])
def test_no_name_leaves_its_sentence(headline: str, line: str, label: str, is_seen: bool) -> None:
    (parse,) = parses_of([f"{headline}\n\n{line}"])
    edge = parse.sents[0].end
    assert parse.words[edge] == line.split()[0]
    seen = [ReadName(edge - 2, edge + 1, label, 0.9)] if is_seen else []
    names, _ = names_and_times(parse, Reading(parse, names=seen), None)
    assert not [name for name in names if name.start < edge < name.end]
