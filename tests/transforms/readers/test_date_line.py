"""A day of publication on a line of its own, in text, Word, RTF and PDF; no day of the story."""

from __future__ import annotations

import datetime as dt
import time

import pytest

from tests.transforms.readers.test_documents import TEXT, one, pdf, rtf, word
from transforms.readers import RawArticle, read

HEADLINE = "Neighbours agree to open a crossing"
LINES = [
    "3 March 2026",
    "March 3, 2026",
    "Tuesday, March 3, 2026",
    "Tue 3 Mar 2026",
    "mardi 3 mars 2026",
    "2026-03-03",
    "2026/03/03",
    "03.03.2026",
    "3rd of March 2026",
    "2026년 3월 3일",
    "Published: 3 March 2026",
    "Published on March 3, 2026",
    "First published 3 March 2026, 10:15 GMT",
    "For immediate release: March 3, 2026",
    "Date of publication: 3 March 2026",
    "Posted on Tuesday, March 3, 2026 at 10:15 am",
    "Example Wire | 3 March 2026",
    "By Ana Ruiz | March 3, 2026",
    "By Ana Ruiz – March 3, 2026 – 10:15 GMT",
    "By Ana Ruiz\t3 March 2026",
    "3 March 2026 • Updated 4 March 2026",
    "Brussels, 3 March 2026",
    "Geneva, Switzerland, 3 March 2026",
    "Example Wire, March 3, 2026",
    "10:15 GMT, March 3, 2026",
    "2026-03-03T10:15:00+00:00",
]
DATELINES = [
    "BRUSSELS, 3 March 2026 (Example Wire) — ",
    "BRUSSELS, March 3, 2026 - ",
    "Abidjan, Ivory Coast, 3 March 2026 – ",
]
NO_DAY_OF_IT = [
    "What we know of the massacre of 3 March 2026",
    "Crossing closed since March 3, 2026, opens",
    "The war in Ukraine, 3 March 2026",
    "3 March 2026 was the deadliest day",
    "Massacre 3 March 2026",
    "Room 3, March House, 2026",
    "32 March 2026",
]


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("form", ["txt", "docx", "rtf", "pdf"])
def test_a_line_that_is_a_day(form: str, line: str) -> None:
    if form in ("rtf", "pdf"):
        try:
            line.encode("cp1252")
        except UnicodeEncodeError:
            pytest.skip("no such letters in this page")
    lines = [HEADLINE, line.replace("\t", " | ") if form in ("pdf", "rtf") else line, *TEXT]
    data = {"txt": lambda held: "\n\n".join(held).encode(), "docx": word, "rtf": rtf, "pdf": pdf}
    made = one(data[form](lines), f"a.{form}")
    assert (made.published_at.date(), made.published_method) == (dt.date(2026, 3, 3), "line")
    assert made.text.startswith(HEADLINE) and "agreed on Monday" in made.text


@pytest.mark.parametrize("start", DATELINES)
def test_a_dateline_with_its_year(start: str) -> None:
    made = one(word([HEADLINE, start + TEXT[0], TEXT[1]]), "a.docx")
    assert (made.published_at, made.published_method) == (dt.datetime(2026, 3, 3), "line")
    assert one((start + TEXT[0]).encode(), "a.txt").published_at == dt.datetime(2026, 3, 3)


@pytest.mark.parametrize(
    "below", [["Published: 3 March 2026"], ["Load-Date: March 3, 2026", "End"]]
)
def test_below_the_text_behind_its_word(below: list[str]) -> None:
    assert one(word([HEADLINE, *TEXT, *below]), "a.docx").published_at == dt.datetime(2026, 3, 3)


@pytest.mark.parametrize(
    "lines",
    [
        *([line, *TEXT] for line in NO_DAY_OF_IT),
        *([HEADLINE, line, *TEXT] for line in NO_DAY_OF_IT),
        [HEADLINE, *TEXT, "3 March 2026"],
        [HEADLINE, TEXT[0], "3 March 2026", TEXT[1]],
        [HEADLINE, TEXT[0] + " They met in Lomé, 3 March 2026 — again.", TEXT[1]],
    ],
)
def test_days_of_the_story_are_none(lines: list[str]) -> None:
    (item,) = read("\n\n".join(lines).encode(), "a.txt")
    assert isinstance(item, RawArticle)
    assert item.published is None


def test_what_else_the_line_says() -> None:
    made = one(f"{HEADLINE}\nBy Ana Ruiz | 3 March 2026 | 10:15 GMT\n\n{TEXT[0]}".encode(), "a.txt")
    assert made.published_at == dt.datetime(2026, 3, 3, 10, 15) and made.authors == ["Ana Ruiz"]
    assert made.text == f"{HEADLINE}\n\n{TEXT[0]}"
    kept = one(f"{HEADLINE}\n\nExample Wire | 3 March 2026\n\n{TEXT[0]}".encode(), "a.txt")
    assert "Example Wire" in kept.text
    changed = one(f"{HEADLINE}\n\nUpdated: 4 March 2026\n\n{TEXT[0]}".encode(), "a.txt")
    assert (changed.published_at, changed.published_method) == (dt.datetime(2026, 3, 4), "modified")


def test_header_lines_go_before() -> None:
    text = f"Title: {HEADLINE}\nDate: 2026-02-01\n\n3 March 2026\n\n{TEXT[0]}"
    assert one(text.encode(), "a.txt").published_at == dt.datetime(2026, 2, 1)
    titled = one(f"Title: {HEADLINE}\n\n3 March 2026\n\n{TEXT[0]}".encode(), "a.txt")
    assert (titled.title, titled.published_at) == (HEADLINE, dt.datetime(2026, 3, 3))
    assert titled.text == TEXT[0]


def test_a_full_line_before_the_day_in_a_pdf() -> None:
    long = "Two governments agree after a decade of talks to open a crossing near the river"
    text = ["The two governments agreed on Monday to open a crossing near the", "river, they said."]
    lines = [long, "3 March 2026", *text]
    made = one(pdf(lines), "a.pdf")
    assert made.published_at == dt.datetime(2026, 3, 3)
    assert made.text.split("\n\n")[0] == long


@pytest.mark.parametrize("sign", ["A", "1", "| ", "A ", "3 March "])
def test_long_lines_cost_nothing(sign: str) -> None:
    began = time.process_time()
    list(read((sign * 50_000 + "\n\n" + TEXT[0]).encode(), "a.txt"))
    assert time.process_time() - began < 1
