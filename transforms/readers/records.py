"""JSON, JSON Lines, CSV and Parquet: records with named fields."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

from transforms.readers.base import (
    ENDING,
    Item,
    Limits,
    ReadError,
    Undecodable,
    decode,
    fault,
)
from transforms.readers.csv_rows import BadRow, rows
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


_DIGITS = 4300  # digits of a number from which Python refuses to read it


def _said(error: json.JSONDecodeError, *, lines: bool = True) -> str:
    message = error.msg.removesuffix(" at").removesuffix(" starting").removesuffix(":")
    line = f"line {error.lineno}, " if lines else ""
    return f"{message[:1].lower()}{message[1:]}, {line}column {error.colno}"


def read_json(data: bytes, name: str, limits: Limits, mapping: Mapping[str, str]) -> Iterator[Item]:
    """One record, a list of records, or an object that holds such a list."""
    try:
        value = _loads(decode(data))
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
        where = None if single else str(number)
        if isinstance(record, dict):
            yield _article(record, where, mapping)
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
        if len(line) > limits.max_line_chars:
            yield ReadError("line-too-long", f"a line of {len(line):,} bytes", str(number))
            continue
        try:
            record = _loads(decode(line.removeprefix(b"\xef\xbb\xbf")))
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
            yield _article(record, str(number), mapping)
        else:
            yield ReadError("bad-record", f"record {number} is no object", str(number))


def _loads(text: str) -> Any:
    """The JSON of a text. A number too long for Python stays text."""
    return json.loads(text, parse_int=_whole)


def _whole(digits: str) -> int | str:
    return int(digits) if len(digits) < _DIGITS else digits


def _article(record: Mapping[str, Any], number: str | None, mapping: Mapping[str, str]) -> Item:
    """The article of a record; what no rule foresaw costs only the record."""
    try:
        return article(record, number, mapping)
    except ENDING:
        raise
    except BaseException as error:
        return ReadError("reader-error", fault(error), number)


def read_csv(data: bytes, name: str, limits: Limits, mapping: Mapping[str, str]) -> Iterator[Item]:
    """A header line, then one article a row; comma, semicolon, tab or bar."""
    text = decode(data)
    delimiter = max(",;\t|", key=text.lstrip("\r\n").split("\n", 1)[0].count)
    found = rows(text, delimiter, most=limits.max_line_chars)
    head = next(found, None)
    if head is None or isinstance(head, BadRow):
        yield ReadError("bad-csv", f"no header line: {head.reason if head else 'nothing in it'}")
        return
    columns = [cell.strip() for cell in head]
    missing = [theirs for theirs in mapping.values() if theirs not in columns]
    if missing:
        yield ReadError("no-column", f"no column {missing[0]!r}; it has {columns}")
        return
    for number, row in enumerate(found, start=1):
        if isinstance(row, BadRow):
            yield ReadError(row.rule, f"record {number}: {row.reason}", str(number))
        elif len(row) > len(columns) and any(cell.strip() for cell in row[len(columns) :]):
            yield ReadError("bad-record", f"record {number} has too many cells", str(number))
        else:
            yield _article(dict(zip(columns, row, strict=False)), str(number), mapping)


def read_parquet(
    data: bytes, name: str, limits: Limits, mapping: Mapping[str, str]
) -> Iterator[Item]:
    """One article a row."""
    import polars as pl

    try:
        frame = pl.read_parquet(io.BytesIO(data))
    except ENDING:
        raise
    except BaseException as error:  # polars panics at a flipped bit, with no Exception
        yield ReadError("bad-parquet", f"no Parquet: {fault(error)[:200]}")
        return
    missing = [theirs for theirs in mapping.values() if theirs not in frame.columns]
    if missing:
        yield ReadError("no-column", f"no column {missing[0]!r}; it has {frame.columns}")
        return
    for number, row in enumerate(frame.iter_rows(named=True), start=1):
        yield _article(row, str(number), mapping)
