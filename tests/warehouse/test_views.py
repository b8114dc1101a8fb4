"""Known answers of every view and macro, on `tests/warehouse/known.py` and the examples."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.score_running import is_told
from tests.warehouse import known
from tests.warehouse.schemas import GDELT_EVENTS, GDELT_MENTIONS, ICEWS, POLECAT
from transforms.nlp.annotations import Participant
from warehouse import store
from warehouse.codes import parse
from warehouse.errors import DatelineError
from warehouse.migrations import fills
from warehouse.vocabulary import DYAD_LIMIT

MEET, ACCUSE, ATTACK = (known.EVENT_IDS[name] for name in ("meet", "accuse", "attack"))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    con = store.open_reader(known.build(tmp_path_factory.mktemp("known") / "w.duckdb"))
    yield con
    con.close()


def rows(con: Any, sql: str) -> list[dict[str, Any]]:
    cursor = con.execute(sql)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def columns(con: Any, view: str) -> list[str]:
    return [column[0] for column in con.execute(f"FROM {view} LIMIT 0").description]


def test_asserted_events(small: Any) -> None:
    found = rows(small, "SELECT event_id FROM asserted_events ORDER BY 1")
    assert [row["event_id"] for row in found] == [MEET, ACCUSE]


def test_event_details(small: Any) -> None:
    meet, accuse, attack = rows(small, "FROM event_details ORDER BY event_id")
    assert meet["initiators"] == meet["recipients"] == ["Ma Zhaoxu", "Park Yoon-joo"]
    assert meet["initiator_countries"] == ["CHN", "KOR"]
    assert (meet["place"], meet["place_type"], meet["latitude"]) == ("Hanoi", "city", 21.0245)
    assert (meet["article_id"], meet["sentence"]) == ("a1", known.MET)
    assert (accuse["initiators"], accuse["recipients"]) == (["China"], ["South Korea"])
    assert (accuse["attributed_to"], accuse["trigger"]) == ("China", "accused")
    assert accuse["sentence"].endswith("accused South Korea of lying.")
    assert [row["told"] for row in (meet, accuse, attack)] == ["narrated", "claimed", "narrated"]
    assert [row["date_method"] for row in (meet, accuse, attack)] == ["publication"] * 2 + [None]
    assert attack["initiator_countries"] is None
    assert attack["initiator_sectors"] == ["REB"]


def test_dyads_kept_with_the_load_are_those_of_the_events(con: Any) -> None:
    """What `event_dyads` holds after a run is what its definition gives."""
    kept = con.execute("FROM event_dyads ORDER BY ALL").fetchall()
    assert len(kept) > 20
    assert kept == con.execute(f"{known.DYADS} ORDER BY ALL").fetchall()


@pytest.mark.parametrize("name", fills())
def test_what_is_kept_with_the_load_is_what_fills_a_new_table(con: Any, name: str) -> None:
    kept = con.execute(f"FROM {name} ORDER BY ALL").fetchall()
    assert len(kept) > 2
    assert kept == con.execute(f"FROM ({fills()[name]}) ORDER BY ALL").fetchall()


def test_a_dyad_counts_from_the_limit_on(tmp_path: Path) -> None:
    con = store.open_writer(known.build(tmp_path / "w.duckdb"))
    con.execute("UPDATE event_dyads SET confidence = ? WHERE initiator = 'CHN'", [DYAD_LIMIT])
    con.execute(
        "UPDATE event_dyads SET confidence = ? - 0.01 WHERE initiator = 'KOR'", [DYAD_LIMIT]
    )
    acting = rows(con, "SELECT DISTINCT initiator FROM dyad_day WHERE events > 0")
    left = rows(con, "FROM dyad_reports WHERE NOT is_counted")
    con.close()
    assert acting == [{"initiator": "CHN"}]
    assert len(left) == 1


@pytest.mark.parametrize(
    "view",
    [
        f"SELECT len(recipients) = 1 FROM event_details WHERE event_id = '{ACCUSE}'",
        "SELECT true FROM actor_network WHERE target = 'South Korea'",
        f"SELECT actor2 IS NOT NULL FROM report_parties WHERE event_id = '{ACCUSE}'",
        "SELECT true FROM polecat_events WHERE \"Recipient Name\" LIKE '%South Korea%'",
    ],
    ids=["details", "network", "report", "polecat"],
)
def test_a_party_is_told_from_the_limit_on(view: str, tmp_path: Path) -> None:
    """In every view: one that is likely wrong is in `event_participants` alone."""
    con = store.open_writer(known.build(tmp_path / "w.duckdb"))
    update = (
        "UPDATE event_participants SET confidence = ? WHERE event_id = ? AND role = 'recipient'"
    )
    told, chances = [], (0.35, 0.34, None, 0)
    for chance in chances:
        con.execute(update, [chance, ACCUSE])
        told.append((con.execute(view).fetchone() or (False,))[0] or False)
    con.close()
    assert told == [True, False, True, False]
    scored = [is_told(Participant("recipient", 0, confidence=chance)) for chance in chances]
    assert scored == told


def test_who_met_whom_leaves_out_a_party_that_is_likely_wrong(tmp_path: Path) -> None:
    con = store.open_writer(known.build(tmp_path / "w.duckdb"))
    before = rows(con, "FROM who_met_whom")
    con.execute("UPDATE event_participants SET confidence = 0.1, role = 'recipient' "
                "WHERE role = 'participant'")  # fmt: skip
    assert before and not rows(con, "FROM who_met_whom")
    con.close()


def test_volumes_of_months(small: Any) -> None:
    """Counts by month of events, of events at a place, of those somebody takes part in."""
    march = dt.date(2026, 3, 1)
    events = rows(small, "FROM event_volume ORDER BY month NULLS LAST, event_type")
    assert [tuple(row.values()) for row in events] == [
        (march, "ACCUSE", "asserted", None, 1),
        (march, "CONSULT", "asserted", "VNM", 1),
        (None, "ASSAULT", "possible", None, 1),
    ]
    (place,) = rows(small, "FROM place_volume")
    assert (place["name"], place["month"], place["events"]) == ("Hanoi", march, 1)
    korea = rows(small, "FROM entity_volume WHERE name = 'South Korea' ORDER BY month")
    assert [(r["month"], r["events"], r["asserted_events"]) for r in korea] == [
        (march, 1, 1),
        (None, 1, 0),
    ]


def test_namesakes_are_one_in_a_timeline_and_among_those_named_together(tmp_path: Path) -> None:
    """South Korea and China under one alias: one row an event, one sentence counted once."""
    con = store.open_writer(known.build(tmp_path / "w.duckdb"))
    con.execute(
        "UPDATE entities SET aliases = ['Asia'] WHERE entity_id IN ('kor', 'chn', 'rebels')"
    )
    found = rows(con, "FROM entity_timeline('asia')")
    assert [(row["event_id"], row["role"]) for row in found] == [
        (ACCUSE, "participant"),
        (ATTACK, "participant"),
    ]
    con.execute("UPDATE entities SET aliases = ['Both'] WHERE entity_id IN ('park', 'ma')")
    con.execute(
        "INSERT INTO entity_mentions SELECT * REPLACE ('chn' AS entity_id, 'm1.x' AS mention_id) "
        "FROM entity_mentions WHERE mention_id = 'm1.ma'"
    )
    known.refill(con, "named_together")
    (china,) = rows(con, "FROM co_mentions_of('both')")
    assert (china["name"], china["sentences"], china["articles"]) == ("China", 1, 1)
    con.close()


def test_dyads_fill_the_days_between(small: Any) -> None:
    found = rows(small, "FROM dyad_day WHERE initiator = 'CHN' ORDER BY day")
    assert [row["day"].day for row in found] == [1, 2, 3, 4]
    assert [row["events"] for row in found] == [1, 0, 0, 1]
    assert [row["goldstein_sum"] for row in found] == [1.9, 0, 0, -2.0]
    assert [row["verbal_conflict"] for row in found] == [0, 0, 0, 1]
    back = rows(small, "FROM dyad_day WHERE initiator = 'KOR' ORDER BY day")
    assert [row["events"] for row in back] == [1, 0, 0, 0]  # accused only one way
    month = rows(small, "FROM dyad_month ORDER BY initiator")
    assert [(row["month"], row["initiator"], row["events"]) for row in month] == [
        (dt.date(2026, 3, 1), "CHN", 2),
        (dt.date(2026, 3, 1), "KOR", 1),
    ]


def test_entity_timeline(small: Any) -> None:
    for name in ("South Korea", "south korea", "Korea"):
        found = rows(small, f"FROM entity_timeline('{name}')")
        assert [(row["event_type"], row["role"]) for row in found] == [
            ("ACCUSE", "recipient"),
            ("ASSAULT", "recipient"),
        ]
    assert rows(small, "FROM entity_timeline('Nobody')") == []


def test_entity_timeline_has_one_row_an_event(con: Any) -> None:
    """Also where some reports have the entity on one side and some on the other, or on both."""
    who, roles = con.execute(
        "SELECT any_value(e.name), list(DISTINCT role) FROM event_participants p "
        "JOIN entities e USING (entity_id) GROUP BY event_id, entity_id "
        "HAVING count(DISTINCT role) > 1 ORDER BY event_id, entity_id LIMIT 1"
    ).fetchone()
    found = rows(con, f"FROM entity_timeline('{who}')")
    assert len({row["event_id"] for row in found}) == len(found)
    assert len(roles) > 1 and "participant" in {row["role"] for row in found}


def test_who_met_whom(small: Any) -> None:
    (met,) = rows(small, "FROM who_met_whom")
    assert (met["one"], met["other"], met["place"]) == ("Ma Zhaoxu", "Park Yoon-joo", "Hanoi")


def test_co_mentions(small: Any) -> None:
    found = {
        frozenset((row["one"], row["other"])): (row["sentences"], row["articles"], row["sources"])
        for row in rows(small, "FROM co_mentions")
    }
    assert found[frozenset(("Ma Zhaoxu", "Park Yoon-joo"))] == (3, 3, 3)
    assert found[frozenset(("China", "South Korea"))] == (1, 1, 1)
    assert len(found) == 3


def test_co_mentions_of(small: Any) -> None:
    found = rows(small, "FROM co_mentions_of('park')")
    assert [(row["name"], row["sentences"], row["sources"]) for row in found] == [
        ("Ma Zhaoxu", 3, 3)
    ]
    korea = rows(small, "FROM co_mentions_of('South Korea')")
    assert [row["name"] for row in korea] == ["China", 'Rebels "of the <hills>"']


def test_source_volume(small: Any) -> None:
    found = {row["source"]: row for row in rows(small, "FROM source_volume")}
    assert set(found) == {"Wire", "Daily", "/in/a3.txt"}
    assert (found["Daily"]["articles"], found["Daily"]["event_reports"]) == (1, 3)
    assert found["/in/a3.txt"]["original_articles"] == 0


def test_changes_since(small: Any) -> None:
    assert len(rows(small, "FROM changes_since('2026-03-05 12:00:00')")) == 3
    assert rows(small, "FROM changes_since('2026-03-05 12:30:00')") == []


def test_evidence_marks_the_trigger(small: Any) -> None:
    found = rows(small, f"FROM evidence('{MEET}')")
    assert [row["sentence"] for row in found] == [
        "Park [[met]] Ma in Hanoi on Sunday.",
        "Park [[met]] Ma in Hanoi on Sunday.",
        "🙂 Park [[met]] Ma in Hanoi.",
    ]
    assert [row["marked"] for row in found][1:] == [
        "{participant: Park} [[met]] {participant: Ma} in Hanoi on Sunday.",
        "🙂 {participant: Park} [[met]] {participant: Ma} in Hanoi.",
    ]
    (accuse,) = rows(small, f"FROM evidence('{ACCUSE}')")
    assert accuse["marked"].endswith("[[accused]] {recipient: South Korea} of lying.")
    assert [party["name"] for party in found[0]["parties"]] == ["Ma Zhaoxu", "Park Yoon-joo"]


def test_evidence_marks_of_spans_that_touch_or_lie_in_each_other(tmp_path: Path) -> None:
    path = known.build(tmp_path / "w.duckdb")
    con = store.open_writer(path)
    # "Park met" as a party around the trigger, "Ma" right behind " "; and one beyond the sentence.
    con.execute("UPDATE entity_mentions SET end_char = 8 WHERE mention_id = 'm1.park'")
    con.execute(
        "UPDATE entity_mentions SET start_char = 8, end_char = 11 WHERE mention_id = 'm1.ma'"
    )
    known.refill(con, "event_reports")
    marked = rows(con, f"FROM evidence('{MEET}') WHERE event_mention_id = 'm1'")[0]["marked"]
    assert marked == "{participant: Park [[met]]}{participant:  Ma} in Hanoi on Sunday."
    con.execute("UPDATE entity_mentions SET end_char = 99 WHERE mention_id = 'm1.ma'")
    known.refill(con, "event_reports")
    marked = rows(con, f"FROM evidence('{MEET}') WHERE event_mention_id = 'm1'")[0]["marked"]
    assert marked == "{participant: Park [[met]]} Ma in Hanoi on Sunday."
    con.close()


def test_sentences_and_quotations_have_their_words(con: Any) -> None:
    told = con.execute(
        "SELECT t.sentence, l.sentence FROM sentence_texts t JOIN event_leads l USING (sentence_id)"
    ).fetchall()
    assert told and all(one == other for one, other in told)
    quoted = rows(con, "FROM quotation_texts WHERE is_direct AND speaker IS NOT NULL")
    texts = dict(con.execute("SELECT article_id, text FROM articles").fetchall())
    assert quoted and all(row["quotation"] in texts[row["article_id"]] for row in quoted)
    assert all(row["quotation"].strip(" “”\"'") for row in quoted)


def test_search_text(small: Any) -> None:
    found = rows(small, "FROM search_text('HANOI park')")
    assert [(row["article_id"], row["hits"]) for row in found] == [("a2", 3), ("a1", 3), ("a3", 2)]
    assert rows(small, "FROM search_text('hanoi absent')") == []


def test_report_parties(small: Any) -> None:
    found = {
        row["event_mention_id"]: (row["actor1"]["entity_id"], row["actor2"]["entity_id"])
        for row in rows(small, "FROM report_parties")
    }
    assert found == {
        "m1": ("park", "ma"), "m2": ("park", "ma"), "m3": ("park", "ma"), "m4": ("chn", "kor"),
        "m5": ("rebels", "kor"),
    }  # fmt: skip


def test_event_tolls_are_those_of_the_latest_report(small: Any) -> None:
    """40, its copy's 50 and a day later 30: a correction replaces."""
    assert rows(small, "FROM event_tolls") == [
        {
            "event_id": MEET, "kind": "participants", "low": 30, "high": 30, "text": "30",
            "event_mention_id": "m2", "reported_at": dt.datetime(2026, 3, 2, 9),
        }
    ]  # fmt: skip


