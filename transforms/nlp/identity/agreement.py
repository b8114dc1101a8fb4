"""How surely two reports tell of one event.

Agreement asks for one family of types or words for one act, parties that do not contradict each
other, days that overlap, one country, and something in common between the two texts. What then
speaks for one event and against it are signs, weighed as `lexicons/identity/agreement.tsv` says
(fitted by `benchmarks.fit_identity`).
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from transforms.lexicons import loader
from transforms.nlp.identity.acts import acts_of, stem
from transforms.nlp.identity.likeness import (
    DESCRIBED,
    NAMED,
    OTHER,
    UNLIKE,
    Side,
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
_HAVE_TOLL = having("melee") & having("toll")
_HARM = loader.word_set("words/identity.tsv", "agreement.harm")  # acts
_AT_HOME = loader.word_set("words/identity.tsv", "agreement.at-home")
_ABOUT = having("about")  # types whose object tells one act from another
# Likeness of the articles' words without which reports that no name or place is common to differ.
_ANYWHERE = 0.55
_FRAME, _VERBATIM = 0.75, 0.9  # likeness of sentences that are one frame, or one sentence
_MUCH = 0.5  # likeness of sentences of two articles on one act and its toll
_STRANGERS = 0.5  # likeness of names up to which one sentence stands beside other names
# What two sentences should have in common, and those of one article must.
_HERE, _HERE_TOGETHER = 0.8, 0.7
_STORY_TOO = 0.4  # likeness of articles of which one may ask in other words than the other
_SILENT = 7  # days
# Anchors in common without which no pair is looked at. Of what one anchor brings together, half
# the pairs of ECB+ and three quarters of a month of news, hardly one in fifty is of one event.
ANCHORS = 2
NEVER = -99.0
WEIGHTS = "identity/agreement.tsv"


class Signs(NamedTuple):
    """What speaks for and against one event behind two reports; 0 where it does not hold."""

    story_names: float
    story_words: float
    strangers: float
    words: float
    objects: float
    other_object: float
    other_object_of_one_story: float
    names_of_one_text_only: float
    numbers: float
    other_numbers: float
    named: float
    both_named: float
    described: float
    otherwise_described: float
    others: float
    unlike: float
    both_have_sides: float
    nothing_in_common: float
    same_people: float
    miscounted: float
    same_word: float
    other_act: float
    other_act_of_one_type: float
    other_act_town_and_day: float
    other_act_sides_and_day: float
    other_type: float
    other_family: float
    same_day: float
    next_day: float
    silence: float
    same_town: float
    same_country: float
    elsewhere: float
    two_places: float
    together: float
    together_other_word: float
    together_words: float


@cache
def weights() -> tuple[float, Signs]:
    """Log odds whatever the signs are, and those that each sign adds for each unit."""
    rows = loader.table(WEIGHTS, ("sign", "weight"))
    told = {row["sign"]: float(row["weight"]) for row in rows}
    return told.pop("always"), Signs(**told)


class Look:
    """A report, and what every comparison asks of it."""

    __slots__ = (
        "about", "acts", "anchors", "days", "family", "has_parties", "has_toll", "is_harm",
        "is_negated", "is_told", "mutual", "order", "precise", "report", "stem", "strict",
        "together", "traits",
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
        self.has_toll = report.event_type in _HAVE_TOLL
        self.is_harm = not self.acts.isdisjoint(_HARM)
        self.mutual = report.event_type in _MUTUAL or "fight" in self.acts
        self.traits = traits_of(report.content, report.initiators, report.recipients)
        # the sides are told as one: "Seoul and Beijing agreed"
        self.together = self.traits.initiators == self.traits.recipients


def agreement(a: Look, b: Look) -> float:
    """How surely two reports tell of one event: log odds, `NEVER` where they contradict each other.

    `a` is the earlier report.
    """
    told = signs(a, b)
    if told is None:
        return NEVER
    score, weight = weights()
    for value, each in zip(told, weight, strict=True):
        score += value * each
    return max(score, 0.0) if _is_sure(a, told) or _is_its_toll(a, b, told) else score


def _is_sure(a: Look, told: Signs) -> bool:
    """Both sides by name, the day, the kind of act: enough, unless place or object differ.

    With the town too: "signed a ceasefire", "the truce" in Addis Ababa, whatever their types.
    """
    if not (told.both_named and told.same_day) or told.elsewhere or told.two_places:
        return False
    if told.same_town and not told.other_act:
        return True
    alike = not told.other_family and (a.strict or not told.other_act)
    return bool(alike and not told.other_object)


def _is_its_toll(a: Look, b: Look, told: Signs) -> bool:
    """ "A drone struck a market and killed 40": an act and whom it harmed, of one place and day.

    In one sentence that says when, or told by two articles in much the same words.
    """
    mine, yours = a.traits, b.traits
    one, two = a.report, b.report
    if not (a.has_toll and b.has_toll and (a.is_harm or b.is_harm)) or told.unlike or told.others:
        return False
    if one.modality != two.modality or one.place_id is None or one.place_id != two.place_id:
        return False
    if not told.together:
        return bool(told.same_day and told.words >= _MUCH and (told.same_town or told.objects))
    same_sentence = (mine.words, mine.named, mine.numbers) == (
        yours.words, yours.named, yours.numbers
    )  # fmt: skip
    return bool(same_sentence and told.same_day and a.is_told and b.is_told)


def signs(a: Look, b: Look) -> Signs | None:
    """What speaks for and against one event behind two reports; None where it cannot be one."""
    gap = _gap(a.days, b.days)
    if gap > REACH or a.is_negated != b.is_negated or len(a.anchors & b.anchors) < ANCHORS:
        return None
    one, two = a.report, b.report
    if one.country_code and two.country_code and one.country_code != two.country_code:
        return None
    if _acts_abroad(a, b) or _acts_abroad(b, a):
        return None
    acts = a.acts & b.acts
    if not (acts or a.family == b.family != ""):
        return None
    mine, yours = a.traits, b.traits
    first, second = _sides(a, b, mutual=a.mutual or "fight" in acts)
    named = (first == NAMED) + (second == NAMED)
    others = (first == OTHER) + (second == OTHER)
    if others == 2 or (others and a.strict):
        return None
    if a.mutual and b.mutual and a.strict and _meet_others(mine, yours):
        return None
    town = bool(mine.towns & yours.towns or mine.regions & yours.regions)
    of_one_country = one.country_code is not None and one.country_code == two.country_code
    names, story = overlap(mine.names, yours.names), overlap(mine.story, yours.story)
    if not (named or town or names or of_one_country) and story < _ANYWHERE:
        return None  # police and protesters of anywhere
    if _is_routine(a, b):
        return None
    described = (first == DESCRIBED) + (second == DESCRIBED)
    numbers = min(2, len(mine.numbers & yours.numbers))
    words, objects = overlap(mine.words, yours.words), overlap(mine.objects, yours.objects)
    here = named + 0.7 * (described + town) + 0.5 * numbers + 2 * max(words, objects)
    sided = a.has_parties and b.has_parties
    together = one.article_id == two.article_id
    if sided and together and here < _HERE_TOGETHER:
        return None
    same_word, same_day = a.stem == b.stem, a.precise is not None and a.precise == b.precise
    same_type = bool(one.event_type) and one.event_type == two.event_type
    apart = not town and _are_elsewhere(mine, yours)
    other_object = a.about and bool(mine.objects and yours.objects) and not objects
    return Signs(
        story_names=names,
        story_words=story,
        strangers=not names and len(mine.names) > 1 and len(yours.names) > 1,
        words=words,
        objects=objects,
        other_object=other_object,
        other_object_of_one_story=other_object and story > _STORY_TOO,
        names_of_one_text_only=min(2, _lone(mine, yours), _lone(yours, mine)),
        numbers=numbers,
        other_numbers=bool(mine.numbers and yours.numbers and not numbers),
        named=named,
        both_named=named == 2,
        described=described,
        otherwise_described=_otherwise(mine.initiators, yours.initiators, first)
        + _otherwise(mine.recipients, yours.recipients, second),
        others=others,
        unlike=(first == UNLIKE) + (second == UNLIKE),
        both_have_sides=sided,
        nothing_in_common=sided and here < _HERE,
        same_people=len(mine.counts & yours.counts),
        miscounted=_miscounted(mine, yours),
        same_word=same_word,
        other_act=not acts,
        other_act_of_one_type=not acts and same_type,
        other_act_town_and_day=not acts and same_type and town and same_day,
        other_act_sides_and_day=not acts and same_type and named == 2 and same_day,
        other_type=bool(one.event_type and two.event_type) and not same_type,
        other_family=bool(a.family and b.family) and a.family != b.family,
        same_day=same_day,
        next_day=gap > 0,
        silence=min(_SILENT, _silence(a, b)),
        same_town=town,
        same_country=of_one_country,
        elsewhere=apart,
        two_places=not (apart or town) and _in_two_places(a, b),
        together=together,
        together_other_word=together and not same_word,
        together_words=together * words,
    )


def _acts_abroad(a: Look, b: Look) -> bool:
    """Are police of one country told to have acted in another: "Belarusian police", Honolulu?"""
    force, where = a.traits.initiators, b.report.country_code
    return bool(where and force.of and where not in force.of and force.described & _AT_HOME)


def _lone(a: Traits, b: Traits) -> int:
    """Names of one sentence that the other text does not have."""
    return len(a.named - b.names - b.named)


def _otherwise(a: Side, b: Side, met: int) -> bool:
    """Are both sides described, and by other words?"""
    return bool(a.described and b.described and met != NAMED and not a.described & b.described)


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
    strangers = bool(mine.names and yours.names) and overlap(mine.names, yours.names) <= _STRANGERS
    return alike >= _VERBATIM and strangers


def _in_two_places(a: Look, b: Look) -> bool:
    """Two places are told, of which neither is known to hold the other."""
    one, two = a.report.place_id, b.report.place_id
    if not one or not two or one == two or a.traits.provinces & b.traits.provinces:
        return False
    return _is_within_country(a.traits) == _is_within_country(b.traits)


def _is_within_country(traits: Traits) -> bool:
    """Is a narrower place told than a country, which holds those of the other report?"""
    return bool(traits.towns or traits.regions or traits.provinces)


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
    if a.regions and b.regions:
        return not a.regions & b.regions
    return bool(a.provinces and b.provinces and not a.provinces & b.provinces)


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
