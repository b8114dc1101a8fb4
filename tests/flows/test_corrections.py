"""What people decide holds: in the next run, for a new text, another extractor, a new warehouse.

The run is the production one but for its workers, which are this process: each of some dozens of
runs then takes a part of a second.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flows.published.export import export
from flows.resources.corrections import add_corrections, read_corrections
from flows.resources.settings import settings
from flows.resources.version import Extractor
from flows.review.deciding import decide
from flows.run import pipeline as pipelines
from flows.run.agreement import agreement
from flows.run.corrected import touched
from flows.run.feed import Source
from flows.run.files import Files
from flows.run.pipeline import Pipeline
from flows.run.retract import retract
from flows.run.stored import StoredArticles
from flows.run.watch import nothing_new
from tests.conftest import content
from tests.here import in_this_process
from transforms.corrections.score import PARTS
from warehouse.errors import DatelineError
from warehouse.store import open_reader

FIRST = (
    "Kenyan police arrested twelve protesters in Nairobi on Monday. "
    "President William Ruto met union leaders in Mombasa on Tuesday. "
    "Chad accused Niger of shelling the town of Diffa on Wednesday."
)
SECOND = (
    "Police arrested a dozen protesters in Nairobi on Monday, a rights group said. "
    "Ruto, the chairman of the dockers, called a strike in Mombasa. "
    "Officials of Chad and Niger held talks in Niamey on Friday."
)
THIRD = "Sudan's army bombed a market in El Fasher on Thursday. The rebels condemned the attack."
ARTICLES = {"one": FIRST, "two": SECOND, "three": THIRD}


class Place:
    """A folder with articles, a warehouse and decisions."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.raw = folder, folder / "raw"
        self.raw.mkdir(parents=True)
        self.options = settings(warehouse=folder / "data" / "w.duckdb", processes=1,
                                corrections=folder / "corrections.jsonl")  # fmt: skip

    def write(self, name: str, text: str) -> None:
        held = {"url": f"https://example.org/{name}", "title": f"Story {name}", "text": text,
                "published": "2026-03-06T12:00:00Z", "source": f"Paper {name}"}  # fmt: skip
        (self.raw / f"{name}.json").write_text(json.dumps(held), "utf-8")

    def run(self, source: Source | None = None, *, force: bool = False) -> Any:
        return Pipeline(self.options, source or Files([str(self.raw)], force=force)).whole()

    def rows(self, sql: str, *values: Any) -> list[Any]:
        con = open_reader(self.options.warehouse)
        try:
            return con.execute(sql, list(values)).fetchall()
        finally:
            con.close()

    def decide(self, **asked: Any) -> str:
        """Write down a decision, as the page does. Returns its id."""
        con = open_reader(self.options.warehouse)
        count = len(read_corrections(self.options.corrections_file).decisions)
        try:
            made = decide(con, asked, dt.datetime(2026, 4, 1, 0, 0, count, tzinfo=dt.UTC))
        finally:
            con.close()
        add_corrections(self.options.corrections_file, [made])
        return made.correction_id

    def report(self, trigger: str, name: str) -> str:
        """The report with this trigger in an article."""
        return str(self.rows(
            "SELECT event_mention_id FROM event_mentions JOIN articles USING (article_id) "
            "WHERE trigger_text = ? AND title = ?", trigger, f"Story {name}"
        )[0][0])  # fmt: skip


@pytest.fixture(scope="module")
def here() -> Iterator[None]:
    with in_this_process():
        yield


@pytest.fixture
def place(here: None, tmp_path: Path) -> Place:
    """Three articles, read; nothing decided."""
    made = Place(tmp_path / "p")
    for name, text in ARTICLES.items():
        made.write(name, text)
    made.run()
    return made


