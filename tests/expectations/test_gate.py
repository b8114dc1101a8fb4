"""For every expectation: a planted row breaks it and is refused, its clean twin passes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from expectations.bands import BATCH
from expectations.derived import NO_FAULT
from expectations.gate import HANGS, Gate, suites
from tests.expectations.conftest import PLANTS, Rows, batch, frames_of
from warehouse.tables import CONTENT, TABLES

BROKEN = 3  # the article whose row is broken: its rows stand at 3 × (rows an article)

CASES = [(table, rule) for table, rules in PLANTS.items() for rule in rules]
Check = Callable[..., Any]


EVERY = 20  # one article in twenty is poisoned
SIZE = EVERY * len(CASES)


def plant(rows: Rows, table: str, changes: dict[str, Any]) -> None:
    """Change the first row of the article to break."""
    rows[table][BROKEN * len(rows[table]) // len(rows["articles"])].update(changes)


def target(case: int) -> int:
    """The article a case breaks in the poisoned batch."""
    return case * EVERY + BROKEN


def poison() -> Rows:
    """A batch with every plant, each in an article of its own: one in twenty."""
    rows = batch(SIZE)
    for case, (table, rule) in enumerate(CASES):
        changes = {
            key: value.replace("a3", f"a{target(case)}").replace("a4", f"a{target(case) + 1}")
            if isinstance(value, str)
            else value
            for key, value in PLANTS[table][rule][0].items()
        }
        rows[table][target(case) * len(rows[table]) // SIZE].update(changes)
    return rows


@pytest.fixture(scope="module")
def poisoned(check: Check) -> Any:
    return check(poison())


def test_clean_batch_passes_whole(rows: Rows, check: Check) -> None:
    verdict = check(rows)
    assert verdict.refusals == []
    assert verdict.batch_reason is None
    assert [r["expectation"] for r in verdict.results if not r["success"]] == []
    for name, clean in frames_of(rows).items():
        assert verdict.frames[name].equals(clean)


@pytest.mark.parametrize("case", range(len(CASES)), ids=["-".join(case) for case in CASES])
def test_planted_row_is_refused(poisoned: Any, case: int) -> None:
    table, rule = CASES[case]
    words = PLANTS[table][rule][1].replace("a3", f"a{target(case)}")
    words = words.replace("a4", f"a{target(case) + 1}")
    found = [
        item
        for item in poisoned.refusals
        if (item.rule, item.table) == (rule, table) and belongs(item, target(case))
    ]
    assert len(found) == 1
    assert words in found[0].reason
    assert set(found[0].record) == set(TABLES[table].columns)
    result = next(
        r for r in poisoned.results if r["table_name"] == table and r["expectation"] == rule
    )
    assert not result["success"]
    assert result["unexpected_count"] >= 1
    assert found[0].reason in result["observed"] or result["unexpected_count"] > 3


def belongs(item: Any, article: int) -> bool:
    """Whether a refused row is one of the article's."""
    named = item.key.split("/")[0]
    if item.record.get("event_mention_id") == "zz":
        return True
    return named == f"geonames:{article}" or re.match(rf"a{article}(?!\d)", named) is not None


def test_every_expectation_of_rows_has_a_plant() -> None:
    tested_apart = {"types", "unique-key", "has-party"}
    wanted = {
        (item.table, item.rule)
        for name, items in suites().items()
        for item in items
        if name != BATCH and item.rule not in tested_apart
    }
    assert wanted == set(CASES)


