"""What two reports say otherwise than each other: day, place, people, numbers, frame."""

from __future__ import annotations

from transforms.lexicons import loader
from transforms.nlp.identity.acts import acts_of, stem
from transforms.nlp.identity.likeness import (
    DESCRIBED,
    NAMED,
    Side,
    Traits,
    both,
    meets,
    overlap,
    traits_of,
)
from transforms.nlp.identity.reports import (
    ReportKey,
    anchors_of,
    days_of,
    family,
    is_told,
    order_of,
)
from transforms.nlp.statements.counts import value_of
from transforms.plover import having

_MUTUAL = having("mutual") | {""}
_MELEES = having("melee") | {""}
_VAGUE = frozenset({"unknown", "year"})
_HAVE_TOLL = having("melee") & having("toll")
_HARM = loader.word_set("words/identity.tsv", "contrast.harm")  # acts
_STOPPING = loader.word_set("words/events.tsv", "constructions.stopping")
_AT_HOME = loader.word_set("words/identity.tsv", "contrast.at-home")
_ABOUT = having("about")  # types whose object tells one act from another
_FRAME, _VERBATIM = 0.75, 0.9  # likeness of sentences that are one frame, or one sentence
_LONG = 6  # words: "The police said that an investigation was under way" is said of any act
_FEW = 10
_HURT = ("killed", "injured")
_STRANGERS = 0.5  # likeness of names up to which one sentence stands beside other names


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
        self.traits = traits_of(report.content, report.initiators, report.recipients)
        # what was foiled was tried: others tell of the attempt
        self.is_negated = report.modality == "negated" and self.traits.words.isdisjoint(_STOPPING)
        self.is_told = is_told(report)
        self.precise = None if report.date_precision in _VAGUE else report.date_start
        self.has_parties = bool(report.initiators or report.recipients)
        self.strict = report.event_type not in _MELEES  # met Xi, met Putin: two meetings
        self.about = report.event_type in _ABOUT
        self.has_toll = report.event_type in _HAVE_TOLL
        self.is_harm = not self.acts.isdisjoint(_HARM)
        self.mutual = report.event_type in _MUTUAL or "fight" in self.acts
        # the sides are told as one: "Seoul and Beijing agreed"
        self.together = self.traits.initiators == self.traits.recipients


def are_days_apart(a: Look, b: Look) -> bool:
    """Do both say on which day themselves, and not the same?"""
    exact = all(
        x.is_told and x.report.date_method != "inherited" and x.report.date_precision == "day"
        for x in (a, b)
    )
    return exact and a.precise != b.precise


def is_harm_there_and_then(
    a: Look, b: Look, acts: frozenset[str], town: bool, same_day: bool
) -> bool:
    """An act and whom it harmed, of one town and day."""
    there = town or len(a.traits.named & b.traits.named) > 1
    return bool(
        not acts and a.has_toll and b.has_toll and (a.is_harm or b.is_harm) and there and same_day
    )


def has_harm_of(harm: Look, act: Look) -> bool:
    """Does a sentence that tells whom an act harmed name that act by another word?"""
    hurts = harm.is_harm or any(count.startswith(_HURT) for count in harm.traits.counts)
    if not (hurts and harm.has_toll and act.has_toll) or harm.stem == act.stem:
        return False
    words = (word for word in harm.traits.words if stem(word) != harm.stem)
    return any(not acts_of(word).isdisjoint(act.acts) for word in words)


def strike_one_thing(a: Look, b: Look) -> bool:
    """Do both acts have something under them but places, names, numbers and harm: "ferry"?"""
    shared = a.traits.objects & b.traits.objects
    names = a.traits.named | b.traits.named | a.traits.names | b.traits.names
    known = {stem(name)[: len(word)] for name in names for word in shared}
    return any(
        word not in known and acts_of(word).isdisjoint(_HARM) and value_of(word) is None
        for word in shared
    )


def other_people(a: Side, b: Side) -> bool:
    """Are both sides people by name, and others?"""
    return bool(a.people and b.people and not a.people & b.people)


def state_or_body(a: Side, b: Side) -> bool:
    """Is one side a country and no more, the other a body of no country, such as a union?"""
    one, two = (a, b) if "%" in a.sorts else (b, a)
    return one.sorts == {"%"} and two.sorts == {""} and not two.of


def other_places(a: Traits, b: Traits) -> bool:
    """Has each a place among its parties of which the other says nothing?"""
    one = a.initiators.places | a.recipients.places
    two = b.initiators.places | b.recipients.places
    return _has_lone(one, two, b.named) and _has_lone(two, one, a.named)


def _has_lone(places: frozenset[str], others: frozenset[str], named: frozenset[str]) -> bool:
    return any(named.isdisjoint(place.lower().split()) for place in places - others)


def in_two_countries(a: Look, b: Look) -> bool:
    """Two countries, of which one has no part in what the other report tells?"""
    one, two = a.report.country_code, b.report.country_code
    if not one or not two or one == two:
        return False
    return not all(
        {one, two}
        <= traits.initiators.states
        | traits.recipients.states
        | traits.initiators.of
        | traits.recipients.of
        for traits in (a.traits, b.traits)
    )


def is_named_there(a: Traits, b: Traits) -> bool:
    """Does the sentence of one name the place of the other?"""

    def one(a: Traits, b: Traits) -> bool:
        places = a.towns | a.regions | {name.partition(" ")[2] for name in a.provinces}
        return any(word.lower() in b.named for place in places for word in place.split())

    return one(a, b) or one(b, a)


