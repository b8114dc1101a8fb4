"""What a project says of articles that do not say it themselves: their publisher, their zone."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from transforms.readers.base import RawArticle

# A day, a clock time, and nothing behind it that could be a zone.
_LOCAL = re.compile(r"\s*\d{4}-\d{2}-\d{2}[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*")


@dataclass(frozen=True, slots=True)
class Given:
    """The publisher of what names none and has no address, and the zone of times without one."""

    source: str | None = None
    zone: dt.tzinfo | None = None

    def complete(self, raw: RawArticle) -> RawArticle:
        """The article with what it does not say itself."""
        if self.source and not raw.source and not raw.url:
            raw.source = self.source
        raw.published = self._with_zone(raw.published)
        raw.modified = self._with_zone(raw.modified)
        return raw

    def _with_zone(self, written: str | None) -> str | None:
        if self.zone is None or not written or not _LOCAL.fullmatch(written):
            return written
        try:
            moment = dt.datetime.fromisoformat(written.strip())
        except ValueError:
            return written
        return moment.replace(tzinfo=self.zone).isoformat()
