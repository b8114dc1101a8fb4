"""Finding temporal expressions and their values.

One pass over the tokens: only a token that is a word of time or a number starts an attempt, so
the cost is a look-up for each other token. At each start the longest reading wins. Values follow
TIMEX3 as TempEval-3 uses it; intervals are days, both ends included.
"""

from __future__ import annotations

import datetime as dt
import re

from transforms.nlp.annotations import TimeMention
from transforms.nlp.dates import calendar as c
from transforms.nlp.dates.tense import direction
from transforms.nlp.dates.words import unit_of, words
from transforms.nlp.parse import Parse

_YEAR = re.compile(r"^(1[5-9]\d\d|20\d\d)$")
_DECADE = re.compile(r"^(?:(1[5-9]\d0|20\d0)|['’]?(\d0))s$")
_ISO = re.compile(r"^(\d{4})-(\d{2})-(\d{2})(?:T.*)?$")
_ISO_WEEK = re.compile(r"^(\d{4})-W(\d{2})$")
_SLASH = re.compile(r"^(\d{1,2})/(\d{1,2})/(\d{4})$")
_DAY = re.compile(r"^(\d{1,2})(st|nd|rd|th)?$")
_NUMBER = re.compile(r"^\d{1,3}(?:,\d{3})*(?:\.\d+)?$")
_CLOCK = re.compile(r"^(\d{1,2})(?:[:.](\d{2}))?(a\.?m\.?|p\.?m\.?)?$", re.I)
_HALVES = {"am": 0, "a.m.": 0, "a.m": 0, "pm": 12, "p.m.": 12, "p.m": 12}
_ZONES = {"gmt", "utc", "est", "edt", "pst", "et", "cet", "bst"}
_MODS = {"early": "START", "beginning": "START", "start": "START", "mid": "MID", "middle": "MID",
         "late": "END", "end": "END", "earlier": "START", "later": "END"}  # fmt: skip
_LEADS = {"the", "a", "an", "almost", "nearly", "about", "around", "over", "roughly", "some", "mere",  # noqa: E501
          "least", "more", "than", "at"}  # fmt: skip
_AGES = {"old", "aged"}
_MONEY = {
    "$",
    "€",
    "£",
    "¥",
    "us$",
    "percent",
    "%",
    "km",
    "kg",
    "mph",
    "people",
    "million",
    "billion",
}
_YEAR_PREPOSITIONS = {"in", "since", "of", "until", "till", "by", "from", "during", "to", "before",
                      "after", "through", "between", "and", "for", "late", "early", "mid", "-", "–",
                      "the", "around", "circa", "(", ",", "back", "'s", "’s", "as"}  # fmt: skip
_CENTURIES = re.compile(r"^(\d{1,2})(?:st|nd|rd|th)$")

Found = tuple[int, int, TimeMention]


def find_times(parse: Parse, published: dt.date | None) -> list[TimeMention]:
    """Every temporal expression in text order.

    `published` anchors relative expressions; without it they keep their TIMEX3 type, with an
    XXXX value and no days.
    """
    scanner = _Scanner(parse, published)
    found: list[TimeMention] = []
    for sent in parse.sents:
        at = sent.start
        while at < sent.end:
            if (
                parse.lower[at] in scanner.starts
                or parse.words[at][0].isdigit()
                or parse.words[at][0] in "'’"
            ):
                mention = scanner.at(at, sent.end)
                if mention is not None:
                    found.append(mention)
                    if mention.date_precision == "day" and mention.timex_type in ("DATE", "TIME"):
                        scanner.focus = mention.date_start
                    at = max(mention.end, at + 1)
                    continue
            at += 1
    return found


