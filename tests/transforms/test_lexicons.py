"""Word lists and traits of event types: whole, asked for, mistakes named by file and line."""

from __future__ import annotations

import re

import pytest

from benchmarks.fitted import print_table
from tests.conftest import ROOT
from transforms import plover
from transforms.lexicons import loader
from transforms.lexicons.loader import LexiconError
from transforms.plover import event_types, having, values

NLP = ROOT / "transforms" / "nlp"
FITTED = ("event_dates.tsv", "event_places.tsv", "party_trees.tsv", "identity/agreement.tsv",
          "actors/salience.tsv")  # fmt: skip


def test_every_word_list_is_asked_for_by_the_module_it_names() -> None:
    for path in loader.names("words", ".tsv"):
        name = path.removeprefix("words/").removesuffix(".tsv")
        room = NLP.parent / name if name == "dictionary" else NLP / name
        for row in loader.table(path, ("list", "words")):
            module = room / f"{row['list'].split('.')[0]}.py"
            asked = f'"{path}", "{row["list"]}"'
            assert asked in module.read_text("utf-8"), f"{path}:{row.line}: nobody asks for it"


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ("a.b\tone;two\na.b\tthree\n", "x.tsv:3: 'a.b' stands twice"),
        ("a.b\tone;one\n", "x.tsv:2: 'a.b' holds a word twice"),
        ("a.b\tone;\n", "x.tsv:2: 'a.b' holds a word twice or an empty one"),
    ],
)
def test_mistakes_in_word_lists(monkeypatch: pytest.MonkeyPatch, rows: str, reason: str) -> None:
    monkeypatch.setattr(loader, "read_text", lambda _path: "list\twords\n" + rows)
    with pytest.raises(LexiconError, match=re.escape(reason)):
        loader._word_lists.__wrapped__("x.tsv")


def test_every_trait_is_asked_for() -> None:
    code = "\n".join(path.read_text("utf-8") for path in sorted(NLP.rglob("*.py")))
    for row in loader.table("event_types.tsv", ["trait", "types", "meaning"]):
        assert re.search(rf'(?:having|values)\("{row["trait"]}"\)', code), f"{row['trait']}: unused"
        assert row["meaning"]
        assert having(row["trait"]) <= event_types().keys()


def test_traits_have_values_where_given() -> None:
    assert values("family")["CONCEDE"] == "YIELD"
    assert values("mutual")["CONSULT"] == ""
    assert having("takes_back") == {"CONCEDE", "RETREAT"}


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ("x\tBEFRIEND\tm\n", "event_types.tsv:2: 'BEFRIEND' is no PLOVER type"),
        ("x\tAID\tm\nx\tAID\tm\n", "event_types.tsv:3: x stands twice"),
    ],
)
def test_mistakes_in_traits(monkeypatch: pytest.MonkeyPatch, rows: str, reason: str) -> None:
    event_types()  # read before the table is replaced
    text = "trait\ttypes\tmeaning\n" + rows
    monkeypatch.setattr(
        plover, "table", lambda path, columns: list(loader.parse_table(text, path, columns))
    )
    with pytest.raises(LexiconError, match=re.escape(reason)):
        plover._traits.__wrapped__()


@pytest.mark.parametrize("path", FITTED)
def test_a_fit_prints_its_lexicon_anew(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    lines = loader.read_text(path).splitlines()
    columns = next(number for number, line in enumerate(lines) if line[0] != "#")
    print_table(path, [line.split("\t") for line in lines[columns + 1 :]])
    assert capsys.readouterr().out.splitlines() == lines


def test_no_fit_prints_over_the_lexicon_it_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.fitted.read_text", lambda path: "")
    with pytest.raises(SystemExit, match=r"event_dates\.tsv has no columns"):
        print_table("event_dates.tsv", [])
