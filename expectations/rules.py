"""What a schema cannot say: spans that lie, events that contradict themselves."""

from __future__ import annotations

from collections.abc import Iterator

from expectations.derived import Expected
from expectations.witnesses import SPANS


def rules() -> Iterator[Expected]:
    """Rules over the witness columns of `expectations.witnesses`."""
    for table, (text, _, _) in SPANS.items():
        yield Expected(
            "span-text", table, text, "ExpectColumnPairValuesToBeEqual",
            {"column_A": text, "column_B": "at_span__"},
            reason="the characters at its offsets are not its text",
        )  # fmt: skip
        yield Expected(
            "inside-sentence", table, "inside__", "ExpectColumnValuesToBeInSet",
            {"value_set": [""]}, reason="it does not lie inside its sentence",
        )  # fmt: skip
    yield Expected(
        "quad-fits-type", "events", "quad_class", "ExpectColumnPairValuesToBeEqual",
        {"column_A": "quad_class", "column_B": "quad_of_type__"},
        reason="the quad class is not that of the event type",
    )  # fmt: skip
    yield Expected(
        "not-ahead-of-report", "events", "ahead__", "ExpectColumnValuesToBeInSet",
        {"value_set": [""]}, reason="told as fact, but dated after the day it was reported",
    )  # fmt: skip
    yield Expected(
        "interval-in-order", "events", "turned__", "ExpectColumnValuesToBeInSet",
        {"value_set": [""]}, reason="it ends before it begins",
    )  # fmt: skip
