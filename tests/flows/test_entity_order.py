"""Loading 40 articles in ten random orders and batch sizes gives the same entities and events.

So does loading more and taking them back, or loading some twice.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from flows.resources.version import Extractor
from flows.run import identify, workers
from flows.run.landing import Found
from flows.run.retract import settle_without
from flows.run.settle import settle
from tests.conftest import EXAMPLES, VOLATILE
from transforms import rows as r
from transforms.articles import Article, make_article
from transforms.readers import Limits, RawArticle
from warehouse import loading, store
from warehouse.dialects import polars_schema
from warehouse.migrations import fills
from warehouse.tables import TABLES, TALLIES

DAY = dt.date(2027, 1, 1)  # after the last of the examples
STAMP = dt.datetime(2025, 12, 18, 12)
ORDERS, ARTICLES, MADE, MANY = 10, 40, 15, 2000
COMPARED = ("articles", "entities", "entity_mentions", "positions", "events", "event_mentions",
            "event_participants", "event_evidence", "event_leads", "event_dyads", "event_parties",
            "entity_tallies", "article_signatures", "article_bands", "event_reports",
            "named_together", *TALLIES)  # fmt: skip
# The same people and bodies under other spellings, titles and neighbours, and two namesakes.
_WHO = ("North Korean leader Kim Jong-un", "Kim Jong Un", "Marshal Kim Jong Un", "Kim Jong-Un")
_WITH = (
    "South Korea's foreign ministry", "the Ministry of Foreign Affairs of South Korea",
    "South Korean lawmaker Kim Dae-ho", "Seoul", "the U.S. State Department",
)  # fmt: skip


def generated(number: int) -> RawArticle:
    """A short article of our own; numbers differ in who meets whom and how they are called."""
    who, other = _WHO[number % len(_WHO)], _WITH[number % len(_WITH)]
    text = (
        f"{who} met President Xi Jinping in Beijing on Tuesday, China's Foreign Ministry said.\n\n"
        f"Kim later criticised {other}. The two sides agreed to meet in {number + 2} days.\n\n"
        f"Analyst Mira Koval{'enko' if number % 2 else ''} said Beijing had rejected the proposal."
    )
    return RawArticle(title=f"Report {number} of a meeting", text=text, published=DAY.isoformat())


@pytest.fixture(scope="module")
def extracted() -> list[tuple[Article, workers.Extracted]]:
    """Forty articles, each extracted once, alone."""
    from transforms.nlp.parsing.language import DEFAULT_MODEL

    workers._state.update(model=DEFAULT_MODEL, extractor=Extractor("test"), max_chars=1_000_000)
    found: dict[str, Article] = {}
    for path in sorted(path for path in EXAMPLES.iterdir() if path.is_file()):
        data = path.read_bytes()
        task = workers.ReadTask(Found(str(path), len(data)), data, len(data))
        for article in workers.read_file(task, DAY, Limits()).articles:
            found.setdefault(article.article_id, article)
    found = dict(sorted(found.items())[: ARTICLES - MADE])
    for number in range(MADE):
        made = make_article(generated(number), source_uri=f"made-{number}.txt", today=DAY)
        assert isinstance(made, Article)
        found[made.article_id] = made
    held = sorted(found.values(), key=lambda article: article.article_id)
    assert len(held) == ARTICLES
    return [(article, workers.extract([article])) for article in held]


@pytest.mark.parametrize("size", [identify.SLICE, 3])
def test_any_order_and_batch_size_gives_the_same_rows(
    size: int,
    extracted: list[tuple[Article, workers.Extracted]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also where the earlier reports that a batch may join are many slices."""
    monkeypatch.setattr(identify, "SLICE", size)
    monkeypatch.setattr(identify, "_STRETCH", 4 * size)
    chooser = random.Random(20251218)
    expected = None
    for order in range(ORDERS if size > 3 else 3):
        held = list(extracted)
        chooser.shuffle(held)
        found = loaded(tmp_path / f"{order}.duckdb", list(batches(held, chooser)))
        if expected is None:
            expected = found
            names = [row["name"] for row in found["entities"]]
            assert len(names) > 150
        for table, rows in found.items():
            assert rows == expected[table], f"{table} differs in order {order}"