# What is decided, and a question whose answer is 1 where that holds.
DECIDED: dict[str, tuple[tuple[str, str], dict[str, Any], str]] = {
    "right": (("arrested", "one"), {}, """
        FROM reports WHERE title = 'Story one' AND trigger_text = 'arrested' AND confidence = 1
            AND event_type = 'COERCE' AND method IN ('confirmed', 'added')
            AND place_text = 'Nairobi' AND event_date = '2026-03-02'
            AND who = ['Kenyan police', 'twelve protesters']"""),
    "wrong": (("attack", "three"), {}, """
        FROM articles WHERE title = 'Story three' AND article_id NOT IN (
            SELECT article_id FROM reports WHERE trigger_text = 'attack')"""),
    "type": (("condemned", "three"), {"type": "REJECT"}, """
        FROM reports WHERE trigger_text = 'condemned' AND event_type = 'REJECT'
            AND type_confidence = 1 AND method IN ('corrected', 'added')
            AND event_id IN (SELECT event_id FROM events WHERE event_type = 'REJECT')"""),
    "modality": (("met", "one"), {"modality": "planned"}, """
        FROM reports WHERE trigger_text = 'met' AND modality = 'planned'"""),
    "party": (("accused", "one"), {"side": "recipients", "parties": ["the town of Diffa"]}, """
        FROM reports WHERE trigger_text = 'accused' AND len(who) = 2 AND who[1] = 'Chad'
            AND contains(who[2], 'town')
            AND 'corrected' IN (SELECT p.method FROM event_participants p
                WHERE p.event_mention_id = reports.event_mention_id AND role = 'recipient')"""),
    "date": (("talks", "two"), {"date": "2026-02-27/2026-03-01"}, """
        FROM reports JOIN events USING (event_id) WHERE trigger_text = 'talks'
            AND date_method = 'corrected' AND reports.event_date = '2026-02-27/2026-03-01'
            AND events.date_start = DATE '2026-02-27' AND events.date_end = DATE '2026-03-01'"""),
    "place": (("bombed", "three"), {"place": "Sudan"}, """
        FROM reports JOIN events USING (event_id) JOIN places p ON p.place_id = events.place_id
        WHERE trigger_text = 'bombed' AND place_text = 'Sudan' AND p.country_code = 'SDN'"""),
    "same": (("accused", "one"), {"other": ("talks", "two")}, """
        FROM reports a JOIN reports b USING (event_id)
        WHERE a.trigger_text = 'accused' AND b.trigger_text = 'talks'"""),
    "apart": (("arrested", "one"), {"other": ("arrested", "two")}, """
        FROM reports a, reports b WHERE a.title = 'Story one' AND b.title = 'Story two'
            AND a.trigger_text = 'arrested' AND b.trigger_text = 'arrested'
            AND a.event_id <> b.event_id"""),
    "one": (("arrested", "two"),
            {"mention": ("a dozen protesters", "two"), "entity": "Kenyan protesters"}, """
        FROM entity_mentions a JOIN entity_mentions b USING (entity_id)
        WHERE a.text = 'a dozen protesters' AND b.text = 'twelve protesters'
            AND 'corrected' IN (a.method, b.method)"""),
    "two": (("talks", "two"), {"mention": ("Ruto", "two"), "name": "Ruto (dockers)"}, """
        FROM entity_mentions JOIN entities USING (entity_id) JOIN articles USING (article_id)
        WHERE name = 'Ruto (dockers)' AND entity_mentions.text = 'Ruto'
            AND articles.title = 'Story two'
            AND entity_id NOT IN (SELECT entity_id FROM entities WHERE name = 'William Ruto')"""),
}  # fmt: skip
REPORTS = """
WITH reports AS (
    SELECT m.*, a.title, (SELECT list_sort(list(n.text)) FROM event_participants p
        JOIN entity_mentions n USING (mention_id)
        WHERE p.event_mention_id = m.event_mention_id) AS who
    FROM event_mentions m JOIN articles a USING (article_id)
)
SELECT count(*)
"""


def holding(place: Place) -> dict[str, bool]:
    """Which decisions hold."""
    return {name: place.rows(REPORTS + told) == [(1,)] for name, (_, _, told) in DECIDED.items()}


def decide_all(place: Place) -> dict[str, str]:
    """Decide everything. Returns the ids."""
    return {name: decide_one(place, name) for name in DECIDED}


def decide_one(place: Place, name: str) -> str:
    """Decide one of them, by the ids that the warehouse has."""
    where, given, _ = DECIDED[name]
    values = dict(given)
    if "other" in values:
        values["other"] = place.report(*values["other"])
    if "mention" in values:
        values["mention"] = place.rows(
            "SELECT mention_id FROM entity_mentions n JOIN articles a USING (article_id) "
            "WHERE n.text = ? AND a.title = 'Story ' || ?", *values["mention"],
        )[0][0]  # fmt: skip
    if "entity" in values:
        asked = "SELECT entity_id FROM entities WHERE name = ?"
        values["entity"] = place.rows(asked, values["entity"])[0][0]
    return place.decide(say=name, report=place.report(*where), **values)


