"""Likeness of texts under one headline."""

from __future__ import annotations

import pytest

from transforms.versions import likeness, word_pairs

LONG = (
    "The prime minister met union leaders on Tuesday for talks on pay, officials said. Nurses and "
    "teachers have been on strike for nine days. The finance ministry offered four percent, and "
    "the unions asked for eight. Schools in the capital stay closed until Thursday at the least."
)


@pytest.mark.parametrize(
    ("one", "other", "versions"),
    [
        (LONG, LONG.replace("nine", "ten").replace("four percent", "five percent"), True),
        (LONG, LONG + " " + LONG.upper().lower()[::-1], True),
        (LONG[:150], LONG, True),
        ("Kenya recalled its envoy from Oslo on Monday, the ministry said.",
         "Gabon recalled its envoy from Rome on Friday, the ministry said.", False),
        ("An error in a report on Norway is corrected here. It was Sweden.",
         "A report on the budget of Malta gave a wrong figure on Tuesday.", False),
        ("", "", True),
    ],
)  # fmt: skip
def test_likeness(one: str, other: str, versions: bool) -> None:
    assert (likeness(word_pairs(one), word_pairs(other)) > 0) == versions
