"""Which day an act was on, where its own words do not tell.

A rule (`attach.date_event`) names one day: that of another clause, of the paragraph, of the lead,
of publication. It is right for six in ten such acts of real articles. So every day that the article
tells is weighed beside publication and beside none, by where it stands, how old it is, what it
dates otherwise and how the act is told; `lexicons/event_dates.tsv` says how much each sign speaks
for it (fitted by `benchmarks.fit_dates`). A day is told from `DAY` on; where no day is likely
enough but those of one month are together, the month is; else nothing.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

from transforms.lexicons import loader
from transforms.nlp.annotations import EventDate, EventDraft, TimeMention
from transforms.nlp.dates.background import is_of_a_case, is_of_now, looks_back, tense
from transforms.nlp.dates.calendar import month
from transforms.nlp.dates.clauses import (
    MODIFYING,
    NOWHERE,
    chain_of,
    governors,
    head_of_time,
    steps_to,
)
from transforms.nlp.dates.eras import is_of_an_era
from transforms.nlp.parsing.parse import VERBAL, Parse
from transforms.nlp.parsing.quoted import quoted

DAY, MONTH = 0.5, 0.5  # chances from which on a day, or the days of a month, are told
WEIGHTS = "event_dates.tsv"
NONE = ""
_OWN = ("explicit", "relative")  # told by the act's own words: those stay
_AHEAD = ("planned", "possible")
_TELLING = ("DATE", "TIME", "DURATION")
_NEAR, _DEEP = 2, 4  # steps in the tree
_LEAD = 1  # sentences
_DEFINITE = frozenset({"the", "this", "that", "these", "those"})
_WEEK, _MONTH = 7, 31
_MONTH_LONG = len("2025-10")
_IN_AN_ACT, _ROOT = frozenset({"in", "by", "during"}), 5  # letters of "shoot" and "shooting"

Signs = Mapping[str, float]


class Act(NamedTuple):
    """What is to be dated: the word, how it is told, and what `date_event` says."""

    token: int
    event_type: str
    modality: str
    date: EventDate


@dataclass(slots=True)
class _Article:
    """What the acts of one article share."""

    parse: Parse
    times: Sequence[TimeMention]
    published: dt.date

    def dated(self, act: Act) -> Iterator[TimeMention]:
        """The expressions that may date an act; what is told as done was not after publication."""
        done = act.modality not in _AHEAD
        for time in self.times:
            if time.date_start is None or not time.edtf or time.timex_type not in _TELLING:
                continue
            if not (done and time.date_start > self.published):
                yield time


@cache
def weights() -> dict[str, float]:
    """Log odds that each sign adds for each unit."""
    rows = loader.table(WEIGHTS, ("sign", "weight"))
    return {row["sign"]: float(row["weight"]) for row in rows}


def choose_days(
    parse: Parse,
    events: Sequence[EventDraft],
    times: Sequence[TimeMention],
    published: dt.date | None,
) -> None:
    """Set `date` of the events of an article that their own words do not date.

    `times` are `datable`'s. Nothing is chosen where the day of publication is not known.
    """
    if published is None:
        return
    acts = [
        Act(event.trigger_start, event.event_type, event.modality, event.date)
        for event in events
        if event.date is not None
    ]
    chosen = {
        id(act.date): likeliest(act, days, times, published)
        for act, days in weighed(parse, acts, times, published)
    }
    for event in events:
        event.date = chosen.get(id(event.date), event.date)
    for event in events:
        if event.date is not None and event.date.date_method not in _OWN:
            event.date = _of_the_act_told_back(parse, event, events) or event.date


def _of_the_act_told_back(
    parse: Parse, event: EventDraft, events: Sequence[EventDraft]
) -> EventDate | None:
    """ "Two guards were wounded in the shooting": the day that the shooting was given before.

    Of a month told for it, the day that an act in between was given in that month.
    """
    verb = event.trigger_start
    if parse.pos[verb] not in VERBAL:
        return None
    words = {
        parse.lemmas[noun].lower()[:_ROOT]
        for prep in parse.children[verb]
        if parse.lower[prep] in _IN_AN_ACT
        for noun in parse.children[prep]
        if parse.deps[noun] == "pobj" and _is_definite(parse, noun)
    }
    before = [
        (one.trigger_start, one.date)
        for one in events
        if one.trigger_start < verb and one.date is not None and one.date.date_method in _OWN
    ]
    told = [date for token, date in before if {parse.lemmas[token].lower()[:_ROOT]} & words]
    if not told:
        return None
    whole = told[-1]
    days = [date for _, date in before if _is_within(date, whole)]
    return replace(days[-1], date_method="inherited")


def _is_within(date: EventDate, whole: EventDate) -> bool:
    first, last = whole.date_start, whole.date_end
    if first is None or last is None or date.date_start is None or date.date_end is None:
        return date is whole
    return first <= date.date_start and date.date_end <= last


def likeliest(
    act: Act,
    days: Mapping[str, Signs],
    times: Sequence[TimeMention],
    published: dt.date,
) -> EventDate:
    """The day, the month or nothing."""
    weight = weights()
    odds = [
        math.exp(sum(weight.get(sign, 0.0) * value for sign, value in signs.items()))
        for signs in days.values()
    ]
    total = sum(odds)
    chances = {day: one / total for day, one in zip(days, odds, strict=True)}
    best = max((day for day in chances if day), key=lambda day: chances[day], default=NONE)
    if not best:
        return EventDate.untold()
    whole = _dated(best, act, times, published)
    # what is told as "in March" elsewhere speaks for the third of March too
    wider = sum(one for day, one in chances.items() if day and day != best and best.startswith(day))
    if chances[best] + wider >= DAY:
        return whole
    within = best[:_MONTH_LONG]
    together = sum(chance for day, chance in chances.items() if day[:_MONTH_LONG] == within)
    if len(within) < _MONTH_LONG or together < MONTH or whole.date_start is None:
        return EventDate.untold()
    told = month(whole.date_start.year, whole.date_start.month)
    return EventDate(told.edtf, told.start, told.end, told.precision, whole.date_method, None)


def weighed(
    parse: Parse,
    acts: Sequence[Act],
    times: Sequence[TimeMention],
    published: dt.date,
) -> Iterator[tuple[Act, dict[str, dict[str, float]]]]:
    """Each act that its own words do not date, with the days it may have and their signs.

    Days are EDTF; `NONE` stands for none told. Acts in text order.
    """
    acts = sorted(acts, key=lambda act: act.token)
    article = _Article(parse, times, published)
    own = [act for act in acts if act.date.date_method in _OWN]
    inside = {token for start, end in quoted(parse) for token in range(start, end)}
    for number, act in enumerate(acts):
        if act.date.date_method in _OWN:
            continue
        told = _told(parse, act, is_quoted=act.token in inside)
        if (told["looks_back"] and "past perfect" in told) or is_of_an_era(parse, act.token, times):
            continue
        days = _by_time(article, act, told)
        if act.modality not in _AHEAD and not told["looks_back"]:
            signs = days.setdefault(published.isoformat(), {})
            signs.update({"publication": 1.0} | {f"publication, {k}": v for k, v in told.items()})
        days[NONE] = {"none": 1.0} | {f"none, {k}": v for k, v in told.items()}
        _of_neighbours(days, acts, number)
        last = next((one for one in reversed(own) if one.token < act.token), None)
        _of_own(days, own, last, act, parse)
        _of_a_scene(days, last, act, parse, published)
        rule = days.setdefault(act.date.edtf or NONE, {})
        rule[f"rule, {_rule(parse, act, times)}"] = 1.0
        yield act, days


def _rule(parse: Parse, act: Act, times: Sequence[TimeMention]) -> str:
    """How the rule came to its day."""
    if act.date.mention is None:
        return act.date.date_method or "none"
    beside = parse.sent_of[times[act.date.mention].start] == parse.sent_of[act.token]
    return "same sentence" if beside else "other sentence"


def _told(parse: Parse, act: Act, *, is_quoted: bool) -> dict[str, float]:
    """How an act is told: what speaks for publication and for none."""
    token, sent = act.token, parse.sents[parse.sent_of[act.token]]
    return {
        tense(parse, token): 1.0,
        act.modality: 1.0,
        "first_sentence": float(not sent.ordinal),
        "ordinal": math.log(1 + sent.ordinal),
        "quoted": float(is_quoted),
        "looks_back": float(looks_back(parse, token)),
        "of_now": float(is_of_now(parse, token)),
        "definite": float(_is_definite(parse, token)),
        "governed": float(any(True for _ in governors(parse, token))),
    }


def _by_time(article: _Article, act: Act, told: Signs) -> dict[str, dict[str, float]]:
    """The days of expressions: where they stand to the act, how old they are."""
    parse, days = article.parse, dict[str, dict[str, float]]()
    here = parse.sents[parse.sent_of[act.token]]
    before, after = NONE, NONE
    judged = is_of_a_case(parse, act.token)
    for time in article.dated(act):
        assert time.edtf is not None and time.date_end is not None
        there = parse.sents[parse.sent_of[time.start]]
        apart = there.ordinal - here.ordinal
        if not apart and judged and act.token not in chain_of(parse, head_of_time(parse, time)):
            continue  # "arrested on Wednesday for the killing"
        signs = {"time": 1.0, "distance": -math.log(1 + abs(apart))}
        if not apart:
            steps = steps_to(parse, act.token, time)
            clause = "near" if steps <= _NEAR else "not far" if steps < NOWHERE else "far"
            signs |= {"same sentence": 1.0, f"same sentence, {clause}": 1.0}
        side = "ahead" if time.start < act.token else "behind"
        place = "sentence" if not apart else (
            "paragraph" if there.paragraph == here.paragraph else "elsewhere")  # fmt: skip
        signs[f"{place}, {side}"] = 1.0
        signs["lead"] = float(there.ordinal <= _LEAD)
        signs["told by its number"] = float(time.anchor == "none")
        head = head_of_time(parse, time)
        signs["of a noun"] = float(parse.deps[head] in MODIFYING)
        signs["of a clause below"] = float(len(chain_of(parse, head)) > _DEEP)
        age = (article.published - time.date_end).days
        signs[_age(age)] = 1.0
        signs["old, looks_back" if age > _WEEK else "new, looks_back"] = told["looks_back"]
        signs["old, of_now" if age > _WEEK else "new, of_now"] = told["of_now"]
        if side == "ahead":
            before = time.edtf
        after = after or (time.edtf if side == "behind" else NONE)
        held = days.setdefault(time.edtf, {})
        for sign, value in signs.items():
            held[sign] = max(held.get(sign, value), value)
    for day, sign in ((before, "last before"), (after, "next behind")):
        if day:
            days[day][sign] = 1.0
    return days


def _age(days: int) -> str:
    if days < 0:
        return "ahead"
    if days <= 1:
        return "day before" if days else "same day"
    return "week" if days <= _WEEK else "month" if days <= _MONTH else "older"


def _of_neighbours(days: dict[str, dict[str, float]], acts: Sequence[Act], number: int) -> None:
    """What the rule says of the other acts: of the last one, the next, and how often."""
    for other, sign in ((number - 1, "of the last act"), (number + 1, "of the next act")):
        if 0 <= other < len(acts) and (acts[other].date.edtf or NONE) in days:
            days[acts[other].date.edtf or NONE][sign] = 1.0
    votes = Counter(act.date.edtf for n, act in enumerate(acts) if n != number and act.date.edtf)
    for day, signs in days.items():
        if day in votes:
            signs["share"] = votes[day] / votes.total()


def _of_own(
    days: dict[str, dict[str, float]], own: Sequence[Act], last: Act | None, act: Act, parse: Parse
) -> None:
    """What acts are of whose own words tell the day, or one that holds it or lies in it.

    `own` are those whose own words tell one, `last` the last of them before the act.
    """
    word = parse.lemmas[act.token].lower()
    alike = [one for one in own if one.event_type == act.event_type]
    named = [one for one in alike if parse.lemmas[one.token].lower() == word]
    definite = _is_definite(parse, act.token)
    for day, signs in days.items():
        told = [one for one in own if agree(day, one.date.edtf or NONE)]
        if not told:
            continue
        signs["own share"] = len(told) / len(own)
        signs["the only own"] = float(len(told) == len(own))
        signs["last own"] = float(last in told)
        for those, what in ((alike, "type"), (named, "word")):
            if both := sum(one in told for one in those):
                signs[f"own of the {what}"] = 1.0
                signs[f"own share of the {what}"] = both / len(those)
                signs["the very act"] = float(definite)


def _is_definite(parse: Parse, token: int) -> bool:
    """ "the shooting": an act that was told of before."""
    return parse.pos[token] == "NOUN" and any(
        parse.deps[c] == "det" and parse.lower[c] in _DEFINITE for c in parse.children[token]
    )


def agree(day: str, other: str) -> bool:
    """Whether two EDTF are of one day, or one holds the other: as the scorer of the gold has it."""
    return bool(day and other) and (day.startswith(other) or other.startswith(day))


def _of_a_scene(
    days: dict[str, dict[str, float]], last: Act | None, act: Act, parse: Parse,
    published: dt.date,
) -> None:  # fmt: skip
    """Whether the paragraph told of a bygone time last, of which it may go on to tell."""
    if last is None or last.date.date_end is None:
        return
    here, there = (parse.sents[parse.sent_of[one.token]] for one in (act, last))
    if here.paragraph != there.paragraph:
        return
    is_old = (published - last.date.date_end).days > _MONTH
    for day, signs in days.items():
        if day == last.date.edtf:
            signs["scene"] = 1.0
            signs["bygone scene"] = float(is_old)
            signs["bygone scene, the sentence before"] = float(
                is_old and here.ordinal - there.ordinal == 1
            )
        elif day and is_old and here.ordinal != there.ordinal:
            signs["beside a bygone scene"] = 1.0


def _dated(day: str, act: Act, times: Sequence[TimeMention], published: dt.date) -> EventDate:
    """The day as that of an event: of the rule, of an expression, of publication."""
    if day == act.date.edtf:
        return act.date
    for number, time in enumerate(times):
        if time.edtf == day:
            return EventDate(
                day, time.date_start, time.date_end, time.date_precision, "inherited", number
            )
    return EventDate(day, published, published, "day", "publication", None)