@pytest.mark.slow
def test_two_thousand_articles_in_any_order_and_batch_size_give_the_same_rows(
    tmp_path: Path,
) -> None:
    from transforms.nlp.parsing.language import DEFAULT_MODEL

    workers._state.update(model=DEFAULT_MODEL, extractor=Extractor("test"), max_chars=1_000_000)
    held = []
    for number in range(MANY):
        article = make_article(generated(number), source_uri=f"made-{number}.txt", today=DAY)
        assert isinstance(article, Article)
        held.append((article, workers.extract([article])))
    expected = None
    for order, sizes in enumerate(((256,), (7, 40, 600), (MANY,))):
        chooser = random.Random(order)
        chooser.shuffle(held)
        found = loaded(tmp_path / f"{order}.duckdb", list(batches(held, chooser, sizes)))
        expected = expected or found
        assert len(found["articles"]) == MANY
        for table, rows in found.items():
            assert rows == expected[table], f"{table} differs in order {order}"


def test_what_is_taken_back_leaves_no_trace(
    extracted: list[tuple[Article, workers.Extracted]], tmp_path: Path
) -> None:
    """Taken back are the articles that speak for an event, the lead of a cluster among them."""
    whole = loaded(tmp_path / "whole.duckdb", [extracted])
    speaks = {row["event_id"]: row["article_id"] for row in whole["event_leads"]}
    told = {(row["event_id"], row["article_id"]) for row in whole["event_mentions"]}
    gone = {speaks[event] for event, article in told if article != speaks[event]}
    copied = {row["cluster_id"] for row in whole["articles"] if not row["is_cluster_lead"]}
    assert gone & copied
    kept = [one for one in extracted if one[0].article_id not in gone]
    expected = loaded(tmp_path / "kept.duckdb", [kept])
    found = loaded(tmp_path / "left.duckdb", list(batches(extracted, random.Random(7))), gone=gone)
    assert len(expected["event_leads"]) > 50
    for table, rows in found.items():
        assert rows == expected[table], table


def test_what_is_read_again_changes_nothing(
    extracted: list[tuple[Article, workers.Extracted]], tmp_path: Path
) -> None:
    """As `reextract` does when nothing in an article has changed."""
    once = loaded(tmp_path / "once.duckdb", [extracted])
    again = loaded(tmp_path / "again.duckdb", [extracted, extracted[::3], extracted[1::2]])
    for table, rows in again.items():
        assert rows == once[table], table


def test_settling_without_what_was_refused_begins_from_what_is_settled(
    extracted: list[tuple[Article, workers.Extracted]], tmp_path: Path
) -> None:
    """Only events are settled again where every article stays; else all is."""
    con = store.open_writer(tmp_path / "w.duckdb")
    versions = pl.DataFrame(schema=polars_schema(TABLES["article_versions"]))
    try:
        loading.load(con, settle(con, stamped(extracted[::2]), versions), run=_RUN, now=STAMP)
        frames = stamped(extracted[1::2])
        whole = settle(con, frames, versions)
        fewer = dict(frames)
        for name in ("event_mentions", "event_evidence", "event_participants", "event_counts"):
            kept = pl.col("event_mention_id").str.slice(0, 1).is_in(list("01234567"))
            fewer[name] = frames[name].filter(kept)
        articles = frames["articles"].head(9).select("article_id")
        some = {
            name: rows.join(articles, on="article_id", how="semi")
            if "article_id" in rows.columns
            else rows
            for name, rows in fewer.items()
        }
        mentions = some["event_mentions"].select("event_mention_id")
        for name in ("event_participants", "event_counts"):
            some[name] = some[name].join(mentions, on="event_mention_id", how="semi")
        for rest in (fewer, some):
            found = settle(con, rest, versions, before=whole)
            expected = settle(con, rest, versions)
            assert 0 < found.frames["events"].height < whole.frames["events"].height
            for name, rows in expected.frames.items():
                assert rows.sort(pl.all()).equals(found.frames[name].sort(pl.all())), name
            assert found.entity_ids == expected.entity_ids
            assert found.event_ids == expected.event_ids
    finally:
        con.close()


