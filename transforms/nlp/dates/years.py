"""Stretches of the calendar: years, decades, centuries, quarters, seasons."""

from __future__ import annotations

import re

from transforms.lexicons.loader import word_list, word_set
from transforms.nlp.annotations import TimeMention
from transforms.nlp.dates import calendar as c
from transforms.nlp.dates.scan import NUMBER, YEAR, Scan
from transforms.nlp.dates.tense import direction

_SPORT = word_list("words/dates.tsv", "years.sport")
_BOUND_PREPOSITIONS = word_list("words/dates.tsv", "years.bound-prepositions")

_DECADE = re.compile(r"^(mid-)?(?:(1[5-9]\d0|20\d0)|['’]?(\d0))['’]?s$")
_PART_YEAR = re.compile(r"^(mid|end)-?(1[5-9]\d\d|20\d\d)$")
_CENTURY = re.compile(r"^(\d{1,2})(?:st|nd|rd|th)$")
_POSSESSIVE = word_set("words/dates.tsv", "years.possessive")
_VOTED = word_set("words/dates.tsv", "years.voted")
_BALLOTS = word_set("words/dates.tsv", "years.ballots")
_THINGS = word_set("words/dates.tsv", "years.things")
_AGAINST = ("to", "against")
_BY = ("by", "voted")
_STREETS = word_set("words/dates.tsv", "years.streets")
_DASHES = ("-", "–", "—")
_CODE = re.compile(r"^[A-Z]{1,3}$")


def quarter(s: Scan, at: int) -> TimeMention | None:
    """ "the third quarter", "the first half of 2016", "fiscal 2024", "the 19th century"."""
    start = at
    if s.low(at) == "the":
        at += 1
    if s.low(at) in ("fiscal", "financial"):
        step = at + 2 if s.low(at + 1) == "-" else at + 1
        step += s.low(step) == "year"
        return (
            s.date(start, step + 1, c.year(int(s.low(step)))) if YEAR.match(s.low(step)) else None
        )
    match = _CENTURY.match(s.low(at))
    step = at + 2 if s.low(at + 1) == "-" else at + 1
    if s.low(step) in ("century", "centuries") and (match or s.low(at) in s.w["ordinal"]):
        first = (int(match[1]) - 1) * 100 if match else 0
        if first < 100:
            return None
        return s.date(start, step + 1, c.century(first))
    ordinal = s.w["ordinal"].get(s.low(at))
    if not ordinal:
        return None
    at += 1
    if s.low(at) == "fiscal":
        at += 1
    if s.low(at) == "-":
        at += 1
    noun = s.low(at)
    if noun not in ("quarter", "half") or (s.low(at + 1) == "of" and _of_a_game(s, at + 2)):
        return None
    end, found = s.year_behind(at + 1)
    if found is None and s.low(end) == "of" and s.low(end + 1) == "the" and s.low(end + 2) in (
        "year",
    ):  # fmt: skip
        end += 3
    elif found is None and noun == "half":
        return None
    told = found is not None and s.low(end - 1) != "year"  # no "of last year"
    anchor = "none" if told else "publication"
    found = found or (s.published.year if s.published else None)
    if found is None:
        return s.plain(start, end, "DATE", f"XXXX-{noun[0].upper()}{ordinal}")
    if noun == "half":
        half = 1 if ordinal == "1" else 2
        days = c.quarter(found, 2 * half - 1).start, c.quarter(found, 2 * half).end
        return s.date(start, end, c.Period(*days, f"{found}-H{half}", "quarter"), anchor=anchor)
    return s.date(start, end, c.quarter(found, int(ordinal)), anchor=anchor)


_SHORT = re.compile(r"^(?:([qh])([1-4])|([1-4])([qh])|fy)$")


def short_quarter(s: Scan, at: int) -> TimeMention | None:
    """ "Q2 2023", "H1 of 2024", "3Q", "FY 2024"."""
    match = _SHORT.match(s.low(at))
    if not match or s.parse.words[at][0] not in "QHF1234":
        return None
    end, found = s.year_behind(at + 1)
    if s.low(at) == "fy":
        return s.date(at, end, c.year(found)) if found is not None else None
    kind, number = match[1] or match[4], int(match[2] or match[3])
    if kind == "h" and (found is None or number > 2):
        return None  # "H5" is a virus as well
    anchor = "none" if found is not None else "publication"
    found = found or (s.published.year if s.published else None)
    if found is None:
        return s.plain(at, end, "DATE", f"XXXX-Q{number}")
    if kind == "h":
        days = c.quarter(found, 2 * number - 1).start, c.quarter(found, 2 * number).end
        return s.date(at, end, c.Period(*days, f"{found}-H{number}", "quarter"), anchor=anchor)
    return s.date(at, end, c.quarter(found, number), anchor=anchor)


def _of_a_game(s: Scan, at: int) -> bool:
    step = at + 1 if s.low(at) == "the" else at
    return s.low(step) in _SPORT


def season(s: Scan, at: int) -> TimeMention | None:
    """ "summer 2024", "in the spring"; with last, this, next see `relative`."""
    start = at
    if s.low(at) == "the":
        at += 1
    code = s.w["season"].get(s.low(at))
    if code is None or s.parse.pos[at] not in ("NOUN", "PROPN"):
        return None
    end, found = s.year_behind(at + 1)
    if found is not None:
        return s.date(start, end, c.season(found, code))
    if s.low(end) == "of":
        return None  # "the fall of the city"
    bound = s.low(start - 1) in _BOUND_PREPOSITIONS
    if not bound or s.parse.deps[at] != "pobj":
        return None
    return directed_season(s, start, end, s.low(at), direction(s.parse, at))


