"""The gate: one Great Expectations checkpoint per table and batch, and what follows from it.

A row that breaks a rule of severity `fail` is refused with everything that hangs on it. Some
breaches refuse the whole batch: a broken reference or a key in the parents of everything, too
many refused rows, no sentence where there are English articles.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from expectations.derived import Expected, derived
from expectations.rules import rules
from expectations.witnesses import with_witnesses
from warehouse.tables import TABLES

SUITE = "dateline"
KEY = "key__"
CHECKED = (
    "articles", "sentences", "places", "entities", "entity_mentions", "positions",
    "time_mentions", "place_mentions", "events", "event_mentions", "event_participants",
    "event_counts", "quotations",
)  # fmt: skip
_SAMPLE = 3


@dataclass(frozen=True, slots=True)
class Refusal:
    """One row that may not be loaded."""

    table: str
    key: str
    record: dict[str, Any]
    rule: str
    reason: str


@dataclass(slots=True)
class Verdict:
    """What the gate says of a batch. `frames` are the rows that may be loaded."""

    results: list[dict[str, Any]] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    frames: dict[str, pl.DataFrame] = field(default_factory=dict)
    batch_reason: str | None = None


def suite() -> dict[str, list[Expected]]:
    """All expectations by table."""
    found = {name: list(derived(TABLES[name])) for name in CHECKED}
    for item in rules():
        found[item.table].append(item)
    return found


class Gate:
    """Checks batches. Great Expectations is imported at the first check, or by `warm`."""

    def __init__(
        self, *, history: Mapping[str, Any] | None = None, allowed_refused_share: float = 0.2
    ) -> None:
        self.history = dict(history or {})
        self.allowed = allowed_refused_share
        self.suite = suite()
        self._lock = threading.Lock()
        self._checkpoints: dict[str, Any] = {}

    def warm(self) -> None:
        """Import Great Expectations in a thread of its own."""
        threading.Thread(target=self._prepare, name="dateline-gate", daemon=True).start()

    def _prepare(self) -> dict[str, Any]:
        with self._lock:
            if not self._checkpoints:
                self._checkpoints = _checkpoints(self.suite)
            return self._checkpoints

    def check(
        self, frames: Mapping[str, pl.DataFrame], *, known: Mapping[str, Collection[str]]
    ) -> Verdict:
        """Check every table of a batch; `known` are referenced keys that are already loaded."""
        checkpoints = self._prepare()
        verdict = Verdict(frames=dict(frames))
        for name in CHECKED:
            if name not in frames or frames[name].is_empty():
                continue
            rows = with_witnesses(name, frames, known)
            self._table(name, rows, checkpoints[name], verdict)
        refused = {(item.table, item.key) for item in verdict.refusals}
        total = sum(frames[name].height for name in CHECKED if name in frames)
        if total and len(refused) > self.allowed * total:
            verdict.batch_reason = f"{len(refused):,} of {total:,} rows broke a rule"
        english = frames["articles"].filter(pl.col("language") == "en").height
        if english and frames["sentences"].is_empty():
            verdict.batch_reason = f"{english} English articles and not one sentence"
        if refused and verdict.batch_reason is None:
            verdict.frames = without(frames, refused)
        return verdict

    def _table(self, name: str, rows: pl.DataFrame, checkpoint: Any, verdict: Verdict) -> None:
        shown = rows.drop([n for n, kind in rows.schema.items() if kind.is_nested()])
        result = checkpoint.run(batch_parameters={"dataframe": shown.to_pandas()})
        outcome = next(iter(result.run_results.values()))
        records = (
            {row[KEY]: row for row in rows.iter_rows(named=True)} if not result.success else {}
        )
        for item in outcome.results:
            expected = self.suite[name][int(item.expectation_config.meta["number"])]
            self._result(expected, item, rows, records, verdict)

    def _result(
        self,
        expected: Expected,
        item: Any,
        rows: pl.DataFrame,
        records: Mapping[str, dict[str, Any]],
        verdict: Verdict,
    ) -> None:
        found = item.result or {}
        keys = [entry[KEY] for entry in found.get("unexpected_index_list") or []]
        verdict.results.append(
            {
                "suite": SUITE,
                "expectation": expected.rule,
                "table_name": expected.table,
                "column_name": expected.column,
                "severity": expected.severity,
                "success": bool(item.success),
                "element_count": rows.height,
                "unexpected_count": len(keys) or int(not item.success),
                "observed": json.dumps({"keys": keys[:_SAMPLE]}) if keys else None,
            }
        )
        if item.success or expected.severity != "fail":
            return
        if not keys:
            verdict.batch_reason = f"{expected.table}: {expected.reason}"
        declared = TABLES[expected.table].columns
        for key in dict.fromkeys(keys):
            record = {name: records[key][name] for name in declared}
            reason = expected.reason
            if expected.rule == "values":
                reason = str(records[key]["values__"])
            verdict.refusals.append(Refusal(expected.table, key, record, expected.rule, reason))


def without(
    frames: Mapping[str, pl.DataFrame], refused: Collection[tuple[str, str]]
) -> dict[str, pl.DataFrame]:
    """The rows without the refused ones and what refers to them."""
    kept = dict(frames)
    for name in CHECKED:
        if name not in kept:
            continue
        rows, table = kept[name], TABLES[name]
        keys = [key for of, key in refused if of == name]
        if keys:
            key = pl.concat_str(
                [pl.col(c).cast(pl.String).fill_null("\x00") for c in table.key], separator="/"
            )
            rows = rows.filter(~key.is_in(pl.Series(keys).implode()))
        for column, parent, target in table.references():
            if parent in frames and parent in kept and parent != name:
                lost = frames[parent].join(kept[parent], on=target, how="anti")[target]
                if lost.len():
                    rows = rows.filter(
                        pl.col(column).is_null() | ~pl.col(column).is_in(lost.implode())
                    )
        kept[name] = rows
    return kept


def _checkpoints(found: Mapping[str, list[Expected]]) -> dict[str, Any]:
    """A Great Expectations checkpoint for each table, in a context that writes nothing."""
    import os

    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations as gx
    import great_expectations.expectations as classes
    from great_expectations.data_context.types.base import ProgressBarsConfig

    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    source = context.data_sources.add_pandas(SUITE)
    made = {}
    for name, items in found.items():
        batch = source.add_dataframe_asset(name).add_batch_definition_whole_dataframe("batch")
        held = gx.ExpectationSuite(name=name)
        for number, item in enumerate(items):
            arguments = dict(item.settings)
            if "column_A" not in arguments:
                arguments["column"] = item.column
            held.add_expectation(
                getattr(classes, item.kind)(
                    **arguments, severity="critical" if item.severity == "fail" else "warning",
                    meta={"number": number, "rule": item.rule},
                )
            )  # fmt: skip
        context.suites.add(held)
        definition = context.validation_definitions.add(
            gx.ValidationDefinition(name=name, data=batch, suite=held)
        )
        made[name] = context.checkpoints.add(
            gx.Checkpoint(
                name=name,
                validation_definitions=[definition],
                result_format={
                    "result_format": "COMPLETE",
                    "unexpected_index_column_names": [KEY],
                },
            )
        )
    return made
