"""No record is lost in silence, and none takes others along."""

from __future__ import annotations

import datetime as dt
import io
import json
import tarfile
import zipfile
from email.message import EmailMessage

import pytest

from flows.run.landing import Found
from flows.run.workers import FileRead, ReadTask, read_file
from transforms.readers import Limits, RawArticle, ReadError, detect, read

DAY = dt.date(2026, 11, 30)
TEXT = "Kenya recalled its ambassador from Kigali on Monday, ministry number {} said."


def file_read(name: str, data: bytes) -> FileRead:
    return read_file(ReadTask(Found(name, len(data)), data, len(data)), DAY, Limits())


def record(number: int, **fields: object) -> str:
    held = {"title": f"Story {number}", "date": "2025-10-16", "source": "Wire"}
    held |= {"url": f"https://w.example/{number}", "text": TEXT.format(number)}
    return json.dumps({**held, **fields})


ODD = {
    "half an address": (record(1, url="http://[half/1"), True),
    "a port that is none": (record(1, url="http://a.example:99999999/x"), True),
    "a long number": (record(1)[:-1] + ', "id": ' + "9" * 5000 + "}", True),
    "the year 1": (record(1, date="0001-01-01T00:00:00+05:00"), False),
    "the year 9999": (record(1, date="9999-12-31T23:00:00-05:00"), False),
    "half a pair": (record(1, title="A \ud800 b", text=TEXT.format("\udfff")), True),
    "a list of lists": (record(1, authors=[[["A B"]], {"name": ["C D"]}]), True),
    "no object": ("[1, 2]", False),
    "NaN": (record(1)[:-1] + ', "id": NaN}', True),
    "deep": (record(1)[:-1] + ', "x": ' + "[" * 5000 + "]" * 5000 + "}", False),
}


@pytest.mark.parametrize("case", ODD)
@pytest.mark.parametrize("form", ["jsonl", "json"])
def test_an_odd_record_costs_at_most_itself(case: str, form: str) -> None:
    odd, kept = ODD[case]
    if form == "json" and case == "deep":
        pytest.skip("one JSON text is read as a whole")
    rows = [record(0), odd, record(2), record(3)]
    data = "\n".join(rows) if form == "jsonl" else f"[{','.join(rows)}]"
    found = file_read(f"a.{form}", data.encode("utf-8", "surrogatepass"))
    assert len(found.articles) == 3 + kept
    assert [error.record for error in found.errors] == ([] if kept else ["2"])
    for article in found.articles:
        article.text.encode()  # what the warehouse can hold
        (article.title or "").encode()


FEED = '<?xml version="1.0"?><rss version="2.0"><channel><title>F</title>{}</channel></rss>'
ITEM = "<item><title>T{0}</title><link>{1}</link><pubDate>{2}</pubDate><description>{3}</description></item>"  # noqa: E501
DATE = "Wed, 05 Nov 2025 00:30:00 +0200"


@pytest.mark.parametrize(
    ("link", "date", "kept"),
    [("http://[half/1", DATE, True), ("https://f.example/1", "0001-01-01T00:00:00+05:00", False)],
)
def test_an_odd_entry_of_a_feed_costs_at_most_itself(link: str, date: str, kept: bool) -> None:
    items = [
        ITEM.format(n, link if n == 1 else f"https://f.example/{n}", date if n == 1 else DATE,
                    TEXT.format(n))
        for n in range(4)
    ]  # fmt: skip
    found = file_read("a.xml", FEED.format("".join(items)).encode())
    assert len(found.articles) == 3 + kept and len(found.errors) == 1 - kept


def test_a_feed_with_an_empty_document_type_is_read() -> None:
    kind = '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://n.example/rss.dtd"><rss'
    items = ITEM.format(1, "https://f.example/1", DATE, TEXT.format(1))
    found = file_read("a.xml", FEED.replace("<rss", kind).format(items).encode())
    assert len(found.articles) == 1


@pytest.mark.parametrize(
    "bad",
    ['2,"no end,{}', '2,"a" b,{},d', "2,{},x,y,z", '"2,{}', '2,he said "so, {}"', '2,"{}\n'],
)
def test_a_malformed_row_costs_only_itself(bad: str) -> None:
    good = [f'{n},"{TEXT.format(n)}",2025-10-16' for n in range(5)]
    rows = ["id,text,published", *good[:2], bad.format("kept or not"), *good[2:]]
    found = list(read("\n".join(rows).encode(), "a.csv"))
    texts = [item.text for item in found if isinstance(item, RawArticle)]
    assert [text for text in texts if text in {TEXT.format(n) for n in range(5)}] == [
        TEXT.format(n) for n in range(5)
    ]
    assert len(found) == 6