def test_gdelt_events(small: Any) -> None:
    assert tuple(columns(small, "gdelt_events")) == GDELT_EVENTS
    meet, accuse = rows(small, "FROM gdelt_events ORDER BY GLOBALEVENTID")
    expected = {
        "GLOBALEVENTID": 0, "SQLDATE": 20260301, "MonthYear": 202603, "Year": 2026,
        "FractionDate": 2026.1671, "Actor1Code": "KORGOV", "Actor1Name": "PARK YOON-JOO",
        "Actor1CountryCode": "KOR", "Actor1Type1Code": "GOV", "Actor2Code": "CHNGOV",
        "IsRootEvent": 1, "EventCode": "042", "EventBaseCode": "042", "EventRootCode": "04",
        "QuadClass": 1, "GoldsteinScale": 1.9, "NumMentions": 3, "NumSources": 2,
        "NumArticles": 3, "AvgTone": 0.0, "Actor1Geo_Type": 0, "ActionGeo_Type": 4,
        "ActionGeo_FullName": "Hanoi, Vietnam", "ActionGeo_CountryCode": "VM",
        "ActionGeo_Lat": 21.0245, "DATEADDED": 20260305123000,
        "SOURCEURL": "https://wire.example/1",
    }  # fmt: skip
    assert {name: meet[name] for name in expected} == expected
    # A country has no role; its code is the three letters alone.
    assert (accuse["Actor1Code"], accuse["Actor1Type1Code"]) == ("CHN", None)
    assert (accuse["EventCode"], accuse["QuadClass"], accuse["ActionGeo_Type"]) == ("112", 3, 0)
    assert accuse["GLOBALEVENTID"] == int(ACCUSE[:15], 16)


