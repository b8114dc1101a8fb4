"""Which expression dates an event: its own phrase, its clause, the paragraph, publication."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace

from transforms.nlp.annotations import EventDate, TimeMention
from transforms.nlp.dates.background import (
    bygone_scene,
    counted_from,
    dated_before,
    is_answered,
    is_beside_the_past,
    is_of_a_case,
    is_of_now,
    looks_back,
    time_of_outcome,
    time_of_when,
)
from transforms.nlp.dates.calendar import LONGEST, Period, precision_within
from transforms.nlp.dates.clauses import NOWHERE, chain_of, governors, head_of_time, steps_to
from transforms.nlp.dates.eras import is_of_an_era
from transforms.nlp.dates.lives import between_years
from transforms.nlp.parsing.parse import VERBAL, Parse

_NOTE = re.compile(
    r"\W*(?:this (?:story|article|report|page) (?:is from|was (?:first |last |originally )?"
    r"(?:published|updated|posted|printed)(?: on)?)|(?:first |last |originally )?"
    r"(?:published|updated|posted|modified|printed)(?: on| at)?)\W*(?:\w+day)?\W*$",
    re.I,
)
_HOUR = re.compile(
    r"(?:at |around |about )?\d{1,2}(?: ?[.:] ?\d\d)? ?(?:[ap] ?\.? ?m ?\.?)"
    r"|the (?:morning|afternoon|evening|night)"
)
_BEFORE = re.compile(r"\W*[A-Z][A-Z .'’/-]+(?:, ?[A-Z][\w .]+)?, ?")  # "NEW YORK, N.Y., "
_BEHIND = re.compile(r",?(?: \d{4})? ?(?:\([^)]{2,40}\) ?)?[-–—]")
_DATELINE = 9  # tokens of a dateline before its day
_JOINING = {"to", "until", "till", "through", "-", "–", "—"}
_LEAD = 2  # sentences behind the first in which the story's day may stand
_FRESH = 8  # days before publication of a story's day that is told without a number
_DATED = ("DATE", "TIME", "DURATION")
_UNDATED = ("planned", "possible")
_TOLD = ("asserted", "alleged", "denied")
_PERFECT = frozenset(["has", "have", "'ve", "’ve"])


def datable(
    parse: Parse, times: Sequence[TimeMention], published: dt.date | None = None
) -> list[TimeMention]:
    """`times` as they may date events: notes on the text and hours alone lose their days.

    "This story is from March 16, 2002" dates the text, as does, where the day of publication is
    known, "NAIROBI, Oct 16 (Example Wire) -"; "at 3.20pm" is of the day told of.
    """
    return [
        replace(time, date_start=None, date_end=None, edtf=None)
        if _is_note(parse, time)
        or (published is not None and _in_dateline(parse, time))
        or _HOUR.fullmatch(" ".join(parse.lower[time.start : time.end]))
        else time
        for time in times
    ]


def _in_dateline(parse: Parse, time: TimeMention) -> bool:
    sent = parse.sents[parse.sent_of[time.start]]
    # the parser may end a sentence behind the place: "NEW YORK, | Oct 16 (Example Wire) - A man"
    opening = next(one for one in parse.sents if one.paragraph == sent.paragraph)
    if time.start - opening.start > _DATELINE or sent.ordinal > _LEAD:
        return False
    before = parse.text[opening.start_char : parse.starts[time.start]]
    return bool(_BEFORE.fullmatch(before) and _BEHIND.match(parse.text, parse.ends[time.end - 1]))


def _is_note(parse: Parse, time: TimeMention) -> bool:
    sent = parse.sents[parse.sent_of[time.start]]
    return bool(_NOTE.match(parse.text[sent.start_char : parse.starts[time.start]]))


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
    above it that it shares, then the time that a paragraph goes on telling of, then publication.
    Publication is fair for what is told in the present, the perfect or the simple past. A plan
    without a date of its own has none, nor has what a text only looks back on ("since the
    summit", "had banned", a simple past beside a date of months ago) where nothing tells an earlier
    date. `mention` is an index into `times`.
    """
    years = between_years(parse, trigger, times)
    if years is not None:
        last = times[years[1]]
        assert last.date_end is not None
        return _interval(times[years[0]], last.date_end, "year", years[0]) or _from(last, years[1])
    bygone = looks_back(parse, trigger)
    best = _nearest(parse, trigger, times, published, told=modality in _TOLD)
    if (
        best is not None
        and bygone
        and (parse.pos[trigger] in VERBAL or is_of_a_case(parse, trigger))
        and trigger not in chain_of(parse, head_of_time(parse, times[best]))
    ):
        best = None  # "the apology, long sought, came on Friday"
    if best is not None:
        found = _joined(parse, times, best) or _from(times[best], best)
        own = trigger in chain_of(parse, head_of_time(parse, times[best]))
        if not own and found.date_method == "relative" and is_answered(parse, trigger):
            found.date_method = "inherited"
        return found
    going_on = _since(parse, trigger, times, published)
    if going_on is not None:
        return going_on
    if modality in _UNDATED or is_of_an_era(parse, trigger, times):
        return EventDate.untold()
    focus = time_of_when(parse, trigger, times)
    if focus is None and published is not None:
        focus = dated_before(parse, trigger, times, published.toordinal())
    looking_back = focus is None and (
        bygone or (modality == "alleged" and parse.pos[trigger] not in VERBAL)  # "an alleged ban"
    )
    if focus is None:
        focus = _inherited(parse, trigger, times, published, looking_back, modality)
    if focus is not None and modality in _TOLD and _ahead(times[focus], published):
        focus = None
    if (
        focus is not None
        and parse.sent_of[times[focus].start] != parse.sent_of[trigger]
        and is_beside_the_past(parse, trigger, times, published)
        and not is_beside_the_past(parse, times[focus].start, times, published)
    ):
        return EventDate.untold()
    if focus is not None:
        found = _from(times[focus], focus)
        found.date_method = "inherited"
        return found
    counted = _counted(parse, trigger, times, published) if looking_back else None
    if counted is not None:
        return counted
    if published is None or looking_back or is_beside_the_past(parse, trigger, times, published):
        return EventDate.untold()
    story = None if is_of_now(parse, trigger) else _story_day(parse, trigger, times, published)
    if story is not None:
        found = _from(times[story], story)
        found.date_method = "inherited"
        return found
    return EventDate(published.isoformat(), published, published, "day", "publication", None)


