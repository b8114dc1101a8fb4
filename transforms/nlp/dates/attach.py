"""Which expression dates an event: its own phrase, its clause, the paragraph, publication."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from transforms.nlp.annotations import EventDate, TimeMention
from transforms.nlp.dates.calendar import Period
from transforms.nlp.parse import Parse

_CLAUSE = {"relcl", "advcl", "acl", "csubj", "parataxis"}
_SHARING = {"xcomp", "conj", "pcomp"}
_SKIPPED = {"since", "until", "till", "before", "after", "ahead", "for"}
_JOINING = {"to", "until", "till", "through", "-", "–", "—"}
_DATED = ("DATE", "TIME", "DURATION")
_UNDATED = ("planned", "possible")
_TOLD = ("asserted", "alleged", "denied")
_BYGONE = frozenset(["previous", "earlier", "past", "last", "prior"])
_PERFECT = frozenset(["has", "have", "'ve", "’ve"])
_NOWHERE = 99


def date_event(
    parse: Parse,
    trigger: int,
    times: Sequence[TimeMention],
    published: dt.date | None,
    *,
    modality: str = "asserted",
) -> EventDate:
    """When the act of the token `trigger` took place, and how that was decided.

    The nearest date in the trigger's own phrase and clause comes first, then that of the clauses
    above it that it shares, then the day in focus of the same paragraph, then publication. A
    plan without a date of its own has none, nor has what a text only looks back on ("since the
    summit") where its paragraph tells no earlier date. `mention` is an index into `times`.
    """
    sent = parse.sents[parse.sent_of[trigger]]
    best, distance = None, _NOWHERE
    for number, time in enumerate(times):
        if time.start >= sent.end:
            break
        if time.start < sent.start or time.date_start is None or time.timex_type not in _DATED:
            continue
        if published is not None and modality in _TOLD and time.date_start > published:
            continue  # what is told as done is not dated ahead of the telling
        steps = _steps(parse, trigger, time)
        if steps < distance:
            best, distance = number, steps
    if best is not None:
        return _joined(parse, times, best) or _from(times[best], best)
    going_on = _since(parse, trigger, times, published)
    if going_on is not None:
        return going_on
    if modality in _UNDATED:
        return EventDate(None, None, None, "unknown", "", None)
    looking_back = _looks_back(parse, trigger)
    if looking_back:
        focus = _bygone(parse, trigger, times, published)
    elif modality == "alleged" and parse.pos[trigger] not in ("VERB", "AUX"):
        focus, looking_back = None, True  # "an alleged ban": of no known day
    else:
        focus = _focus(parse, trigger, times, published)
    if focus is not None:
        found = _from(times[focus], focus)
        found.date_method = "inherited"
        return found
    if published is None or looking_back:
        return EventDate(None, None, None, "unknown", "", None)
    return EventDate(published.isoformat(), published, published, "day", "publication", None)


def _method(time: TimeMention) -> str:
    return "explicit" if time.anchor == "none" else "relative"


def _from(time: TimeMention, number: int) -> EventDate:
    precision = time.date_precision
    return EventDate(time.edtf, time.date_start, time.date_end, precision, _method(time), number)


def _interval(first: TimeMention, last: dt.date, precision: str, number: int) -> EventDate | None:
    if first.date_start is None or first.date_start > last:
        return None
    edtf = Period(first.date_start, last, "", precision).edtf
    return EventDate(edtf, first.date_start, last, precision, _method(first), number)


def _joined(parse: Parse, times: Sequence[TimeMention], number: int) -> EventDate | None:
    """The whole of a range whose ends are two expressions: "from Monday to Wednesday"."""
    for one in (number, number - 1):
        if one < 0 or one + 1 >= len(times):
            continue
        first, last = times[one], times[one + 1]
        if last.start != first.end + 1 or last.date_end is None or last.timex_type not in _DATED:
            continue
        word = parse.lower[first.end]
        opened = parse.lower[first.start - 1] if first.start else ""
        if word in _JOINING or (word == "and" and opened == "between"):
            return _interval(first, last.date_end, last.date_precision, one)
    return None


def _since(
    parse: Parse, trigger: int, times: Sequence[TimeMention], published: dt.date | None
) -> EventDate | None:
    """ "have blocked the road since Monday": from then to publication."""
    if published is None or not any(parse.lower[c] in _PERFECT for c in parse.children[trigger]):
        return None
    for child in parse.children[trigger]:
        if parse.lower[child] != "since" or parse.deps[child] != "prep":
            continue
        for number, time in enumerate(times):
            if time.date_start is not None and time.start > child:
                if child in _chain(parse, parse.head_of(time.start, time.end))[:3]:
                    return _interval(time, published, time.date_precision, number)
                break
    return None


def _looks_back(parse: Parse, trigger: int) -> bool:
    """Whether a noun names something of an earlier day: "since the summit", "the last talks"."""
    if parse.pos[trigger] in ("VERB", "AUX"):
        return False
    if any(parse.lower[c] in _BYGONE and parse.deps[c] == "amod" for c in parse.children[trigger]):
        return True
    head = parse.heads[trigger]
    return parse.deps[trigger] == "pobj" and parse.lower[head] == "since"


def _bygone(
    parse: Parse, trigger: int, times: Sequence[TimeMention], published: dt.date | None
) -> int | None:
    """The latest date before publication that the paragraph told of ahead of a noun."""
    best, latest = None, None
    paragraph = parse.sents[parse.sent_of[trigger]].paragraph
    for number, time in enumerate(times):
        if time.start >= trigger:
            break
        if time.date_start is None or time.date_end is None or time.timex_type != "DATE":
            continue
        if parse.sents[parse.sent_of[time.start]].paragraph != paragraph:
            continue
        if published is None or time.date_end >= published or time.date_precision == "year":
            continue
        if latest is None or time.date_end > latest:
            best, latest = number, time.date_end
    return best


def _steps(parse: Parse, trigger: int, time: TimeMention) -> int:
    """How far an expression is from the trigger in the tree; `_NOWHERE` when it is another's."""
    head = parse.head_of(time.start, time.end)
    chain = _chain(parse, head)
    up, cost = trigger, 0
    for _ in range(10):
        if up in chain:
            between = chain[: chain.index(up)]
            if any(
                parse.lower[t] in _SKIPPED and parse.deps[t] in ("prep", "mark")
                for t in between[:3]
            ):
                return _NOWHERE
            if any(_opens(parse, token) and not _reduced(parse, token, up) for token in between):
                return _NOWHERE
            if up != trigger and _claimed(parse, between):
                return _NOWHERE
            return cost + len(between)
        above = parse.heads[up]
        if above == up:
            return _NOWHERE
        dep = parse.deps[up]
        if dep == "ccomp" or (dep in _CLAUSE and parse.deps[up] != "acl"):
            return _NOWHERE
        if dep == "conj" and any(
            parse.deps[c] in ("nsubj", "nsubjpass") for c in parse.children[up]
        ):
            return _NOWHERE
        cost += 1 if parse.pos[up] in ("VERB", "AUX") and dep not in _SHARING else 2
        up = above
    return _NOWHERE


def _chain(parse: Parse, token: int) -> list[int]:
    found = [token]
    while parse.heads[token] != token and len(found) < 12:
        token = parse.heads[token]
        found.append(token)
    return found


def _opens(parse: Parse, token: int) -> bool:
    """Whether a token heads a clause of its own, whose dates stay inside."""
    if parse.pos[token] not in ("VERB", "AUX"):
        return False
    return parse.deps[token] in _CLAUSE | {"ccomp", "conj", "xcomp", "pcomp"}


def _reduced(parse: Parse, token: int, trigger: int) -> bool:
    """A participle at the trigger itself: "an agreement reached in 2008"."""
    return (
        parse.deps[token] == "acl" and parse.heads[token] == trigger and parse.tags[token] == "VBN"
    )


def _claimed(parse: Parse, between: list[int]) -> bool:
    """Whether the date belongs to a noun with an event of its own ("the visit in January")."""
    for token in between[1:]:
        if parse.pos[token] == "NOUN" and parse.deps[token] not in ("npadvmod", "nmod"):
            return True
    return False


def _focus(
    parse: Parse, trigger: int, times: Sequence[TimeMention], published: dt.date | None
) -> int | None:
    """The last day of an earlier sentence of the same paragraph, or of the article's lead."""
    sent = parse.sents[parse.sent_of[trigger]]
    best = None
    for number, time in enumerate(times):
        where = parse.sents[parse.sent_of[time.start]]
        if where.ordinal >= sent.ordinal:
            break
        if time.date_start is None or time.timex_type not in ("DATE", "TIME"):
            continue
        if time.date_precision != "day" or time.timex_value.endswith("_REF"):
            continue
        if published is not None and time.date_start > published:
            continue
        if where.paragraph == sent.paragraph or (where.ordinal <= 1 and sent.paragraph <= 2):
            head = parse.head_of(time.start, time.end)
            if len(_chain(parse, head)) <= 4:
                best = number
    return best
