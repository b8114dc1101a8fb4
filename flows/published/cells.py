"""Cells of CSV that a spreadsheet would run: a text that begins like a formula.

A headline `=HYPERLINK(…)` is a link that sends what stands beside it away. An apostrophe before it
makes it text; numbers are left alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.dialects import quote

if TYPE_CHECKING:
    import polars as pl

# Also the wide forms, which some spreadsheets take for the others.
_FORMULA = r"^[=+\-@\t\r\n\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}]"
_NUMBER = r"^[+-]?[0-9]+([.,][0-9]+)*$"


def without_formulas(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with its text columns guarded."""
    import polars as pl

    def cell(name: str) -> pl.Expr:
        text = pl.col(name)
        is_formula = text.str.contains(_FORMULA) & ~text.str.contains(_NUMBER)
        return pl.when(is_formula).then(pl.lit("'") + text).otherwise(text).alias(name)

    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    return frame.with_columns(cell(name) for name in texts)


def without_formula(cell: str) -> str:
    """SQL of a text, of the SQL of one."""
    return (
        f"CASE WHEN regexp_matches({cell}, {quote(_FORMULA)}) "
        f"AND NOT regexp_matches({cell}, {quote(_NUMBER)}) THEN chr(39) || {cell} ELSE {cell} END"
    )
