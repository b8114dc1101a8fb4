"""Word, RTF and PDF documents give the text they show; what has none is refused with a reason."""

from __future__ import annotations

import datetime as dt
import io

import docx
import pytest

from transforms.articles import Article, make_article
from transforms.readers import RawArticle, ReadError, detect, read

TODAY = dt.date(2026, 11, 23)
TEXT = (
    "The two governments agreed on Monday to open a crossing near the river, officials said.",
    "“We will keep our word,” the minister of Côte d’Ivoire told reporters in Abidjan.",
)
NEXIS = [
    "Neighbours agree on crossing", "Example Wire", "March 3, 2026 Tuesday",
    "Copyright 2026 Example Wire All Rights Reserved", "Section: WORLD", "Length: 31 words",
    "Byline: Ana Petrović", "Body", "", *TEXT, "Load-Date: March 4, 2026", "End of Document",
]  # fmt: skip


def word(lines: list[str], *, heading: str | None = None, table: bool = False) -> bytes:
    document = docx.Document()
    if heading:
        document.add_heading(heading, 1)
    for line in lines:
        document.add_paragraph(line)
    if table:
        document.add_table(1, 1).cell(0, 0).text = "In a table, officials met in Lomé."
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def rtf(lines: list[str]) -> bytes:
    def coded(text: str) -> str:
        return "".join(
            c if ord(c) < 128 else "".join(f"\\'{b:02x}" for b in c.encode("cp1252")) for c in text
        )

    body = "\\par\n".join(coded(line) for line in lines)
    return ("{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0 Arial;}}\\f0 " + body + "\\par}").encode()


def pdf(lines: list[str], *, title: str = "") -> bytes:
    """A page with these lines, as plain as the format allows."""
    shown = "".join(
        "(" + line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)") + ") Tj T*\n"
        for line in lines
    )
    stream = b"BT /F1 10 Tf 12 TL 50 800 Td\n" + shown.encode("cp1252") + b"ET"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>\nstream\n%b\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        b"<</Title(%b)>>" % title.encode("cp1252"),
    ]  # fmt: skip
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, held in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, held)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % at for at in places)
    out += b"trailer<</Size %d/Root 1 0 R/Info 6 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1, start,
    )  # fmt: skip
    return bytes(out)


def one(data: bytes, name: str) -> Article:
    (item,) = read(data, name)
    assert isinstance(item, RawArticle), item
    made = make_article(item, source_uri=name, today=TODAY)
    assert isinstance(made, Article), made
    return made


@pytest.mark.parametrize(
    ("name", "data"),
    [("n.docx", word(NEXIS)), ("n.rtf", rtf([s.replace("ć", "c") for s in NEXIS])),
     ("n.bin", word(NEXIS))],
)  # fmt: skip
def test_nexis_exports_are_read_as_what_they_are(name: str, data: bytes) -> None:
    made = one(data, name)
    assert (made.title, made.source) == ("Neighbours agree on crossing", "Example Wire")
    assert made.published_at == dt.datetime(2026, 3, 3)
    assert made.text.split("\n\n") == list(TEXT)


def test_several_documents_in_one_file() -> None:
    found = list(read(word([*NEXIS, *NEXIS]), "n.docx"))
    assert [item.record for item in found] == ["1", "2"]


@pytest.mark.parametrize("form", ["docx", "rtf"])
def test_header_lines_and_the_heading(form: str) -> None:
    lines = ["Date: 2026-03-03", "Source: Own", "", *TEXT]
    data = word(lines, table=True) if form == "docx" else rtf(lines)
    made = one(data, f"a.{form}")
    assert made.published_at == dt.datetime(2026, 3, 3) and made.source == "Own"
    assert made.text.startswith("\n\n".join(TEXT))
    assert ("In a table" in made.text) == (form == "docx")
    assert detect(data, "a") == form


def test_a_heading_is_the_title() -> None:
    made = one(word(list(TEXT), heading="Crossing opened"), "2026-03-03-crossing.docx")
    assert made.title == "Crossing opened" and made.text == "\n\n".join(TEXT)


def test_lines_of_a_pdf_become_paragraphs() -> None:
    lines = [
        "Crossing opened", "Date: 2026-03-03",
        "The two governments agreed on Monday to open a crossing near the river, offi-",
        "cials said. It is the first in a decade, and traders on both sides of it had",
        "asked for it.",
        "“We will keep our word,” the minister told reporters (and the cameras) after the",
        "talks.", "2",
    ]  # fmt: skip
    made = one(pdf(lines[1:], title="Crossing opened"), "2026-03-03.pdf")
    assert made.text.split("\n\n") == [
        "The two governments agreed on Monday to open a crossing near the river, officials said. "
        "It is the first in a decade, and traders on both sides of it had asked for it.",
        "“We will keep our word,” the minister told reporters (and the cameras) after the talks.",
    ]
    titled = one(pdf(lines, title="Crossing opened"), "2026-03-03.pdf")
    assert titled.title == "Crossing opened"


@pytest.mark.parametrize(
    ("data", "rule", "said"),
    [
        (pdf([]), "no-text", "a scan"),
        (word([]), "no-text", "without text"),
        (word(list(TEXT))[:900], "bad-document", "no Word document"),
        (pdf(list(TEXT))[:60], "bad-document", "no PDF that can be read"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, rule: str, said: str) -> None:
    (item,) = read(data, "a.docx" if data[:2] == b"PK" else "a.pdf")
    assert isinstance(item, ReadError) and item.rule == rule and said in item.reason


@pytest.mark.parametrize(
    "record",
    [
        {"published_date": "2026-03-03", "article_text": "\n\n".join(TEXT), "headline": "T"},
        {"publication_date": "2026-03-03", "story_body": "\n\n".join(TEXT), "article_title": "T"},
        {"HD": "T", "LP": TEXT[0], "TD": TEXT[1], "PD": "3 March 2026", "SN": "Own", "WC": "31"},
    ],
)
def test_names_of_fields_that_people_have(record: dict[str, str]) -> None:
    import json

    made = one(json.dumps(record).encode(), "a.json")
    assert made.published_at == dt.datetime(2026, 3, 3) and made.title == "T"
    assert made.text == "\n\n".join(TEXT)
