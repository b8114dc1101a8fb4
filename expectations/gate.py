"""The gate: one Great Expectations checkpoint per table and batch, and what follows from it.

A row that breaks a rule of severity `fail` is refused with everything that hangs on it. Some
breaches refuse the whole batch: two articles or sentences of one key, a column that is not there,
an expectation that cannot be computed, too many refused rows, a table empty that never is.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from expectations import checkpoints
from expectations.ahead import AHEAD, Ahead
from expectations.bands import BATCH, METRICS, batch_suite, figures, finite
from expectations.cascade import without
from expectations.checkpoints import SUITE, Outcome
from expectations.derived import Expected, derived
from expectations.rules import rules, witness_rules
from expectations.witnesses import KEY, Held, Known, fitted, with_witnesses
from warehouse.dialects import polars_schema
from warehouse.tables import CONTENT, TABLES

HANGS = "hangs-on-refused"
_SAMPLE = 3
_FEW_ARTICLES = 5  # fewer refused articles never count as "too many of them"


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
    """What the gate says of a batch.

    `results` are rows of `quality_results` without their run. `frames` may be loaded: refused
    rows and all that hangs on them are gone, so counts in `entities` and `events` are to be
    rolled up again. `touched_articles` and `touched_mentions` (event mentions) lost rows.
    """

    results: list[dict[str, Any]] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    frames: dict[str, pl.DataFrame] = field(default_factory=dict)
    batch_reason: str | None = None
    touched_articles: set[str] = field(default_factory=set)
    touched_mentions: set[str] = field(default_factory=set)


def suites(
    history: Mapping[str, Any] | None = None, share: float = 0.2
) -> dict[str, list[Expected]]:
    """All expectations by table, and those of the batch as a whole under `batch`."""
    found = {name: list(derived(TABLES[name])) for name in CONTENT}
    for item in rules():
        found[item.table].append(item)
    found[BATCH] = batch_suite(history or {}, share)
    return found


class Gate:
    """Checks batches. Great Expectations is imported at the first check, or by `warm`.

    `history` holds, by metric of `expectations.bands`, its values in past runs.
    """

    def __init__(
        self, *, history: Mapping[str, Any] | None = None, allowed_refused_share: float = 0.2
    ) -> None:
        self.suites = suites(history, allowed_refused_share)
        self._lock = threading.Lock()
        self._warmed = False
        self._checkpoints: dict[str, Any] = {}

    def warm(self) -> None:
        """Import Great Expectations in a thread of its own, once."""
        if self._warmed:
            return
        self._warmed = True
        threading.Thread(target=self._prepare, name="dateline-gate", daemon=True).start()

    def _prepare(self) -> dict[str, Any]:
        with self._lock:
            if not self._checkpoints:
                with checkpoints.uncollected():
                    self._checkpoints = checkpoints.build(self.suites)
            return self._checkpoints

    def look_ahead(self, frames: Mapping[str, pl.DataFrame], *, known: Known) -> Ahead:
        """What holds in a batch that is not settled yet; for `check`, which takes over what is
        right and looks again at what is not. `known` are keys that settling will bring."""
        held = _held(frames, known, Verdict())
        if held is None or all(held.frames[name].is_empty() for name in AHEAD):
            return Ahead()
        with checkpoints.uncollected():
            made, outcomes = self._prepare(), {}
            for name in AHEAD:
                if not held.frames[name].is_empty():
                    rows = witness_rules(name, with_witnesses(name, held), held)
                    found = checkpoints.run(made[name], self.suites[name], rows)
                    if all(outcome.success for outcome in found):
                        outcomes[name] = found
        return Ahead(held, outcomes)

    def check(
        self, frames: Mapping[str, pl.DataFrame], *, known: Known, ahead: Ahead | None = None
    ) -> Verdict:
        """Check every table of a batch; `known` are referenced keys that are already loaded,
        `ahead` is what was said of the same batch before it was settled."""
        with checkpoints.uncollected():
            return self._check(frames, known, ahead or Ahead())

    def _check(self, frames: Mapping[str, pl.DataFrame], known: Known, ahead: Ahead) -> Verdict:
        made = self._prepare()
        verdict = Verdict(frames=dict(frames))
        held = _held(frames, known, verdict)
        if held is None:
            return verdict
        broken: dict[str, set[int]] = {}
        right = ahead.of(held)
        for name in CONTENT:
            if held.frames[name].is_empty():
                continue
            if name in right:
                for outcome in right[name]:
                    _judge(outcome, held.frames[name], verdict)
                continue
            rows = witness_rules(name, with_witnesses(name, held), held)
            for outcome in checkpoints.run(made[name], self.suites[name], rows):
                _judge(outcome, rows, verdict)
                if outcome.expected.severity == "fail":
                    broken.setdefault(name, set()).update(outcome.rows)
        rows = figures(held.frames, _share(held, broken))
        for outcome in checkpoints.run(made[BATCH], self.suites[BATCH], rows):
            _judge(outcome, rows, verdict)
        if any(broken.values()):
            _remove(held, broken, verdict)
        elif held.misfits:
            verdict.frames.update(held.frames)
        return verdict


def _held(frames: Mapping[str, pl.DataFrame], known: Known, verdict: Verdict) -> Held | None:
    """The batch with the declared types; None where columns are missing."""
    made, misfits = {}, {}
    for name in CONTENT:
        table = TABLES[name]
        rows = frames.get(name)
        if rows is None:
            rows = pl.DataFrame(schema=polars_schema(table))
        missing = [column for column in table.columns if column not in rows.columns]
        if missing:
            verdict.batch_reason = f"{name} has no column {', '.join(missing)}"
            return None
        made[name], lost = fitted(table, rows)
        if lost is not None:
            misfits[name] = lost
    return Held(made, known, misfits)


def _share(held: Held, broken: Mapping[str, set[int]]) -> float:
    """The share of rows refused for themselves, or of articles where that is more."""
    total = sum(held.frames[name].height for name in CONTENT)
    share = sum(len(rows) for rows in broken.values()) / total if total else 0.0
    articles = len(broken.get("articles", ()))
    if articles >= _FEW_ARTICLES:
        share = max(share, articles / held.frames["articles"].height)
    return share


def _judge(outcome: Outcome, rows: pl.DataFrame, verdict: Verdict) -> None:
    """Write down one outcome, its refusals, and whether it refuses the batch."""
    expected = outcome.expected
    bad = rows[outcome.rows].to_dicts() if outcome.rows else []
    reasons = [_reason(expected, row) for row in bad]
    verdict.results.append(
        {
            "suite": SUITE,
            "expectation": expected.rule,
            "table_name": expected.table,
            "column_name": expected.column if expected.column in _declared(expected) else None,
            "severity": expected.severity,
            "success": outcome.success,
            "element_count": rows.height,
            "unexpected_count": outcome.unexpected_count,
            "observed": _observed(outcome, rows, bad, reasons),
        }
    )
    if outcome.success or expected.severity != "fail":
        return
    if not bad:
        verdict.batch_reason = f"{expected.table}: “{expected.about}” could not be checked" + (
            f": {outcome.error}" if outcome.error else ""
        )
    elif expected.whole_batch:
        place = "" if expected.table == BATCH else f"{expected.table}: "
        verdict.batch_reason = place + reasons[0]
    if expected.table == BATCH:
        return
    columns = _declared(expected)
    for row, reason in zip(bad, reasons, strict=True):
        record = {name: row[name] for name in columns}
        verdict.refusals.append(Refusal(expected.table, row[KEY], record, expected.rule, reason))


def _declared(expected: Expected) -> tuple[str, ...]:
    """The declared columns of what an expectation looks at."""
    return tuple(METRICS) if expected.table == BATCH else TABLES[expected.table].columns


def _reason(expected: Expected, row: Mapping[str, Any]) -> str:
    return str(row[expected.column]) if expected.reason is None else expected.reason.format(**row)


def _observed(
    outcome: Outcome, rows: pl.DataFrame, bad: list[dict[str, Any]], reasons: list[str]
) -> str | None:
    """What was seen, as JSON: a metric's value, or samples of broken rows with their reasons."""
    expected = outcome.expected
    seen: dict[str, Any] = {}
    if expected.column in METRICS:
        value = rows[expected.column][0]
        if finite(value):
            limits = expected.settings
            seen = {"metric": expected.column, "value": value,
                    "low": limits.get("min_value"), "high": limits.get("max_value")}  # fmt: skip
    elif bad and KEY in bad[0]:
        seen = {"keys": [row[KEY] for row in bad[:_SAMPLE]]}
    if reasons:
        seen["reasons"] = reasons[:_SAMPLE]
    if outcome.error:
        seen["error"] = outcome.error
    return json.dumps(seen, ensure_ascii=False, sort_keys=True) if seen else None


def _remove(held: Held, broken: Mapping[str, set[int]], verdict: Verdict) -> None:
    """Take refused rows and all that hangs on them out of the verdict's frames."""
    kept = without(held.frames, broken, held.known)
    verdict.frames.update(kept.frames)
    for name, rows in kept.gone.items():
        columns = TABLES[name].columns
        for row in rows.iter_rows(named=True):
            record = {column: row[column] for column in columns}
            verdict.refusals.append(Refusal(name, row[KEY], record, HANGS, row["reason__"]))
    for item in verdict.refusals:
        if article := item.record.get("article_id"):
            verdict.touched_articles.add(str(article))
        if mention := item.record.get("event_mention_id"):
            verdict.touched_mentions.add(str(mention))
