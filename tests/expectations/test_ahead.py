"""What was looked at before a batch was settled is taken over where it still holds, only then."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from expectations import checkpoints
from expectations.ahead import AHEAD
from expectations.gate import Gate
from tests.expectations.conftest import PLANTS, batch, frames_of
from tests.expectations.test_gate import CASES, plant, poison
from warehouse.schema import Origin
from warehouse.tables import TABLES

ARTICLES = 4


def frames() -> dict[str, pl.DataFrame]:
    return frames_of(batch(ARTICLES))


def unsettled(settled: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """As it comes from the extractors: nothing rolled up, no event has its id."""
    held = {name: rows for name, rows in settled.items() if TABLES[name].origin != Origin.ROLLUP}
    for name in ("event_mentions", "event_participants"):
        held[name] = held[name].with_columns(event_id=pl.lit(None, pl.String))
    return held


def ahead(gate: Gate, settled: dict[str, pl.DataFrame]) -> Any:
    entities = settled["entities"]["entity_id"].to_list()
    return gate.look_ahead(unsettled(settled), known={"entities": entities})


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Tables that were looked at since it was emptied."""
    names: list[str] = []
    run = checkpoints.run

    def follow(checked: Any, items: Any, rows: Any) -> Any:
        names.append(items[0].table)
        return run(checked, items, rows)

    monkeypatch.setattr(checkpoints, "run", follow)
    return names


def test_what_settling_leaves_is_looked_at_once(gate: Gate, looked: list[str]) -> None:
    settled = frames()
    seen = ahead(gate, settled)
    assert set(looked) == set(AHEAD) == {*seen.outcomes} and len(AHEAD) == 7
    looked.clear()
    verdict = gate.check(settled, known={}, ahead=seen)
    assert not {*AHEAD} & {*looked} and "events" in looked
    whole = gate.check(settled, known={})
    assert (verdict.results, verdict.refusals) == (whole.results, [])


def test_a_verdict_is_the_same_with_every_planted_fault(gate: Gate) -> None:
    settled = frames_of(poison())
    verdict = gate.check(settled, known={}, ahead=ahead(gate, settled))
    whole = gate.check(settled, known={})
    assert len(whole.refusals) > len(CASES)
    assert (verdict.refusals, verdict.results) == (whole.refusals, whole.results)


@pytest.mark.parametrize("table", AHEAD)
def test_a_fault_of_one_table_is_seen_with_the_rest_taken_over(
    table: str, gate: Gate, looked: list[str]
) -> None:
    rows = batch(ARTICLES)
    plant(rows, table, next(iter(PLANTS[table].values()))[0])
    settled = frames_of(rows)
    seen = ahead(gate, settled)
    assert {*seen.outcomes} == {*AHEAD} - {table}
    looked.clear()
    assert gate.check(settled, known={}, ahead=seen).refusals
    assert table in looked


def _other_text(held: dict[str, pl.DataFrame]) -> None:
    held["articles"] = held["articles"].with_columns(text=pl.lit("Another text."))


def _fewer(held: dict[str, pl.DataFrame]) -> None:
    held["sentences"] = held["sentences"].head(1)


def _no_entity(held: dict[str, pl.DataFrame]) -> None:
    held["entities"] = held["entities"].head(0)


def _no_place(held: dict[str, pl.DataFrame]) -> None:
    held["places"] = held["places"].head(0)


@pytest.mark.parametrize("change", [_other_text, _fewer, _no_entity, _no_place])
def test_another_batch_is_looked_at_anew(change: Any, gate: Gate, looked: list[str]) -> None:
    settled = frames()
    seen = ahead(gate, settled)
    change(settled)
    looked.clear()
    verdict = gate.check(settled, known={}, ahead=seen)
    assert {*AHEAD} <= {*looked}
    assert verdict.refusals or verdict.batch_reason
