"""How surely two reports tell of one event.

Agreement asks for one family of types or words for one act, parties that do not contradict each
other, days that overlap, one country, and something in common between the sentences themselves.
Whether that is enough is weighed with the likeness of the articles.
"""

from __future__ import annotations

from transforms.nlp.identity.acts import acts_of, stem
from transforms.nlp.identity.likeness import (
    DESCRIBED,
    NAMED,
    OTHER,
    UNLIKE,
    Traits,
    both,
    meets,
    overlap,
    traits_of,
)
from transforms.nlp.identity.reports import (
    REACH,
    ReportKey,
    anchors_of,
    days_of,
    family,
    is_told,
    order_of,
)
from transforms.plover import having

_MUTUAL = having("mutual") | {""}
_MELEES = having("melee") | {""}
_VAGUE = frozenset({"unknown", "year"})
_ABOUT = having("about")  # types whose object tells one act from another
# Evidence that two reports tell of one event: a logistic model fitted to ECB+ by topic
# (benchmarks/score_identity.py), rounded.
_STORY = 4.0  # times the likeness of the articles' names
_STRANGERS = -1.5  # two names or more in each article, none in common
_TEXT = 4.0  # times that of the articles' words
_WORDS = 1.0  # times that of the sentences' words
_NUMBER = 1.0  # each number in common, two at most
_NAMED = 1.0  # each side with a name in common
_DESCRIBED = 0.3  # each side with a description in common
_OTHER = -1.0  # each side with other names
_UNLIKE = -2.0  # each side with names of other sorts
_COUNTS = -1.0  # each kind of people counted otherwise
_WORD = 1.3  # the same trigger word
_OTHER_ACT = -6.0  # words of other acts
_OTHER_KIND = -1.3  # types of other families
_NEXT_DAY = -0.8
_A_DAY = -0.3  # each day between articles where neither says when
_ELSEWHERE = -7.0  # another town or province, both told
_HERE_TOO = 1.6  # the same town
_OTHER_OBJECT = -5.5  # asked, blamed, promised for something else
_STORY_TOO = 0.4  # half as much where the articles have so many words in common
_SAME_OBJECT = 1.0  # times the likeness of what it is about
_NAMES_HERE = 1.2  # times that of the sentences' names
_NO_NAME_HERE = -1.0  # names in each sentence, none in common
_ONE_ARTICLE = -4.9  # one article tells of several events
_OTHER_WORD = -1.5  # and calls them by other words
_NEEDED = 4.2
# What the sentences themselves must have in common, however alike the articles are.
# Likeness of the articles' words without which reports that no name or place is common to differ.
_ANYWHERE = 0.55
_FRAME, _VERBATIM = 0.75, 0.9  # likeness of sentences that are one frame, or one sentence
_HERE, _HERE_ONE = 0.8, 1.5
# Anchors in common without which no pair is looked at. Of what one anchor brings together, half
# the pairs of ECB+ and three quarters of a month of news, hardly one in fifty is of one event.
ANCHORS = 2
NEVER = -99.0


class Look:
    """A report, and what every comparison asks of it."""

    __slots__ = (
        "about", "acts", "anchors", "days", "family", "has_parties", "is_negated", "is_told",
        "mutual", "order", "precise", "report", "stem", "strict", "together", "traits",
    )  # fmt: skip

    def __init__(self, report: ReportKey) -> None:
        self.report = report
        self.order = order_of(report)
        self.days = days_of(report)
        self.anchors = anchors_of(report)
        self.acts = acts_of(report.trigger_lemma)
        self.stem = stem(report.trigger_lemma)
        self.family = family(report.event_type)
        self.is_negated = report.modality == "negated"
        self.is_told = is_told(report)
        self.precise = None if report.date_precision in _VAGUE else report.date_start
        self.has_parties = bool(report.initiators or report.recipients)
        self.strict = report.event_type not in _MELEES  # met Xi, met Putin: two meetings
        self.about = report.event_type in _ABOUT
        self.mutual = report.event_type in _MUTUAL or "fight" in self.acts
        self.traits = traits_of(report.content, report.initiators, report.recipients)
        # the sides are told as one: "Seoul and Beijing agreed"
        self.together = self.traits.initiators == self.traits.recipients


