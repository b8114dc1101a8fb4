"""One declaration, many dialects: DuckDB DDL, polars schemas, the Markdown dictionary. No I/O."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from warehouse.schema import Table, Type

DUCKDB: dict[Type, str] = {
    Type.TEXT: "VARCHAR",
    Type.TEXTS: "VARCHAR[]",
    Type.INTEGER: "BIGINT",
    Type.INTEGERS: "BIGINT[]",
    Type.SMALL: "INTEGER",
    Type.REAL: "DOUBLE",
    Type.BOOLEAN: "BOOLEAN",
    Type.DAY: "DATE",
    Type.TIME: "TIMESTAMP",
    Type.JSON: "JSON",
}
POLARS: dict[Type, pl.DataType] = {
    Type.TEXT: pl.String(),
    Type.TEXTS: pl.List(pl.String()),
    Type.INTEGER: pl.Int64(),
    Type.INTEGERS: pl.List(pl.Int64()),
    Type.SMALL: pl.Int32(),
    Type.REAL: pl.Float64(),
    Type.BOOLEAN: pl.Boolean(),
    Type.DAY: pl.Date(),
    Type.TIME: pl.Datetime("us"),
    Type.JSON: pl.String(),
}


def polars_schema(table: Table) -> pl.Schema:
    """Column name → polars type, in the declared order."""
    return pl.Schema({item.name: POLARS[item.type] for item in table.fields})


def frame(table: Table, rows: Iterable[dict[str, object]]) -> pl.DataFrame:
    """Rows as a frame with exactly the declared columns and types."""
    return pl.DataFrame(list(rows), schema=polars_schema(table), orient="row")


def create_table(table: Table) -> str:
    """CREATE TABLE with NOT NULL but no keys: the gate checks keys, indexes would cost."""
    columns = ",\n  ".join(
        f'"{item.name}" {DUCKDB[item.type]}{"" if item.nullable else " NOT NULL"}'
        for item in table.fields
    )
    return f'CREATE TABLE IF NOT EXISTS "{table.name}" (\n  {columns}\n)'


def comments(table: Table) -> list[str]:
    """COMMENT ON statements for a table and its columns."""
    lines = [f'COMMENT ON TABLE "{table.name}" IS {quote(table.comment)}']
    lines.extend(
        f'COMMENT ON COLUMN "{table.name}"."{item.name}" IS {quote(item.comment)}'
        for item in table.fields
    )
    return lines


def quote(text: str) -> str:
    """A SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def markdown(tables: Iterable[Table]) -> str:
    """The dictionary: one section a table."""
    parts = ["# Tables", "", "Generated from `warehouse/tables.py` by `make docs`.", ""]
    for table in tables:
        parts += [f"## {table.name}", "", f"{table.comment}. Key: {', '.join(table.key)}.", ""]
        parts += ["| column | type | null | meaning |", "|---|---|---|---|"]
        for item in table.fields:
            extra = f"; one of {', '.join(map(str, item.allowed))}" if item.allowed else ""
            extra += f" → `{item.references}`" if item.references else ""
            null = "yes" if item.nullable else ""
            row = f"| `{item.name}` | {DUCKDB[item.type]} | {null} | {item.comment}{extra} |"
            parts.append(row)
        parts.append("")
    return "\n".join(parts)
