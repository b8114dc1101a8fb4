"""Frames: who acts and who undergoes, whatever the voice and the clause."""

from __future__ import annotations

import pytest

from benchmarks.annotate import annotate
from tests.transforms.nlp.event_cases import parses_of
from transforms.nlp.annotations import EntityLayer
from transforms.nlp.clauses.arguments import Clauses
from transforms.nlp.clauses.predicates import Lexicon, load_lexicon

FRAMES = [
    ("Rebels shelled the town.", "shelled", ["Rebels"], ["town"]),
    ("The town was shelled by rebels.", "shelled", ["rebels"], ["town"]),
    ("The rebels, who shelled the town, fled.", "shelled", ["rebels"], ["town"]),
    ("The town that rebels shelled is empty.", "shelled", ["rebels"], ["town"]),
    ("Rebels entered the valley and shelled the town.", "shelled", ["Rebels"], ["town"]),
    ("The general wants to shell the town.", "shell", ["general"], ["town"]),
    ("The general ordered the troops to shell the town.", "shell", ["troops"], ["town"]),
    ("The judge accused the rebels of shelling the town.", "shelling", ["rebels"], ["town"]),
    ("After shelling the town, rebels fled.", "shelling", ["rebels"], ["town"]),
    ("The miners were forced to leave by rebels.", "forced", ["rebels"], ["miners"]),
    ("The rebels are guilty of shelling the town.", "shelling", ["rebels"], ["town"]),
    ("EU, Japan sign trade accord", "sign", ["EU", "Japan"], ["accord"]),
    (
        "A band of herders hacked to death 14 villagers with machetes.",
        "hacked",
        ["herders"],
        ["villagers"],
    ),
]


@pytest.mark.parametrize(("text", "word", "subjects", "objects"), FRAMES)
def test_frame(text: str, word: str, subjects: list[str], objects: list[str]) -> None:
    """The verb's subject and object heads."""
    parse = parses_of([text])[0]
    layer = annotate(parse).entities
    frame = Clauses(parse, layer, Lexicon()).verb(parse.words.index(word))
    assert [parse.words[t] for t in frame.subj] == subjects
    assert [parse.words[t] for t in frame.obj] == objects


def test_quantity_stands_for_what_it_counts() -> None:
    """ "Dozens of priests" are priests."""
    parse = parses_of(["Police arrested dozens of priests."])[0]
    frame = Clauses(parse, EntityLayer(), Lexicon()).verb(parse.words.index("arrested"))
    assert [parse.words[t] for t in frame.obj] == ["priests"]


def test_transfer_takes_its_own_goal() -> None:
    """A "to" that the parser hangs on a word in between is the verb's; one of a participle not."""
    texts = [
        "The museum returned a bust of Caesar the general to Tunisia.",
        "The museum returned a bust belonging to Tunisia.",
    ]
    frames = []
    for parse in parses_of(texts):
        layer = annotate(parse).entities
        frame = Clauses(parse, layer, load_lexicon()).verb(parse.words.index("returned"))
        frames.append([parse.words[t] for t in frame.preps.get("to", ())])
    assert frames == [["Tunisia"], []]
