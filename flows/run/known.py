"""Raw files that the ledger knows as a source: read again, all or by day of publication.

What was retracted stays away, also where its file holds other articles.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flows.resources.snapshot import reader
from flows.run import landing
from flows.run.feed import Feed
from flows.run.files import Choice, Reading
from flows.run.stored import give_corrected
from flows.run.summary import Summary
from transforms.articles import Article

Days = tuple[dt.date, dt.date]
EVER: Days = (dt.date.min, dt.date.max)


def known_files(warehouse: Path, days: Days = EVER) -> list[str]:
    """Addresses of the raw files with an article published within `days`, ends included.

    For all days also files that were refused, which another reader may take. Neither retracted
    files nor byte-for-byte copies. Raises WarehouseMissing.
    """
    con = reader(warehouse)
    try:
        rows = con.execute(
            "SELECT DISTINCT source_uri FROM files f WHERE status NOT IN ('retracted', 'duplicate')"
            " AND ($all OR EXISTS (FROM article_versions v WHERE v.file_id = f.file_id "
            "AND v.published_on BETWEEN $first AND $last)) ORDER BY 1",
            {"all": days == EVER, "first": days[0], "last": days[1]},
        ).fetchall()
    finally:
        con.close()
    return [uri for (uri,) in rows]


def present(addresses: Sequence[str]) -> list[str]:
    """Those that are still there; remote ones are taken to be."""
    return [uri for uri in addresses if landing.exists(uri)]


@dataclass(frozen=True)
class KnownFiles:
    """Files of which only articles of some days are extracted again."""

    paths: Sequence[str]
    days: Days = EVER

    def fill(self, feed: Feed) -> None:
        """Read all of them again."""
        give_corrected(feed)
        rows = feed.ledger.con.execute(
            "SELECT key FROM change_log WHERE table_name = 'articles' "
            "GROUP BY key HAVING arg_max(change, changed_at) = 'delete'"
        ).fetchall()
        withdrawn = {key for (key,) in rows}

        def choose(article: Article) -> Choice:
            if article.article_id in withdrawn:
                return "leave"
            first, last = self.days
            return "extract" if first <= article.published_at.date() <= last else "keep"

        Reading(feed, self.paths, force=True, choose=choose).run()

    def done(self, summary: Summary) -> int:
        """Files."""
        return sum(summary.files.values())
