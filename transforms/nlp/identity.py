"""Which reports tell of one event.

Reports are taken in the order in which they were published and each joins the earliest report it
agrees with (`same_event`), or begins an event of its own. The id of an event is the digest of its
first report's mention. So the result is a function of the set of reports, not of the order or
batches of loading; a report published later joins without changing an id. What this costs: when
an article is loaded that was published *before* the first report of an event it tells of, the
event takes its id from that article from then on.

What a report joined is kept (`links`), so that a batch need only be compared with the earlier
reports that share a block with it, and nothing else has to be decided again.

Agreement asks for one family of types (or one trigger word), parties that do not contradict each
other, days that overlap, compatible places, and enough in common: a party on each side, or one
party and words of the story.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b, sha256

from transforms.nlp.parse import Parse

_FAMILIES = {
    "CONCEDE": "YIELD", "RETREAT": "YIELD",
    "SANCTION": "PRESSURE", "COERCE": "PRESSURE",
}  # fmt: skip
_MEETINGS = frozenset({"CONSULT", "AGREE", "SUPPORT", "COOPERATE", "AID"})
_VAGUE = frozenset({"unknown", "year"})
_NOT_REAL = frozenset({"negated", "denied"})
CONTENT_LIMIT = 48
# Evidence that two reports tell of one event; tuned on ECB+ (benchmarks/score_identity.py).
_SHARED = 0.4  # each side with a party in common
_STORY = 4.0  # times the likeness of the articles' names
_WORDS = 1.0  # times the likeness of the sentences' words
_WORD = 1.2  # the same trigger word
_DAY = 0.4  # the same day, told to the day
_NEEDED = 2.5
_ALIKE = 0.3  # likeness of words that outweighs two names of the place
_SHORT, _LONG = 7, 62  # days


@dataclass(frozen=True, slots=True)
class ReportKey:
    """What identity is decided on: one event mention.

    `content` holds words of the story as `content_of` gives them; `reported_on` is the day the
    article was published.
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


def content_of(parse: Parse, sent: int, names: Sequence[str] | None = None) -> list[str]:
    """Words that mark the story: "n:" names of the article, "w:" nouns and verbs of the sentence.

    `names` are the article's `story_names`, where the caller has them.
    """
    top = story_names(parse) if names is None else names
    where = parse.sents[sent]
    words = {
        parse.lemmas[index].lower()
        for index in range(where.start, where.end)
        if parse.pos[index] in {"NOUN", "VERB", "NUM"} and len(parse.words[index]) > 2
    } - _LIGHT
    kept = sorted(words)[: CONTENT_LIMIT - len(top)]
    return [f"n:{name}" for name in top] + [f"w:{word}" for word in kept]


def story_names(parse: Parse) -> list[str]:
    """The article's names that come most often, then first in the alphabet, at most 32."""
    names: Counter[str] = Counter()
    for index, pos in enumerate(parse.pos):
        if pos == "PROPN" and len(parse.words[index]) > 2 and parse.lower[index] not in _DAYS:
            names[parse.lower[index]] += 1
    return sorted(names, key=lambda name: (-names[name], name))[:32]


_DAYS = frozenset({
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january",
    "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
})  # fmt: skip
_LIGHT = frozenset({"say", "tell", "make", "take", "have", "give", "get", "come", "year", "day"})


def family(event_type: str) -> str:
    """Type family: types in which two desks may code one and the same act."""
    return _FAMILIES.get(event_type, event_type)


def block_keys(report: ReportKey) -> list[int]:
    """Keys of which two reports of one event share at least one, each a digest of 63 bits.

    A kind (type family, or trigger word) with one anchor (party, country of the place, or a name
    of the article) and a day; and a kind with both parties and a month. A report without a date
    meets those of its month of publication, one of more than two months those that begin in its
    year, so that no block grows with the years.
    """
    kinds = {family(report.event_type)} if report.event_type else set()
    kinds.add(f"'{report.trigger_lemma}")
    anchors = {*report.initiators, *report.recipients}
    if report.country_code:
        anchors.add(report.country_code)
    anchors.update([word for word in report.content if word.startswith("n:")][:6])
    days, months = _buckets(report)
    pairs = {"+".join(sorted({a, b})) for a in report.initiators for b in report.recipients}
    found = {f"{kind}|{anchor}|{day}" for kind in kinds for anchor in anchors for day in days}
    found |= {f"{kind}|{pair}|{month}" for kind in kinds for pair in pairs for month in months}
    return sorted({_digest(key) for key in found})


def _digest(key: str) -> int:
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "big") >> 1


def _buckets(report: ReportKey) -> tuple[list[str], list[str]]:
    """(days, months) a report is looked up by; a period of its own when its dates say little."""
    start, end = report.date_start, report.date_end or report.date_start
    if start is None or end is None:
        when = f"?{report.reported_on:%Y-%m}" if report.reported_on else "?"
        return [when], [when]
    length = (end - start).days
    if length > _LONG:
        return [f"{start.year}-"], [f"{start.year}-"]
    all_days = [start + dt.timedelta(days=n) for n in range(length + 1)]
    days = [day.isoformat() for day in all_days] if length <= _SHORT else []
    return days, sorted({day.isoformat()[:7] for day in all_days})