class _Scanner:
    def __init__(self, parse: Parse, published: dt.date | None) -> None:
        self.parse, self.published = parse, published
        self.focus: dt.date | None = None
        self.w = words()
        self.units = unit_of()
        self.holidays = c.holidays()
        self.holiday_starts = {
            name.split()[0].replace("’", "'").split("'")[0] for name in self.holidays
        }
        starts = (
            set(self.units) | self.holiday_starts | set(_MODS) | {"the", "every", "each", "a", "an"}
        )
        for kind in self.w.values():
            starts |= set(kind)
        self.starts = starts | {"that", "those", "these", "same", "at", "and"}

    def low(self, at: int) -> str:
        return self.parse.lower[at] if at < len(self.parse.lower) else ""

    def at(self, at: int, end: int) -> TimeMention | None:
        """The longest expression that starts at a token."""
        self.end = end
        for reader in (
            self._iso, self._month, self._weekday, self._holiday, self._clock, self._modified,
            self._every, self._directed, self._counted, self._season, self._year, self._single,
        ):  # fmt: skip
            found = reader(at)
            if found is not None:
                return found
        return None

    # -- building ---------------------------------------------------------------------------

    def _date(
        self, start: int, end: int, period: c.Period | None, value: str | None = None,
        anchor: str = "none", kind: str = "DATE",
    ) -> TimeMention:  # fmt: skip
        if period is None:
            return TimeMention(start, end, kind, value or "XXXX", None, None, "unknown", "none")
        return TimeMention(
            start, end, kind, value or period.value, period.start, period.end, period.precision,
            anchor, period.edtf,
        )  # fmt: skip

    def _plain(
        self, start: int, end: int, kind: str, value: str, anchor: str = "none"
    ) -> TimeMention:
        return TimeMention(start, end, kind, value, None, None, "unknown", anchor)

    def _after(self, end: int) -> tuple[int, int | None]:
        """An explicit year behind `end` ("March 5, 2024"): (new end, year)."""
        step = end + 1 if self.low(end) in (",", "of") else end
        if step < self.end and _YEAR.match(self.low(step)):
            return step + 1, int(self.low(step))
        return end, None

    def _back_to_the(self, at: int) -> int:
        return at - 1 if at > 0 and self.low(at - 1) == "the" else at

    # -- absolute ---------------------------------------------------------------------------

    def _iso(self, at: int) -> TimeMention | None:
        word = self.parse.words[at]
        try:
            if match := _ISO.match(word):
                return self._date(at, at + 1, c.day(dt.date(*(int(p) for p in match.groups()))))
            if match := _ISO_WEEK.match(word):
                return self._date(
                    at, at + 1, c.week(dt.date.fromisocalendar(int(match[1]), int(match[2]), 1))
                )
            if match := _SLASH.match(word):
                first, second, year = (int(p) for p in match.groups())
                month, day = (first, second) if first <= 12 else (second, first)
                return self._date(at, at + 1, c.day(dt.date(year, month, day)))
        except ValueError:
            return None
        return None

    def _month_at(self, at: int) -> int | None:
        if at >= self.end:
            return None
        word = self.parse.words[at]
        number = self.w["month"].get(word.lower())
        if number is None or not word[0].isupper():
            return None
        if word.lower() in ("may", "march", "mar.") and self.parse.pos[at] not in ("PROPN", "NOUN"):
            return None
        return int(number)

    def _month(self, at: int) -> TimeMention | None:
        """ "December", "Dec. 18, 2025", "18 December", "December 15-18", "the 18th of December"."""
        start, day = at, None
        month = self._month_at(at)
        end = at + 1
        if month is None:
            match = _DAY.match(self.low(at))
            if not match or not 1 <= int(match[1]) <= 31:
                return None
            step = at + 2 if self.low(at + 1) == "of" else at + 1
            month = self._month_at(step)
            if month is None:
                return None
            day, end = int(match[1]), step + 1
            start = self._back_to_the(at)
        else:
            match = _DAY.match(self.low(end)) if end < self.end else None
            if match and 1 <= int(match[1]) <= 31 and self.low(end + 1) not in _MONEY:
                day, end = int(match[1]), end + 1
        last = None
        if (
            day is not None
            and self.low(end) in ("-", "–", "to")
            and self.parse.words[start] != "the"
        ):
            match = _DAY.match(self.low(end + 1)) if end + 1 < self.end else None
            if match and day < int(match[1]) <= 31 and self.low(end) != "to":
                last, end = int(match[1]), end + 2
        end, year = self._after(end)
        anchor = "none"
        if year is None:
            year = self._year_for(start, month, day)
            anchor = "publication"
            if year is None:
                value = f"XXXX-{month:02d}" + (f"-{day:02d}" if day else "")
                return self._plain(start, end, "DATE", value)
        try:
            if day is None:
                return self._date(start, end, c.month(year, month), anchor=anchor)
            first = dt.date(year, month, day)
            if last:
                until = dt.date(year, month, last)
                period = c.Period(first, until, f"{first}/{until}", "day")
                return self._date(start, end, period, anchor=anchor)
            return self._date(start, end, c.day(first), anchor=anchor)
        except ValueError:
            return None

    def _year_for(self, token: int, month: int, day: int | None) -> int | None:
        """The year of a month without one: by tense, else the nearest."""
        if self.published is None:
            return None
        here = self.published
        behind = (month, day or 0) <= (here.month, here.day if day else 31)
        past = here.year if behind and (month, day or 0) <= (here.month, 40) else here.year - 1
        same = month == here.month and (day is None or day == here.day)
        future = here.year if (month, day or 99) >= (here.month, here.day) else here.year + 1
        if same:
            return here.year
        told = direction(self.parse, token)
        if told < 0:
            return past
        if told > 0:
            return future
        middle = dt.date(past, month, 15)
        ahead = dt.date(future, month, 15)
        return past if abs((here - middle).days) <= abs((ahead - here).days) else future

    def _weekday(self, at: int) -> TimeMention | None:
        word = self.parse.words[at]
        number = self.w["weekday"].get(self.low(at)) or self.w["weekday"].get(
            self.low(at).removesuffix("s")
        )
        if number is None or not word[0].isupper():
            return None
        end = at + 1
        if self.low(at).endswith("s") and self.low(at) not in self.w["weekday"]:
            return self._plain(at, end, "SET", f"XXXX-WXX-{number}")
        comma = end + 1 if self.low(end) == "," else end
        if self._month_at(comma) or (
            comma < self.end and _DAY.match(self.low(comma)) and self._month_at(comma + 1)
        ):
            dated = self._month(comma)
            if dated is not None and dated.date_precision == "day":
                dated.start = at
                return dated
        return self._on_weekday(at, end, int(number), 0)

    def _on_weekday(self, start: int, end: int, number: int, way: int) -> TimeMention:
        part = self.w["part"].get(self.low(end)) if end < self.end else None
        if part:
            end += 1
        if self.published is None:
            return self._plain(start, end, "DATE", f"XXXX-WXX-{number}")
        back = (self.published.isoweekday() - number) % 7
        told = way or direction(self.parse, end - 1)
        if back == 0 and not way:
            date = self.published
        elif told > 0:
            date = self.published + dt.timedelta(days=(7 - back) if back or way else 7)
            if way == 0 and back == 0:
                date = self.published
        else:
            date = self.published - dt.timedelta(days=back or 7 if way else back)
        period = c.day(date)
        value = f"{period.value}T{part}" if part else None
        return self._date(start, end, period, value, "publication", "TIME" if part else "DATE")

    def _holiday(self, at: int) -> TimeMention | None:
        first = self.low(at)
        if first not in self.holiday_starts or not self.parse.words[at][0].isupper():
            return None
        for length in (4, 3, 2, 1):
            if at + length > self.end:
                continue
            name = self.parse.text[self.parse.starts[at] : self.parse.ends[at + length - 1]].lower()
            rule = self.holidays.get(name)
            if rule is None:
                continue
            end, year = self._after(at + length)
            if year is None and self.published is not None:
                options = [c.holiday(rule, self.published.year + n) for n in (-1, 0, 1)]
                told = direction(self.parse, at)
                if told:
                    held = [d for d in options if (d - self.published).days * told >= 0]
                    options = held or options
                near = min(options, key=lambda d: abs((d - self.published).days))  # type: ignore[operator]
                return self._date(at, end, c.day(near), anchor="publication")
            if year is not None:
                return self._date(at, end, c.day(c.holiday(rule, year)))
        return None

    def _clock(self, at: int) -> TimeMention | None:
        """ "8 PM", "10:30 a.m. on Friday", "15:00 GMT Saturday"."""
        match = _CLOCK.match(self.parse.words[at])
        if not match:
            return None
        end, hour, minute = at + 1, int(match[1]), match[2]
        half = _HALVES.get((match[3] or "").lower()) if match[3] else None
        if half is None and self.low(end) in _HALVES:
            half, end = _HALVES[self.low(end)], end + 1
        zone = self.low(end) in _ZONES
        if zone:
            end += 1
        if half is None and not (minute and (zone or self.low(at - 1) == "at")):
            return None
        if hour > 24 or (minute and int(minute) > 59):
            return None
        if half is not None:
            hour = hour % 12 + half
        step = end + 1 if self.low(end) == "on" else end
        number = self.w["weekday"].get(self.low(step)) if step < self.end else None
        text = f"T{hour:02d}" + (f":{minute}" if minute else "")
        if number:
            dated = self._on_weekday(at, step + 1, int(number), 0)
            dated.timex_type = "TIME"
            dated.timex_value = f"{dated.timex_value[:10]}{text}"
            return dated
        day = self.focus or self.published
        if day is None:
            return self._plain(at, end, "TIME", f"XXXX-XX-XX{text}")
        return self._date(at, end, c.day(day), f"{day.isoformat()}{text}", "focus", "TIME")

    # -- modified and directed --------------------------------------------------------------

    def _modified(self, at: int) -> TimeMention | None:
        """ "early January", "the end of the year", "late last July", "earlier this week"."""
        mod = _MODS.get(self.low(at))
        step = at
        if self.low(at) == "the" and self.low(at + 1) in _MODS:
            step, mod = at + 1, _MODS[self.low(at + 1)]
        if mod is None:
            return None
        end = step + 1
        if self.low(end) in ("-", "in", "on"):
            end += 1
        of = self.low(end) == "of"
        if of:
            end += 1
        if self.low(step) in ("end", "beginning", "start", "middle") and not of:
            return None
        inner = (
            self._month(end) or self._directed(end) or self._season(end) or self._year(end)
            or self._weekday(end)
        ) if end < self.end else None  # fmt: skip
        if inner is None and of:
            step2 = end + 1 if self.low(end) == "the" else end
            unit = self.units.get(self.low(step2))
            if unit in ("Y", "M", "W") and self.published:
                inner = self._date(step2, step2 + 1, c.shift(self.published, unit, 0),
                                   anchor="publication")  # fmt: skip
        if inner is None or inner.start > end + 1:
            return None
        inner.start = at
        if (
            inner.date_start is not None
            and inner.date_end is not None
            and inner.timex_type == "DATE"
        ):
            whole = c.Period(
                inner.date_start, inner.date_end, inner.timex_value, inner.date_precision
            )
            if inner.date_precision in ("week", "month", "quarter", "year") and self.low(step) not in (  # noqa: E501
                "earlier", "later",
            ):  # fmt: skip
                third = c.part(whole, mod)
                inner.date_start, inner.date_end = third.start, third.end
                inner.edtf = f"{third.start}/{third.end}"
            elif self.low(step) == "earlier" and self.published and whole.end >= self.published:
                inner.date_end = max(whole.start, self.published - dt.timedelta(days=1))
                inner.edtf = f"{whole.start}/{inner.date_end}"
                if whole.start == inner.date_end:
                    inner.edtf = whole.start.isoformat()
        return inner

    def _every(self, at: int) -> TimeMention | None:
        if self.low(at) not in ("every", "each"):
            return None
        word = self.low(at + 1) if at + 1 < self.end else ""
        if word in self.units:
            value = {"D": "P1D", "W": "P1W", "M": "P1M", "Y": "P1Y", "Q": "P3M", "TH": "PT1H"}.get(
                self.units[word], "P1D"
            )
            return self._plain(at, at + 2, "SET", value)
        if word in self.w["weekday"]:
            return self._plain(at, at + 2, "SET", f"XXXX-WXX-{self.w['weekday'][word]}")
        if word in self.w["part"]:
            return self._plain(at, at + 2, "SET", f"XXXX-XX-XXT{self.w['part'][word]}")
        number, end = self._number(at + 1)
        if number and self.low(end) in self.units:
            letter = self.units[self.low(end)]
            return self._plain(at, end + 1, "SET", _period(number, letter))
        return None

    def _directed(self, at: int) -> TimeMention | None:
        """ "last week", "this year", "the past three years", "next Tuesday", "that day"."""
        start, step = at, at
        if self.low(at) in ("the", "these", "those"):
            step = at + 1
        word = self.low(step) if step < self.end else ""
        way = None
        for kind, sign in (("last", -1), ("this", 0), ("next", 1)):
            if word in self.w[kind]:
                way = sign
        if word in ("that", "same"):
            return self._focused(start, step)
        if way is None or step + 1 >= self.end:
            return None
        number, end = self._number(step + 1)
        noun = self.low(end) if end < self.end else ""
        if number is not None and noun in self.units:
            unit = self.units[noun]
            return self._plain(start, end + 1, "DURATION", _period(number, unit), "publication")
        noun = self.low(step + 1)
        if noun == "fiscal" and self.low(step + 2) in self.units:
            noun, step = self.low(step + 2), step + 1
        end = step + 2
        if noun in self.w["weekday"] and self.parse.words[step + 1][0].isupper():
            return self._on_weekday(start, end, int(self.w["weekday"][noun]), way)
        if noun in self.w["part"] and word in ("last", "this"):
            if self.published is None:
                return self._plain(start, end, "TIME", "XXXX-XX-XX")
            day = self.published + dt.timedelta(days=-1 if word == "last" else 0)
            value = f"{day}T{self.w['part'][noun]}"
            return self._date(start, end, c.day(day), value, "publication", "TIME")
        if noun in self.w["season"]:
            return self._directed_season(start, end, noun, way)
        month = self._month_at(step + 1)
        if month is not None and self.published is not None:
            year = self.published.year
            if way < 0 and month >= self.published.month:
                year -= 1
            elif way > 0 and month <= self.published.month:
                year += 1
            return self._date(start, end, c.month(year, month), anchor="publication")
        if noun not in self.units:
            return None
        unit = self.units[noun]
        if unit.startswith("T"):
            if word in ("past", "last") and noun.endswith("s"):
                return self._plain(start, end, "DURATION", f"PTX{unit[1]}", "publication")
            return None
        if noun.endswith("s"):
            return self._plain(start, end, "DURATION", f"PX{_letter(unit)}", "publication")
        if word in ("past", "following", "coming", "previous", "preceding") and unit == "D":
            return self._beside(start, end, unit, -1 if way < 0 else 1)
        if (
            start != step
            and word in ("next", "following", "previous", "preceding")
            and unit in "DWMY"
        ):
            return self._beside(start, end, unit, way)
        if word in ("past",) and unit in ("Y", "M", "W", "DE"):
            return self._plain(start, end, "DURATION", f"P1{_letter(unit)}", "publication")
        if start != step and word in ("last", "next", "past") and unit == "DE":
            return self._plain(start, end, "DURATION", "P10Y", "publication")
        if self.published is None:
            return self._plain(start, end, "DATE", "XXXX")
        if unit in ("DE", "CE", "ML"):
            first = self.published.year // 10 * 10 + 10 * way
            if unit == "DE":
                return self._date(start, end, c.decade(first), anchor="publication")
            return None
        return self._date(start, end, c.shift(self.published, unit, way), anchor="publication")

    def _beside(self, start: int, end: int, unit: str, way: int) -> TimeMention:
        """ "the following day": beside the date in focus."""
        base = self.focus or self.published
        if base is None:
            return self._plain(start, end, "DATE", "XXXX")
        anchor = "focus" if self.focus else "publication"
        return self._date(start, end, c.shift(base, unit, way), anchor=anchor)

    def _focused(self, start: int, step: int) -> TimeMention | None:
        """ "that day", "the same month"."""
        noun = self.low(step + 1) if step + 1 < self.end else ""
        if noun in self.w["part"]:
            unit = "D"
        elif noun in self.units and self.units[noun] in ("D", "W", "M", "Y") and noun[-1] != "s":
            unit = self.units[noun]
        else:
            return None
        base = self.focus or self.published
        if base is None:
            return None
        return self._date(
            start, step + 2, c.shift(base, unit, 0), anchor="focus" if self.focus else "publication"
        )

    def _directed_season(self, start: int, end: int, noun: str, way: int) -> TimeMention:
        code = self.w["season"][noun]
        if self.published is None:
            return self._plain(start, end, "DATE", f"XXXX-{code}")
        period = c.season(self.published.year, code)
        if way < 0 and period.end >= self.published:
            period = c.season(self.published.year - 1, code)
        elif way > 0 and period.start <= self.published:
            period = c.season(self.published.year + 1, code)
        return self._date(start, end, period, anchor="publication")

    # -- counted ----------------------------------------------------------------------------

    def _number(self, at: int) -> tuple[str | None, int]:
        """A number in digits or words: (its text, "X" when vague; the token behind it)."""
        if at >= self.end:
            return None, at
        word = self.low(at)
        if _NUMBER.match(word):
            value = float(word.replace(",", ""))
            if self.low(at + 1) in ("1/2", "½"):
                return f"{value + 0.5:g}", at + 2
            return f"{value:g}", at + 1
        if word in self.w["vague"]:
            end = at + 1
            if word == "couple" and self.low(end) == "of":
                end += 1
            return self.w["vague"][word], end
        if word not in self.w["number"] and word not in self.w["scale"]:
            return None, at
        if word in ("a", "an"):
            if self.low(at + 1) in ("few", "couple"):
                return self._number(at + 1)
            if self.low(at + 1) in self.w["scale"]:
                return self._number(at + 1)
            if self.low(at + 1) == "half":
                return "0.5", at + 2
            if self.low(at + 1) in self.w["number"] or _NUMBER.match(self.low(at + 1)):
                return self._number(at + 1)
        total, end = 0.0, at
        while end < self.end:
            word = self.low(end)
            if word in self.w["number"]:
                total += float(self.w["number"][word])
            elif word in self.w["scale"]:
                total = max(total, 1.0) * float(self.w["scale"][word])
            elif not (word == "-" and self.low(end + 1) in self.w["number"]):
                break
            end += 1
        return f"{total:g}", end

    def _counted(self, at: int) -> TimeMention | None:
        """ "three years ago", "two days later", "a month", "90 days", "four-week"."""
        start = at
        if self.low(at) == "the":
            at += 1
        word = self.low(at) if at < self.end else ""
        if word == "first" or (word == "a" and self.low(at + 1) == "mere"):
            at += 1 + (word == "a")
        number, end = self._number(at)
        if number is None:
            if word in self.units and word.endswith("s") and at == start:
                return self._bare_units(at, word)
            return None
        hyphen = self.low(end) == "-"
        if hyphen:
            end += 1
        if end < self.end and self.low(end) in ("full", "more", "long", "straight", "consecutive"):
            end += 1
        noun = self.low(end) if end < self.end else ""
        if noun not in self.units:
            return None
        if self.low(end + 1) in _AGES or (self.low(end + 1) == "-" and self.low(end + 2) in _AGES):
            return None
        if (word in ("a", "an") and self.low(end) == "second") or (
            noun == "second" and number == "1"
        ):
            return None
        end += 1
        unit = self.units[noun]
        behind = self.low(end) if end < self.end else ""
        return self._placed(start, end, number, unit, behind) or self._plain(
            start, end, "DURATION", _period(number, unit)
        )

    def _bare_units(self, at: int, word: str) -> TimeMention | None:
        if self.low(at - 1) in ("-", "these", "those", "her", "his", "their", "office"):
            return None
        unit = self.units[word]
        end = at + 1
        if self.low(end) in ("ago", "earlier", "later"):
            return self._plain(
                at, end + 1, "DATE", "PAST_REF" if self.low(end) != "later" else "FUTURE_REF"
            )
        if unit in ("TS", "Q", "WE") or self.low(at - 1) in ("last", "first"):
            return None
        return self._plain(
            at, end, "DURATION", f"PTX{unit[1]}" if unit[0] == "T" else f"PX{_letter(unit)}"
        )

    def _placed(
        self, start: int, end: int, number: str, unit: str, behind: str
    ) -> TimeMention | None:
        """A count that is measured from somewhere: ago, later, from now."""
        way, base, anchor = 0, self.published, "publication"
        if behind == "ago":
            way = -1
        elif behind in ("later", "afterwards", "after", "earlier", "before", "beforehand"):
            if behind in ("after", "before") or self.low(end + 1) == "than":
                return None
            way = 1 if behind in ("later", "afterwards") else -1
            if self.focus is not None:
                base, anchor = self.focus, "focus"
        elif behind == "from" and self.low(end + 1) in ("now", "today"):
            way, end = 1, end + 1
        if not way:
            return None
        if number == "X" or base is None:
            return self._plain(start, end + 1, "DATE", "PAST_REF" if way < 0 else "FUTURE_REF")
        count = float(number)
        if unit.startswith("T"):
            return self._date(start, end + 1, c.day(base), f"{base}", anchor, "TIME")
        if count != int(count):
            return self._plain(start, end + 1, "DATE", "PAST_REF" if way < 0 else "FUTURE_REF")
        try:
            period = c.shift(base, unit, way * int(count))
        except (ValueError, OverflowError):
            return None
        return self._date(start, end + 1, period, anchor=anchor)

    # -- seasons, years, single words -------------------------------------------------------

    def _season(self, at: int) -> TimeMention | None:
        start = at
        if self.low(at) == "the":
            at += 1
        ordinal = self.w["ordinal"].get(self.low(at)) if at < self.end else None
        if ordinal and self.low(at + 1) == "quarter":
            end, year = self._after(at + 2)
            if self.low(end) == "of" and self.low(end + 1) in self.w["last"]:
                year, end = (self.published.year - 1 if self.published else None), end + 3
            elif year is None and self.published:
                year = self.published.year
            if year is None:
                return None
            return self._date(start, end, c.quarter(year, int(ordinal)), anchor="none")
        match = _CENTURIES.match(self.low(at)) if at < self.end else None
        step = at + 1
        if match and self.low(step) == "-":
            step += 1
        if match and self.low(step) in ("century", "centuries"):
            first = (int(match[1]) - 1) * 100
            if first < 100:
                return None
            period = c.Period(
                dt.date(first, 1, 1), dt.date(first + 99, 12, 31), f"{first // 100:02d}", "year"
            )
            return self._date(start, step + 1, period)
        code = self.w["season"].get(self.low(at)) if at < self.end else None
        if code is None or (
            self.low(at) in ("fall", "spring") and self.parse.pos[at] not in ("NOUN", "PROPN")
        ):
            return None
        end, year = self._after(at + 1)
        if year is not None:
            return self._date(start, end, c.season(year, code))
        if self.low(at - 1) in ("in", "since", "by", "during", "until") or (
            start != at and self.low(start - 1) in ("in", "during", "by", "since", "until")
        ):
            if self.published is None:
                return None
            told = direction(self.parse, at) or -1
            return self._directed_season(start, end, self.low(at), told)
        return None

    def _year(self, at: int) -> TimeMention | None:
        word = self.low(at)
        if match := _DECADE.match(word):
            first = int(match[1]) if match[1] else 1900 + int(match[2])
            return self._date(self._back_to_the(at), at + 1, c.decade(first))
        if word in ("'", "’") and _DECADE.match(self.low(at + 1)):
            return self._year(at + 1)
        if not _YEAR.match(word):
            return None
        behind = at + 1
        if (
            self.low(behind) in self.units
            or self.low(behind) in _MONEY
            or self.low(at - 1) in _MONEY
        ):
            return None
        if (
            self.low(behind) in ("-", ",")
            and self.low(behind + 1)[:1].isdigit()
            and len(self.low(behind + 1)) == 3
        ):
            return None
        if behind < self.end and self.parse.tags[behind] == "NNS" and self.low(at - 1) not in (
            _YEAR_PREPOSITIONS - {"of", "for", "and", ",", "to", "by", "from", "as", "around"}
        ):  # fmt: skip
            return None
        if int(word) > 2100 or (int(word) < 1800 and self.low(at - 1) not in _YEAR_PREPOSITIONS):
            return None
        return self._date(at, at + 1, c.year(int(word)))

    def _single(self, at: int) -> TimeMention | None:
        word = self.low(at)
        value = self.w["deictic"].get(word)
        if value is not None:
            if word == "now" and self.low(at + 1) == "that":
                return None
            if value.endswith("_REF"):
                if value == "PRESENT_REF" and self.published is not None:
                    today = c.day(self.published)
                    return self._date(at, at + 1, today, value, "publication")
                return self._plain(at, at + 1, "DATE", value)
            if self.published is None:
                return self._plain(at, at + 1, "DATE", "XXXX-XX-XX")
            part = value[1:] if value.endswith("TNI") else ""
            shift = int(value.removesuffix("TNI"))
            day = self.published + dt.timedelta(days=shift)
            end, tail = at + 1, self.w["part"].get(self.low(at + 1))
            if tail and not part:
                part, end = f"T{tail}", end + 1
            text = f"{day}{part}"
            return self._date(at, end, c.day(day), text, "publication", "TIME" if part else "DATE")
        if word in self.w["set"] and self.parse.pos[at] in ("ADV", "ADJ"):
            return self._plain(at, at + 1, "SET", self.w["set"][word])
        if word == "at" and self.low(at + 1) == "the" and self.low(at + 2) in ("time", "moment"):
            value = "PAST_REF" if self.low(at + 2) == "time" else "PRESENT_REF"
            return self._plain(at, at + 3, "DATE", value)
        return None


def _letter(unit: str) -> str:
    return {"F": "W", "WE": "WE", "DE": "DE", "CE": "CE", "ML": "ML"}.get(unit, unit)


def _period(number: str, unit: str) -> str:
    """TIMEX3 of a duration: P3M, PT24H, PXD; decades and centuries in years."""
    if unit.startswith("T"):
        return f"PT{number}{unit[1]}"
    scale = {"DE": 10, "CE": 100, "ML": 1000, "F": 2, "Q": 3}.get(unit, 1)
    letter = {"DE": "Y", "CE": "Y", "ML": "Y", "F": "W", "Q": "M"}.get(unit, unit)
    if number == "X":
        return f"PX{_letter(unit)}"
    return f"P{float(number) * scale:g}{letter}"
