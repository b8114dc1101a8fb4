"""Which reports tell of one event.

Reports are taken in the order in which they were published and each joins the earlier report it
agrees with best (`agreement`), or begins an event of its own. The id of an event is the digest of
its first report's mention. So the result is a function of the set of reports, not of the order or
batches of loading; a report published later joins without changing an id. What this costs: when
an article is loaded that was published *before* the first report of an event it tells of, the
event takes its id from that article from then on.

What a report joined is kept (`links`), so that a batch need only be compared with the earlier
reports that share a block with it, and nothing else has to be decided again.

Agreement asks for one family of types or words for one act, parties that do not contradict each
other, days that overlap, one country, and something in common between the sentences themselves.
Whether that is enough is weighed with the likeness of the articles.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b, sha256

from transforms.nlp.acts import acts_of, stem
from transforms.nlp.likeness import DESCRIBED, NAMED, OTHER, Traits, both, meets, overlap, traits_of

_FAMILIES = {
    "CONCEDE": "YIELD", "RETREAT": "YIELD",
    "SANCTION": "PRESSURE", "COERCE": "PRESSURE",
    "AGREE": "ACCORD", "SUPPORT": "ACCORD",  # an agreement is signed
}  # fmt: skip
_MUTUAL = frozenset({"", "CONSULT", "AGREE", "COOPERATE"})
_MELEES = frozenset({"", "ASSAULT", "PROTEST", "MOBILIZE", "RETREAT"})
_VAGUE = frozenset({"unknown", "year"})
_NOT_REAL = frozenset({"negated", "denied"})
# Days. A report that names no day is of the week before its article, one that takes the day of
# another clause ("said on Tuesday") may be `_EARLY` day older; days told may be `_REACH` apart,
# at a price (the night, two time zones); a period longer than `_LONG` says only a year; a
# block spans `_BLOCK` days.
_WEEK, _REACH, _EARLY, _LONG, _BLOCK = 7, 1, 1, 62, 7
# Names of the article, and words of it that the sentence has, that a report can be found by.
_NAMES, _STORY_WORDS = 6, 12
# Evidence that two reports tell of one event: a logistic model fitted to ECB+ by topic
# (benchmarks/score_identity.py), rounded.
_STORY = 4.0  # times the likeness of the articles' names
_STRANGERS = -1.5  # two names or more in each article, none in common
_TEXT = 4.0  # times that of the articles' words
_WORDS = 1.0  # times that of the sentences' words
_NUMBER = 1.0  # each number in common, two at most
_NAMED = 1.0  # each side with a name in common
_DESCRIBED = 0.7  # each side with a description in common
_OTHER = -1.0  # each side with other names
_WORD = 1.3  # the same trigger word
_OTHER_ACT = -5.0  # words of other acts
_OTHER_KIND = -1.3  # types of other families
_NEXT_DAY = -0.8
_A_DAY = -0.3  # each day between articles where neither says when
_ELSEWHERE = -2.5  # another place, both told
_ONE_ARTICLE = -4.3  # one article tells of several events
_OTHER_WORD = -1.5  # and calls them by other words
_NEEDED = 4.2
# What the sentences themselves must have in common, however alike the articles are.
_HERE, _HERE_ONE = 0.8, 1.5


@dataclass(frozen=True, slots=True)
class ReportKey:
    """What identity is decided on: one event mention.

    `content` holds the marks of `likeness.content_of`; `reported_on` is the day the article was
    published, `date_method` as in `event_mentions`.
    """

    event_mention_id: str
    article_id: str
    event_type: str
    modality: str
    initiators: tuple[str, ...]
    recipients: tuple[str, ...]
    date_start: dt.date | None
    date_end: dt.date | None
    date_precision: str
    place_id: str | None
    country_code: str | None
    trigger_lemma: str
    content: tuple[str, ...]
    reported_on: dt.date | None = None
    date_method: str | None = None

    def __hash__(self) -> int:
        return hash(self.event_mention_id)  # the fields would be hashed for every comparison


def family(event_type: str) -> str:
    """Type family: types in which two desks may code one and the same act."""
    return _FAMILIES.get(event_type, event_type)


def block_keys(report: ReportKey) -> list[int]:
    """Keys of which two reports of one event share at least one, each a digest of 63 bits.

    A kind (type family, stem of the trigger word) with one anchor (party, country of the place,
    a name or a common word of the article) and a week. A report without a date meets those of its
    weeks of publication, one of more than two months those that begin in its year, so that
    no block grows with the years.
    """
    kinds = {f"~{stem(report.trigger_lemma)}"}
    kinds |= {family(report.event_type)} if report.event_type else acts_of(report.trigger_lemma)
    anchors = {*report.initiators, *report.recipients}
    if report.country_code:
        anchors.add(report.country_code)
    anchors.update([word for word in report.content if word.startswith("n:")][:_NAMES])
    told = {word[2:] for word in report.content if word.startswith("w:")}
    story = [word for word in report.content if word.startswith("d:")][:_STORY_WORDS]
    anchors.update(word for word in story if word[2:] in told)
    found = {f"{k}|{a}|{when}" for k in kinds for a in anchors for when in _buckets(report)}
    return sorted({_digest(key) for key in found})


def _digest(key: str) -> int:
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "big") >> 1


def _buckets(report: ReportKey) -> list[str]:
    """What stands for the days of a report in its block keys."""
    days = _days(report)
    if days is None:
        return ["?"]
    first, last = days
    if last - first > _LONG:
        return [f"{dt.date.fromordinal(first).year}-"]
    # stretched so that days within reach of each other fall into one bucket or neighbours
    first, last = (first - _REACH // 2) // _BLOCK, (last + (_REACH + 1) // 2) // _BLOCK
    return [str(number) for number in range(first, last + 1)]


def _is_told(report: ReportKey) -> bool:
    return report.date_start is not None and report.date_method != "publication"


def _days(report: ReportKey) -> tuple[int, int] | None:
    """First and last day, as ordinals, on which a report may place its event."""
    if _is_told(report) and report.date_start is not None:
        last = report.date_end or report.date_start
        early = _EARLY if report.date_method == "inherited" else 0
        return report.date_start.toordinal() - early, last.toordinal()
    told = report.reported_on or report.date_start
    return (told.toordinal() - _WEEK, told.toordinal()) if told else None


def same_event(a: ReportKey, b: ReportKey) -> bool:
    """Do two reports tell of one event?"""
    return a.event_mention_id == b.event_mention_id or agreement(a, b) >= 0


def agreement(a: ReportKey, b: ReportKey) -> float:
    """How surely two reports tell of one event: log odds, −99 where they contradict each other.

    `a` is the earlier report.
    """
    gap = _gap(_days(a), _days(b))
    acts = acts_of(a.trigger_lemma) & acts_of(b.trigger_lemma)
    kinds = {family(report.event_type) for report in (a, b) if report.event_type}
    same_kind = len(kinds) == 1 and bool(a.event_type and b.event_type)
    if gap > _REACH or not (acts or same_kind) or _contradict(a, b):
        return _NEVER
    one, two = _traits(a), _traits(b)
    sides = _sides(one, two, mutual=a.event_type in _MUTUAL or "fight" in acts)
    named, described, others = (sides.count(kind) for kind in (NAMED, DESCRIBED, OTHER))
    strict = a.event_type not in _MELEES  # met Xi, met Putin: two meetings
    if others == 2 or (others and (strict or not named)):
        return _NEVER
    numbers, words = min(2, len(one.numbers & two.numbers)), overlap(one.words, two.words)
    together = a.article_id == b.article_id
    here = named + 0.7 * described + 0.5 * numbers + 2 * words
    if here < (_HERE_ONE if together else _HERE) and _has_parties(a) and _has_parties(b):
        return _NEVER
    same_word = stem(a.trigger_lemma) == stem(b.trigger_lemma)
    apart = bool(a.place_id and b.place_id and a.place_id != b.place_id)
    score = _WORDS * words + _NUMBER * numbers
    score += _NAMED * named + _DESCRIBED * described + _OTHER * others
    score += _WORD * same_word + _OTHER_ACT * (not acts) + _OTHER_KIND * (len(kinds) == 2)
    score += _NEXT_DAY * (gap > 0) + _A_DAY * _silence(a, b) + _ELSEWHERE * apart
    score += _ONE_ARTICLE + _OTHER_WORD * (not same_word) if together else 0.0
    score += _stories(one, two)
    if named == 2 and same_kind and _same_day(a, b) and not apart and (acts or strict):
        score = max(score, _NEEDED)
    return score - _NEEDED


def _contradict(a: ReportKey, b: ReportKey) -> bool:
    """Is one told and the other denied, or are they of two countries?"""
    if (a.modality in _NOT_REAL) != (b.modality in _NOT_REAL):
        return True
    return bool(a.country_code and b.country_code and a.country_code != b.country_code)


def _stories(a: Traits, b: Traits) -> float:
    """What the likeness of the articles is worth."""
    names = overlap(a.names, b.names)
    strangers = not names and len(a.names) > 1 and len(b.names) > 1
    return _STORY * names + _TEXT * overlap(a.story, b.story) + _STRANGERS * strangers


_NEVER = -99.0


def _has_parties(report: ReportKey) -> bool:
    return bool(report.initiators or report.recipients)


def _silence(a: ReportKey, b: ReportKey) -> int:
    """Days between two articles neither of which says when; 0 if one does."""
    if _is_told(a) or _is_told(b) or a.reported_on is None or b.reported_on is None:
        return 0
    return abs((a.reported_on - b.reported_on).days)


def _same_day(a: ReportKey, b: ReportKey) -> bool:
    return (
        a.date_start is not None
        and a.date_start == b.date_start
        and a.date_precision not in _VAGUE
        and b.date_precision not in _VAGUE
    )


def _gap(a: tuple[int, int] | None, b: tuple[int, int] | None) -> int:
    """Days between two stretches of days, 0 where they overlap or one is not known."""
    if a is None or b is None:
        return 0
    return max(0, a[0] - b[1], b[0] - a[1])


def _sides(a: Traits, b: Traits, *, mutual: bool) -> tuple[int, int]:
    """How the sides meet: straight or, in what both do (a meeting), swapped if that fits better."""
    if a.initiators == a.recipients and b.initiators == b.recipients:
        return both(a.initiators, b.initiators)
    straight = meets(a.initiators, b.initiators), meets(a.recipients, b.recipients)
    if not mutual:
        return straight
    swapped = meets(a.initiators, b.recipients), meets(a.recipients, b.initiators)
    return max((straight, swapped), key=lambda pair: (sum(pair), min(pair)))


@lru_cache(maxsize=20_000)
def _traits(report: ReportKey) -> Traits:
    return traits_of(report.content, report.initiators, report.recipients)


def order_of(report: ReportKey) -> tuple[dt.date, str, str]:
    """What reports are taken in the order of: day of publication, then ids."""
    return (report.reported_on or dt.date.max, report.article_id, report.event_mention_id)


def links(
    fresh: Iterable[ReportKey],
    settled: Iterable[ReportKey] = (),
    joined: Mapping[str, ReportKey] | None = None,
    keys: Mapping[str, list[int]] | None = None,
) -> dict[str, str | None]:
    """event_mention_id → the earlier report it agrees with best, None for the first of its event.

    Of several that agree equally the earliest counts. `settled` are earlier reports that share a
    block with a fresh one; `joined` gives what each of them joined. Answers for all of `fresh`,
    and for those of `settled` that now join a fresh report instead. `keys` are block keys where
    the caller has them.
    """
    known, before, fresh = keys or {}, joined or {}, list(fresh)
    new = {report.event_mention_id for report in fresh}
    ordered = sorted([*fresh, *settled], key=order_of)
    found: dict[str, str | None] = {}
    everyone: dict[int, list[int]] = {}
    newcomers: dict[int, list[int]] = {}
    for number, report in enumerate(ordered):
        key = report.event_mention_id
        blocked = known.get(key) or block_keys(report)
        blocks = everyone if key in new else newcomers
        held = None if key in new else before.get(key)
        best = (0.0, None) if held is None else (agreement(held, report), order_of(held))
        match = None
        for index in sorted({i for block in blocked for i in blocks.get(block, ())}):
            other = ordered[index]
            sure = agreement(other, report)
            if sure > best[0] or (
                sure == best[0] and (best[1] is None or order_of(other) < best[1])
            ):
                best, match = (sure, order_of(other)), other.event_mention_id
        if key in new or match is not None:
            found[key] = match
        for block in blocked:
            everyone.setdefault(block, []).append(number)
            if key in new:
                newcomers.setdefault(block, []).append(number)
    _traits.cache_clear()  # of these reports; the next batch has others
    return found


def event_ids(parents: Mapping[str, str | None]) -> dict[str, str]:
    """event_mention_id → event_id, from what each report joined: the digest of the first."""
    roots: dict[str, str] = {}
    for key in parents:
        path, at = [], key
        while at not in roots and (parent := parents.get(at)) is not None:
            path.append(at)
            at = parent
        root = roots.get(at, at)
        roots.update(dict.fromkeys([*path, at], root))
    return {key: sha256(f"event|{roots[key]}".encode()).hexdigest()[:32] for key in parents}


def assign(reports: Iterable[ReportKey]) -> dict[str, str]:
    """event_mention_id → event_id, of all reports at once."""
    return event_ids(links(reports))
