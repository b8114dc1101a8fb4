"""Which reports tell of one event.

First version: an event is its type family, its parties and its day (or period), so that the id
is a function of one report alone and no order of loading can change it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from transforms.ids import digest


@dataclass(frozen=True, slots=True)
class ReportKey:
    """What identity is decided on: one event mention."""

    event_mention_id: str
    article_id: str
    event_type: str
    modality: str
    initiators: tuple[str, ...]
    recipients: tuple[str, ...]
    date_start: dt.date | None
    date_end: dt.date | None
    date_precision: str
    place_id: str | None
    country_code: str | None
    trigger_lemma: str
    content: tuple[str, ...]


def block_keys(report: ReportKey) -> list[str]:
    """Keys of which two reports of one event share at least one."""
    return [_key(report)]


def assign(reports: Iterable[ReportKey]) -> dict[str, str]:
    """event_mention_id → event_id, whatever the order of the reports."""
    return {report.event_mention_id: digest("event", _key(report)) for report in reports}


def _key(report: ReportKey) -> str:
    parties = sorted({*report.initiators, *report.recipients})
    own = "" if len(parties) > 1 else f"{report.article_id}|{report.trigger_lemma}"
    when = f"{report.date_start}/{report.date_end}"
    return "|".join([report.event_type, report.modality, *parties, when, own])
