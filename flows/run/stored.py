"""Articles as they stand in the warehouse, fed to the workers again without their raw files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flows.resources.version import TAUGHT, Extractor
from flows.run.corrected import touched
from flows.run.feed import Feed
from flows.run.summary import Summary
from transforms.articles import Article, dateline_of
from warehouse.connection import Connection

_PAGE = 256


def stale_articles(con: Connection, now: Extractor) -> list[str]:
    """Ids of current articles that another extractor read, also those without events.

    Where only the dictionary is another one, those whose text holds words of an entry that came,
    went or changed.
    """
    stale = _ids(con, _READ_BY + "SELECT article_id FROM read_by WHERE rules <> ?", now.rules)
    maybe = _ids(con, _READ_BY + "SELECT article_id FROM read_by WHERE mark <> ''")
    keys = now.dictionary.touching.keys if now.dictionary else []
    for begin in range(0, len(keys), _WORDS):
        words = "|".join(keys[begin : begin + _WORDS])
        holding = "WHERE regexp_matches(strip_accents(lower(text)), ?)"
        maybe |= _ids(con, f"SELECT article_id FROM articles {holding}", words)
    stale |= _touched(con, now, sorted(maybe - stale))
    order = con.execute("SELECT article_id FROM articles ORDER BY published_at, article_id")
    return [key for (key,) in order.fetchall() if key in stale]


_WORDS = 500  # of a dictionary looked for at once
_READ_BY = f"""
WITH read_by AS (
    SELECT article_id, held, split_part(held, '{TAUGHT}', 1) AS rules,
        split_part(held, '{TAUGHT}', 2) AS mark
    FROM (
        SELECT article_id, v.extractor_version AS held
            FROM article_versions v JOIN articles USING (article_id, content_sha256)
        UNION SELECT article_id, extractor_version FROM event_mentions
    )
)
"""


def _ids(con: Connection, sql: str, *values: str) -> set[str]:
    return {key for (key,) in con.execute(sql, list(values)).fetchall()}


def _touched(con: Connection, now: Extractor, ids: list[str]) -> set[str]:
    """Those of these articles that another dictionary read, as far as it touches them."""
    found: set[str] = set()
    for begin in range(0, len(ids), _PAGE):
        rows = con.execute(
            _READ_BY + "SELECT article_id, text, list(held) FROM articles "
            "JOIN read_by USING (article_id) WHERE article_id IN (SELECT unnest(?)) GROUP BY ALL",
            [ids[begin : begin + _PAGE]],
        ).fetchall()
        found |= {key for key, text, held in rows if set(held) != {now.of(text)}}
    return found


class StoredArticles:
    """What another extractor read, from its stored text."""

    paths = ("stored articles",)

    def fill(self, feed: Feed) -> None:
        """Give them in the order of publication."""
        con = feed.ledger.con
        corrected = touched(con, feed.decisions)
        feed.corrected = len(corrected)
        ids = stale_articles(con, feed.extractor)
        ids += sorted(corrected - {*ids})
        feed.total = len(ids)
        _give(feed, ids)

    def done(self, summary: Summary) -> int:
        """Articles."""
        return summary.articles


def give_corrected(feed: Feed) -> None:
    """Give a feed the stored articles of which something was decided, or taken back, since."""
    ids = sorted(touched(feed.ledger.con, feed.decisions))
    feed.corrected = len(ids)
    _give(feed, ids)


def _give(feed: Feed, ids: list[str]) -> None:
    for article, versions in _stored(feed, ids):
        if feed.stopping.is_set():
            return
        feed.batch.versions += versions
        feed.add_article(article)


def _stored(feed: Feed, ids: list[str]) -> Iterator[tuple[Article, list[dict[str, Any]]]]:
    """Each article with its rows of `article_versions`, as this extractor's."""
    con = feed.ledger.con
    for begin in range(0, len(ids), _PAGE):
        page = ids[begin : begin + _PAGE]
        rows = con.execute(
            "SELECT * FROM articles WHERE article_id IN (SELECT unnest(?)) "
            "ORDER BY published_at, article_id", [page],
        ).pl()  # fmt: skip
        seen: dict[str, list[dict[str, Any]]] = {}
        for version in con.execute(
            "SELECT v.* FROM article_versions v "
            "JOIN articles USING (article_id, content_sha256) "
            "WHERE article_id IN (SELECT unnest(?)) ORDER BY v.rank, v.file_id, v.record",
            [page],
        ).pl().iter_rows(named=True):  # fmt: skip
            seen.setdefault(version["article_id"], []).append(version)
        for row in rows.iter_rows(named=True):
            versions = seen.get(row["article_id"], [])
            for version in versions:
                version["extractor_version"] = feed.extractor.of(row["text"])
            yield _article(row, versions[-1]["record"] if versions else ""), versions


def articles_of(con: Connection, ids: list[str]) -> Iterator[Article]:
    """The stored articles in English of these ids, in the order of their ids."""
    rows = con.execute(
        "SELECT * FROM articles WHERE language = 'en' AND article_id IN (SELECT unnest(?)) "
        "ORDER BY article_id", [ids or [""]],
    ).pl()  # fmt: skip
    for row in rows.iter_rows(named=True):
        yield _article(row, "")


def _article(row: dict[str, Any], record: str) -> Article:
    """The article of a row of `articles`. Its id is settled; nobody asks what it was made of."""
    names = ("article_id", "source_uri", "url", "source", "title", "authors", "language",
             "published_at", "published_method", "utc_offset", "dateline", "text", "word_count",
             "content_sha256")  # fmt: skip
    return Article(
        **{name: row[name] for name in names},
        record=record or None,
        published_precision="second",
        dateline_end=dateline_of(row["text"])[1] if row["dateline"] else 0,
        identity="declared",
    )
