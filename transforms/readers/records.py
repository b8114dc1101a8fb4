"""JSON, JSON Lines, CSV and Parquet: records with named fields."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

from transforms.readers.base import Item, Limits, ReadError, Undecodable, decode, long_line
from transforms.readers.fields import article

_LISTS = (
    "articles",
    "items",
    "docs",
    "documents",
    "results",
    "data",
    "records",
    "response",
    "hits",
)


def _said(error: json.JSONDecodeError, *, lines: bool = True) -> str:
    message = error.msg.removesuffix(" at").removesuffix(" starting").removesuffix(":")
    line = f"line {error.lineno}, " if lines else ""
    return f"{message[:1].lower()}{message[1:]}, {line}column {error.colno}"


def read_json(data: bytes, name: str, limits: Limits, mapping: Mapping[str, str]) -> Iterator[Item]:
    """One record, a list of records, or an object that holds such a list."""
    try:
        value = json.loads(decode(data))
    except json.JSONDecodeError as error:
        yield ReadError("bad-json", f"no JSON: {_said(error)}")
        return
    except RecursionError:
        yield ReadError("bad-json", "nested too deep")
        return
    records = _records(value)
    if records is None:
        yield ReadError("no-articles", "JSON, but no record of an article in it")
        return
    single = len(records) == 1
    for number, record in enumerate(records, start=1):
        if number > limits.max_records:
            yield ReadError("too-many-records", f"more than {limits.max_records:,} records")
            return
        where = None if single else str(number)
        if isinstance(record, dict):
            yield article(record, where, mapping)
        else:
            yield ReadError("bad-record", f"a {type(record).__name__}, no object", where)


def _records(value: Any, depth: int = 0) -> list[Any] | None:
    if isinstance(value, list):
        return value or None
    if not isinstance(value, dict) or depth > 2:
        return None
    for key in _LISTS:
        inner = value.get(key)
        if isinstance(inner, list) and inner and isinstance(inner[0], dict):
            return inner
        if isinstance(inner, dict):
            found = _records(inner, depth + 1)
            if found is not None and len(found) > 0 and found != [inner]:
                return found
    return [value]


def read_jsonl(
    data: bytes, name: str, limits: Limits, mapping: Mapping[str, str]
) -> Iterator[Item]:
    """One record a line. A bad line costs the others nothing."""
    number = 0
    for line in io.BytesIO(data):
        if not line.strip():
            continue
        number += 1
        if number > limits.max_records:
            yield ReadError("too-many-records", f"more than {limits.max_records:,} records")
            return
        if len(line) > limits.max_line_chars:
            yield ReadError("line-too-long", f"a line of {len(line):,} bytes", str(number))
            continue
        try:
            record = json.loads(decode(line.removeprefix(b"\xef\xbb\xbf")))
        except json.JSONDecodeError as error:
            reason = f"record {number} is no JSON: {_said(error, lines=False)}"
            yield ReadError("bad-json", reason, str(number))
            continue
        except RecursionError:
            yield ReadError("bad-json", f"record {number} is nested too deep", str(number))
            continue
        except Undecodable as error:
            yield ReadError("encoding", f"record {number}: {error}", str(number))
            continue
        if isinstance(record, dict):
            yield article(record, str(number), mapping)
        else:
            yield ReadError("bad-record", f"record {number} is no object", str(number))


def read_csv(data: bytes, name: str, limits: Limits, mapping: Mapping[str, str]) -> Iterator[Item]:
    """A header line, then one article a line; comma, semicolon, tab or bar."""
    text = decode(data)
    problem = long_line(text, limits)
    if problem:
        yield problem
        return
    csv.field_size_limit(limits.max_line_chars)
    rows = csv.DictReader(io.StringIO(text, newline=""), dialect=_dialect(text))
    missing = [theirs for theirs in mapping.values() if theirs not in (rows.fieldnames or [])]
    if missing:
        yield ReadError("no-column", f"no column {missing[0]!r}; it has {rows.fieldnames}")
        return
    try:
        for number, row in enumerate(rows, start=1):
            if number > limits.max_records:
                yield ReadError("too-many-records", f"more than {limits.max_records:,} records")
                return
            if None in row:
                yield ReadError("bad-record", f"record {number} has too many cells", str(number))
                continue
            yield article(row, str(number), mapping)
    except csv.Error as error:
        yield ReadError("bad-csv", str(error))


def _dialect(text: str) -> type[csv.Dialect]:
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t|", key=first.count)

    class Found(csv.excel):
        pass

    Found.delimiter = delimiter
    return Found


def read_parquet(
    data: bytes, name: str, limits: Limits, mapping: Mapping[str, str]
) -> Iterator[Item]:
    """One article a row."""
    import polars as pl

    try:
        frame = pl.read_parquet(io.BytesIO(data))
    except Exception as error:
        yield ReadError("bad-parquet", f"no Parquet: {str(error).splitlines()[0][:200]}")
        return
    missing = [theirs for theirs in mapping.values() if theirs not in frame.columns]
    if missing:
        yield ReadError("no-column", f"no column {missing[0]!r}; it has {frame.columns}")
        return
    for number, row in enumerate(frame.iter_rows(named=True), start=1):
        if number > limits.max_records:
            yield ReadError("too-many-records", f"more than {limits.max_records:,} records")
            return
        yield article(row, str(number), mapping)