def test_values_of_another_type_are_refused(gate: Gate) -> None:
    frames = frames_of(batch(200))
    planted = {}
    for number, name in enumerate(CONTENT):
        held = frames[name]
        column = next(
            (c for c, kind in held.schema.items() if kind.is_numeric() or kind.is_temporal()),
            TABLES[name].columns[-1],
        )
        if held.schema[column] == pl.String:  # any number is a text, but no list is
            frames[name] = held.with_columns(pl.concat_list(column)).head(1)
        else:
            values = [str(value) for value in held[column]]
            values[number * held.height // 200] = "nonsense"
            frames[name] = held.with_columns(pl.Series(column, values))
        planted[name] = f"{column} does not hold a value of type"
    verdict = gate.check(frames, known={})
    for name, words in planted.items():
        found = [r for r in verdict.refusals if r.rule == "types" and r.table == name]
        assert len(found) == 1, name
        assert words in found[0].reason


def test_doubled_keys(check: Check, rows: Rows) -> None:
    parents = ("articles", "sentences")
    for name in CONTENT:
        if name not in parents:
            rows[name].append(dict(rows[name][0]))
    verdict = check(rows)
    assert verdict.batch_reason is None
    found = [item for item in verdict.refusals if item.rule == "unique-key"]
    assert [item.table for item in found] == [n for n in CONTENT if n not in parents for _ in "ab"]
    assert all("has the same" in item.reason for item in found)


@pytest.mark.parametrize("table", ["articles", "sentences"])
def test_doubled_key_of_a_parent_refuses_the_batch(rows: Rows, check: Check, table: str) -> None:
    rows[table].append(dict(rows[table][0]))
    assert check(rows).batch_reason.startswith(f"{table}: another row of this batch has the same")


def test_event_without_party(rows: Rows, check: Check) -> None:
    lone = [r for r in rows["event_participants"] if r["event_mention_id"] != "a3em"]
    rows["event_participants"] = lone
    verdict = check(rows)
    assert [(r.rule, r.reason) for r in verdict.refusals if r.table == "event_mentions"] == [
        ("has-party", "nobody takes part in it")
    ]
    assert "a3e" not in verdict.frames["events"]["event_id"]


def test_all_that_hangs_on_an_article_goes(rows: Rows, check: Check) -> None:
    plant(rows, "articles", {"source_uri": None})
    verdict = check(rows)
    clean = batch(20)
    for name in CONTENT:
        left = verdict.frames[name].to_dicts()
        share = len(clean[name]) // 20
        expected = [r for i, r in enumerate(clean[name]) if i // share != BROKEN]
        assert left == frames_of({**clean, name: expected})[name].to_dicts()
    assert {r.rule for r in verdict.refusals} == {"required", HANGS}
    assert verdict.touched_articles == {"a3"}
    assert verdict.touched_mentions == {"a3em"}


def test_event_goes_with_its_last_party(rows: Rows, check: Check) -> None:
    for row in rows["event_participants"]:
        if row["event_mention_id"] == "a3em":
            row["sector"] = "XXX"
    verdict = check(rows)
    assert "a3em" not in verdict.frames["event_mentions"]["event_mention_id"]
    assert "a3e" not in verdict.frames["events"]["event_id"]
    assert "a3em" not in verdict.frames["event_counts"]["event_mention_id"]


def test_known_keys_satisfy_references(rows: Rows, check: Check) -> None:
    rows["places"] = rows["places"][1:]
    assert check(rows).refusals
    assert check(rows, known={"places": {"geonames:0"}}).refusals == []


def test_exactly_the_clean_rows_remain(poisoned: Any, check: Check) -> None:
    clean = batch(SIZE)
    broken = {target(case) for case in range(len(CASES))}
    assert poisoned.batch_reason is None
    bad = {(item.table, item.key) for item in poisoned.refusals}
    for name in CONTENT:
        share = len(clean[name]) // SIZE
        whole = [row for i, row in enumerate(clean[name]) if i // share not in broken]
        held = poisoned.frames[name]
        keys = list(TABLES[name].key)
        expected = frames_of({**clean, name: whole})[name]
        assert expected.join(held, on=keys, how="anti", nulls_equal=True).is_empty(), name
        text = pl.concat_str([pl.col(c).cast(pl.String) for c in keys], separator="/")
        assert not {(name, key) for key in held.select(k=text)["k"]} & bad
    left = {name: rows.to_dicts() for name, rows in poisoned.frames.items()}
    assert check(left).refusals == []


def test_too_many_refused_rows(check: Check) -> None:
    rows = batch(10)
    for name in ("entity_mentions", "time_mentions", "place_mentions"):
        for row in rows[name]:
            row["text"] = "Uganda"
    verdict = check(rows)
    assert verdict.batch_reason is not None
    assert "broke a rule" in verdict.batch_reason


def test_too_many_refused_articles(check: Check) -> None:
    rows = batch(20)
    for row in rows["articles"][:5]:
        row["source_uri"] = None
    verdict = check(rows)
    assert verdict.batch_reason is not None
    assert "25% of the batch's rows or articles" in verdict.batch_reason


def test_sentences_missing_altogether(check: Check) -> None:
    rows = batch(2)
    for name in CONTENT:
        if name not in ("articles",):
            rows[name] = []
    verdict = check(rows)
    assert verdict.batch_reason == "2 English articles and not one row of sentences"
    for row in rows["articles"]:
        row["language"] = "fr"
    assert check(rows).batch_reason is None


def test_missing_column_refuses_the_batch(gate: Gate) -> None:
    frames = frames_of(batch(2))
    frames["sentences"] = frames["sentences"].drop("ordinal")
    verdict = gate.check(frames, known={})
    assert verdict.batch_reason == "sentences has no column ordinal"


def test_freak_batch_only_warns(check: Check, rows: Rows) -> None:
    usual = Gate(history={"events_per_article": [9.0, 9.5, 10.0, 9.2, 9.8]})
    verdict = check(rows, by=usual)
    warned = [r for r in verdict.results if not r["success"]]
    assert [(r["expectation"], r["severity"]) for r in warned] == [
        ("usual-events-per-article", "warn")
    ]
    assert verdict.batch_reason is None
    assert verdict.refusals == []
    assert "past runs lay between" in warned[0]["observed"]
    again = Gate(history={"events_per_article": [1.0, 0.9, 1.1, 1.0, 1.2]})
    assert all(r["success"] for r in check(rows, by=again).results)


def test_every_expectation_says_what_it_is() -> None:
    for items in suites().values():
        for item in items:
            assert item.about
            assert item.reason is not None or item.kind == NO_FAULT
