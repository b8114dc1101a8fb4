"""Articles as they stand in the warehouse, fed to the workers again without their raw files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flows.run.feed import Feed
from flows.run.summary import Summary
from transforms.articles import Article, dateline_of
from warehouse.connection import Connection

_PAGE = 256


def stale_articles(con: Connection, version: str) -> list[str]:
    """Ids of current articles that another extractor read, also those without events."""
    rows = con.execute(
        """
        SELECT article_id FROM articles a WHERE EXISTS (
            FROM article_versions v WHERE v.article_id = a.article_id
            AND v.content_sha256 = a.content_sha256 AND v.extractor_version <> $version)
        OR EXISTS (FROM event_mentions m WHERE m.article_id = a.article_id
            AND m.extractor_version <> $version)
        ORDER BY published_at, article_id
        """,
        {"version": version},
    ).fetchall()
    return [key for (key,) in rows]


class StoredArticles:
    """What another extractor read, from its stored text."""

    paths = ("stored articles",)

    def fill(self, feed: Feed) -> None:
        """Give them in the order of publication."""
        ids = stale_articles(feed.ledger.con, feed.version)
        feed.total = len(ids)
        for article, versions in _stored(feed, ids):
            if feed.stopping.is_set():
                return
            feed.batch.versions += versions
            feed.add_article(article)

    def done(self, summary: Summary) -> int:
        """Articles."""
        return summary.articles


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
            version["extractor_version"] = feed.version
            seen.setdefault(version["article_id"], []).append(version)
        for row in rows.iter_rows(named=True):
            versions = seen.get(row["article_id"], [])
            yield _article(row, versions[-1]["record"] if versions else ""), versions


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
