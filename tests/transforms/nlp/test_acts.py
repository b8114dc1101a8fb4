"""Words for one act: by line of the lexicon, by derivation, behind a light verb."""

from __future__ import annotations

import pytest

from tests.transforms.nlp.event_cases import parses_of
from transforms.lexicons.loader import LexiconError, parse_table
from transforms.nlp.identity.acts import COLUMNS, act_word, acts_of, stem, words_of


@pytest.mark.parametrize(
    ("one", "two"),
    [("attack", "raid"), ("negotiate", "negotiation"), ("shoot", "shooting"), ("kill", "slaying"),
     ("arrest", "detention"), ("earthquake", "quake"), ("operate", "operation")],
)  # fmt: skip
def test_words_of_one_act(one: str, two: str) -> None:
    assert acts_of(one) & acts_of(two)


@pytest.mark.parametrize(
    ("one", "two"), [("attack", "meet"), ("arrest", "charge"), ("kill", "injure")]
)
def test_words_of_two_acts(one: str, two: str) -> None:
    assert not acts_of(one) & acts_of(two)


def test_short_words_keep_their_ending() -> None:
    """No stem of two letters, no "stat" for "station"."""
    assert stem("king") == "king"
    assert stem("station") == "station"


def test_light_verbs_leave_the_act_to_their_noun() -> None:
    (parse,) = parses_of(["The rebels launched a new attack and killed ten soldiers."])
    words = {word: index for index, word in enumerate(parse.words)}
    assert act_word(parse, words["launched"], words["attack"] + 1) == "attack"
    assert act_word(parse, words["killed"], words["killed"] + 1) == "kill"


@pytest.mark.parametrize("line", ["hit\tstrike", "hit\tstrike strike", "hit\tStrike hit", "\ta b"])
def test_mistakes_are_named_by_line(line: str) -> None:
    with pytest.raises(LexiconError, match=r"acts\.tsv:2"):
        words_of(parse_table(f"act\twords\n{line}\n", "acts.tsv", COLUMNS))
