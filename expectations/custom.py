"""An expectation of our own, in the library's form. Importing this imports Great Expectations."""

from __future__ import annotations

from typing import Any

from great_expectations.execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import ColumnMapExpectation
from great_expectations.expectations.metrics.map_metric_provider import (
    ColumnMapMetricProvider,
    column_condition_partial,
)


class ColumnValuesFaultless(ColumnMapMetricProvider):
    """True where a fault column says nothing."""

    condition_metric_name = "column_values.faultless"

    @column_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column: Any, **_: Any) -> Any:
        return column == ""


class ExpectColumnValuesToBeFaultless(ColumnMapExpectation):
    """Expect a fault column (a sentence on what is wrong with its row) to be empty throughout."""

    map_metric = "column_values.faultless"
    success_keys = ("mostly",)