def _counted(
    parse: Parse, trigger: int, times: Sequence[TimeMention], published: dt.date | None
) -> EventDate | None:
    """ "released them on Wednesday, three weeks after it kidnapped them": back from that day."""
    if published is None:
        return None
    at = _nearest(parse, parse.heads[trigger], times, published, told=True)
    told = published
    if at is not None:
        begun = times[at].date_start
        if begun is None or times[at].date_precision != "day":
            return None
        told = begun
    found = counted_from(parse, trigger, times, told)
    if found is None:
        return None
    number, period = found
    return EventDate(period.edtf, period.start, period.end, period.precision, "relative", number)


def _inherited(
    parse: Parse, trigger: int, times: Sequence[TimeMention], published: dt.date | None,
    looking_back: bool, modality: str,
) -> int | None:  # fmt: skip
    """The expression of another clause or sentence that dates the trigger."""
    if looking_back:
        if parse.pos[trigger] in VERBAL or modality == "alleged":
            return None
        return _bygone(parse, trigger, times, published)
    of_now = is_of_now(parse, trigger)
    focus = None if of_now else time_of_outcome(parse, trigger, times)
    if focus is not None:
        return focus
    for verb in governors(parse, trigger):
        focus = _nearest(parse, verb, times, published, told=True)
        if focus is not None:
            return focus
    if of_now:
        return None
    scene = None
    if published is not None:
        scene = bygone_scene(parse, trigger, times, published.toordinal())
    return _focus(parse, trigger, times, published) if scene is None else scene


