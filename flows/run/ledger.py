"""What the warehouse already knows of files and articles: the filter of incremental runs."""

from __future__ import annotations

import datetime as dt
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from flows.run.landing import Found
from flows.run.seen import Known, known_at, untouched
from transforms.articles import Article
from transforms.ids import digest
from transforms.versions import likeness, word_pairs
from warehouse.connection import Connection, beside, value

_HEADLINES = 5000  # that are remembered at a time
_MOST_ALIKE = 200  # texts under one headline that a new one is compared with


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of one article that was read.

    `extract`: it is the current text and its rows are to be made. `seen`: the very text is
    known from this file. `article_id` may be that of an earlier text in the same place.
    """

    article_id: str
    extract: bool
    seen: bool


def file_id(source_uri: str, sha256: str | None) -> str:
    """Id of one content at one address."""
    return digest("file", source_uri, sha256)


def rank(article: Article) -> str:
    """Sorts the texts of one article: by the time of change, then by digest.

    The time of change is the declared one, else that of publication, so the order in which
    files are read decides nothing.
    """
    changed = article.modified or article.published_at
    return f"{changed:%Y-%m-%dT%H:%M:%S}|{article.content_sha256}"


class Present:
    """Which texts a column holds, by 64 bits of each: 8 MB a million of them, one scan in all.

    `form` is SQL around the column, and around what is asked for: "lower({})".

    Says yes also to one in so many that is not there, so a yes is asked again, exactly.
    """

    def __init__(self, con: Connection, table: str, column: str, form: str = "{}") -> None:
        self.con, self.asks = con, f"SELECT hash({form.format('?')})"
        scan = f"SELECT DISTINCT hash({form.format(column)}) AS h FROM {table}"
        self.hashes = np.sort(con.execute(f"{scan} WHERE {column} IS NOT NULL").fetchnumpy()["h"])

    def __contains__(self, text: object) -> bool:
        asked = value(self.con, self.asks, [text])
        at = int(np.searchsorted(self.hashes, np.uint64(asked)))
        return at < len(self.hashes) and int(self.hashes[at]) == asked


class Ledger:
    """Look-ups in `files` and `article_versions`, and what this run adds before it is loaded.

    What is new costs no scan: the addresses and ids that were there when the run began are held.
    """

    def __init__(self, con: Connection) -> None:
        self.con = beside(con)
        self.files: dict[str, str] = {}  # sha256 → source_uri, of this run
        self.current: dict[str, str] = {}  # article_id → rank, of this run
        self.texts: set[tuple[str, str]] = set()  # (article_id, content), of this run
        # (source, day, headline) → article_id and word pairs of what stands under it; a part of
        # them, as what was loaded is found again in the warehouse
        self.titled: dict[tuple[str, dt.date, str], list[tuple[str, array[int]]]] = {}
        self.seen: dict[str, list[Known]] = {}  # address → what was seen there
        self._present: dict[tuple[str, str], Present] = {}
        self._let_go: set[int] = set()  # digests of keys that `titled` held once

    def close(self) -> None:
        """Let the connection go."""
        self.con.close()

    def one(self, sql: str, values: Any) -> Any:
        """The first row or None. The answer is read to its end: one half read is a transaction
        that goes on, and holds up the checkpoint of a snapshot."""
        rows = self.con.execute(sql, values).fetchall()
        return rows[0] if rows else None

    def look_at(self, addresses: Sequence[str]) -> None:
        """Hold what was seen at these addresses."""
        self.seen = known_at(self.con, addresses)

    def untouched(self, found: Found, by: str) -> str | None:
        """As `file_status`, of a file that need not be read again to tell; None of others."""
        known = untouched(found, self.seen.get(found.source_uri, ()))
        return known.status if known is not None and known.refused_by in (None, by) else None

    def file_status(self, source_uri: str, sha256: str, by: str) -> str | None:
        """`unchanged`, `loaded` (by a run that broke off), `duplicate`, `retracted`, `quarantined`,
        or None for new bytes. The address is one of those looked at.

        A file that was refused is known as long as the same `reading` looks at it.
        """
        for known in self.seen.get(source_uri, ()):
            if known.sha256 == sha256 and known.refused_by in (None, by):
                return known.status
        if sha256 in self.files:
            return "duplicate" if self.files[sha256] != source_uri else None
        if not self._has("files", "sha256", sha256):
            return None
        other = self.one(
            "SELECT 1 FROM files WHERE sha256 = ? AND source_uri <> ? "
            "AND status IN ('loaded', 'unchanged') LIMIT 1",
            [sha256, source_uri],
        )
        return "duplicate" if other else None

    def _has(self, table: str, column: str, text: str, form: str = "{}") -> bool:
        """Whether the text may have been in the column when the run began."""
        if (table, column) not in self._present:
            self._present[table, column] = Present(self.con, table, column, form)
        return text in self._present[table, column]

    def claim_file(self, source_uri: str, sha256: str) -> None:
        """This run reads these bytes; elsewhere they are duplicates."""
        self.files.setdefault(sha256, source_uri)

    def has_read(self, file_id: str) -> bool:
        """Whether a run that broke off has read articles from this very file."""
        return self._has("article_versions", "file_id", file_id) and bool(
            self.one("SELECT 1 FROM article_versions WHERE file_id = ? LIMIT 1", [file_id])
        )

    def decide(self, article: Article, *, force: bool = False) -> Decision:
        """Whether this text is to be extracted. `force` extracts a current text again."""
        article_id = self._identity(article)
        mine = rank(article)
        row = (None, 0)
        if self._has("article_versions", "article_id", article_id):
            row = self.one(
                "SELECT max(rank), count(*) FILTER (content_sha256 = ?) FROM article_versions "
                "WHERE article_id = ?",
                [article.content_sha256, article_id],
            )
        best = max(filter(None, [row[0], self.current.get(article_id)]), default=None)
        seen = bool(row[1]) or (article_id, article.content_sha256) in self.texts
        self.texts.add((article_id, article.content_sha256))
        newer = best is None or mine > best or (not seen and self._edited(article, article_id))
        extract = (newer and not seen) or (force and (best is None or mine >= best))
        if extract:
            self.current[article_id] = mine
        return Decision(article_id, extract, seen)

    def _edited(self, article: Article, article_id: str) -> bool:
        """Whether an earlier run read another text of it from this very place."""
        return bool(
            self.one(
                "SELECT 1 FROM article_versions WHERE article_id = ? AND source_uri = ? "
                "AND record = ? AND content_sha256 <> ? LIMIT 1",
                [article_id, article.source_uri, article.record or "", article.content_sha256],
            )
        )

    def _identity(self, article: Article) -> str:
        """Its own id, or that of the text that stood in its place on the same day.

        Without an address or a declared id, an article is known by its title or text. When
        these are edited in place, the file and the day say that it is the same article. Only
        for files of one article: in the others a record's number may shift.
        """
        if article.identity == "title":
            return self._under_headline(article)
        if article.identity != "content" or article.record:
            return article.article_id
        return self._in_place(article)

    def _under_headline(self, article: Article) -> str:
        """The article whose text this one is a version of, else its own id or, where that is
        another's, one of its text."""
        title, source = article.title or "", article.source or ""
        key = source.lower(), article.published_at.date(), title.lower()
        known = self.titled.pop(key, None)
        if known is None and not self._is_titled(key, title):
            known = []
        if known is None:
            rows = self.con.execute(
                "SELECT article_id, text FROM articles WHERE url IS NULL "
                "AND lower(title) = lower(?) AND lower(coalesce(source, '')) = lower(?) "
                "AND published_at::DATE = ? LIMIT ?",
                [title, source, article.published_at.date(), _MOST_ALIKE],
            ).fetchall()
            known = [(aid, array("L", word_pairs(text))) for aid, text in sorted(rows)]
        self.titled[key] = known  # the last used stand last
        if len(self.titled) > _HEADLINES:
            oldest = next(iter(self.titled))
            del self.titled[oldest]
            self._let_go.add(hash(oldest))
        pairs = word_pairs(article.text)
        ranked = [(likeness(pairs, frozenset(held)), aid) for aid, held in known[-_MOST_ALIKE:]]
        best, found = max(ranked, default=(0.0, ""))
        if not best:
            found = article.article_id if article.record else self._in_place(article)
            if found == article.article_id and any(aid == found for aid, _ in known):
                found = digest("article", found, article.content_sha256)
        known.append((found, array("L", pairs)))
        return found

    def _is_titled(self, key: tuple[str, dt.date, str], title: str) -> bool:
        """Whether an article of this headline may stand in the warehouse."""
        return hash(key) in self._let_go or self._has("articles", "title", title, "lower({})")

    def _in_place(self, article: Article) -> str:
        """The id of the text that stood in the place of this one on the same day, else its own."""
        if not self._has("article_versions", "source_uri", article.source_uri):
            return article.article_id
        row = self.one(
            "SELECT count(*) FILTER (article_id = $id), arg_min(article_id, rank) "
            "FILTER (source_uri = $uri AND record = '' AND published_on = $day) "
            "FROM article_versions WHERE article_id = $id OR source_uri = $uri",
            {
                "id": article.article_id,
                "uri": article.source_uri,
                "day": article.published_at.date(),
            },
        )
        if row[0] or row[1] is None:
            return article.article_id
        return str(row[1])
