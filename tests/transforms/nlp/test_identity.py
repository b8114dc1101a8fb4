"""Identity: order does not matter, later reports change no id, different events stay apart."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from transforms.nlp.identity.agreement import agreement
from transforms.nlp.identity.assign import assign, event_ids, links
from transforms.nlp.identity.contrast import Look, miscounted
from transforms.nlp.identity.likeness import traits_of
from transforms.nlp.identity.reports import MOST_WEEKS, ReportKey, block_keys, weeks_of

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


def same_event(a: ReportKey, b: ReportKey) -> bool:
    """Whether `a`, the earlier one, and `b` agree."""
    return agreement(Look(a), Look(b)) >= 0


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
        {"modality": "negated"},
    ):
        assert not same_event(report(1), report(2, **changes)), changes


def test_a_denial_is_a_report_of_what_it_denies() -> None:
    """One event, told as fact and denied by a party, stays one; not done is another."""
    denied, undone = report(2, modality="denied"), report(3, modality="negated")
    assert same_event(report(1), denied)
    assert set(block_keys(report(1))) & set(block_keys(denied))
    assert not same_event(report(1), undone)


PLACE = {"event_type": "ASSAULT", "trigger_lemma": "attack", "initiators": ("x",),
         "recipients": (), "country_code": "TUR"}  # fmt: skip
SAME = ("n:ankara", "n:islamic", "d:raid", "w:raid", "i:police")


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (("t:Izmir", "a:TUR Izmir"), ("t:Ankara", "a:TUR Ankara")),
        (("a:TUR Izmir",), ("a:TUR Ankara",)),
    ],
)
def test_one_act_in_two_towns_is_two(one: tuple[str, ...], two: tuple[str, ...]) -> None:
    first, second = report(1, **PLACE, content=SAME + one), report(2, **PLACE, content=SAME + two)
    assert not same_event(first, second)
    assert same_event(first, replace(first, event_mention_id="m3", article_id="a3"))


def test_a_routine_sentence_of_another_day_number_or_town_is_another_event() -> None:
    """ "157 engagements", "131 engagements"; "urged residents to stay in shelters", day by day."""
    words = ("n:general", "n:staff", "w:resident", "w:shelter", "w:alert", "i:staff")
    daily = {"event_type": "REQUEST", "trigger_lemma": "urge", "country_code": None,
             "initiators": ("staff",), "recipients": ("resident",)}  # fmt: skip
    next_day = DAY + dt.timedelta(days=1)
    first = report(1, **daily, content=words, date_method="inherited")
    again = replace(first, event_mention_id="m2", article_id="a2", date_start=next_day,
                    date_end=next_day)  # fmt: skip
    assert not same_event(first, again)
    copy = replace(first, event_mention_id="m3", article_id="a3")
    assert same_event(first, copy)
    numbered = replace(first, content=(*words, "#:157"))
    assert not same_event(numbered, replace(copy, content=(*words, "#:131")))
    elsewhere = tuple(word for word in words if word[:2] != "n:")
    towns = (replace(first, content=(*elsewhere, "n:tema")),
             replace(copy, content=(*elsewhere, "n:sfax")))  # fmt: skip
    assert not same_event(*towns)


def test_what_is_asked_for_tells_requests_apart() -> None:
    """Of one country, to one country, on one day: to restore a treaty, to release fishermen."""
    asked = {"event_type": "REQUEST", "trigger_lemma": "urge", "country_code": None,
             "initiators": ("PAK",), "recipients": ("IND",)}  # fmt: skip
    sides = ("n:india", "n:pakistan", "i:%PAK", "r:%IND")
    first = report(1, **asked, content=(*sides, "o:treaty", "w:treaty"))
    assert not same_event(first, report(2, **asked, content=(*sides, "o:fisher", "w:fisherman")))
    assert same_event(first, report(2, **asked, content=(*sides, "o:treaty", "w:restore")))


def test_police_of_anywhere_are_nobody() -> None:
    """Words in common are not enough where no name, town or country is."""
    arrest = {"event_type": "COERCE", "trigger_lemma": "arrest", "initiators": ("police",),
              "recipients": ("protester",), "country_code": None}  # fmt: skip
    told = ("d:rally", "d:judge", "w:rally", "w:judge", "i:police", "r:protester")
    first = report(1, **arrest, content=(*told, "d:fuel", "d:tax", "d:thursday"))
    second = report(2, **arrest, content=(*told, "d:housing", "d:motorway", "d:rent"))
    assert not same_event(first, second)
    names = ("n:minsk", "n:belarus")
    first, second = (replace(r, content=(*names, *r.content)) for r in (first, second))
    assert same_event(first, second)


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
    story = ("n:park", "n:ma", "n:beijing", "d:summit", "d:trade", "w:trade", "w:tariff", "w:talk")
    reports += [report(n, content=story[: n - 6]) for n in range(9, 15)]  # ever more in common
    expected = links(reports)
    assert len(set(expected.values())) > 4
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


def test_reports_that_share_a_block_share_a_week() -> None:
    """So a batch opens up only earlier reports of its weeks."""
    chooser, made = random.Random(3), []
    for number in range(300):
        start = DAY + dt.timedelta(days=chooser.randint(-200, 200))
        last = start + dt.timedelta(days=chooser.choice((0, 0, 1, 6, 30, 62, 63, 400)))
        dates = chooser.choice(
            ({"date_start": start, "date_end": last}, {"date_start": start, "date_end": None},
             {"date_start": None, "date_end": None, "reported_on": None},
             {"date_start": None, "date_end": None, "reported_on": start})
        )  # fmt: skip
        method = chooser.choice(("explicit", "inherited", "publication", None))
        made.append(report(number, **dates, date_method=method))
    shared = 0
    for a, b in pairwise(sorted(made, key=lambda key: str(weeks_of(key)))):
        if set(block_keys(a)) & set(block_keys(b)):
            shared += 1
            one, two = weeks_of(a), weeks_of(b)
            assert (one is None) == (two is None)
            if one and two:
                assert one[0] <= two[1] and two[0] <= one[1]
    assert shared > 100
    spans = [weeks for key in made if (weeks := weeks_of(key))]
    assert max(last - first for first, last in spans) < MOST_WEEKS


ATTACK: dict[str, Any] = {
    "event_type": "ASSAULT",
    "trigger_lemma": "attack",
    "content": (
        "n:bunia",
        "n:congo",
        "d:rebel",
        "d:town",
        "w:rebel",
        "w:town",
        "i:rebel",
        "r:^Bunia",
    ),
    "recipients": ("place:bunia",),
    "country_code": None,
}


def test_a_report_joins_what_it_agrees_with_best() -> None:
    """Not the first of the reports that it might join."""
    near = (*ATTACK["content"], "#:9", "d:market", "w:market")
    first = report(1, **ATTACK)
    second = report(2, **ATTACK | {"content": near, "article_id": "a9", "place_id": "geonames:2"})
    third = report(3, **ATTACK | {"content": near, "place_id": "geonames:2"})
    assert same_event(first, third)
    assert links([first, second, third])["m3"] == "m2"


def test_a_day_that_is_only_that_of_publication_is_soft() -> None:
    """Undated in an article of Friday, told of Wednesday: one attack. Told of Friday: another."""
    friday = DAY + dt.timedelta(days=2)
    told = report(1, **ATTACK)
    soft = report(2, **ATTACK, date_start=friday, date_end=friday, date_method="publication",
                  reported_on=friday)  # fmt: skip
    assert same_event(told, soft)
    assert set(block_keys(told)) & set(block_keys(soft))
    assert not same_event(told, replace(soft, date_method="relative"))
    month_later = friday + dt.timedelta(days=30)
    assert not same_event(told, replace(soft, date_start=month_later, reported_on=month_later))


def test_alike_articles_are_not_enough() -> None:
    """Two killings of one article, or of two on one war, with nothing of their own in common."""
    story = tuple(f"n:{name}" for name in "abcdef") + tuple(f"d:{word}" for word in "uvwxyz")
    base = {"event_type": "ASSAULT", "trigger_lemma": "kill", "content": (*story, "r:woman")}
    a = report(1, **base, recipients=("woman",), initiators=("man",), country_code=None)
    war = (
        "n:a",
        "n:b",
        *(f"n:{name}" for name in "ghij"),
        "d:u",
        *(f"d:{word}" for word in "lmnop"),
    )
    for article, content in (("a1", story), ("a2", war)):
        other = (*content, "r:soldier", "#:9")
        b = report(2, **base | {"content": other}, recipients=("soldier",), initiators=("rebel",),
                   article_id=article, country_code=None)  # fmt: skip
        assert not same_event(a, b)


def test_tit_for_tat_is_two_events() -> None:
    """Who did it to whom counts, but in what both do together."""
    sides = {"initiators": ("country:CAN",), "recipients": ("country:IND",)}
    back = {"initiators": ("country:IND",), "recipients": ("country:CAN",)}
    for event_type, lemma, same in (("SANCTION", "expel", False), ("CONSULT", "meet", True)):
        kind = {"event_type": event_type, "trigger_lemma": lemma, "country_code": None}
        assert same_event(report(1, **kind, **sides), report(2, **kind, **back)) is same


def test_partners_told_together_are_both_compared() -> None:
    """ "Seoul and Beijing agreed", "Seoul and Hanoi agreed": Seoul in common is not enough."""
    both = {"initiators": ("KOR", "CHN"), "recipients": ("KOR", "CHN"), "event_type": "AGREE"}
    marks = tuple(f"{side}:%{code}" for side in "ir" for code in ("CHN", "KOR"))
    other = tuple(mark.replace("CHN", "VNM") for mark in marks)
    a = report(1, **both, content=(*WORDS, *marks))
    partners = ("KOR", "VNM")
    b = report(
        2, **both | {"initiators": partners, "recipients": partners}, content=(*WORDS, *other)
    )
    assert same_event(a, replace(a, event_mention_id="m3", article_id="a3"))
    assert not same_event(a, b)


@pytest.mark.parametrize("told", ["killed 1", "killed 4"])
def test_of_two_numbers_of_a_kind_either_agrees(told: str) -> None:
    """Whichever a set gives last: the hashes of text differ by process."""
    marks = (["c:killed 1", "c:killed 4"], [f"c:{told}"], ["c:killed 7"])
    both, one, another = (traits_of(held, (), ()) for held in marks)
    assert miscounted(both, one) == miscounted(one, both) == 0
    assert miscounted(both, another) == 1


@pytest.mark.parametrize("first", ["a", "b", "c", "tail"])
def test_a_ring_of_joins_is_refused_by_name_wherever_it_is_entered(first: str) -> None:
    ring: dict[str, str | None] = {"a": "b", "b": "c", "c": "a", "tail": "b", "root": None}
    parents = {first: ring[first]} | ring
    with pytest.raises(ValueError, match=r"in a ring: a, b, c$"):
        event_ids(parents)


def test_a_report_that_joins_itself_is_refused() -> None:
    with pytest.raises(ValueError, match=r"in a ring: a$"):
        event_ids({"a": "a"})