def test_gdelt_mentions(small: Any) -> None:
    assert tuple(columns(small, "gdelt_mentions")) == GDELT_MENTIONS
    found = rows(small, "FROM gdelt_mentions ORDER BY MentionIdentifier, SentenceID")
    assert len(found) == 4  # the possible attack is none
    wire = found[1]
    assert wire["MentionIdentifier"] == "https://wire.example/1"
    assert (wire["Actor1CharOffset"], wire["ActionCharOffset"]) == (0, 5)
    assert wire["Actor2CharOffset"] == known.MET.index("Ma")
    assert (wire["Confidence"], wire["MentionDocLen"]) == (90, len(known.MET))
    assert (found[0]["MentionType"], found[0]["MentionSourceName"]) == (2, "a3.txt")


def test_polecat_events(small: Any) -> None:
    assert tuple(columns(small, "polecat_events")) == POLECAT
    meet, accuse = rows(small, 'FROM polecat_events ORDER BY "Event ID"')
    assert (meet["Quad Code"], meet["Event Mode"]) == ("VERBAL COOPERATION", "visit")
    assert meet["Actor Name"] == meet["Recipient Name"] == "Ma Zhaoxu; Park Yoon-joo"
    assert meet["Actor COW"] == "710; 732"
    assert (meet["City"], meet["Country"], meet["GeoNames ID"]) == ("Hanoi", "VNM", "1581130")
    assert meet["Raw Placename"] == "Hanoi"
    assert (accuse["Actor Name"], accuse["Recipient Country"]) == ("China", "KOR")
    assert (accuse["Event Date"], accuse["Publication Date"]) == (
        dt.date(2026, 3, 4), dt.date(2026, 3, 2),
    )  # fmt: skip
    assert accuse["Story People"] == "Ma Zhaoxu; Park Yoon-joo"


