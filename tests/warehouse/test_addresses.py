"""What an address names, and what it may not hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.resources.settings import settings
from warehouse import object_store
from warehouse.addresses import absolute, lake_of, place_of
from warehouse.errors import DatelineError


def test_a_file_is_no_lake() -> None:
    assert lake_of(Path("data/w.duckdb")) is None
    assert place_of(Path("data/w.duckdb")) == Path("data/w.duckdb")
    assert absolute(Path("w.duckdb")) == str(Path.cwd() / "w.duckdb")


def test_lakes() -> None:
    server = Path("ducklake:postgres:dbname=news host=db")
    assert str(lake_of(server)) == str(server) == absolute(server)
    assert place_of(server).parent == Path("data") == settings(warehouse=server).folder
    local = Path("ducklake:sqlite:x/news.sqlite")
    assert place_of(local) == Path("x/news.sqlite")
    assert absolute(local) == f"ducklake:sqlite:{Path.cwd()}/x/news.sqlite"


@pytest.mark.parametrize(
    "text",
    [
        "ducklake:", "ducklake:news.duckdb", "ducklake:sqlite:",
        "ducklake:postgres:dbname=news password=hush", "ducklake:postgres:dbname=n PassWord = hush",
        "ducklake:postgres:postgresql://me:hush@db/news",
    ],
)  # fmt: skip
def test_what_is_no_address_or_holds_a_secret(text: str) -> None:
    with pytest.raises(DatelineError) as error:
        settings(warehouse=text)
    assert "hush" not in str(error.value)


@pytest.mark.parametrize("data", ["s3://", "s3://key:hush@b/x", "gs://b", "s3://b/x?secret=hush"])
def test_where_rows_cannot_go(data: str) -> None:
    with pytest.raises(DatelineError) as error:
        object_store.check(data)
    assert "hush" not in str(error.value)
    object_store.check("s3://bucket/news")
    object_store.check("/data/rows")