def test_quoted_cells_keep_lines_marks_and_commas() -> None:
    data = b'id,text\r\n1,"One, ""two""\r\nthree"\r\n2,plain "as" is\r\n'
    found = [item.text for item in read(data, "a.csv") if isinstance(item, RawArticle)]
    assert found == ['One, "two"\r\nthree', 'plain "as" is']


# Archives


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_all_levels_share_one_budget() -> None:
    """Ten times ten small bombs, each of them within what one archive may unpack to."""
    story = b"date 2026-01-01\n\n" + TEXT.format(1).encode()
    inner = zipped({f"{n}.txt": story + b" " * 2**20 for n in range(10)})
    data = zipped({f"{n}.zip": inner for n in range(10)})
    found = file_read("a.zip", data)
    assert not found.articles
    assert [(error.rule, error.record, error.whole) for error in found.errors] == [
        ("archive-bomb", None, True)
    ]


def test_members_and_records_are_counted_over_all_levels() -> None:
    story = b"date 2026-01-01\n\n" + TEXT.format(1).encode()
    inner = zipped({f"{n}.txt": story for n in range(6)})
    data = zipped({"a.zip": inner, "b.zip": inner})
    for limits in (Limits(max_members=10), Limits(max_records=10)):
        last = list(read(data, "a.zip", limits=limits))[-1]
        assert isinstance(last, ReadError) and last.rule == "too-many-records" and last.whole


def test_a_sparse_member_is_no_gigabyte() -> None:
    """Two kilobytes of a tar in the old GNU form, whose member says it is of four gigabytes."""
    info = tarfile.TarInfo("a.txt")
    info.size = 512
    head = bytearray(info.tobuf(format=tarfile.GNU_FORMAT))
    real = 4 * 2**30
    head[156:157] = b"S"
    head[386:410] = f"{real - 512:011o}\0{512:011o}\0".encode()
    head[483:495] = f"{real:011o}\0".encode()
    head[148:156] = b"        "
    head[148:156] = f"{sum(head[:512]):06o}\0 ".encode()
    found = file_read("a.tar", bytes(head) + b"a" * 512 + bytes(1024))
    assert not found.articles and {error.rule for error in found.errors} == {"archive-bomb"}


def test_a_damaged_member_costs_the_others_nothing() -> None:
    story = b"date 2026-01-01\n\n" + TEXT.format(1).encode() * 3
    data = bytearray(zipped({"a.txt": story, "b.txt": story, "c.txt": story}))
    at = data.index(b"b.txt") + 12
    data[at : at + 4] = b"\xff\xff\xff\xff"
    found = file_read("a.zip", bytes(data))
    assert len(found.articles) == 2 and [e.record for e in found.errors] == ["b.txt"]


# WARC


