"""What courtesy puts before a name is no part of it: one person in an article and across them."""

from __future__ import annotations

import pytest

from benchmarks.annotate import annotate
from tests.transforms.nlp.event_cases import parses_of
from transforms.nlp.entities.people import person_key

FRAMES = (
    "Prime Minister {title} {name} met French officials in Paris on Monday, the ministry said.",
    "The British foreign secretary, {title} {name}, met French officials in Paris on Monday.",
    "French officials met {title} {name} in Paris on Monday, the ministry said.",
    "Britain's Lord {title} {name} was arrested by police in London on Monday.",
)
TITLES = (
    "Sir", "Dame", "Dr", "Dr.", "Lord", "Baroness", "Rt Hon", "Hon.", "Gen.", "Lt. Gen.", "Sheikh",
    "Sheikha", "Alhaji", "Maulana", "Mufti", "Frau",
)  # fmt: skip
NAMES = ("Keir Starmer", "Alan Whitcombe")


@pytest.mark.parametrize("title", TITLES)
def test_a_title_makes_no_second_person(title: str) -> None:
    texts = [frame.format(title=title, name=name) for frame in FRAMES for name in NAMES]
    names = [name for _ in FRAMES for name in NAMES]
    for name, parse in zip(
        names,
        parses_of(
            [
                f"{text}\n\n{name} said the talks were useful. {title} {name.split()[1]} left."
                for text, name in zip(texts, names, strict=True)
            ]
        ),
        strict=True,
    ):
        found = [e.name for e in annotate(parse).entities.entities if name.split()[1] in e.name]
        assert found == [name], parse.text


@pytest.mark.parametrize("title", ["Sir", "Dame", "Lord", "Dr.", "Alhaji", "Rt Hon", "Sir Dr"])
def test_courtesy_is_no_part_of_a_key(title: str) -> None:
    assert person_key(f"{title} Alan Whitcombe") == person_key("Alan Whitcombe")
    assert person_key("Dame") == "dame"
