"""The report: what it holds, that it is safe, and, where a Chromium is installed, that it draws."""

from __future__ import annotations

import base64
import datetime as dt
import json
import re
import shutil
import subprocess
import zlib
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from flows.report.data import segments
from flows.report.page import page, report
from flows.resources.filters import choose
from tests.warehouse import known
from warehouse.errors import DatelineError
from warehouse.store import open_reader, open_writer

CHROMIUM = next((path for name in ("chromium", "chromium-browser", "google-chrome")
                 if (path := shutil.which(name))), None)  # fmt: skip


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return known.build(tmp_path_factory.mktemp("known") / "w.duckdb")


@pytest.fixture
def con(warehouse: Path) -> Any:
    reader = open_reader(warehouse)
    yield reader
    reader.close()


class Scripts(HTMLParser):
    """Every script element with its id and text, and every address the page names."""

    def __init__(self) -> None:
        super().__init__()
        self.scripts: list[tuple[str | None, str]] = []
        self.addresses: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        found = dict(attrs)
        self.addresses += [v for k, v in found.items() if k in ("src", "href", "action") and v]
        if tag == "script":
            self.scripts.append((found.get("id"), ""))

    def handle_data(self, data: str) -> None:
        if self.scripts and self.lasttag == "script":
            key, text = self.scripts[-1]
            self.scripts[-1] = (key, text + data)


def parsed(text: str) -> Scripts:
    parser = Scripts()
    parser.feed(text)
    return parser


def unpack(text: str, name: str) -> Any:
    packed = dict(parsed(text).scripts)[f"data-{name}"]
    return json.loads(zlib.decompress(base64.b64decode(packed)))


def test_columns_say_what_the_tables_say(con: Any) -> None:
    text, shown, total = page(con)
    main = unpack(text, "main")
    assert (shown, total) == (3, 3)
    # The latest first, the undated last.
    assert [main["types"][t] for t in main["type"]] == [
        ["ACCUSE", 3],
        ["CONSULT", 1],
        ["ASSAULT", 4],
    ]
    assert [main["modalities"][m] for m in main["modality"]] == ["asserted", "asserted", "possible"]
    assert [main["tellings"][t] for t in main["told"]] == ["claimed", "narrated", "narrated"]
    assert [main["methods"][m] if m >= 0 else None for m in main["method"]] == [
        "publication",
        "publication",
        None,
    ]
    epoch = dt.date(1970, 1, 1)
    assert main["start"] == [(dt.date(2026, 3, d) - epoch).days for d in (4, 1)] + [None]
    assert main["goldstein"] == [-20, 19, -100]
    assert main["confidence"] == [60, 90, 40]
    assert main["sources"] == [1, 2, 1]
    names = [
        [main["entities"][e][0] for e in main[role][1]]
        for role in ("initiator", "recipient", "participant")
    ]
    assert names == [[], [], ["Ma Zhaoxu", "Park Yoon-joo"]]
    codes = [
        {main["countries"][c][0] for c in main[side][0]}
        for side in ("from_countries", "to_countries")
    ]
    assert codes == [{"CHN"}, {"KOR"}]
    pairs = [[[main["countries"][c][0] for c in pair] for pair in held] for held in main["pairs"]]
    assert pairs == [[["CHN", "KOR"]], [["CHN", "KOR"], ["KOR", "CHN"]], []]
    assert main["places"] == [["Hanoi", "city", 21.025, 105.841, main["country"][1]]]
    assert ["VNM", "Vietnam"] in main["countries"]


@pytest.mark.parametrize("chance, counted", [(0.7, 0), (0.95, 1)])
def test_pairs_in_doubt_are_not_counted(tmp_path: Path, chance: float, counted: int) -> None:
    """The parties stay; the pair goes where the chances of both and of the type are below .5."""
    con = open_writer(known.build(tmp_path / "w.duckdb"))
    con.execute("UPDATE event_participants SET confidence = ?", [chance])
    con.execute("UPDATE events SET type_confidence = 0.9")
    main = unpack(page(con)[0], "main")
    con.close()
    assert len(main["pairs"][0]) == counted
    assert main["from_countries"][0] and main["to_countries"][0]