@pytest.mark.parametrize("early", [0, 1, 3])
def test_what_was_compared_before_the_turns_of_others_is_as_if_after_them(
    early: int,
    extracted: list[tuple[Article, workers.Extracted]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Others load what is published earlier and later, and replace what was compared."""
    meet, left = identify._meet, []

    def counting(con: Any, linking: Any, places: list[int]) -> None:
        left.append(len(places))
        meet(con, linking, places)

    chooser = random.Random(early)
    once = loaded(tmp_path / "once.duckdb", [extracted])
    parts = list(batches(chooser.sample(extracted, len(extracted)), chooser, (3, 7)))
    parts += [extracted[::3], extracted[1::3], extracted[::2]]
    monkeypatch.setattr(identify, "_meet", counting)
    found = loaded(tmp_path / "drafted.duckdb", parts, early=early)
    compared = left[1::2] if early == 0 else left
    assert (early == 0) == (sum(compared[: len(parts) - 3]) == 0)
    for table, rows in found.items():
        assert rows == once[table], table


def batches(
    held: list[Any], chooser: random.Random, sizes: Sequence[int] = (1, 3, 7, 13, 40)
) -> Iterator[list[Any]]:
    """`held` cut into batches of random size."""
    begin = 0
    while begin < len(held):
        end = begin + chooser.choice(sizes)
        yield held[begin:end]
        begin = end


def stamped(part: list[tuple[Article, workers.Extracted]]) -> dict[str, pl.DataFrame]:
    """The frames of some articles, as a run has them."""
    frames = r.merge(one.frames for _, one in part)
    frames["articles"] = frames["articles"].with_columns(
        run_id=pl.lit("run"), loaded_at=pl.lit(STAMP).cast(pl.Datetime("us"))
    )
    return frames


def loaded(
    path: Path,
    parts: list[list[Any]],
    *,
    gone: Collection[str] = (),
    early: int | None = None,
) -> dict[str, list[dict[str, Any]]]:
    """The tables that span articles after loading the batches in turn and taking some back. Each
    was drafted `early` batches before, if that is given."""
    con = store.open_writer(path)
    drafts: list[identify.Draft] = []
    try:
        for number, part in enumerate(parts):
            while early is not None and len(drafts) < min(number + early + 1, len(parts)):
                drafts.append(identify.draft(con, stamped(parts[len(drafts)])))
            frames = stamped(part)
            seen = [
                {"article_id": a.article_id, "content_sha256": a.content_sha256} for a, _ in part
            ]
            versions = pl.DataFrame(seen, schema=polars_schema(TABLES["article_versions"]))
            drafted = drafts[number] if drafts else None
            settled = settle(con, frames, versions, drafted=drafted)
            loading.load(con, settled, run=_RUN, now=STAMP)
        if gone:
            loading.load(con, settle_without(con, sorted(gone)), run=_RUN, now=STAMP)
        tables = {}
        for name in COMPARED:
            columns = ", ".join(c for c in TABLES[name].columns if c not in VOLATILE)
            query = f"SELECT {columns} FROM {name} ORDER BY ALL"
            tables[name] = con.execute(query).pl().to_dicts()
        for name, select in fills().items():
            kept = con.execute(f"FROM {name} ORDER BY ALL").fetchall()
            assert kept == con.execute(f"FROM ({select}) ORDER BY ALL").fetchall(), name
        return tables
    finally:
        con.close()


_RUN = {
    "run_id": "run", "flow_run_id": None, "started_at": STAMP, "finished_at": None,
    "status": "running", "files_seen": 0, "articles_loaded": 0, "events_loaded": 0,
    "rows_quarantined": 0, "words": 0, "extractor_version": "test", "settings": "{}",
}  # fmt: skip
