"""Great Expectations, set up once: a checkpoint a table, in a context that writes nothing.

Importing this module is cheap; `build` imports the library (about 6 s).
"""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import polars as pl

from expectations.derived import NO_FAULT, Expected
from expectations.witnesses import ROW

SUITE = "dateline"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a checkpoint says of one expectation. `rows` are the `row__` numbers that broke it.

    `error` is set where the expectation could not be computed.
    """

    expected: Expected
    success: bool
    rows: list[int]
    unexpected_count: int
    error: str | None = None


@contextmanager
def uncollected() -> Iterator[None]:
    """No cyclic garbage collection for the length of a `with`.

    A check makes millions of short-lived objects; looking through all of the process for cycles
    among them took a fifth of its time (`python -m benchmarks.gate_cost`).
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def build(suites: Mapping[str, list[Expected]], context: Any = None) -> dict[str, Any]:
    """A checkpoint for each suite, in `context` or a context of its own."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    for name in ("great_expectations", "great_expectations.data_context.types.base"):
        logging.getLogger(name).setLevel(logging.ERROR)  # the second sets its own level at import
    context = context or gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    source = context.data_sources.add_pandas(SUITE)
    made = {}
    for name, items in suites.items():
        batch = source.add_dataframe_asset(name).add_batch_definition_whole_dataframe("batch")
        held = gx.ExpectationSuite(name=name)
        for number, item in enumerate(items):
            held.add_expectation(_expectation(item, number))
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
                    "unexpected_index_column_names": [ROW],
                },
            )
        )
    return made


def _expectation(item: Expected, number: int) -> Any:
    import great_expectations.expectations as classes

    from expectations import custom

    arguments = dict(item.settings)
    if "column_A" not in arguments:
        arguments["column"] = item.column
    made: Any = getattr(custom if item.kind == NO_FAULT else classes, item.kind)
    return made(
        **arguments,
        severity="critical" if item.severity == "fail" else "warning",
        meta={"number": number, "rule": item.rule},
        notes=item.about,
    )


def looked_at(items: list[Expected]) -> list[str]:
    """The columns a suite needs, `row__` first."""
    names = [ROW]
    for item in items:
        names += [item.settings["column_A"], item.settings["column_B"]] if (
            "column_A" in item.settings
        ) else [item.column]  # fmt: skip
    return list(dict.fromkeys(names))


def run(checkpoint: Any, items: list[Expected], rows: pl.DataFrame) -> list[Outcome]:
    """One validation pass over `rows`, which hold the witness columns."""
    frame = rows.select(looked_at(items)).to_pandas()
    result = checkpoint.run(batch_parameters={"dataframe": frame})
    outcomes = []
    for item in next(iter(result.run_results.values())).results:
        expected = items[int(item.expectation_config.meta["number"])]
        found = item.result or {}
        broken = sorted({int(entry[ROW]) for entry in found.get("unexpected_index_list") or []})
        outcomes.append(
            Outcome(
                expected,
                bool(item.success),
                broken,
                len(broken) or int(not item.success),
                None if item.success or broken else _error(item),
            )
        )
    return sorted(outcomes, key=lambda outcome: items.index(outcome.expected))


def _error(item: Any) -> str | None:
    """The message of an expectation that raised."""
    info = item.exception_info or {}
    for entry in [info, *(value for value in info.values() if isinstance(value, dict))]:
        if entry.get("raised_exception"):
            return str(entry.get("exception_message"))
    return None