def test_head_names_and_counts(con: Any) -> None:
    text, _, _ = page(con, title="Talks & <tensions>")
    assert "<h1>Talks &amp; &lt;tensions&gt;</h1>" in text
    pairs = re.findall(r"<dd>(.*?)</dd><dt>(.*?)</dt>", text)
    figures = {word: number for number, word in pairs}
    articles = con.execute("SELECT count(DISTINCT article_id) FROM event_mentions").fetchone()[0]
    told = figures["events"], figures["reports"], figures["articles that tell of them"]
    assert told == ("3", "5", str(articles))
    read = con.execute("SELECT count(DISTINCT article_id) FROM sentences").fetchone()[0]
    assert figures["articles read"] == str(read)
    assert figures["place"] == "1" and "published" in figures


def test_evidence_marks_trigger_and_parties(con: Any) -> None:
    text, _, _ = page(con)
    block = unpack(text, "0")
    titles = [article[0] for article in unpack(text, "articles")]
    event_id, count, reports = block[1]
    assert (event_id, count, len(reports)) == (known.EVENT_IDS["meet"], 3, 3)
    assert titles[reports[0][0]] == "Talks in Hanoi"  # the lead of a cluster before its copies
    marked = [["p", "Park"], " ", ["t", "met"], " ", ["p", "Ma"], " in Hanoi on Sunday."]
    assert reports[0][4] == marked
    assert reports[1][4][0] == "🙂 "  # an offset counts code points, not UTF-16 units
    assert reports[1][4][1] == ["p", "Park"]
    accuse = block[0][2][0]
    assert accuse[1:4] == ["asserted", 60, "China"]
    assert ["i", "China", "China"] in accuse[5]


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], ["abcdef"]),
        ([(0, 6, "i")], [["i", "abcdef"]]),
        ([(0, 4, "i"), (2, 4, "t")], [["i", "ab"], ["t", "cd"], "ef"]),
        ([(0, 5, "i"), (1, 2, "r")], [["i", "a"], ["r", "b"], ["i", "cde"], "f"]),
        ([(-3, 2, "i"), (4, 9, "r")], ["abcdef"]),
    ],
)
def test_segments(spans: list[Any], expected: list[Any]) -> None:
    assert segments("abcdef", spans) == expected


def test_no_text_of_an_article_can_leave_its_place(con: Any) -> None:
    hostile = "</script><script>"
    text, _, _ = page(con, choose(entity='Rebels "of the <hills>"'))
    assert 'Rebels "of the <hills>"' not in text
    assert "&lt;hills&gt;" in text  # in the title, escaped
    whole, _, _ = page(con)
    assert "boom()" not in whole and hostile not in whole
    kinds = [key for key, _ in parsed(whole).scripts]
    assert kinds == ["data-main", "data-world", "data-articles", "data-0", None]
    script = parsed(whole).scripts[-1][1]
    for unsafe in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert unsafe not in script


def test_nothing_is_fetched(con: Any) -> None:
    text, _, _ = page(con)
    found = parsed(text)
    assert found.addresses == ["#rows"]
    assert not {"link", "img", "iframe", "object", "base"} & set(found.tags)
    assert "default-src 'none'" in text
    style = re.search(r"<style>(.*?)</style>", text, re.S)
    assert style and "url(" not in style[1] and "@import" not in style[1]


def test_limit_keeps_the_latest(con: Any) -> None:
    assert page(con, limit=2)[1:] == (2, 3)