def directed_season(s: Scan, start: int, end: int, noun: str, way: int) -> TimeMention:
    """A season of this year, or of the last or next one as `way` says; the nearest for 0."""
    code = s.w["season"][noun]
    if s.published is None:
        return s.plain(start, end, "DATE", f"XXXX-{code}")
    period = c.season(s.published.year, code)
    if way == 0 and s.published < period.start:
        before = c.season(s.published.year - 1, code)
        if s.published - before.end < period.start - s.published:
            period = before
    elif way == 0 and s.published > period.end:
        after = c.season(s.published.year + 1, code)
        if after.start - s.published < s.published - period.end:
            period = after
    if way < 0 and period.end >= s.published:
        period = c.season(s.published.year - 1, code)
    elif way > 0 and period.start <= s.published:
        period = c.season(s.published.year + 1, code)
    return s.date(start, end, period, anchor="publication")


def _is_code(s: Scan, at: int) -> bool:
    return at >= s.start and _CODE.match(s.parse.words[at]) is not None


def _is_of_a_vote(s: Scan, at: int) -> bool:
    """ "by 2011 votes to 1998", "by 2046 to 1941 votes", "a vote of 2016 to 1992"."""
    if s.low(at - 1) in _AGAINST and s.low(at - 2) in _VOTED:
        return True
    first = at - 2 if s.low(at - 1) in _AGAINST else at
    if s.low(first + 1) not in _AGAINST or not all(
        NUMBER.match(s.low(n)) for n in (first, first + 2)
    ):
        return False
    ballot = s.low(first - 1) == "of" and s.low(first - 2) in _BALLOTS
    return ballot or s.low(first - 1) in _BY or s.low(first + 3) in _VOTED


def _counts_things(s: Scan, at: int) -> bool:
    """ "2024 sacks", "fired 2008 tear gas canisters"; "In 2008 peace talks began" counts none."""
    head = s.parse.heads[at]
    if not at < head < s.end or s.parse.tags[head] != "NNS" or s.parse.deps[at] != "nummod":
        return False
    if head == at + 1:
        return True
    between = all(s.parse.pos[token] in ("NOUN", "ADJ") for token in range(at + 1, head))
    return between and at > s.start and s.parse.pos[at - 1] in ("VERB", "CCONJ")


def _is_of_things(s: Scan, at: int) -> bool:
    """ "hidden in 2015 crates", but "In 2015 crates burned"."""
    thing = s.parse.lemmas[s.parse.heads[at]].lower() in _THINGS
    return thing and at - 1 > s.start and s.low(at - 2) != ","


def year(s: Scan, at: int) -> TimeMention | None:
    """ "2014", "the 1990s", "the mid-1990s", the "58" of "1957-58"."""
    word = s.low(at)
    if match := _DECADE.match(word):
        if s.low(at - 1) in _POSSESSIVE:
            return None
        first = int(match[2]) if match[2] else 1900 + int(match[3])
        if match[3] and s.low(at - 1) not in ("the", "'", "’", "-", "early", "late", "mid"):
            return None
        period = c.century(first) if first % 100 == 0 and first < 2000 else c.decade(first)
        if match[1]:
            period = c.part(period, "MID")
        return s.date(at - 1 if s.low(at - 1) == "the" else at, at + 1, period)
    if (tens := s.w["tens"].get(word)) is not None:
        if s.low(at - 1) not in ("the", "early", "late", "mid", "-") or s.low(at - 2) == "into":
            return None
        start = at - 1 if s.low(at - 1) == "the" else at
        return s.date(start, at + 1, c.decade(1900 + int(tens)))
    if word[0] in "'’" and s.low(at - 1) in s.w["bind"] and (short := s.short_year(at)):
        return s.date(at, short[0], c.year(short[1]))
    if word in ("'", "’") and _DECADE.match(s.low(at + 1)) and s.low(at + 1)[0].isdigit():
        return s.date(at, at + 2, c.decade(1900 + int(s.low(at + 1)[:2])))
    if len(word) == 2 and word.isdigit() and s.low(at - 1) in ("-", "–", "/"):
        before = s.low(at - 2)
        if YEAR.match(before) and int(before[2:]) < int(word):
            return s.date(at, at + 1, c.year(int(before[:2] + word)))
        return None
    if match := _PART_YEAR.match(word):  # "mid-1990"
        return s.date(at, at + 1, c.part(c.year(int(match[2])), match[1].upper()))
    if not YEAR.match(word) or int(word) > 2100:
        return None
    if s.low(at + 1) in s.w["ordinal"] and s.low(at + 2) == "quarter":  # "the 1988 third quarter"
        start = at - 1 if s.low(at - 1) == "the" else at
        return s.date(start, at + 3, c.quarter(int(word), int(s.w["ordinal"][s.low(at + 1)])))
    if s.low(at - 1) in s.w["label"] or s.low(at + 1) in s.units or s.low(at + 1) in s.w["measure"]:
        return None
    if s.low(at + 1) in (",", "-") and len(s.low(at + 2)) == 3 and s.low(at + 2).isdigit():
        return None
    if _is_of_a_vote(s, at):
        return None
    if _is_code(s, at - 1) and s.low(at - 2) in s.w["label"]:
        return None  # "Flight KL 2024"
    if any(s.low(at + n) in _STREETS for n in (2, 3)) and s.parse.pos[at + 1] == "PROPN":
        return None  # "1960 Elm Street"
    bound = s.low(at - 1) in s.w["bind"] or s.low(at - 1) in (*_DASHES, "(", ",")
    if _counts_things(s, at) and (
        s.low(at - 1) not in ("the", "in", "since") or _is_of_things(s, at)
    ):
        return None
    if int(word) < 1800 and not bound:
        return None
    return s.date(at, at + 1, c.year(int(word)))