def agreement(a: Look, b: Look) -> float:
    """How surely two reports tell of one event: log odds, `NEVER` where they contradict each other.

    `a` is the earlier report.
    """
    gap = _gap(a.days, b.days)
    if gap > REACH or a.is_negated != b.is_negated or len(a.anchors & b.anchors) < ANCHORS:
        return NEVER
    one, two = a.report, b.report
    if one.country_code and two.country_code and one.country_code != two.country_code:
        return NEVER
    acts = a.acts & b.acts
    same_kind = a.family == b.family != ""
    if not (acts or same_kind):
        return NEVER
    mine, yours = a.traits, b.traits
    first, second = _sides(a, b, mutual=a.mutual or "fight" in acts)
    named = (first == NAMED) + (second == NAMED)
    others = (first == OTHER) + (second == OTHER)
    if others == 2 or (others and (a.strict or not named)):
        return NEVER
    if a.mutual and b.mutual and a.strict and _meet_others(mine, yours):
        return NEVER
    town = bool(mine.towns & yours.towns)
    told = named or town or mine.names & yours.names or _of_one_country(a, b)
    if not told and overlap(mine.story, yours.story) < _ANYWHERE:
        return NEVER  # police and protesters of anywhere
    if _is_routine(a, b):
        return NEVER
    described = (first == DESCRIBED) + (second == DESCRIBED)
    numbers = min(2, len(mine.numbers & yours.numbers))
    words, objects = overlap(mine.words, yours.words), overlap(mine.objects, yours.objects)
    together = one.article_id == two.article_id
    here = named + 0.7 * (described + town) + 0.5 * numbers + 2 * max(words, objects)
    if here < (_HERE_ONE if together else _HERE) and a.has_parties and b.has_parties:
        return NEVER
    same_word = a.stem == b.stem
    two_kinds = a.family != b.family and bool(a.family and b.family)
    apart = _are_elsewhere(mine, yours)
    named_here = overlap(mine.named, yours.named)
    strangers = bool(mine.named and yours.named and not named_here)
    other_object = a.about and bool(mine.objects and yours.objects) and not objects
    score = _WORDS * words + _NUMBER * numbers + _HERE_TOO * town
    score += _NAMED * named + _DESCRIBED * described + _OTHER * others
    score += _UNLIKE * ((first == UNLIKE) + (second == UNLIKE))
    score += _WORD * same_word + _OTHER_ACT * (not acts) + _OTHER_KIND * two_kinds
    score += _NEXT_DAY * (gap > 0) + _A_DAY * _silence(a, b) + _ELSEWHERE * apart
    score += _ONE_ARTICLE + _OTHER_WORD * (not same_word) if together else 0.0
    score += _stories(mine, yours) + _NAMES_HERE * named_here + _NO_NAME_HERE * strangers
    score += _SAME_OBJECT * objects + _COUNTS * _miscounted(mine, yours)
    if other_object:
        score += _OTHER_OBJECT * (0.5 if overlap(mine.story, yours.story) > _STORY_TOO else 1)
    same_day = a.precise is not None and a.precise == b.precise
    elsewhere = apart or _in_two_places(a, b)
    sure = named == 2 and same_kind and same_day and (acts or a.strict)
    if sure and not (elsewhere or other_object):
        score = max(score, _NEEDED)
    return score - _NEEDED


def _is_routine(a: Look, b: Look) -> bool:
    """One frame again on another day or with other numbers, or verbatim beside other names."""
    mine, yours = a.traits, b.traits
    alike = overlap(mine.words, yours.words)
    if alike < _FRAME:
        return False
    other_day = a.precise is not None and b.precise is not None and a.precise != b.precise
    if other_day and a.is_told and b.is_told:
        return True
    if mine.numbers and yours.numbers and not mine.numbers & yours.numbers:
        return True
    return alike >= _VERBATIM and bool(mine.names and yours.names and not mine.names & yours.names)


def _in_two_places(a: Look, b: Look) -> bool:
    """Two places are told, of which neither is known to hold the other."""
    one, two = a.report.place_id, b.report.place_id
    return bool(one and two and one != two and not a.traits.provinces & b.traits.provinces)


def _of_one_country(a: Look, b: Look) -> bool:
    return a.report.country_code is not None and a.report.country_code == b.report.country_code


def _meet_others(a: Traits, b: Traits) -> bool:
    """Do two meetings of two people or more have no two in common?"""
    one = a.initiators.people | a.recipients.people
    two = b.initiators.people | b.recipients.people
    return min(len(one), len(two)) > 1 and len(one & two) < 2


def _miscounted(a: Traits, b: Traits) -> int:
    """Kinds of people that both count, and otherwise."""
    one, two = (dict(c.split(" ") for c in traits.counts) for traits in (a, b))
    return sum(one[kind] != two[kind] for kind in one.keys() & two.keys())


def _are_elsewhere(a: Traits, b: Traits) -> bool:
    if a.towns and b.towns:
        return not a.towns & b.towns
    return bool(a.provinces and b.provinces and not a.provinces & b.provinces)


def _stories(a: Traits, b: Traits) -> float:
    """What the likeness of the articles is worth."""
    names = overlap(a.names, b.names)
    strangers = not names and len(a.names) > 1 and len(b.names) > 1
    return _STORY * names + _TEXT * overlap(a.story, b.story) + _STRANGERS * strangers


def _silence(a: Look, b: Look) -> int:
    """Days between two articles neither of which says when; 0 if one does."""
    one, two = a.report.reported_on, b.report.reported_on
    if a.is_told or b.is_told or one is None or two is None:
        return 0
    return abs((one - two).days)


def _gap(a: tuple[int, int] | None, b: tuple[int, int] | None) -> int:
    """Days between two stretches of days, 0 where they overlap or one is not known."""
    if a is None or b is None:
        return 0
    return max(0, a[0] - b[1], b[0] - a[1])


def _sides(a: Look, b: Look, *, mutual: bool) -> tuple[int, int]:
    """How the sides meet: straight or, in what both do (a meeting), swapped if that fits better."""
    one, two = a.traits, b.traits
    if a.together and b.together:
        return both(one.initiators, two.initiators)
    straight = meets(one.initiators, two.initiators), meets(one.recipients, two.recipients)
    if not mutual:
        return straight
    swapped = meets(one.initiators, two.recipients), meets(one.recipients, two.initiators)
    return max((straight, swapped), key=lambda pair: (sum(pair), min(pair)))
