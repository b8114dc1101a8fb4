"""Events of reports that people tied together or parted."""

from __future__ import annotations

import datetime as dt
import itertools
import random

from transforms.nlp.identity.assign import event_ids
from transforms.nlp.identity.decided import Tie, decided_ids

# Two trees, a ← b ← c and a ← d; e ← f. Letters are the order of publication.
PARENTS = {"a": None, "b": "a", "c": "b", "d": "a", "e": None, "f": "e"}
ORDER = {key: (dt.date(2026, 1, 1 + number), key, key) for number, key in enumerate("abcdef")}


def same(of: str, other: str) -> Tie:
    return Tie(True, tuple(of), tuple(other))


def apart(of: str, other: str) -> Tie:
    return Tie(False, tuple(of), tuple(other))


def groups(*ties: Tie) -> str:
    """The events as words, each of its reports."""
    ids = decided_ids(PARENTS, ORDER, ties)
    found: dict[str, str] = {}
    for key in sorted(ids):
        found[ids[key]] = found.get(ids[key], "") + key
    return " ".join(sorted(found.values()))


def test_nothing_said_is_what_was_joined() -> None:
    assert decided_ids(PARENTS, ORDER, []) == event_ids(PARENTS)
    assert groups() == "abcd ef"


def test_what_is_said() -> None:
    assert groups(same("f", "c")) == "abcdef"
    assert groups(apart("c", "a")) == "abd c ef"
    assert groups(apart("a", "b")) == "ad bc ef"
    assert groups(apart("d", "b")) == "abc d ef"
    assert groups(apart("c", "f")) == "abcd ef"  # they are
    assert groups(apart("c", "a"), same("c", "e")) == "abd cef"
    assert groups(same("c", "e"), apart("c", "f")) == "abcd ef"  # the later word counts
    assert groups(apart("c", "f"), same("c", "e")) == "abcdef"
    assert groups(apart("c", "a"), same("a", "c")) == "abcd ef"
    assert groups(same("z", "a"), apart("y", "b")) == "abcd ef"  # of reports that are not there


def test_all_near_copies_of_an_end_are_meant() -> None:
    assert groups(apart("cd", "a")) == "ab c d ef"
    assert groups(apart("bd", "a"), same("bd", "e")) == "a bcdef"


def test_an_event_has_the_id_of_its_first_report() -> None:
    plain = event_ids(PARENTS)
    ids = decided_ids(PARENTS, ORDER, [same("e", "c")])
    assert set(ids.values()) == {plain["a"]}


def test_order_of_the_reports_decides_nothing() -> None:
    chooser = random.Random(3)
    for _ in range(200):
        pairs = chooser.sample([*itertools.combinations("abcdef", 2)], 4)
        ties = [chooser.choice((same, apart))(*pair) for pair in pairs]
        turned = [Tie(tie.is_same, tie.other, tie.of) for tie in ties]
        keys = chooser.sample("abcdef", 6)
        shuffled = {key: PARENTS[key] for key in keys}
        assert decided_ids(shuffled, ORDER, turned) == decided_ids(PARENTS, ORDER, ties)
