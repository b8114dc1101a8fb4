"""Figures of a whole batch, and the bands they should lie in, learnt from past runs."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from expectations.derived import Expected
from expectations.witnesses import ROW

BATCH = "batch"
# Metric → (what it is, lowest and highest it can be, least half-width of its band). The width
# keeps a run of like values from making every later one a freak.
METRICS: dict[str, tuple[str, float, float | None, float]] = {
    "events_per_article": ("event reports per English article", 0, None, 1.0),
    "undated_share": ("share of event reports without a date", 0, 1, 0.1),
    "unplaced_share": ("share of event reports without a place", 0, 1, 0.1),
    "unknown_sector_share": ("share of parties whose sector is unknown", 0, 1, 0.1),
}
ENOUGH_RUNS = 5  # fewer past runs teach nothing
ENOUGH_ARTICLES = 20  # figures of a smaller batch are noise: neither judged nor remembered
_WIDTH = 4  # standard deviations on either side of the mean
# Tables that are never empty once a batch holds this many English articles.
_NEVER_EMPTY = {"sentences": 1, "entity_mentions": 20, "event_mentions": 100}


def band(metric: str, past: Sequence[float]) -> tuple[float, float | None]:
    """(lowest, highest) a metric should have. Without enough past runs, all it can have."""
    _, low, high, least = METRICS[metric]
    if len(past) < ENOUGH_RUNS:
        return low, high
    middle = statistics.fmean(past)
    width = max(_WIDTH * statistics.stdev(past), least)
    top = middle + width
    return max(low, middle - width), top if high is None else min(high, top)


def batch_suite(history: Mapping[str, Any], allowed_refused_share: float) -> list[Expected]:
    """Expectations of the batch as a whole. Its row comes from `figures`."""
    items = [
        Expected(
            "refused-share", BATCH, "refused_share", "ExpectColumnValuesToBeBetween",
            {"min_value": 0, "max_value": allowed_refused_share}, whole_batch=True,
            reason="{refused_share:.0%} of the batch's rows or articles broke a rule; more than "
            f"{allowed_refused_share:.0%} means that something is wrong with all of it",
            about=f"At most {allowed_refused_share:.0%} of rows, and of articles, are refused",
        ),
        Expected("never-empty", BATCH, "empty__", whole_batch=True,
                 about="Tables that are never empty are not empty"),
    ]  # fmt: skip
    for metric, (meaning, *_) in METRICS.items():
        low, high = band(metric, [float(value) for value in history.get(metric, ())])
        limits = {"min_value": low} if high is None else {"min_value": low, "max_value": high}
        items.append(
            Expected(
                f"usual-{metric.replace('_', '-')}", BATCH, metric,
                "ExpectColumnValuesToBeBetween", limits, severity="warn",
                reason=f"the {meaning} is {{{metric}:.3g}}; past runs lay between {low:.3g} and "
                + ("any" if high is None else f"{high:.3g}"),
                about=f"The {meaning} is like that of past runs",
            )
        )  # fmt: skip
    return items


def figures(frames: Mapping[str, pl.DataFrame], refused_share: float) -> pl.DataFrame:
    """One row: the figures of a batch. NULL where a figure has nothing to be a share of."""
    english = frames["articles"].filter(pl.col("language") == "en").height
    reports, parties = frames["event_mentions"], frames["event_participants"]
    judged = english >= ENOUGH_ARTICLES
    empty = [name for name, least in _NEVER_EMPTY.items()
             if english >= least and frames[name].is_empty()]  # fmt: skip

    def share(rows: pl.DataFrame, condition: pl.Expr) -> float | None:
        if not judged or rows.is_empty():
            return None
        return rows.filter(condition).height / rows.height

    row: dict[str, Any] = {
        ROW: 0,
        "refused_share": refused_share,
        "empty__": f"{english} English articles and not one row of {', '.join(empty)}"
        if empty
        else "",
        "events_per_article": reports.height / english if judged else None,
        "undated_share": share(reports, pl.col("event_date").is_null()),
        "unplaced_share": share(reports, pl.col("place_id").is_null()),
        "unknown_sector_share": share(
            parties, pl.col("sector").is_null() | (pl.col("sector") == "UNK")
        ),
    }
    schema = dict.fromkeys(row, pl.Float64) | {ROW: pl.UInt32, "empty__": pl.String}
    return pl.DataFrame([row], schema=schema)


def finite(value: Any) -> bool:
    """Whether a figure is a number at all."""
    return isinstance(value, int | float) and math.isfinite(value)
