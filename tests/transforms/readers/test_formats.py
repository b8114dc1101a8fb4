"""Ten articles written in every format come back the same; hostile files are refused by name."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import json
import tarfile
import time
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from email.utils import format_datetime
from xml.sax.saxutils import escape

import polars as pl
import pytest
import zstandard

from transforms.articles import Article, clean, make_article
from transforms.readers import Limits, RawArticle, ReadError, detect, read
from transforms.readers.base import decode

TODAY = dt.date(2026, 11, 23)
PARAGRAPHS = (
    "The two governments agreed on Monday to open a crossing near the river, officials said.",
    "“We will keep our word,” the minister told reporters, adding that work begins in spring.",
    "Trade between the neighbours fell by a third last year after a dispute over water.",
)
RECORDS = [
    {
        "url": f"https://wire.example/2026/03/{day:02d}/crossing-{day}",
        "title": f"Neighbours agree on crossing number {day}",
        "source": "Example Wire",
        "author": f"Ana Petrović{day}",
        "date": f"2026-03-{day:02d}",
        "text": "\n\n".join(f"{p} Part {day}." for p in PARAGRAPHS),
    }
    for day in range(1, 11)
]
Record = dict[str, str]


def as_text(r: Record) -> bytes:
    head = f"Title: {r['title']}\nDate: {r['date']}\nSource: {r['source']}\n"
    return f"{head}Author: {r['author']}\nURL: {r['url']}\n\n{r['text']}\n".encode()


def as_markdown(r: Record) -> bytes:
    head = f"title: {r['title']}\ndate: {r['date']}\nsource: {r['source']}\nauthor: {r['author']}"
    return f"---\n{head}\nurl: {r['url']}\n---\n\n# {r['title']}\n\n{r['text']}\n".encode()


def as_html(r: Record) -> bytes:
    linked = {
        "@context": "https://schema.org", "@type": "NewsArticle", "headline": r["title"],
        "datePublished": r["date"], "author": [{"@type": "Person", "name": r["author"]}],
        "publisher": {"@type": "Organization", "name": r["source"]}, "url": r["url"],
    }  # fmt: skip
    body = "".join(f"<p>{escape(p)}</p>" for p in r["text"].split("\n\n"))
    return (
        f"<!doctype html><html lang=en><head><title>{escape(r['title'])}</title>"
        f"<script type='application/ld+json'>{json.dumps(linked)}</script></head><body><nav><a href=/>"  # noqa: E501
        f"Home</a></nav><article><h1>{escape(r['title'])}</h1>{body}</article></body></html>"
    ).encode()


def as_mail(r: Record) -> bytes:
    message = EmailMessage()
    message["Subject"], message["From"] = r["title"], f"{r['source']} <news@wire.example>"
    message["Date"] = format_datetime(dt.datetime.fromisoformat(r["date"] + "T00:00:00+00:00"))
    message["Message-ID"] = f"<{r['date']}@wire.example>"
    message.set_content(r["text"])
    return bytes(message)


def as_json(rows: list[Record]) -> bytes:
    return json.dumps({"articles": rows}, ensure_ascii=False).encode()


def as_jsonl(rows: list[Record]) -> bytes:
    return "\n".join(json.dumps(row) for row in rows).encode()


def as_csv(rows: list[Record]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def as_parquet(rows: list[Record]) -> bytes:
    out = io.BytesIO()
    pl.DataFrame(rows).write_parquet(out)
    return out.getvalue()


def as_rss(rows: list[Record]) -> bytes:
    items = "".join(
        f"<item><title>{escape(r['title'])}</title><link>{r['url']}</link>"
        f"<pubDate>{format_datetime(dt.datetime.fromisoformat(r['date'] + 'T00:00:00+00:00'))}</pubDate>"  # noqa: E501
        f"<dc:creator>{r['author']}</dc:creator><content:encoded><![CDATA["
        + "".join(f"<p>{escape(p)}</p>" for p in r["text"].split("\n\n"))
        + "]]></content:encoded></item>"
        for r in rows
    )
    return (
        '<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>Example Wire</title><language>en</language>{items}</channel></rss>"
    ).encode()


def as_atom(rows: list[Record]) -> bytes:
    items = "".join(
        f"<entry><title>{escape(r['title'])}</title><link href='{r['url']}'/><id>{r['url']}</id>"
        f"<published>{r['date']}T00:00:00Z</published><author><name>{r['author']}</name></author>"
        "<content type='html'>"
        + escape("".join(f"<p>{escape(p)}</p>" for p in r["text"].split("\n\n")))
        + "</content></entry>"
        for r in rows
    )
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Example Wire</title>{items}</feed>'
    ).encode()


def as_factiva(rows: list[Record]) -> bytes:
    return "\n\n".join(
        f"HD  {r['title']}\nBY  By {r['author']}\nPD  {int(r['date'][8:])} March 2026\n"
        f"SN  {r['source']}\nLA  English\nLP  {r['text'].split(chr(10))[0]}\nTD  "
        + "\n".join(r["text"].split("\n\n")[1:])
        + f"\nAN  Document WIRE0000202603{r['date'][8:]}\nDocument WIRE000020260300{r['date'][8:]}"
        for r in rows
    ).encode()


def as_nexis(rows: list[Record]) -> bytes:
    return "\n\n".join(
        f"{r['title']}\nExample Wire\nMarch {int(r['date'][8:])}, 2026 Monday\n"
        f"Length: 50 words\nByline: {r['author']}\nBody\n\n{r['text']}\n\n"
        f"Load-Date: March {int(r['date'][8:])}, 2026\n\nEnd of Document"
        for r in rows
    ).encode()


def as_warc(rows: list[Record]) -> bytes:
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    for r in rows:
        headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(
                r["url"], "response", payload=io.BytesIO(as_html(r)), http_headers=headers
            )
        )
    return out.getvalue()


def as_zip(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def as_tar(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def each(make: Callable[[Record], bytes], suffix: str) -> list[tuple[str, bytes]]:
    return [(f"{n:02d}.{suffix}", make(r)) for n, r in enumerate(RECORDS)]


FORMATS: dict[str, list[tuple[str, bytes]]] = {
    "text": each(as_text, "txt"),
    "markdown": each(as_markdown, "md"),
    "html": each(as_html, "html"),
    "mail": each(as_mail, "eml"),
    "json": [("all.json", as_json(RECORDS))],
    "jsonl": [("all.jsonl", as_jsonl(RECORDS))],
    "csv": [("all.csv", as_csv(RECORDS))],
    "parquet": [("all.parquet", as_parquet(RECORDS))],
    "rss": [("all.xml", as_rss(RECORDS))],
    "atom": [("all.xml", as_atom(RECORDS))],
    "factiva": [("all.txt", as_factiva(RECORDS))],
    "nexis": [("all.txt", as_nexis(RECORDS))],
    "warc": [("all.warc.gz", as_warc(RECORDS))],
    "gzip": [("all.jsonl.gz", gzip.compress(as_jsonl(RECORDS)))],
    "zstd": [("all.csv.zst", zstandard.compress(as_csv(RECORDS)))],
    "zip": [("all.zip", as_zip(dict(each(as_html, "html"))))],
    "tar": [("all.tar", as_tar(dict(each(as_text, "txt"))))],
    "tar in gzip": [("all.tar.gz", gzip.compress(as_tar(dict(each(as_markdown, "md")))))],
}
WITHOUT_URL = {"mail", "factiva", "nexis"}


def articles(name: str, data: bytes) -> list[Article]:
    found = []
    for raw in read(data, name):
        assert isinstance(raw, RawArticle), raw
        made = make_article(raw, source_uri=name, today=TODAY)
        assert isinstance(made, Article), made
        found.append(made)
    return found


@pytest.mark.parametrize("form", FORMATS)
def test_round_trip(form: str) -> None:
    made = [article for name, data in FORMATS[form] for article in articles(name, data)]
    made.sort(key=lambda article: article.published_at)
    assert len(made) == 10
    for article, record in zip(made, RECORDS, strict=True):
        assert article.text == record["text"]
        assert article.title == record["title"]
        assert article.source == record["source"]
        assert f"{article.published_at:%Y-%m-%d}" == record["date"]
        assert article.language == "en"
        if form != "mail":
            assert article.authors == [record["author"]]
        if form not in WITHOUT_URL:
            assert article.url == record["url"]
    if form not in WITHOUT_URL:
        reference = [a.article_id for n, d in FORMATS["text"] for a in articles(n, d)]
        assert [article.article_id for article in made] == reference


@pytest.mark.parametrize(("mapped", "field"), [("body", "text"), ("when", "date")])
def test_a_column_mapping_goes_before_our_guesses(mapped: str, field: str) -> None:
    rows = [{(mapped if k == field else k): v for k, v in r.items()} for r in RECORDS]
    ours = {"text": "text", "date": "published"}[field]
    found = list(read(as_csv(rows), "a.csv", mapping={ours: mapped}))
    assert all(isinstance(item, RawArticle) and item.text and item.published for item in found)


def test_a_mapping_to_no_column_is_named() -> None:
    (error,) = read(as_csv(RECORDS), "a.csv", mapping={"text": "nothing"})
    assert isinstance(error, ReadError) and "nothing" in error.reason


BIG = Limits(max_unpacked_bytes=64 * 2**20, max_line_chars=10 * 2**20)
NESTED = b"date 2026-01-01 A text that is long enough to be read as an article of its own."
for _ in range(6):
    NESTED = gzip.compress(NESTED)
HOSTILE: dict[str, tuple[str, bytes, str]] = {
    "empty": ("a.txt", b"", "empty-file"),
    "blank": ("a.txt", b" \n\t\n", "empty-file"),
    "truncated json": ("a.json", as_json(RECORDS)[:-300], "bad-json"),
    "truncated gzip": ("a.gz", gzip.compress(as_json(RECORDS))[:-40], "bad-archive"),
    "truncated zip": ("a.zip", as_zip(dict(each(as_text, "txt")))[:200], "bad-archive"),
    "truncated parquet": ("a.parquet", as_parquet(RECORDS)[:200], "bad-parquet"),
    "nul bytes": ("a.txt", b"date 2026-01-01 " + b"a\x00b" * 2000, "binary-junk"),
    "wrong encoding": ("a.txt", b"\xff\xfedate 2026-01-01 x", "encoding"),
    "nested archives": ("a.gz", NESTED, "archive-depth"),
    "bomb": ("a.gz", gzip.compress(b"0" * (80 * 2**20)), "archive-bomb"),
    "long line": ("a.txt", b"date 2026-01-01 " + b"word " * (3 * 2**20), "line-too-long"),
    "path escape": ("a.zip", as_zip({"../../etc/x.txt": as_text(RECORDS[0])}), "path-escape"),
    "entities": (
        "a.xml",
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e "ee">]><rss><channel/></rss>',
        "xml-entities",
    ),
    "no records": ("a.json", b'[1, 2, "three"]', "bad-record"),
    "office file": (
        "a.zip",
        as_zip({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": as_text(RECORDS[0])}),
        "other-format",
    ),
    "no word file": ("a.docx", as_zip({"word/document.xml": b"<w/>"}), "bad-document"),
    "no pdf": ("a.txt", b"%PDF-1.7\n1 0 obj <<>> endobj", "bad-document"),
    "empty rtf": ("a.rtf", b"{\\rtf1\\ansi }", "no-text"),
    "picture": ("a.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "other-format"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_files_are_refused_with_a_reason(case: str) -> None:
    name, data, rule = HOSTILE[case]
    found = list(read(data, name, limits=BIG))
    assert found and all(isinstance(item, ReadError) for item in found)
    first = found[0]
    assert isinstance(first, ReadError)
    assert first.rule == rule and len(first.reason) > 5 and "\n" not in first.reason


def test_text_that_begins_like_a_program_is_text() -> None:
    text = b"MZUZU - Malawi's traders met the mayor on Monday. They asked for lower fees.\n"
    found = list(read(b"date 2026-01-01\n" + text, "a.txt", limits=BIG))
    assert [type(item).__name__ for item in found] == ["RawArticle"]
    assert [type(item).__name__ for item in read(text, "a.txt", limits=BIG)] == ["RawArticle"]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Orléans’s mayor, François Lefèvre, met café owners – “a good talk”.", "cp1252"),
        ("Foreign Minister José Núñez flew to São Tomé on Monday to sign the accord.", "latin-1"),
        ("Министр иностранных дел встретился с послом в понедельник в Москве.", "cp1251"),
        ("Příliš žluťoučký kůň úpěl ďábelské ódy, řekl včera večer český ministr.", "cp1250"),
    ],
)  # fmt: skip
def test_the_encoding_is_told(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_a_byte_of_another_encoding_is_read_as_that() -> None:
    text = "José Núñez said “we won’t leave” — and paid €5. "
    assert decode(text.encode() + b"The caf\xe9 closed.") == text + "The café closed."


def test_one_bad_record_costs_the_others_nothing() -> None:
    lines = as_jsonl(RECORDS).split(b"\n")
    lines[4] = lines[4][:-30]
    found = list(read(b"\n".join(lines), "a.jsonl"))
    errors = [item for item in found if isinstance(item, ReadError)]
    assert len(found) == 10 and [(e.rule, e.record) for e in errors] == [("bad-json", "5")]


def test_newlines_inside_csv_cells_are_kept() -> None:
    assert "\n\n" in RECORDS[0]["text"]
    (first, *_) = articles("a.csv", as_csv(RECORDS))
    assert first.text == RECORDS[0]["text"]


def test_a_withdrawn_item_is_marked() -> None:
    record = {**RECORDS[0], "pubstatus": "canceled"}
    (raw,) = read(json.dumps(record).encode(), "a.json")
    assert isinstance(raw, RawArticle) and raw.retracted


@pytest.mark.parametrize(
    ("name", "data", "form"),
    [
        ("page.txt", as_html(RECORDS[0]), "html"),
        ("feed.dat", as_rss(RECORDS), "feed"),
        ("x", as_jsonl(RECORDS), "jsonl"),
        ("x.bin", gzip.compress(b"x", mtime=0), "gzip"),
    ],
)
def test_content_goes_before_the_name(name: str, data: bytes, form: str) -> None:
    assert detect(data, name) == form


MOJIBAKE = "date 2026-01-01 The caf\u00c3\u00a9 on the Champs-\u00c3\u2030lys\u00c3\u00a9es was closed by police on Friday\u00ad."  # noqa: E501


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.eml", "a"])
def test_the_format_of_empty_lines_is_told_at_once(name: str) -> None:
    began = time.process_time()
    detect(b"Talks\n" + b"\n" * 80_000 + b"Chad and Niger met.\n", name)
    assert time.process_time() - began < 1


def test_cleaning() -> None:
    (raw,) = read(MOJIBAKE.encode(), "a.txt")
    assert isinstance(raw, RawArticle)
    made = make_article(raw, source_uri="a.txt", today=TODAY)
    assert isinstance(made, Article)
    assert made.text == "The café on the Champs-Élysées was closed by police on Friday."
    assert clean("J&ouml;rg won&rsquo;t pay &#8364;5, AT&amp;T said; R&D goes on") == (
        "Jörg won’t pay €5, AT&T said; R&D goes on"
    )


@pytest.mark.parametrize(
    ("text", "dateline"),
    [
        ("SEOUL (Yonhap) — The minister met his colleague here on Monday.", "SEOUL (Yonhap) —"),
        (
            "KYIV, March 3 (Reuters) - The minister met his colleague here.",
            "KYIV, March 3 (Reuters) -",
        ),
        ("Nairobi, Kenya (AP) — The minister met his colleague here.", "Nairobi, Kenya (AP) —"),
        ("The U.N. — which met on Monday — said nothing of the talks at all.", None),
        ("GDP - the sum of all goods - rose by two per cent in the quarter.", None),
    ],
)
def test_datelines(text: str, dateline: str | None) -> None:
    raw = RawArticle(text=text, published="2026-01-01")
    made = make_article(raw, source_uri="a", today=TODAY)
    assert isinstance(made, Article)
    assert made.dateline == dateline
    assert text[: made.dateline_end].strip() == (dateline or "")
