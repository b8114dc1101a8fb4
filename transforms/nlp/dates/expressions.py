"""Finding temporal expressions and their values.

One pass over the tokens: only a token that is a word of time or a number starts an attempt, so
the cost is a look-up for each other token. The readers are asked in a fixed order and the first
reading wins. Values follow TIMEX3 as TempEval-3 uses it (UzZaman et al. 2013); intervals are
days, both ends included.
"""

from __future__ import annotations

import datetime as dt
from functools import cache

from transforms.lexicons.loader import word_set
from transforms.nlp.annotations import TimeMention
from transforms.nlp.dates import absolute, clock, counted, lists, relative, weeks, years
from transforms.nlp.dates.scan import Reader, Scan
from transforms.nlp.dates.words import unit_of, words
from transforms.nlp.parsing.parse import Parse

_WHOLE = word_set("words/dates.tsv", "expressions.whole")

_NUMERIC: tuple[Reader, ...] = (
    absolute.iso, absolute.month, lists.day_of_list, clock.clock, years.short_quarter,
    years.quarter, counted.counted, absolute.ordinal_day, years.year,
)  # fmt: skip


def find_times(parse: Parse, published: dt.date | None) -> list[TimeMention]:
    """Every temporal expression in text order.

    `published` anchors relative expressions; without it they keep their TIMEX3 type, with an
    XXXX value and no days.
    """
    readers = _readers()
    scan = Scan(parse, published)
    found: list[TimeMention] = []
    lower = parse.lower
    for sent in parse.sents:
        scan.start, scan.end, scan.sent = sent.start, sent.end, sent.ordinal
        at = sent.start
        while at < sent.end:
            word = lower[at]
            asked = _NUMERIC if word[0].isdigit() else readers.get(word)
            if asked is None:
                at += 1
                continue
            mention = _first(asked, scan, at)
            if mention is None:
                at += 1
                continue
            if found and mention.start < found[-1].end:
                mention.start = found[-1].end
            found.append(mention)
            scan.remember(mention)
            at = max(mention.end, at + 1)
    return found


def _first(asked: tuple[Reader, ...], scan: Scan, at: int) -> TimeMention | None:
    for reader in asked:
        mention = reader(scan, at)
        if mention is not None:
            return mention
    return None


@cache
def _readers() -> dict[str, tuple[Reader, ...]]:
    """Word → the readers that may start at it, in the order in which they are asked."""
    w, units = words(), unit_of()
    starts: dict[Reader, set[str]] = {
        weeks.week_of_month: set(w["ordinal"]) | {"the", "last", "final", "week"},
        absolute.month: set(w["month"]),
        absolute.weekday: set(w["weekday"]) | {f"{day}s" for day in w["weekday"]},
        absolute.holiday: set(absolute.holiday_starts()),
        clock.clock: {"noon", "midday", "midnight", "mid-day"},
        clock.in_words: {"half"} | {word for word, n in w["number"].items() if n.isdigit()},
        clock.part_of_day: set(w["part"]) | {"the", "early", "late"},
        relative.modified: set(w["mod"]) | {"the"},
        counted.every: {"every", "each"},
        counted.per: {"per"},
        counted.entire: set(_WHOLE),
        counted.ranged: {"between"},
        relative.directed: set(w["last"]) | set(w["this"]) | set(w["next"])
        | {"the", "these", "those"},
        years.short_quarter: {"q1", "q2", "q3", "q4", "h1", "h2", "fy"},
        years.quarter: set(w["ordinal"]) | {"the", "fiscal", "financial"},
        years.season: set(w["season"]) | {"the"},
        relative.at_present: {"present", "days", "ago"},
        counted.counted: set(w["number"]) | set(w["scale"]) | set(w["vague"]) | set(units)
        | {"the", "first", "full", "final"},
        relative.focused: {"that", "the", "same"},
        years.year: {"'", "’"} | set(w["tens"]),
        relative.deictic: set(w["deictic"]) | {"overnight"},
        counted.repeated: set(w["set"]) | {"weekends"},
    }  # fmt: skip
    for word in ("mid-", "early-", "late-"):
        for decade in range(1900, 2100, 10):
            starts[years.year].add(f"{word}{decade}s")
    for number in range(1900, 2100):
        starts[years.year] |= {f"mid-{number}", f"end-{number}"}
    found: dict[str, list[Reader]] = {}
    for reader, held in starts.items():
        for word in held:
            found.setdefault(word, []).append(reader)
    return {word: tuple(readers) for word, readers in found.items()}
