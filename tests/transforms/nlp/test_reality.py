"""What is not done, not real, no act of the day or a figure of speech is never told as fact."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.transforms.nlp.event_cases import annotated, parses_of
from transforms.lexicons.loader import LexiconError, Row, parse_table
from transforms.nlp.events import unreal_rows
from transforms.nlp.events.reality import unreal

CASES = Path(__file__).parents[2] / "cases" / "told_as_fact.tsv"
COLUMNS = ["kind", "sentence", "word", "asserted"]
ROWS = list(parse_table(CASES.read_text("utf-8"), CASES.name, COLUMNS))

# Asserted as yet, by the first words of the sentence.
OPEN = (
    "Mozambique called a halt",
    "Djibouti withheld its consent",
    "Niue withdrew its offer",
    "A think tank modelled",
    "The documentary imagines",
    "The comic book shows",
    "In Act Two",
    "The dairy giant",
    "A simulation run in Tartu",
    "Volunteers dressed as gunmen",
)


@pytest.fixture(scope="module", autouse=True)
def _parse_together() -> None:
    parses_of([row["sentence"] for row in ROWS])


def named(row: Row) -> str:
    return f"{row['word']}: {row['sentence'][:60]}"


@pytest.mark.parametrize("row", [r for r in ROWS if r["asserted"] == "no"], ids=named)
def test_no_fact(row: Row, request: pytest.FixtureRequest) -> None:
    if row["sentence"].startswith(OPEN):
        request.applymarker(pytest.mark.xfail(strict=True))
    parse, _, events = annotated(row["sentence"])
    found = {
        (event.event_type, event.modality)
        for event in events
        if parse.lower[event.trigger_start] == row["word"]
    }
    assert all(modality != "asserted" for _, modality in found), found


@pytest.mark.parametrize("row", [r for r in ROWS if r["asserted"] == "yes"], ids=named)
def test_nothing_is_held_against_a_fact(row: Row) -> None:
    (parse,) = parses_of([row["sentence"]])
    assert unreal(parse, parse.lower.index(row["word"]), "ASSAULT") is None


def test_a_frame_holds_on_in_its_paragraph_for_what_is_told_in_the_present() -> None:
    (parse,) = parses_of(
        ["In the film, a general seizes power. Soldiers shoot the king. Police arrested the crew."]
    )
    at = parse.lower.index
    assert unreal(parse, at("shoot"), "ASSAULT") == "none"
    assert unreal(parse, at("arrested"), "COERCE") is None


@pytest.mark.parametrize(
    ("sentence", "word", "modality"),
    [
        ("Fifteen civilians were reportedly killed near Mosul.", "killed", "alleged"),
        ("Militants reportedly seized two villages and executed six men.", "executed", "alleged"),
        ("Keane is accused of killing two tourists in Cancun.", "killing", "alleged"),
        ("The minister claimed that rebels shelled the school.", "shelled", "alleged"),
        ("It is not clear if the gunmen killed the hostage.", "killed", "possible"),
        ("No attacks were reported in the city on Sunday.", "attacks", "negated"),
        ("Unions had planned more demonstrations for Friday.", "demonstrations", "planned"),
    ],
)
def test_hearsay_and_plans_have_their_modality(sentence: str, word: str, modality: str) -> None:
    (parse,) = parses_of([sentence])
    assert unreal(parse, parse.lower.index(word), "ASSAULT") == modality


def test_no_word_stands_twice_with_one_slot(monkeypatch: pytest.MonkeyPatch) -> None:
    told = "kind\twords\tslot\teffect\nverb\tcall\toff\tnegated\nverb\tput;call\ton|off\tplanned\n"
    lines = list(parse_table(told, "unreal.tsv", ["kind", "words", "slot", "effect"]))
    monkeypatch.setattr(unreal_rows, "table", lambda *_: lines)
    with pytest.raises(LexiconError, match=r"unreal\.tsv:3: verb 'call' stands twice with 'off'"):
        unreal_rows.rows.__wrapped__("verb")