def same_event(a: ReportKey, b: ReportKey) -> bool:
    """Do two reports tell of one event?"""
    if a.event_mention_id == b.event_mention_id:
        return True
    if (a.modality in _NOT_REAL) != (b.modality in _NOT_REAL):
        return False
    if not _dates_fit(a, b):
        return False
    if a.country_code and b.country_code and a.country_code != b.country_code:
        return False
    same_word = a.trigger_lemma == b.trigger_lemma
    same_kind = bool(a.event_type) and family(a.event_type) == family(b.event_type)
    if not same_word and not same_kind:
        return False
    shared, clash = _parties(a, b)
    if clash:
        return False
    story, words = _likeness(a, b)
    if shared == 2 and _same_day(a, b):
        apart = a.place_id and b.place_id and a.place_id != b.place_id
        return not apart or words > _ALIKE
    if a.article_id == b.article_id:
        return (same_word and (shared > 0 or words > 0.2)) or (same_kind and shared > 1)
    score = _SHARED * shared + _STORY * story + _WORDS * words
    score += _WORD if same_word else 0.0
    score += _DAY if _same_day(a, b) else 0.0
    return score >= _NEEDED


def _dates_fit(a: ReportKey, b: ReportKey) -> bool:
    if a.date_start is None or b.date_start is None:
        return True
    end_a, end_b = a.date_end or a.date_start, b.date_end or b.date_start
    return a.date_start <= end_b and b.date_start <= end_a


def _same_day(a: ReportKey, b: ReportKey) -> bool:
    return (
        a.date_start is not None
        and a.date_start == b.date_start
        and a.date_precision not in _VAGUE
        and b.date_precision not in _VAGUE
    )


def _parties(a: ReportKey, b: ReportKey) -> tuple[int, bool]:
    """(sides shared, contradiction). Sides may be swapped, as in a meeting."""
    straight = _sides(a.initiators, b.initiators), _sides(a.recipients, b.recipients)
    swapped = _sides(a.initiators, b.recipients), _sides(a.recipients, b.initiators)
    best = max((straight, swapped), key=lambda pair: (sum(pair), min(pair)))
    shared = sum(value > 0 for value in best)
    if not _named(a, b):
        return shared, False
    other = min(best) < 0  # met Xi, met Putin: two meetings
    strict = a.article_id == b.article_id or a.event_type in _MEETINGS
    return shared, other and (strict or shared == 0)


def _named(a: ReportKey, b: ReportKey) -> bool:
    """Are both sides of both reports known, so that differing parties mean differing events?"""
    return bool(a.initiators and b.initiators and a.recipients and b.recipients)


def _sides(a: tuple[str, ...], b: tuple[str, ...]) -> int:
    """1 one in common, −1 nobody in common, 0 not known."""
    if not a or not b:
        return 0
    return 1 if set(a) & set(b) else -1


def _likeness(a: ReportKey, b: ReportKey) -> tuple[float, float]:
    """(shared share of the article's names, of the sentence's words), each 0 to 1."""
    return _overlap(a, b, "n:"), _overlap(a, b, "w:")


@lru_cache(maxsize=4_000)
def _marked(content: tuple[str, ...]) -> dict[str, frozenset[str]]:
    """Names ("n:") and words ("w:") of a report, apart."""
    return {
        mark: frozenset(word for word in content if word.startswith(mark)) for mark in ("n:", "w:")
    }


def _overlap(a: ReportKey, b: ReportKey, mark: str) -> float:
    one, two = _marked(a.content)[mark], _marked(b.content)[mark]
    if not one or not two:
        return 0.0
    return len(one & two) / (len(one) * len(two)) ** 0.5


Order = tuple[dt.date, str, str]


def order_of(report: ReportKey) -> Order:
    """What reports are taken in the order of: day of publication, then ids."""
    return (report.reported_on or dt.date.max, report.article_id, report.event_mention_id)


def place_of(published_at: dt.datetime | None, article_id: str, event_mention_id: str) -> Order:
    """`order_of` from columns of the warehouse."""
    day = published_at.date() if published_at else dt.date.max
    return (day, article_id, event_mention_id)


def links(
    fresh: Iterable[ReportKey],
    settled: Iterable[ReportKey] = (),
    joined: Mapping[str, Order] | None = None,
    keys: Mapping[str, list[int]] | None = None,
) -> dict[str, str | None]:
    """event_mention_id → the earliest report it agrees with, None for the first of its event.

    `settled` are earlier reports that share a block with a fresh one; `joined` gives the order of
    what each of them joined. Answers for all of `fresh`, and for those of `settled` that now
    join a fresh report instead. `keys` are block keys where the caller has them.
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
        limit = before.get(key)
        match = None
        for index in sorted({i for block in blocked for i in blocks.get(block, ())}):
            other = ordered[index]
            if limit is not None and order_of(other) >= limit:
                break
            if same_event(other, report):
                match = other.event_mention_id
                break
        if key in new or match is not None:
            found[key] = match
        for block in blocked:
            everyone.setdefault(block, []).append(number)
            if key in new:
                newcomers.setdefault(block, []).append(number)
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
