"""Identity: order does not matter, later reports change no id, different meetings stay apart."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace

from transforms.nlp.identity import (
    ReportKey,
    assign,
    block_keys,
    links,
    same_event,
)

DAY = dt.date(2026, 3, 4)
WORDS = ("n:park", "n:ma", "n:beijing", "w:trade", "w:talk")


def report(number: int, **changes: object) -> ReportKey:
    """A meeting of Park and Ma on one day, changed where asked."""
    base = ReportKey(
        f"m{number}",
        f"a{number}",
        "CONSULT",
        "asserted",
        ("person:park",),
        ("person:ma",),
        DAY,
        DAY,
        "day",
        None,
        "CHN",
        "meet",
        WORDS,
        DAY + dt.timedelta(days=number),
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def test_two_reports_of_a_meeting_are_one_event() -> None:
    """Sides may be swapped, the word may differ."""
    a = report(1)
    b = report(2, initiators=("person:ma",), recipients=("person:park",), trigger_lemma="hold")
    assert same_event(a, b)
    assert len(set(assign([a, b]).values())) == 1


def test_two_meetings_on_one_day_stay_apart() -> None:
    """Other parties, another meeting."""
    a = report(1)
    b = report(2, initiators=("person:macron",), recipients=("person:sanchez",))
    assert not same_event(a, b)
    assert len(set(assign([a, b]).values())) == 2


def test_one_side_in_common_is_not_one_meeting() -> None:
    """Park met Ma, and Park met Sanchez: two meetings, told in one article or in two."""
    for article in ("a1", "a2"):
        b = report(2, article_id=article, recipients=("person:sanchez",))
        assert not same_event(report(1), b)


def test_other_day_other_country_or_other_type_is_another_event() -> None:
    """Each contradiction parts two reports."""
    later = DAY + dt.timedelta(days=9)
    for changes in (
        {"date_start": later, "date_end": later},
        {"country_code": "FRA"},
        {"event_type": "ASSAULT", "trigger_lemma": "attack"},
        {"modality": "denied"},
    ):
        assert not same_event(report(1), report(2, **changes)), changes


def test_assignment_does_not_depend_on_order() -> None:
    """Any order of the same reports gives the same ids."""
    reports = [report(n) for n in range(4)]
    reports += [report(9, initiators=("country:FRA",), recipients=("country:ESP",))]
    expected = assign(reports)
    for seed in range(5):
        mixed = reports[:]
        random.Random(seed).shuffle(mixed)
        assert assign(mixed) == expected


def test_a_later_report_joins_without_changing_ids() -> None:
    """Loading more articles keeps what was published."""
    first = [report(1), report(2)]
    before = assign(first)
    after = assign([*first, report(3)])
    assert {key: after[key] for key in before} == before
    assert after["m3"] == before["m1"]


def test_links_of_a_batch_are_those_of_everything_at_once() -> None:
    """Batch by batch, in any order, each report ends up with the link it has all at once."""
    reports = [report(n) for n in range(5)]
    reports += [report(n, initiators=("country:FRA",), content=()) for n in range(5, 9)]
    expected = links(reports)
    for seed in range(20):
        mixed = reports[:]
        random.Random(seed).shuffle(mixed)
        held: dict[str, str | None] = {}
        for begin in range(0, len(mixed), 2):
            earlier = mixed[:begin]
            joined = {
                r.event_mention_id: o
                for r in earlier
                for o in earlier
                if held[r.event_mention_id] == o.event_mention_id
            }
            held |= links(mixed[begin : begin + 2], earlier, joined)
        assert held == expected


def test_reports_that_match_share_a_block() -> None:
    """Blocking loses no pair that `same_event` would join."""
    a, b = report(1), report(2, trigger_lemma="hold", country_code=None)
    assert same_event(a, b)
    assert set(block_keys(a)) & set(block_keys(b))


def test_same_parties_same_day_need_no_story() -> None:
    """Both sides and the day suffice, unless the places are two."""
    a, b = report(1, content=()), report(2, content=(), trigger_lemma="visit")
    assert same_event(a, b)
    assert set(block_keys(a)) & set(block_keys(b))
    c = report(3, content=(), place_id="geonames:1")
    d = report(4, content=(), place_id="geonames:2")
    assert not same_event(c, d)


def test_blocks_are_bounded_by_time() -> None:
    """A day's report shares no key with that of another month, a month's report one."""
    other = dt.date(2026, 4, 20)
    month = {"date_start": dt.date(2026, 3, 1), "date_end": dt.date(2026, 3, 31)}
    day = set(block_keys(report(1)))
    assert not day & set(block_keys(report(2, date_start=other, date_end=other)))
    assert day & set(block_keys(report(3, **month, date_precision="month")))