def fresh(place: Place, folder: Path) -> Place:
    """A warehouse built anew from the raw files and the decisions."""
    made = Place(folder)
    shutil.rmtree(made.raw)
    shutil.copytree(place.raw, made.raw)
    shutil.copy(place.options.corrections_file, made.options.corrections_file)
    made.run()
    return made


def test_the_next_run_applies_them_to_their_articles_alone(place: Place) -> None:
    assert holding(place) == dict.fromkeys(DECIDED, False)
    assert nothing_new(place.options, [str(place.raw)]) is not None
    place.decide(say="type", report=place.report("condemned", "three"), type="REJECT")
    assert nothing_new(place.options, [str(place.raw)]) is None
    con = open_reader(place.options.warehouse)
    decisions = read_corrections(place.options.corrections_file).decisions
    assert len(touched(con, decisions)) == 1
    con.close()
    done = place.run()
    assert (done.corrected, done.articles, done.corrections) == (1, 1, ["1 applied"])
    assert holding(place)["type"]
    assert nothing_new(place.options, [str(place.raw)]) is not None
    assert place.rows("SELECT kind, status, article_count FROM corrections") == [
        ("type", "applied", 1)
    ]


def test_what_is_taken_back_is_as_it_was(place: Place) -> None:
    before = content(place.options.warehouse)
    ids = decide_all(place)
    place.run()
    assert all(holding(place).values()), holding(place)
    for key in ids.values():
        con = open_reader(place.options.warehouse)
        undo = decide(con, {"say": "undo", "undoes": key}, dt.datetime.now(dt.UTC))
        con.close()
        add_corrections(place.options.corrections_file, [undo])
    assert place.run().corrected == 3
    after = content(place.options.warehouse)
    for name in before.keys() - {"files", "places"}:  # how a file is known; places are only added
        assert after[name] == before[name], name