def _nearest(
    parse: Parse, trigger: int, times: Sequence[TimeMention], published: dt.date | None,
    *, told: bool,
) -> int | None:  # fmt: skip
    """The dated expression of the sentence that is nearest to a token and not another's."""
    sent = parse.sents[parse.sent_of[trigger]]
    best, distance = None, NOWHERE
    for number, time in enumerate(times):
        if time.start >= sent.end:
            break
        if time.start < sent.start or time.date_start is None or time.timex_type not in _DATED:
            continue
        if told and _ahead(time, published):
            continue  # what is told as done is not dated ahead of the telling
        steps = steps_to(parse, trigger, time)
        if steps < distance or (
            # "on Monday promised an answer to the raid on Sunday", both days at the verb
            steps == distance < NOWHERE
            and best is not None
            and parse.pos[trigger] == "NOUN"
            and times[best].end <= trigger < time.start
        ):
            best, distance = number, steps
    return _label(parse, sent.start, times) if best is None else best


def _label(parse: Parse, start: int, times: Sequence[TimeMention]) -> int | None:
    """ "1946: Ten men are hanged": the time that a line of a chronicle begins with."""
    for number, time in enumerate(times):
        opening = parse.sents[parse.sent_of[time.start]].start == time.start
        told = opening and parse.lower[time.end : time.end + 1] == [":"]
        if told and time.date_start is not None and start in (time.start, time.end + 1):
            return number
    return None


def is_announced(
    parse: Parse, trigger: int, times: Sequence[TimeMention], published: dt.date | None
) -> bool:
    """ "The wing opens on Friday": told in the present, of a day behind publication."""
    if parse.pos[trigger] not in VERBAL or not is_of_now(parse, trigger):
        return False
    at = _nearest(parse, trigger, times, published, told=False)
    return at is not None and _ahead(times[at], published)


def _ahead(time: TimeMention, published: dt.date | None) -> bool:
    return published is not None and time.date_start is not None and time.date_start > published


def _method(time: TimeMention) -> str:
    return "explicit" if time.anchor == "none" else "relative"


def _from(time: TimeMention, number: int) -> EventDate:
    precision = time.date_precision
    return EventDate(time.edtf, time.date_start, time.date_end, precision, _method(time), number)


def _interval(first: TimeMention, last: dt.date, precision: str, number: int) -> EventDate | None:
    if first.date_start is None or first.date_start > last:
        return None
    if (last - first.date_start).days >= LONGEST["year"]:
        return _from(first, number)  # "since 1846": no precision there is tells so little
    precision = precision_within(first.date_start, last, precision)
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
        running = first.date_precision == last.date_precision == "day" and (
            first.date_end is not None
            and last.date_start is not None
            and (last.date_start - first.date_end).days == 1
        )
        if word in _JOINING or (word == "and" and (opened == "between" or running)):
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
                if child in chain_of(parse, head_of_time(parse, time))[:3]:
                    return _interval(time, published, time.date_precision, number)
                break
    return None


def _bygone(
    parse: Parse, trigger: int, times: Sequence[TimeMention], published: dt.date | None
) -> int | None:
    """The latest date before publication that the paragraph told of ahead of a noun."""
    best, latest = None, None
    above = set(governors(parse, trigger))
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
        if above & set(chain_of(parse, head_of_time(parse, time))[:3]):
            continue  # "resumed on Monday after the previous talks": Monday is not theirs
        if latest is None or time.date_end > latest:
            best, latest = number, time.date_end
    return best


def _story_day(
    parse: Parse, trigger: int, times: Sequence[TimeMention], published: dt.date
) -> int | None:
    """The first day that the lead tells of, of which the story goes on to tell.

    In the trigger's own sentence none of what is reacted to: "condemned Tuesday's attack".
    """
    for number, time in enumerate(times):
        if parse.sent_of[time.start] > _LEAD:
            return None
        day = time.date_start
        if day is None or day > published or time.date_precision != "day":
            continue
        if time.timex_type not in ("DATE", "TIME") or time.timex_value.endswith("_REF"):
            continue
        head = head_of_time(parse, time)
        chain = chain_of(parse, head)
        if parse.sent_of[head] == parse.sent_of[trigger] and any(
            parse.deps[token] in ("relcl", "poss", "acl") for token in (head, *chain)
        ):
            continue
        if len(chain) <= 5 and (
            (published - day).days <= _FRESH
            or any(char.isdigit() for char in "".join(parse.words[time.start : time.end]))
        ):
            return number
    return None


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
            head = head_of_time(parse, time)
            if len(chain_of(parse, head)) <= 4:
                best = number
    return best