def test_errors_name_what_is_wrong(warehouse: Path, tmp_path: Path) -> None:
    cases: tuple[tuple[dict[str, Any], str], ...] = (
        ({"entity": "Nobody"}, "Nobody: no entity"),
        ({"country": "ZZZ"}, "ZZZ: no event of this country$"),
        ({"country": "VIETNAM"}, "did you mean VNM?"),
        ({"country": "KOR", "first": "2031-01-01"}, "widen --from 2031-01-01 --country KOR$"),
        ({"first": "2031-01-01"}, "no event matches"),
    )
    for given, message in cases:
        with pytest.raises(DatelineError, match=message):
            report(warehouse, tmp_path / "r.html", choose(**given))
    with pytest.raises(DatelineError, match="is a folder"):
        report(warehouse, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_writes_whole_or_not_at_all(warehouse: Path, tmp_path: Path) -> None:
    target = tmp_path / "deep" / "r.html"
    report(warehouse, target)
    before = target.read_bytes()
    with pytest.raises(DatelineError):
        report(warehouse, target, choose(entity="Nobody"))
    assert target.read_bytes() == before
    assert [path.name for path in target.parent.iterdir()] == ["r.html"]


def drawn(target: Path, address: str = "") -> str:
    """The page as Chromium makes it."""
    done = subprocess.run(
        [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=4000",
         f"--user-data-dir={target.parent / 'profile'}", "--dump-dom", f"file://{target}{address}"],
        capture_output=True, text=True, timeout=300, check=True,
    )  # fmt: skip
    return done.stdout


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
def test_a_link_opens_its_event_whatever_is_filtered(warehouse: Path, tmp_path: Path) -> None:
    target = tmp_path / "r.html"
    report(warehouse, target)
    for name, sentence in (("meet", " in Hanoi on Sunday."), ("accuse", None)):
        key = known.EVENT_IDS[name]
        dom = drawn(target, f"#modality=possible&event={key}")
        assert 'aria-expanded="true"' in dom and f'href="#event={key}"' in dom
        assert f"evidence('{key}')" in dom and (sentence is None or sentence in dom)
    assert "This report holds no event 0123" in drawn(target, "#event=0123")


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
def test_a_pair_shows_its_sentences_one_day_is_no_wall_and_periods_are_compared(
    warehouse: Path, tmp_path: Path
) -> None:
    target = tmp_path / "r.html"
    report(warehouse, target)
    dom = drawn(target, "#modality=asserted&first=2026-03-01&last=2026-03-01&from=KOR&to=CHN")
    quotes = re.search(r'<div id="pair".*?</div>', dom, re.S)
    assert quotes and '<mark class="t" title="trigger">met</mark>' in quotes[0]
    assert f'href="#event={known.EVENT_IDS["meet"]}"' in quotes[0]
    widths = re.findall(r'<rect x="[^"]*" y="[^"]*" width="([^"]*)"[^>]* class="hit"', dom)
    assert widths and max(map(float, widths)) <= 56
    assert "(pub.)" in dom and "1 by the day they were published" in dom
    rows = re.findall(r'<tr[^>]*><th scope="row">(?:<i [^>]*></i>)?([^<]*)</th>', dom)
    assert rows == ["all events", "consult"]


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
@pytest.mark.parametrize(
    ("address", "count", "rows"),
    [
        ("", "1 of 3 events", 1),  # told as fact, by no party, surely enough, until asked otherwise
        ("#modality=asserted", "2 of 3 events", 2),
        ("#modality=asserted&told=first", "1 of 3 events", 1),
        ("#modality=any&sure=0.5", "2 of 3 events", 2),
        ("#text=lying", "1 of 3 events", 1),  # a word of the sentence
        ("#modality=possible", "1 of 3 events", 1),
        ("#from=CHN&to=KOR", "2 of 3 events", 2),  # talks act both ways
        ("#text=nothing+of+the+kind", "0 of 3 events", 0),
    ],
)
def test_draws_and_filters(
    warehouse: Path, tmp_path: Path, address: str, count: str, rows: int
) -> None:
    target = tmp_path / "r.html"
    report(warehouse, target)
    dom = drawn(target, address)
    assert "data-ready" in dom and 'id="trouble" class="bad" hidden' in dom
    assert re.search(r'id="count" role="status">([^<]*)<', dom)[1] == count  # type: ignore[index]
    assert len(re.findall(r'<div class="row m-', dom)) == rows


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")
def test_nobody_stands_beside_himself(example_warehouse: Path, tmp_path: Path) -> None:
    """One report has the two ministers agree together, another has one invite the other."""
    target = tmp_path / "r.html"
    report(example_warehouse, target, choose(entity="Selim Aksoy"))
    parties = re.findall(r'class="who"[^>]*>([^<]*)<', drawn(target, "#modality=any"))
    assert any(text.startswith("Selim Aksoy → ") for text in parties)
    for text in parties:
        sides, _, beside = text.partition(" · with ")
        assert not {*beside.split(", ")} & {*re.split(", | → ", sides)}, text
