"""What a run did, as it goes: figures of a batch and of the whole run."""

from __future__ import annotations

import datetime as dt
import logging
import secrets
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# Where a run tells how it goes; Prefect's logger of a run is an adapter.
Log = logging.Logger | logging.LoggerAdapter[Any]


def now() -> dt.datetime:
    """The time, UTC, without zone, as the tables keep it."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)


def new_run_id() -> tuple[str, dt.datetime]:
    """The id of a run that starts now, and when that is."""
    started = now()
    return f"{started:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}", started


def stored_only(counts: Mapping[str, int]) -> str:
    """ "3 (2 language fr, 1 too long)", "2 (language de)"; "" for none."""
    if not counts:
        return ""
    if len(counts) == 1:
        return f"{sum(counts.values()):,} ({next(iter(counts))})"
    listed = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return f"{sum(counts.values()):,} ({', '.join(f'{n:,} {why}' for why, n in listed)})"


@dataclass(slots=True)
class Loaded:
    """What came of one batch."""

    number: int
    first_file: str
    articles: int = 0
    sentences: int = 0
    entities: int = 0
    events: int = 0
    words: int = 0
    refused: int = 0
    refused_reason: str | None = None  # of the whole batch
    seconds: dict[str, float] = field(default_factory=dict)


@dataclass(slots=True)
class Summary:
    """What a run did; `status` is `completed`, `partial` (something refused) or `failed`."""

    run_id: str
    status: str = "running"
    files: Counter[str] = field(default_factory=Counter)
    articles: int = 0
    unchanged: int = 0
    alerts: int = 0  # events that the project watches for
    corrected: int = 0  # stored articles read again for what was decided since
    corrections: list[str] = field(default_factory=list)  # what became of decisions, in words
    left_out: int = 0  # not of the languages and topics that the project wants
    sentences: int = 0
    entities: int = 0
    events: int = 0
    words: int = 0
    refused: int = 0
    still_refused: int = 0  # of files of this run, by earlier ones, open
    seconds: float = 0.0
    stages: dict[str, float] = field(default_factory=dict)
    refusals: list[dict[str, Any]] = field(default_factory=list)
    unread: Counter[str] = field(default_factory=Counter)  # stored, not extracted: why → articles
    event_types: Counter[str] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)  # of asserted reports: by whom
    dyads: list[tuple[str, str, int]] = field(default_factory=list)
    quality_page: str | None = None

    @property
    def unread_line(self) -> str:
        """How many articles were stored and not extracted, and why; "" for none."""
        return stored_only(self.unread)

    @property
    def is_foreign(self) -> bool:
        """Whether nothing was extracted because no article is in English."""
        foreign = all(why.startswith("language") for why in self.unread)
        return bool(self.unread) and foreign and not self.sentences

    @property
    def words_per_second(self) -> float:
        """Words of extracted articles per second of the whole run."""
        return self.words / self.seconds if self.seconds else 0.0