def test_another_extractor_that_finds_nothing(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What people saw stands without it."""
    from transforms.nlp import extract

    decide_all(place)
    annotate = extract.annotate

    def blind(*given: Any, **values: Any) -> Any:
        notes = annotate(*given, **values)
        notes.events = []
        return notes

    monkeypatch.setattr(extract, "annotate", blind)
    monkeypatch.setattr(pipelines, "extractor", lambda _: Extractor("blind"))
    place.run(StoredArticles())
    assert {name for name, holds in holding(place).items() if not holds} == {"apart"}
    assert place.rows("SELECT DISTINCT method FROM event_mentions") == [("added",)]
    assert place.rows("SELECT kind, reason FROM corrections WHERE status = 'lost'") == [
        ("apart", "the other sentence is there, but what it is about is not")
    ]


STEPS = ("run", "update", "reextract", "retract", "anew")


def step(place: Place, name: str, number: int, patch: pytest.MonkeyPatch) -> None:
    """One thing that happens to a warehouse."""
    if name == "run":
        place.write(f"more{number}", f"Peru and Chile signed an accord in Lima. Day {number}.")
        place.run()
    elif name == "update":
        for one, text in ARTICLES.items():
            place.write(one, f"Correction number {number}.\n\n{text} This is told anew.")
        place.run()
    elif name == "reextract":
        patch.setattr(pipelines, "extractor", lambda _, n=number: Extractor(f"another {n}"))
        place.run(StoredArticles())
    elif name == "retract":
        for one in ARTICLES:
            retract(place.options, f"https://example.org/{one}")
        place.run(force=True)
    else:
        shutil.rmtree(place.options.warehouse.parent)
        place.run()


@pytest.mark.parametrize("seed", [0, *(pytest.param(n, marks=pytest.mark.slow) for n in (1, 2))])
def test_decisions_survive(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Each thing that happens to a warehouse, in any order; in the end it is what it would be if it
    were built anew."""
    decide_all(place)
    place.run()
    order = random.Random(seed).sample(STEPS, len(STEPS))
    for number, name in enumerate(order):
        step(place, name, number, monkeypatch)
        assert all(holding(place).values()), (order, name, holding(place))
        assert place.rows("SELECT count(*) FROM corrections WHERE status <> 'applied'") == [(0,)]
    kept = fresh(place, tmp_path / "fresh")
    skip = {"source_uri", "extractor_version", "version", "file_id", "article_count", "status"}
    mine, others = (content(one.options.warehouse, skip=skip) for one in (place, kept))
    mine.pop("files"), others.pop("files")
    assert mine == others


def test_a_decision_whose_text_is_gone_is_told(place: Place) -> None:
    decide_all(place)
    place.run()
    place.write("three", "Nothing of the kind was told. Later there was no more to it.")
    done = place.run()
    assert done.corrections[0] == "8 applied, 3 lost"
    file = place.options.corrections_file
    assert done.corrections[1].startswith(f"{file}:2: no article tells the sentence any more: “The")
    told = "SELECT kind FROM corrections WHERE status = 'lost' ORDER BY 1"
    assert place.rows(told) == [("place",), ("type",), ("wrong",)]
    place.write("three", THIRD + " It is told again.")
    assert place.run().corrections == ["11 applied"]


def test_each_kind_alone_touches_its_articles_and_no_others(place: Place) -> None:
    """And what is taken back, too."""
    for name, articles in (("right", 1), ("same", 2), ("apart", 2), ("one", 2), ("two", 1)):
        key = decide_one(place, name)
        assert place.run().articles == articles, name
        assert holding(place)[name]
        undo = {"say": "undo", "undoes": key}
        con = open_reader(place.options.warehouse)
        add_corrections(
            place.options.corrections_file, [decide(con, undo, dt.datetime.now(dt.UTC))]
        )
        con.close()
        assert place.run().articles == articles, name
        assert not holding(place)[name], name


def test_a_run_names_the_broken_line(place: Place) -> None:
    place.options.corrections_file.write_text("\n{'at': 1}\n")
    with pytest.raises(DatelineError, match=r"corrections\.jsonl:2: no JSON"):
        place.run()
    with pytest.raises(DatelineError, match=r"corrections\.jsonl:2: no JSON"):
        nothing_new(place.options, [str(place.raw)])


def test_labels_are_those_of_the_guide(place: Place, tmp_path: Path) -> None:
    """Every string stands where the guide's checker looks for it."""
    decide_all(place)
    place.run()
    export(place.options.warehouse, tmp_path / "out", "labels", [])
    lines = (tmp_path / "out" / "labels.jsonl").read_text("utf-8").splitlines()
    documents = {held["title"]: held for held in map(json.loads, lines)}
    assert documents.keys() == {"Story one", "Story two", "Story three"}
    for held in documents.values():
        assert held["complete"] is False
        for event in held["events"]:
            sentence = held["sentences"][event["s"]]
            assert sentence.count(event["trigger"]) >= event["n"]
            parties = (*event["initiators"], *event["recipients"], event["who_says"])
            assert all(one.startswith("^") or one in sentence for one in parties), event
            assert event["place"] in held["text"]
    (condemned,) = [e for e in documents["Story three"]["events"] if e["trigger"] == "condemned"]
    assert (condemned["type"], condemned["s"], condemned["core"]) == ("REJECT", 1, True)
    assert documents["Story three"]["none"] == [{"s": 1, "trigger": "attack", "n": 1}]
    (accused,) = [e for e in documents["Story one"]["events"] if e["trigger"] == "accused"]
    assert accused["initiators"] == ["Chad"] and "town" in accused["recipients"][0]


def test_what_is_confirmed_scores_full(place: Place) -> None:
    """Also where a party is named in another sentence, and more than once."""
    place.write("four", THIRD.replace("the attack", "it") + " The army is Sudan's largest force.")
    place.run()
    for name, trigger in (("one", "met"), ("three", "condemned"), ("four", "condemned")):
        place.decide(say="right", report=place.report(trigger, name))
    shares = {row["part"]: row["share"] for row in agreement(place.options)}
    assert shares == {**dict.fromkeys(PARTS, 1.0), "no event told": None}


def test_the_extractor_alone_is_scored(place: Place) -> None:
    """Before and after a run: what it finds by itself, not what it was told."""
    decide_all(place)
    before = agreement(place.options)
    place.run()
    assert agreement(place.options) == before
    found = {row["part"]: (row["right"], row["of"]) for row in before}
    assert found == {
        "found": (6, 6), "type": (5, 6), "modality": (5, 6), "who did it": (6, 6),
        "to whom": (5, 6), "date": (5, 6), "place": (5, 6), "no event told": (0, 1),
    }  # fmt: skip
