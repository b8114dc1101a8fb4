"""Great Expectations, set up once: a checkpoint a table, in a context that writes nothing.

Importing this module is cheap; `build` imports the library (about 6 s).
"""

from __future__ import annotations

import gc
import importlib.util
import logging
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
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


# What the library imports for expectations that are none of ours: 85 MiB and 3 CPU seconds.
_LATER = ("scipy.stats", "altair")


class _Later(ModuleType):
    """Stands for a module until something is asked of it."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(importlib.import_module(self.__name__), name)


def _import_later(name: str) -> None:
    if name not in sys.modules and (spec := importlib.util.find_spec(name)):
        module = sys.modules[name] = _Later(name)
        module.__spec__ = spec


_BOOLEAN = {"result_format": "BOOLEAN_ONLY"}
_COMPLETE = {"result_format": "COMPLETE", "unexpected_index_column_names": [ROW]}
_ANY = Expected("any", "", "any__", about="No fault column says anything")


@dataclass(frozen=True, slots=True)
class Checked:
    """The checkpoints of one suite: does all hold (`quick`); and which rows break what (`full`).

    The library takes some 7 ms for each expectation, two thirds more where it is to name the rows,
    and most tables of most batches hold throughout. So all fault columns are first looked at as
    one, `brief` being what is left to ask. `store` is where the library keeps results, in memory.
    """

    brief: list[Expected]
    quick: Any
    full: Any
    store: Any


def build(suites: Mapping[str, list[Expected]], context: Any = None) -> dict[str, Checked]:
    """The checkpoints of each suite, in `context` or a context of its own."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    for name in _LATER:
        _import_later(name)
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
        brief = _brief(items)
        checks = []
        for kind, some, form in (("brief", brief, _BOOLEAN), ("full", items, _COMPLETE)):
            title = name if kind == "full" else f"{name} in brief"
            held = gx.ExpectationSuite(name=title)
            for number, item in enumerate(some):
                held.add_expectation(_expectation(item, number))
            context.suites.add(held)
            definition = context.validation_definitions.add(
                gx.ValidationDefinition(name=title, data=batch, suite=held)
            )
            checks.append(
                context.checkpoints.add(
                    gx.Checkpoint(
                        name=title, validation_definitions=[definition], result_format=form
                    )
                )
            )
        quick, full = checks
        made[name] = Checked(brief, quick, full, context.validation_results_store)
    return made


def _brief(items: list[Expected]) -> list[Expected]:
    """The same demands with all fault columns as one."""
    others = [item for item in items if item.kind != NO_FAULT]
    return [*others, _ANY] if len(others) < len(items) else others


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


def run(checked: Checked, items: list[Expected], rows: pl.DataFrame) -> list[Outcome]:
    """One validation pass over `rows`, which hold the witness columns; a second where it fails."""
    faults = [item.column for item in items if item.kind == NO_FAULT]
    any_fault = pl.concat_str(faults, ignore_nulls=True) if faults else pl.lit("")
    brief = rows.with_columns(any_fault.alias(_ANY.column)).select(looked_at(checked.brief))
    try:
        if passed(checked.quick, brief).success:
            return [Outcome(item, True, [], 0) for item in items]
        result = passed(checked.full, rows.select(looked_at(items)))
    finally:
        for key in checked.store.list_keys():  # or memory would grow with the batches
            checked.store.remove_key(key)
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


def passed(checkpoint: Any, rows: pl.DataFrame) -> Any:
    """The library's result of one checkpoint over `rows`."""
    return checkpoint.run(batch_parameters={"dataframe": rows.to_pandas()})


def _error(item: Any) -> str | None:
    """The message of an expectation that raised."""
    info = item.exception_info or {}
    for entry in [info, *(value for value in info.values() if isinstance(value, dict))]:
        if entry.get("raised_exception"):
            return str(entry.get("exception_message"))
    return None
