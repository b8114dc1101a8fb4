"""What the readers of expressions share: the tokens, the anchors, and how a mention is made."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from transforms.nlp.annotations import TimeMention
from transforms.nlp.dates import calendar as c
from transforms.nlp.dates.words import unit_of, words
from transforms.nlp.parsing.parse import Parse

YEAR = re.compile(r"^(1[5-9]\d\d|20\d\d)$")
DAY = re.compile(r"^(\d{1,2})(st|nd|rd|th)?$")
NUMBER = re.compile(r"^\d{1,3}(?:,?\d{3})*(?:\.\d+)?$")
FOCUS_SENTENCES = 4
_ABBREVIATED = 5  # letters up to which "sun", "wed" or "mon" in lower case is another word
NO_TIME = frozenset(["PERSON", "ORG", "WORK_OF_ART", "FAC", "PRODUCT", "LAW", "GPE"])


class Scan:
    """One pass over an article; [start, end) is the sentence, `sent` its ordinal."""

    def __init__(self, parse: Parse, published: dt.date | None) -> None:
        self.parse, self.published = parse, published
        self.lower = parse.lower
        self.start = self.end = self.sent = 0
        self._days: tuple[int, dt.date] | None = None  # sentence and day told of last
        self.last: tuple[int, TimeMention] | None = None  # sentence and date told of last
        self.w = words()
        self.units = unit_of()
        self._names: dict[int, tuple[int, int]] | None = None

    def low(self, at: int) -> str:
        """The lower-cased word at a token of the sentence, else ''."""
        return self.lower[at] if self.start <= at < self.end else ""

    def is_name(self, at: int, *, ahead: bool) -> bool:
        """Whether a name takes in the token and the one ahead of or behind it."""
        if self._names is None:
            self._names = {}
            for start, end, label in self.parse.ents:
                if label in NO_TIME:
                    for token in range(start, end):
                        self._names[token] = (start, end)
        held = self._names.get(at)
        if held is None:
            return False
        beside = at + 1 if ahead else at - 1
        return held[0] <= beside < held[1] and self.parse.tags[beside] in ("NNP", "NNPS")

    # -- making mentions --------------------------------------------------------------------

    def date(
        self, start: int, end: int, period: c.Period, value: str | None = None,
        *, anchor: str = "none", kind: str = "DATE",
    ) -> TimeMention:  # fmt: skip
        """A mention that covers a period."""
        return TimeMention(
            start, end, kind, value or period.value, period.start, period.end, period.precision,
            anchor, period.edtf,
        )  # fmt: skip

    def plain(
        self, start: int, end: int, kind: str, value: str, anchor: str = "none"
    ) -> TimeMention:
        """A mention with a value but no days."""
        return TimeMention(start, end, kind, value, None, None, "unknown", anchor)

    def remember(self, mention: TimeMention) -> None:
        """Take a mention as the date in focus for those that follow."""
        if mention.date_start is None or mention.timex_type not in ("DATE", "TIME"):
            return
        if self._of_whom(mention):
            return
        self.last = self.sent, mention
        if mention.date_precision == "day":
            self._days = self.sent, mention.date_start

    def _of_whom(self, mention: TimeMention) -> bool:
        """ "The minister, who took office on 13 May, resigned": no day of the story."""
        token = mention.start
        for _ in range(5):
            if self.parse.deps[token] == "relcl":
                return any(self.lower[c] == "who" for c in self.parse.children[token])
            token = self.parse.heads[token]
        return False

    @property
    def focus(self) -> dt.date | None:
        """The day told of last, a few sentences back at most."""
        if self._days is None or self.sent - self._days[0] > FOCUS_SENTENCES:
            return None
        return self._days[1]

    def base(self, unit: str) -> tuple[dt.date | None, str]:
        """What "two years later" counts from: the date told of last, when it is fine enough."""
        if unit in ("M", "Q", "Y", "DE", "CE") and self.last is not None:
            sent, mention = self.last
            fine = mention.date_precision in ("day", "week", "month") or unit not in ("M", "Q")
            if self.sent - sent <= FOCUS_SENTENCES and fine:
                return mention.date_start, "focus"
        return self.near()

    def near(self) -> tuple[dt.date | None, str]:
        """The day in focus, else that of publication, and which."""
        return (self.focus, "focus") if self.focus else (self.published, "publication")

    # -- small readings ---------------------------------------------------------------------

    def year_behind(self, end: int) -> tuple[int, int | None]:
        """A year behind `end` ("March 5, 2024", "May of this year"): (new end, year)."""
        step = end + 1 if self.low(end) in (",", "of", "in") else end
        if self.low(step) in ("'", "’") or self.low(step)[:1] in ("'", "’"):
            short = self.short_year(step)
            if short is not None:
                return short
        if YEAR.match(self.low(step)) and not (
            self.low(end) == "in" or self.low(step + 1) in self.units
        ):
            return step + 1, int(self.low(step))
        step = end + 1 if self.low(end) == "of" else end
        if self.published and self.low(step + 1) == "year":
            way = self.way_at(step)
            if way is not None:
                return step + 2, self.published.year + way
        return end, None

    def short_year(self, at: int) -> tuple[int, int] | None:
        """ "'84" in one token or two: (the token behind it, 1984)."""
        word = self.low(at) + (self.low(at + 1) if self.low(at) in ("'", "’") else "")
        digits = word[1:]
        if len(digits) != 2 or not digits.isdigit():
            return None
        end = at + (2 if self.low(at) in ("'", "’") else 1)
        if self.low(end) in self.units:
            return None
        return end, int(digits) + (1900 if int(digits) > 40 else 2000)

    def month_at(self, at: int) -> int | None:
        """The number of the month a token names."""
        word = self.low(at)
        number = self.w["month"].get(word)
        if number is None:
            return None
        if not self.parse.words[at][0].isupper():  # texts all in lower case have "march 16"
            numbered = DAY.match(self.low(at + 1)) or DAY.match(self.low(at - 1))
            return int(number) if numbered and len(word) > 3 else None
        if word in ("may", "march", "mar.") and self.parse.pos[at] not in ("PROPN", "NOUN"):
            return None
        return int(number)

    def weekday_at(self, at: int) -> int | None:
        """1 Monday … 7 of the weekday a token names."""
        word = self.low(at)
        number = self.w["weekday"].get(word)
        if number is None or not (self.parse.words[at][0].isupper() or len(word) > _ABBREVIATED):
            return None
        if word in ("sun.", "sat.") and not DAY.match(self.low(at + 1)) and word == "sun.":
            return None
        return int(number)

    def way_at(self, at: int) -> int | None:
        """−1, 0, 1 for last, this, next."""
        word = self.low(at)
        for kind in ("last", "this", "next"):
            if word in self.w[kind]:
                return int(self.w[kind][word])
        return None

    def number(self, at: int) -> tuple[str | None, int]:
        """A number in digits or words: (its text, "X" when vague; the token behind it)."""
        word = self.low(at)
        if not word:
            return None, at
        if NUMBER.match(word):
            value = float(word.replace(",", ""))
            return self._with_half(at + 1, value)
        if word in self.w["vague"]:
            end = at + 1
            if self.low(end) == "of" and word in ("couple", "hundreds", "dozens"):
                end += 1
            return self.w["vague"][word], end
        if word in ("a", "an"):
            return self._article(at)
        if word not in self.w["number"] and word not in self.w["scale"]:
            return None, at
        total, end = 0.0, at
        while end < self.end:
            word = self.low(end)
            if word in self.w["number"] and word not in ("a", "an"):
                total += float(self.w["number"][word])
            elif word in self.w["scale"]:
                total = max(total, 1.0) * float(self.w["scale"][word])
            elif not (word == "-" and self.low(end + 1) in self.w["number"]):
                break
            end += 1
        if self.low(end - 1) == "half" and self.low(end) in ("a", "an"):
            end += 1
        return self._with_half(end, total)

    def _article(self, at: int) -> tuple[str | None, int]:
        behind = self.low(at + 1)
        if behind == "half":
            return "0.5", at + 2
        if behind in ("few", "couple") or behind in self.w["scale"]:
            return self.number(at + 1)
        if behind in self.w["number"] and behind not in ("a", "an"):
            return self.number(at + 1)
        if NUMBER.match(behind):
            return self.number(at + 1)
        return self._with_half(at + 1, 1.0)

    def _with_half(self, end: int, value: float) -> tuple[str, int]:
        """ "2 1/2", "three and a half", "three-and-a-half"."""
        if self.low(end) in ("1/2", "½"):
            return f"{value + 0.5:g}", end + 1
        words = [self.low(end + n) for n in range(6)]
        if words[:3] == ["and", "a", "half"]:
            return f"{value + 0.5:g}", end + 3
        if words[:6] == ["-", "and", "-", "a", "-", "half"]:
            return f"{value + 0.5:g}", end + 6
        return f"{value:g}", end


Reader = Callable[[Scan, int], TimeMention | None]


def letter(unit: str) -> str:
    """The letter of a unit in a value of unknown count: PXW."""
    return "W" if unit == "F" else unit


def period_value(number: str, unit: str) -> str:
    """TIMEX3 of a duration: P3M, PT24H, PXD; decades and centuries in years."""
    if unit.startswith("T"):
        return f"PT{number}{unit[1]}"
    if number == "X":
        return f"PX{letter(unit)}"
    scale = {"DE": 10, "CE": 100, "ML": 1000, "F": 2, "Q": 3}.get(unit, 1)
    name = {"DE": "Y", "CE": "Y", "ML": "Y", "F": "W", "Q": "M"}.get(unit, unit)
    return f"P{float(number) * scale:g}{name}"


def back_from(day: dt.date, unit: str, count: float, way: int) -> c.Period | None:
    """The days from one `count` units off up to `day` ("the past three weeks")."""
    hours = {"TH": 1 / 24, "TM": 0.0, "TS": 0.0, "D": 1, "W": 7, "WE": 7, "F": 14, "M": 30.44,
             "Q": 91.3, "Y": 365.25, "DE": 3652.5, "CE": 36525.0}  # fmt: skip
    if unit not in hours or count * hours[unit] > 200_000:
        return None
    other = day + dt.timedelta(days=round(way * hours[unit] * count))
    precision = {"W": "week", "F": "week", "M": "month", "Q": "quarter"}.get(unit, "day")
    if unit in ("Y", "DE", "CE"):
        precision = "year"
    return c.Period(min(day, other), max(day, other), "", precision)
