"""The lines of `corrections.jsonl`, and where the words they name stand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from flows.resources.corrections import add_corrections, read_corrections
from transforms.corrections.binding import Book, merged, place_of
from transforms.corrections.decisions import (
    Anchor,
    days,
    decision,
    read_line,
    standing,
)
from warehouse.errors import DatelineError

SENTENCE = "Polizei in Zürich nahm “Łódź” 🙂 fest."
OF: dict[str, Any] = {
    "article": "a1",
    "sentence": SENTENCE,
    "text": "nahm",
    "start": 18,
    "before": "Er ging. ",
}
READ = {"type": "COERCE", "modality": "asserted", "initiators": [{"text": "Polizei", "start": 0}]}


def line(say: str = "right", at: str = "2026-04-01T00:00:00Z", **values: Any) -> str:
    held = {"at": at, "say": say, "of": OF, "read": READ, **values}
    return json.dumps({key: value for key, value in held.items() if value is not None})


def test_a_line_is_read_as_it_was_written() -> None:
    made = read_line(line())
    again = read_line(made.line())
    assert again == made and again.correction_id == made.correction_id
    assert "\n" not in made.line() and "Zürich" in made.line() and "🙂" in made.line()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\n", ""])
def test_ends_of_lines_and_marks_of_order_say_nothing(tmp_path: Path, end: str) -> None:
    file = tmp_path / "corrections.jsonl"
    text = line() + (end or "\n") + line("wrong") + end
    file.write_bytes(b"\xef\xbb\xbf" + text.encode())
    held = read_corrections(file)
    assert [one.say for one in held.decisions.values()] == ["right", "wrong"]
    assert held.decisions.keys() == {
        read_line(line()).correction_id,
        read_line(line("wrong")).correction_id,
    }
    add_corrections(file, [read_line(line("type", type="AID"))])
    assert [one.say for one in read_corrections(file).decisions.values()][-1] == "type"
    assert file.read_bytes().startswith(b"\xef\xbb\xbf" + line().encode())


@pytest.mark.parametrize(
    ("written", "number", "reason"),
    [
        (json.dumps(json.loads(line()), indent=1), 2, "no JSON"),  # over several lines
        (line()[:-9], 2, "no JSON"),  # broken off
        (line() + line(), 2, "no JSON (Extra data)"),
        ("<<<<<<< HEAD\n" + line(), 2, "a conflict of git is not resolved here"),
        ("[1]", 2, "no JSON object"),
        ("null", 2, "no JSON object"),
        (line("maybe"), 2, "Input tag 'maybe' found"),
        (line("type", type="KISS"), 2, "type: Input should be 'AGREE'"),
        (line("type"), 2, "type: Field required"),
        (line("date", date="2026-02-30"), 2, "'2026-02-30' is no date"),
        (line("date", date="2026-03/2026-02"), 2, "ends before it begins"),
        (line(of={**OF, "start": 3}), 2, "of: 'nahm' does not stand at character 3"),
        (line(of={**OF, "id": 3}), 2, "of.id: Extra inputs"),
        (line(at="2026-04-01T00:00:00"), 2, "at: Input should have timezone info"),
        (line(at="yesterday"), 2, "at: Input should be a valid datetime"),
        (line("party", side="recipients", parties=[{"text": "Bern", "start": 0}]), 2,
         "'Bern' does not stand at character 0"),
        (line("same"), 2, "with: Field required"),
        (line(of={**OF, "before": "\ud83d"}), 2, "half a surrogate pair"),
        ("[" * 100_000, 2, "no JSON"),
    ],
)  # fmt: skip
def test_a_broken_line_is_named(tmp_path: Path, written: str, number: int, reason: str) -> None:
    file = tmp_path / "corrections.jsonl"
    file.write_text(f"{line()}\n{written}\n", "utf-8", "surrogatepass")
    with pytest.raises(DatelineError) as caught:
        read_corrections(file)
    assert str(caught.value).startswith(f"{file}:{number}: ") and reason in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_is_no_utf8_is_named(tmp_path: Path) -> None:
    file = tmp_path / "corrections.jsonl"
    file.write_bytes(f"{line()}\n\n".encode() + "Zürich".encode("latin-1") + b"\n")
    with pytest.raises(DatelineError, match=r"corrections.jsonl:3: no UTF-8"):
        read_corrections(file)


def test_order_of_lines_decides_nothing() -> None:
    """Git puts the lines of two branches where it likes."""
    first = read_line(line("type", type="AID"))
    later = read_line(line("type", at="2026-04-01T02:00:01+02:00", type="AGREE"))
    undo = decision({"at": "2026-05-01T00:00:00Z", "say": "undo", "undoes": first.correction_id})
    assert standing([later, first]) == standing([first, later]) == [first, later]
    assert standing([undo, later, first]) == [later]
    redo = decision({"at": "2026-05-02T00:00:00Z", "say": "undo", "undoes": undo.correction_id})
    assert standing([redo, undo, later, first]) == [first, later]


def test_a_sentence_is_found_where_it_went() -> None:
    anchor = Anchor(**OF, after=" Dann kam")
    text = f"Er ging. {SENTENCE} Dann kam er."
    assert place_of(anchor, "a1", text) == 9
    assert place_of(anchor, "a1", f"Neu. {SENTENCE}") == 5  # its own article, changed around it
    assert place_of(anchor, "other", f"Neu. {SENTENCE}") is None  # the same words elsewhere
    assert place_of(anchor, "other", text) == 9  # a near-copy
    assert place_of(anchor, "a1", text.replace("nahm", "hielt")) is None
    twice = f"{SENTENCE} Nein. Er ging. {SENTENCE}"
    assert place_of(anchor, "a1", twice) == twice.rindex(SENTENCE)
    book = Book.of([read_line(line())])
    assert [one.sentence_start for one in book.bound("a1", text)] == [9]
    assert book.bound("a2", "Anderes. " + SENTENCE) == []


def test_dates() -> None:
    assert days("") is None
    for text, precision in (
        ("2026-02-01", "day"), ("2026-02", "month"), ("2026", "year"),
        ("2026-02-01/2026-03", "month"), ("2026-01-01/2026-12-31", "week"), ("2020/2026", "year"),
    ):  # fmt: skip
        found = days(text)
        assert found is not None and found[2] == precision, (text, found)


def test_entities_that_are_one_have_one_id() -> None:
    def one(of: str, other: str, at: int) -> Any:
        ends = [{**OF, "entity": {"id": key, "name": key, "type": "person"}} for key in (of, other)]
        return decision(
            {"at": f"2026-01-0{at}T00:00:00Z", "say": "one", "of": ends[0], "with": ends[1]}
        )

    assert merged([one("b", "a", 1), one("c", "b", 2), one("x", "y", 3)]) == {
        "b": "a", "c": "a", "x": "y",
    }  # fmt: skip
    assert merged([one("a", "b", 1), one("b", "a", 2)]) == {"a": "b"}