def acts_abroad(a: Look, b: Look) -> bool:
    """Are police of one country told to have acted in another: "Belarusian police", Honolulu?"""
    force, where = a.traits.initiators, b.report.country_code
    return bool(where and force.of and where not in force.of and force.described & _AT_HOME)


def lone(a: Traits, b: Traits) -> int:
    """Names of one sentence that the other text does not have."""
    return len(a.named - b.names - b.named)


def otherwise(a: Side, b: Side, met: int) -> bool:
    """Are both sides described, and by other words?"""
    return bool(a.described and b.described and met != NAMED and not a.described & b.described)


def other_target(a: Look, b: Look, met: int) -> bool:
    """One act word of one actor towards others: "sanctioned three judges", "sanctioned a bank".

    Neither goes by a name, which might be that of the other's description. `met` is how those who
    act meet.
    """
    one, two = a.traits.recipients, b.traits.recipients
    of_one = met >= DESCRIBED or a.traits.initiators.telling & b.traits.initiators.telling
    alike = a.strict and b.strict and a.stem == b.stem and of_one
    described = alike and not one.names and not two.names and one.telling and two.telling
    return bool(described and not one.telling & two.telling and not one.ids & two.ids)


def is_exact(number: str) -> bool:
    """A number that two stories hardly share by chance: 17, 348; not 3, 40, 1.5."""
    return number.isdigit() and int(number) > _FEW and not number.endswith("0")


def is_routine(a: Look, b: Look, *, may_be_new_toll: bool) -> bool:
    """One frame again on another day, with other numbers or elsewhere, or a few words verbatim
    beside other names; a new toll of one town and day is none."""
    mine, yours = a.traits, b.traits
    alike = overlap(mine.words, yours.words)
    if alike < _FRAME:
        return False
    other_day = a.precise is not None and b.precise is not None and a.precise != b.precise
    if other_day and a.is_told and b.is_told:
        return True
    if mine.numbers and yours.numbers and not mine.numbers & yours.numbers and not may_be_new_toll:
        return True
    if (
        a.is_told
        and b.is_told
        and _is_within_country(mine)
        and _is_within_country(yours)
        and a.report.place_id != b.report.place_id
        and not is_named_there(mine, yours)
    ):
        return True
    strangers = bool(mine.names and yours.names) and overlap(mine.names, yours.names) <= _STRANGERS
    short = min(len(mine.words), len(yours.words)) < _LONG
    return alike >= _VERBATIM and strangers and short


def in_two_places(a: Look, b: Look) -> bool:
    """Two places are told, of which neither is known to hold the other."""
    one, two = a.report.place_id, b.report.place_id
    if not one or not two or one == two or a.traits.provinces & b.traits.provinces:
        return False
    return _is_within_country(a.traits) == _is_within_country(b.traits)


def _is_within_country(traits: Traits) -> bool:
    """Is a narrower place told than a country, which holds those of the other report?"""
    return bool(traits.towns or traits.regions or traits.provinces)


def meet_others(a: Traits, b: Traits) -> bool:
    """Do two meetings of two people or more have no two in common?"""
    one = a.initiators.people | a.recipients.people
    two = b.initiators.people | b.recipients.people
    return min(len(one), len(two)) > 1 and len(one & two) < 2


def miscounted(a: Traits, b: Traits) -> int:
    """Kinds of people that both count, and otherwise in all their numbers."""
    one, two = _numbers(a), _numbers(b)
    return sum(
        not any(_may_be_equal(x, y) for x in one[kind] for y in two[kind])
        for kind in one.keys() & two.keys()
    )


def _numbers(traits: Traits) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for count in traits.counts:
        kind, number = count.split(" ")
        found.setdefault(kind, []).append(number)
    return found


def _may_be_equal(one: str, two: str) -> bool:
    """One number, or "dozens" (99 at most) and 40."""
    low, high = sorted((one, two), key=int)
    return low == high or (set(high) == {"9"} and len(low) == len(high) > 1)


def are_elsewhere(a: Traits, b: Traits) -> bool:
    if a.towns and b.towns:
        return not a.towns & b.towns
    if a.regions and b.regions:
        return not a.regions & b.regions
    return bool(a.provinces and b.provinces and not a.provinces & b.provinces)


def silence(a: Look, b: Look) -> int:
    """Days between two articles neither of which says when; 0 if one does."""
    one, two = a.report.reported_on, b.report.reported_on
    if a.is_told or b.is_told or one is None or two is None:
        return 0
    return abs((one - two).days)


def days_between(a: tuple[int, int] | None, b: tuple[int, int] | None) -> int:
    """Days between two stretches of days, 0 where they overlap or one is not known."""
    if a is None or b is None:
        return 0
    return max(0, a[0] - b[1], b[0] - a[1])


def sides(a: Look, b: Look, *, mutual: bool) -> tuple[int, int]:
    """How the sides meet: straight or, in what both do (a meeting), swapped if that fits better."""
    one, two = a.traits, b.traits
    if a.together and b.together:
        return both(one.initiators, two.initiators)
    straight = meets(one.initiators, two.initiators), meets(one.recipients, two.recipients)
    if not mutual:
        return straight
    swapped = meets(one.initiators, two.recipients), meets(one.recipients, two.initiators)
    return max((straight, swapped), key=lambda pair: (sum(pair), min(pair)))
