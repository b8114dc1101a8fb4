"""Names on sentences of our own, read by the model: what is found, as what, and what is none."""

from __future__ import annotations

import pytest

from benchmarks.annotate import names_of
from tests.transforms.nlp.event_cases import parses_of
from transforms.nlp.names.model import model_names

SENTENCES = (
    "Fighters entered the village of Tel Rashwan near Mount Kareem on Sunday.",  # 0
    "Soldiers of the 14th Mountain Brigade and Task Force 61 left Camp Falcon.",  # 1
    "Engineers repaired the Kerwan Dam and the Orlik Bridge.",  # 2
    "Colonel Kim Do-hyun met Laith Abu Jubran al-Dulaimi in Baghdad.",  # 3
    "The minister joined Operation Desert Lion aboard HMS Dauntless.",  # 4
    "Parliament passed the Water Security Act and the Bolen Agreement on Easter Monday.",  # 5
    "US Secretary of State Marco Rubio and Defence Minister Camilo Restrepo Duque spoke.",  # 6
    "The state news agency Tulna reported it. Tulna gave no source.",  # 7
    "The Middle East envoy said al-Qaeda in the Arabian Peninsula had claimed the attack.",  # 8
    "Tukani Barsu, who leads the tribe, agreed. Barsu was a teacher. His wife wept.",  # 9
    "He lives in Woodbridge, Virginia, and works for Lockheed Martin.",  # 10
    "The Lee-led team praised the Obama-era rules.",  # 11
    "The Coalition said 16 Coalition aircraft took part.",  # 12
    "A court in New Mexico and the government of British Columbia objected.",  # 13
    "The Green Hill Party candidate Jill Marsden thanked U.S.-led forces.",  # 14
    "Police arrested al-Harbawi, a cleric, in As-Suqayrah.",  # 15
    "The minister met el-Tamimi in Az-Zubaydiya.",  # 16
    "Reporters asked as-Sadri about the fighters of al-Dulaymi's tribe.",  # 17
    "A court in Ash-Shamiya sentenced al-Jubrani to death; al-Makhoul was freed.",  # 18
)
FOUND = [
    (0, "Tel Rashwan", "GPE"),
    (0, "Mount Kareem", "LOC FAC GPE"),
    (1, "14th Mountain Brigade", "ORG"),
    (1, "Task Force 61", "ORG"),
    (1, "Camp Falcon", "FAC GPE"),
    (2, "Kerwan Dam", "FAC LOC GPE"),
    (2, "Orlik Bridge", "FAC LOC GPE"),
    (3, "Kim Do-hyun", "PERSON"),
    (3, "Laith Abu Jubran al-Dulaimi", "PERSON"),
    (6, "Marco Rubio", "PERSON"),
    (6, "Camilo Restrepo Duque", "PERSON"),
    (7, "Tulna", "ORG"),
    (8, "al-Qaeda in the Arabian Peninsula", "ORG"),
    (10, "Virginia", "GPE"),
    (10, "Lockheed Martin", "ORG"),
    (13, "New Mexico", "GPE"),
    (13, "British Columbia", "GPE"),
    (14, "Jill Marsden", "PERSON"),
    (15, "al-Harbawi", "PERSON"),  # the article was cut off, of eight of these nine
    (15, "As-Suqayrah", "PERSON GPE"),
    (16, "el-Tamimi", "PERSON"),
    (16, "Az-Zubaydiya", "GPE"),
    (17, "as-Sadri", "PERSON"),
    (17, "al-Dulaymi", "PERSON"),
    (18, "Ash-Shamiya", "GPE"),
    (18, "al-Jubrani", "PERSON"),
    (18, "al-Makhoul", "PERSON"),
]
NONE = [
    (4, "Operation Desert Lion"), (4, "Desert Lion"), (4, "Dauntless"), (4, "HMS Dauntless"),
    (5, "Water Security Act"), (5, "Bolen Agreement"), (5, "Easter"),
    (6, "State"), (6, "Defence"), (11, "Lee-led"), (11, "Obama-era"), (13, "Mexico"),
    (13, "British"), (14, "U.S.-led"),
]  # fmt: skip


@pytest.fixture(scope="module")
def names() -> list[list[tuple[str, str]]]:
    held = parses_of(list(SENTENCES))
    return [[(p.span_text(s.start, s.end), s.label) for s in names_of(p)] for p in held]


@pytest.mark.parametrize(("number", "text", "label"), FOUND)
def test_a_name_is_found_whole_with_its_label(
    names: list[list[tuple[str, str]]], number: int, text: str, label: str
) -> None:
    assert any((text, one) in names[number] for one in label.split()), names[number]


@pytest.mark.parametrize(("number", "text"), NONE)
def test_what_is_no_actor_is_no_name(
    names: list[list[tuple[str, str]]], number: int, text: str
) -> None:
    assert text not in {name for name, _ in names[number]}, names[number]


_PERSON = pytest.mark.xfail(reason="the reader takes the second for a person", strict=True)


@pytest.mark.parametrize(
    ("number", "name"), [pytest.param(7, "Tulna", marks=_PERSON), (12, "Coalition")]
)
def test_one_name_one_label_throughout(
    names: list[list[tuple[str, str]]], number: int, name: str
) -> None:
    assert [label for text, label in names[number] if text == name] == ["ORG", "ORG"]


def test_no_name_goes_over_the_end_of_a_sentence() -> None:
    """Whatever the model takes for one: a caption above a product's name."""
    (parse,) = parses_of(["Kim Barsu came.\n\nLockheed Martin builds aircraft."])
    first = parse.words.index("Barsu") - 1
    parse.ents[:] = [(first, parse.words.index("Martin") + 1, "PERSON")]
    found = list(model_names(parse))
    assert found
    assert all(parse.sent_of[name.start] == parse.sent_of[name.end - 1] for name in found)
