"""Which expression dates an event: its own phrase, its clause, the paragraph, publication."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from transforms.nlp.annotations import EventDate, TimeMention
from transforms.nlp.parse import Parse

_CLAUSE = {"relcl", "advcl", "acl", "csubj", "parataxis"}
_SHARING = {"xcomp", "conj", "pcomp"}
_SKIPPED = {"since", "until", "before", "after", "ahead", "for"}
_UNDATED = ("planned", "possible")
_TOLD = ("asserted", "alleged", "denied")
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
    plan without a date of its own has none. `mention` is an index into `times`.
    """
    sent = parse.sents[parse.sent_of[trigger]]
    best, distance = None, _NOWHERE
    for number, time in enumerate(times):
        if time.date_start is None or time.timex_type not in ("DATE", "TIME"):
            continue
        if not sent.start <= time.start < sent.end or time.timex_value.endswith("_REF"):
            continue
        if published is not None and modality in _TOLD and time.date_start > published:
            continue  # what is told as done is not dated ahead of the telling
        steps = _steps(parse, trigger, time)
        if steps < distance:
            best, distance = number, steps
    if best is not None:
        return _from(times[best], best)
    if modality not in _UNDATED:
        focus = _focus(parse, trigger, times, published)
        if focus is not None:
            found = _from(times[focus], focus)
            found.date_method = "inherited"
            return found
        if published is not None:
            return EventDate(
                published.isoformat(), published, published, "day", "publication", None
            )
    return EventDate(None, None, None, "unknown", "", None)


def _from(time: TimeMention, number: int) -> EventDate:
    method = "explicit" if time.anchor == "none" else "relative"
    return EventDate(time.edtf, time.date_start, time.date_end, time.date_precision, method, number)


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
