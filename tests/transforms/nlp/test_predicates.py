"""The predicate lexicon: size, spread, and errors by file and line."""

from __future__ import annotations

import pytest

from benchmarks.check_lexicon import fires, forestalled
from tests.transforms.nlp.event_cases import parses_of
from transforms.lexicons.loader import LexiconError
from transforms.nlp.clauses.predicates import (
    COLUMNS,
    alike,
    build_lexicon,
    governors,
    inflected,
    load_lexicon,
)
from transforms.plover import event_types

HEADER = "\t".join(COLUMNS) + "\n"


def test_lexicon_has_1500_senses_over_all_types() -> None:
    """Every type has senses, and all together 1,500 at least."""
    lexicon = load_lexicon()
    assert len(lexicon.senses) >= 1500
    assert {sense.event_type for sense in lexicon.senses} == set(event_types())


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("Meet\tverb\t-\t040\tsubj\tobj\t-\tThey met.", "lower-case"),
        ("meet\tadverb\t-\t040\tsubj\tobj\t-\tThey met.", "pos"),
        ("meet\tverb\tparty\t040\tsubj\tobj\t-\tThey met.", "mode"),
        ("meet\tverb\t-\t999\tsubj\tobj\t-\tThey met.", "CAMEO"),
        ("meet\tverb\t-\t040\tsubject\tobj\t-\tThey met.", "slot"),
        ("meet\tverb\t-\t040\tsubj\tobj\tobj:@nowhere\tThey met.", "class"),
        ("meet\tverb\t-\t040\tsubj\tobj\t-\t-", "example"),
        ("talk\tlight\t-\t040\tsubj\tobj\t-\tThey talk.", "light"),
    ],
)
def test_mistakes_are_named_by_line(row: str, reason: str) -> None:
    """Each cell is checked when the file is read."""
    with pytest.raises(LexiconError, match=reason) as caught:
        build_lexicon([("predicates/consult.tsv", HEADER + row + "\n")], {})
    assert caught.value.line == 2


def test_slots_may_be_alternatives_in_a_condition() -> None:
    """`over|on:country` holds when either slot does."""
    row = "fall out\tverb\t-\t040\tsubj\twith\tover|on:country\tThey fell out over Spain.\n"
    lexicon = build_lexicon([("predicates/reject.tsv", HEADER + row)], {})
    assert lexicon.senses[0].tests[0].slots == ("over", "on")


def test_forms_of_verbs() -> None:
    """Forms by which a verb is found when the tagger's lemma is wrong."""
    assert {"dined", "dining"} <= set(inflected("dine"))
    assert {"carries", "carried"} <= set(inflected("carry"))
    assert "forgave" in inflected("forgive")


def test_governors_name_known_modalities() -> None:
    """The modality table uses the contract's values only."""
    known = {"asserted", "planned", "possible", "alleged", "denied", "negated"}
    assert {rule[0] for rule in governors().values()} <= known


@pytest.mark.parametrize("step", [3, pytest.param(1, marks=pytest.mark.slow)])
def test_senses_fire_in_their_own_examples(step: int) -> None:
    """Every entry is reachable: a sense of its type and mode fires in its example (`make lexicon`
    tries all, a minute).

    Three in a hundred may be shadowed by another sense of its type.
    """
    lexicon = load_lexicon()
    senses = lexicon.senses[::step]
    silent = [
        f"{sense.path}:{sense.line} {sense.example}"
        for sense, parse in zip(senses, parses_of([s.example for s in senses]), strict=True)
        if not fires(sense, parse, lexicon)[0]
    ]
    assert len(silent) <= 0.03 * len(senses), "\n".join(silent)


def test_every_sense_can_be_chosen() -> None:
    """No better sense holds wherever it does."""
    hidden = forestalled(load_lexicon())
    shown = [f"{sense.path}:{sense.line} gives way to {better.name}" for sense, better in hidden]
    assert not shown, "delete them:\n" + "\n".join(shown)


@pytest.mark.parametrize(
    ("better", "sense", "never"),
    [
        ("hit\tverb\t-\t190\tsubj\tobj\t-", "hit\tverb\t-\t190\tsubj\twith\t-", False),
        ("hit\tverb\t-\t190\tsubj\tobj\t-", "hit\tverb\t-\t190\tsubj\tobj\tsubj:org", False),
        ("hit\tverb\t-\t190\tsubj\tobj\t-", "hit\tverb\tbeat\t182\tsubj\tobj\t-", True),
        ("hit on\tverb\t-\t190\tsubj\tobj\t-", "hit at\tverb\t-\t190\tsubj\tobj\t-", False),
        ("hit\tverb\t-\t190\tsubj\tobj\tobj:org|person", "hit\tverb\t-\t190\tsubj\tobj\tobj:org",
         True),
        ("hit\tverb\t-\t190\tsubj\tobj\tobj:org", "hit\tverb\t-\t190\tsubj\tobj\tobj:person",
         False),
        ("hit\tverb\t-\t190\tsubj\tobj\tobj:org", "hit\tverb\t-\t190\tsubj\tobj\tsubj:org", False),
        ("hit\tverb\t-\t190\tsubj\tobj\t!obj:org", "hit\tverb\t-\t190\tsubj\tobj\t!obj", True),
        ("hit\tverb\t-\t190\tsubj\tobj\t!obj", "hit\tverb\t-\t190\tsubj\tobj\t!obj:org", False),
        ("hit\tverb\t-\t190\tsubj\tobj\tsubj", "@blow\tverb\t-\t190\tsubj\tobj\tsubj", True),
        ("hit\tverb\t-\t190\tsubj\tobj\tsubj", "@beat\tverb\t-\t190\tsubj\tobj\tsubj", False),
    ],
)  # fmt: skip
def test_what_forestalls_a_sense(better: str, sense: str, never: bool) -> None:
    """The same words and no condition that the other has not."""
    classes = {"blow": frozenset({"hit"}), "beat": frozenset({"hit", "beat"})}
    rows = "".join(f"{row}\tThey hit Spain.\n" for row in (better, sense))
    lexicon = build_lexicon([("predicates/assault.tsv", HEADER + rows)], classes)
    assert bool(forestalled(lexicon)) == never


def test_word_lists_give_way_to_words() -> None:
    """A sense that names its verb beats one that takes it from a list."""
    rows = (
        "@blow\tverb\t-\t190\tsubj\tobj\tsubj:actor\tThey hit Spain.\n"
        "hit\tverb\taerial\t195\tsubj\tobj\tsubj:actor\tThey hit Spain.\n"
    )
    lexicon = build_lexicon(
        [("predicates/assault.tsv", HEADER + rows)], {"blow": frozenset({"hit"})}
    )
    assert [sense.predicate for sense in lexicon.verbs["hit"]] == ["hit", "@blow"]


def test_a_named_word_stands_for_its_like_unless_negated() -> None:
    """`obj:=border` takes a frontier; `obj:!=border` bars the border alone."""
    rows = (
        "reinforce\tverb\t-\t154\tsubj\tobj\tobj:=border\tIran reinforced its border.\n"
        "cross\tverb\t-\t154\tsubj\tobj\tobj:!=border\tTanks crossed the river.\n"
    )
    first, second = build_lexicon([("predicates/mobilize.tsv", HEADER + rows)], {}).senses
    assert {"border", "frontier"} <= first.tests[0].words
    assert second.tests[0].words == {"border"}


def test_words_alike_stand_on_one_line_each() -> None:
    """Every word of `alike.tsv` has others beside it."""
    assert all(len(group) > 1 and word in group for word, group in alike().items())
