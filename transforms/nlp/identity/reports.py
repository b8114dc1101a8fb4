"""What event identity knows of one report, and the keys under which others may be found."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

from transforms.nlp.identity.acts import acts_of, stem
from transforms.plover import values

_FAMILIES = values("family")
# Days. A report that names no day is of the week before its article, one that takes the day of
# another clause ("said on Tuesday") may be `_EARLY` day older; days told may be `REACH` apart,
# at a price (the night, two time zones); a period longer than `_LONG` says only a year; a
# block spans `_BLOCK` days.
_WEEK, REACH, _EARLY, _LONG, _BLOCK = 7, 1, 1, 62, 7
# Names of the article, and words of it that the sentence has, that a report can be found by.
_NAMES, _STORY_WORDS = 6, 12


@dataclass(frozen=True, slots=True)
class ReportKey:
    """What identity is decided on: one event mention.

    `content` holds the marks of `likeness.content_of`; `reported_on` is the day the article was
    published, `date_method` as in `event_mentions`.
    """

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
    reported_on: dt.date | None = None
    date_method: str | None = None


def family(event_type: str) -> str:
    """Type family: types in which two desks may code one and the same act."""
    return _FAMILIES.get(event_type, event_type)


def anchors_of(report: ReportKey) -> frozenset[str]:
    """What a report can be found by: parties, countries, towns, names of the sentence and of the
    article, and words of the sentence that are common in the article."""
    told = {word[2:] for word in report.content if word.startswith("w:")}
    names = [word for word in report.content if word.startswith("n:")][:_NAMES]
    story = [word for word in report.content if word.startswith("d:")][:_STORY_WORDS]
    found = {*names, *(f"n:{word[2:]}" for word in report.content if word[:2] == "s:")}
    found.update(word for word in story if word[2:] in told)
    return frozenset(found | _sides_and_places(report))


def _sides_and_places(report: ReportKey) -> set[str]:
    """Parties, states among them by code ("Algeria", "Algiers" are two entities), country, town."""
    found = {*report.initiators, *report.recipients}
    for word in report.content:
        if word[:2] in ("t:", "g:"):
            found.add(word)
        elif word[:3] in ("i:%", "r:%"):
            found.add(word[3:])
    return found | {report.country_code} if report.country_code else found


def block_keys(report: ReportKey) -> list[int]:
    """Keys of which two reports of one event share at least one, and two anchors, whose digests
    they end in.

    A kind (type family, stem of the trigger word) in a week with one anchor: a digest of 31 bits
    and, below it, one of 32. By the acts its word may stand for, which two desks may
    give other types, it is found through parties and places alone. A report without a date meets
    those of its weeks of publication, one of more than two months those that begin in its year,
    so that no block grows with the years.
    """
    kinds = {f"~{stem(report.trigger_lemma)}"}
    acts = acts_of(report.trigger_lemma)
    kinds |= {family(report.event_type)} if report.event_type else acts
    weeks, anchors = _buckets(report), anchors_of(report)
    found = {block_key(k, a, week) for k in kinds for a in anchors for week in weeks}
    found |= {
        block_key(k, a, week) for k in acts for a in _sides_and_places(report) for week in weeks
    }
    return sorted(found)


def block_key(kind: str, anchor: str, week: str) -> int:
    """One key, of 63 bits."""
    return _digest(f"{kind}|{week}") >> 1 << 32 | _digest(anchor)


@lru_cache(maxsize=10_000)
def _digest(key: str) -> int:
    return int.from_bytes(blake2b(key.encode(), digest_size=4).digest(), "big")


def weeks_of(report: ReportKey) -> tuple[int, int] | None:
    """First and last week of a report's block keys; of a long period its year below 0, twice.

    Reports that share a block share a week, or have none: None, where no day is known.
    """
    days = days_of(report)
    if days is None:
        return None
    first, last = days
    if last - first > _LONG:
        year = dt.date.fromordinal(first).year
        return -year, -year
    # stretched so that days within reach of each other fall into one bucket or neighbours
    return (first - REACH // 2) // _BLOCK, (last + (REACH + 1) // 2) // _BLOCK


MOST_WEEKS = (_LONG + REACH) // _BLOCK + 2  # of one report


def _buckets(report: ReportKey) -> list[str]:
    """What stands for the days of a report in its block keys."""
    weeks = weeks_of(report)
    if weeks is None:
        return ["?"]
    if weeks[0] < 0:
        return [f"{-weeks[0]}-"]
    return [str(number) for number in range(weeks[0], weeks[1] + 1)]


def is_told(report: ReportKey) -> bool:
    """Whether the report says when, if only by another clause."""
    return report.date_start is not None and report.date_method != "publication"


def days_of(report: ReportKey) -> tuple[int, int] | None:
    """First and last day, as ordinals, on which a report may place its event."""
    if is_told(report) and report.date_start is not None:
        last = report.date_end or report.date_start
        early = _EARLY if report.date_method == "inherited" else 0
        return report.date_start.toordinal() - early, last.toordinal()
    told = report.reported_on or report.date_start
    return (told.toordinal() - _WEEK, told.toordinal()) if told else None


def order_of(report: ReportKey) -> tuple[dt.date, str, str]:
    """What reports are taken in the order of: day of publication, then ids."""
    return (report.reported_on or dt.date.max, report.article_id, report.event_mention_id)