def test_icews_events(small: Any) -> None:
    assert tuple(columns(small, "icews_events")) == ICEWS
    meet, accuse = rows(small, 'FROM icews_events ORDER BY "Event ID"')
    assert (meet["Source Name"], meet["Target Country"]) == ("Park Yoon-joo", "China")
    assert (meet["Event Text"], meet["CAMEO Code"]) == ("Make a visit", "042")
    assert (meet["Publisher"], meet["Sentence Number"], meet["Country"]) == ("Wire", 1, "Vietnam")
    assert accuse["Source Sectors"] == "Government"


@pytest.mark.parametrize("view", ["gdelt_events", "polecat_events", "icews_events"])
def test_other_shapes_have_every_asserted_event_of_the_examples_once(con: Any, view: str) -> None:
    key = columns(con, view)[0]
    asserted = con.execute("SELECT count(*) FROM asserted_events").fetchone()[0]
    assert con.execute(f'SELECT count(*), count(DISTINCT "{key}") FROM {view}').fetchone() == (
        asserted, asserted,
    )  # fmt: skip


def test_codes_of_the_examples_are_all_known(con: Any) -> None:
    unknown = (
        "SELECT DISTINCT {0} FROM {1} WHERE {0} IS NOT NULL AND {0} NOT IN (SELECT {2} FROM {3})"
    )
    for column, table, key, codes in (
        ("country_code", "events", "code", "code_countries"),
        ("country_code", "entities", "code", "code_countries"),
        ("sector", "entities", "sector", "code_sectors"),
    ):
        assert rows(con, unknown.format(column, table, key, codes)) == []
    assert rows(con, 'SELECT * FROM icews_events WHERE "Event Text" IS NULL') == []


def test_everything_in_the_catalogue_says_what_it_is(small: Any) -> None:
    for kind in ("tables", "views", "columns"):
        name = {"tables": "table_name", "views": "view_name"}.get(kind, "column_name")
        bare = rows(
            small,
            f"SELECT {name} FROM duckdb_{kind}() WHERE NOT internal AND comment IS NULL",
        )
        assert bare == []
    assert rows(small, "SELECT function_name FROM duckdb_functions() WHERE NOT internal "
                "AND comment IS NULL") == []  # fmt: skip


def test_a_bad_line_of_a_code_file_is_named() -> None:
    with pytest.raises(DatelineError, match=r"x\.tsv:3: 1 cells, expected 2"):
        parse("x.tsv", "# about\na\tb\nonly\n")
    with pytest.raises(DatelineError, match=r"x\.tsv:3: k stands twice"):
        parse("x.tsv", "a\tb\nk\t1\nk\t2\n")


def test_views_belong_to_a_file_of_their_name() -> None:
    for name, script in store.views():
        if name.endswith(".sql"):
            assert name.split("_", 1)[1].removesuffix(".sql") in script
            assert Path(name).stem[:3].isdigit()