def warc(*records: tuple[str, str, str, bytes]) -> bytes:
    """Records of (type, status line, content type, body)."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    for number, (kind, status, content, body) in enumerate(records):
        options: dict[str, object] = {"payload": io.BytesIO(body)}
        if kind == "response":
            headers = [("Content-Type", content)] if content else []
            options["http_headers"] = StatusAndHeaders(status, headers, protocol="HTTP/1.1")
        else:
            options["warc_content_type"] = content
        url = f"https://w.example/2026/01/0{number + 1}/a"
        writer.write_record(writer.create_warc_record(url, kind, **options))
    return out.getvalue()


PAGE = (
    "<html><head><title>Envoy recalled</title><meta name='date' content='2026-01-05'></head>"
    f"<body><article><h1>Envoy recalled</h1><p>{TEXT.format(1)}</p></article></body></html>"
).encode()


@pytest.mark.parametrize(
    ("kind", "status", "content", "body", "wanted"),
    [
        ("response", "200 OK", "text/html", PAGE, 1),
        ("response", "200 OK", "application/xhtml+xml", PAGE, 1),
        ("response", "200 OK", "", PAGE, 1),
        ("resource", "", "text/html", PAGE, 1),
        ("response", "200 OK", "text/plain", TEXT.format(1).encode(), 1),
        ("conversion", "", "text/plain", TEXT.format(1).encode(), 1),
        ("response", "200 OK", "application/json", record(1).encode(), 1),
        ("response", "404 Not Found", "text/html", PAGE, "http-error"),
        ("response", "503 Unavailable", "text/html", PAGE, "http-error"),
        ("response", "200 OK", "application/pdf", b"%PDF-1.7", "other-format"),
        ("response", "200 OK", "image/png", b"\x89PNG", 0),
        ("response", "302 Found", "text/html", PAGE, 0),
    ],
)
def test_each_kind_of_record(
    kind: str, status: str, content: str, body: bytes, wanted: int | str
) -> None:
    found = file_read("a.warc.gz", warc((kind, status, content, body)))
    if isinstance(wanted, str):
        assert not found.articles and [e.rule for e in found.errors] == [wanted]
    else:
        assert len(found.articles) == wanted and not found.errors


# Press archives


def test_lines_that_look_like_labels_stay_in_a_factiva_text() -> None:
    data = (
        b"HD  Ministers meet\nPD  6 March 2026\nSN  Wire\nLA  English\n"
        b"LP  Ministers met on Friday.\nTD\nIN  Brussels they spoke of gas.\nPD  was not a theme.\n"
        b"CO  operation goes on, they said.\nRE  opening comes next.\nThe end of it.\n\n"
        b"CO  gazp : Gazprom\nIN  i13 : Gas\nRE  belg : Belgium\nAN  Document WIRE000020260306x\n"
    )
    (article,) = [item for item in read(data, "a.txt") if isinstance(item, RawArticle)]
    assert (
        article.text and article.text.endswith("The end of it.") and "Gazprom" not in article.text
    )
    assert "IN  Brussels" in article.text and article.published == "6 March 2026"


@pytest.mark.parametrize(
    "line",
    ["Classification of papers goes on, he said.", "Graphic pictures were shown to the court.",
     "Load-Date: is a word of archives, she said."],
)  # fmt: skip
def test_lines_that_look_like_labels_stay_in_a_nexis_text(line: str) -> None:
    data = (
        "Looking back at March 3, 2001:\nthe night of the flood\nExample Wire\n"
        "March 6, 2026 Friday\nLength: 50 words\n"
        f"Body\n\nThe town stood still.\n\n{line}\n\nIt was cold.\n\nClassification\n\n"
        "Language: ENGLISH\n\nLoad-Date: March 7, 2026\n\nEnd of Document"
    ).encode()
    (article,) = [item for item in read(data, "a.txt") if isinstance(item, RawArticle)]
    assert article.published == "March 6, 2026" and article.source == "Example Wire"
    assert article.title == "Looking back at March 3, 2001: the night of the flood"
    assert article.text and line in article.text and article.text.endswith("It was cold.")


# Mail


def mail(**parts: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["Subject"] = "Wire <news@w.example>", parts.get("subject", "Envoys")
    message["Date"] = "Wed, 05 Nov 2025 00:30:00 +0200"
    message.set_content(parts.get("plain", TEXT.format(1)))
    if "page" in parts:
        message.add_alternative(parts["page"], subtype="html")
    return message


def test_a_mail_with_a_page_is_a_mail() -> None:
    page = (
        f"<html><head><style>p {{}}</style></head><body><p>{TEXT.format(7) * 4}</p>"
        "<p style='display:none'>Preview of it all.</p></body></html>"
    )
    data = bytes(mail(plain="See it in a browser.", page=page))
    assert detect(data, "a.txt") == "mail"
    found = file_read("a.eml", data)
    (article,) = found.articles
    assert article.published_at == dt.datetime(2025, 11, 4, 22, 30)
    assert "number 7" in article.text and "Preview" not in article.text and "{" not in article.text


def test_a_digest_is_several_articles() -> None:
    digest = EmailMessage()
    digest["From"], digest["Subject"] = "Wire <news@w.example>", "Digest"
    digest["Date"] = "Thu, 06 Nov 2025 06:00:00 +0000"
    digest.set_content("Today's stories.")
    for number in range(3):
        digest.add_attachment(mail(subject=f"Story {number}", plain=TEXT.format(number)))
    found = file_read("a.eml", bytes(digest))
    assert [a.title for a in found.articles] == ["Story 0", "Story 1", "Story 2"]
    assert {a.published_at.day for a in found.articles} == {4}


def test_a_mailbox_is_several_articles() -> None:
    data = b"".join(
        b"From news@w.example Wed Nov  5 00:30:00 2025\n"
        + bytes(mail(subject=f"Story {n}", plain=TEXT.format(n))) + b"\n"
        for n in range(3)
    )  # fmt: skip
    assert len(file_read("a.mbox", data).articles) == 3


def test_a_subject_of_very_many_encoded_words_is_cut() -> None:
    subject = "\n ".join(["=?utf-8?q?=C3=A9toile?="] * 20_000)
    head = f"From: a@w.example\nDate: {DATE}\nSubject: {subject}\n\n"
    (article,) = file_read("a.eml", head.encode() + TEXT.format(1).encode()).articles
    assert article.title and article.title.startswith("étoile") and len(article.title) < 2000
