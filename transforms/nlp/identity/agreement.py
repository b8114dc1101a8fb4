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
from transforms.nlp.identity.contrast import (
    Look,
    acts_abroad,
    are_days_apart,
    are_elsewhere,
    days_between,
    has_harm_of,
    in_two_countries,
    in_two_places,
    is_exact,
    is_harm_there_and_then,
    is_named_there,
    is_routine,
    lone,
    meet_others,
    miscounted,
    other_people,
    other_places,
    other_target,
    otherwise,
    sides,
    silence,
    state_or_body,
    strike_one_thing,
)
from transforms.nlp.identity.likeness import DESCRIBED, NAMED, OTHER, UNLIKE, overlap
from transforms.nlp.identity.reports import REACH

# Likeness of the articles' words without which reports that no name or place is common to differ.
_ANYWHERE = 0.55
_MUCH = 0.5  # likeness of sentences of two articles on one act and its toll
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
    other_day: float
    harm_there_and_then: float
    other_people: float
    state_or_body: float
    other_places: float
    other_country: float
    elsewhere_but_named: float


@cache
def weights() -> tuple[float, Signs]:
    """Log odds whatever the signs are, and those that each sign adds for each unit."""
    rows = loader.table(WEIGHTS, ("sign", "weight"))
    told = {row["sign"]: float(row["weight"]) for row in rows}
    return told.pop("always"), Signs(**told)


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
    sure = (
        _is_sure(a, told)
        or _is_done_to_one(a, b, told)
        or _is_its_toll(a, b, told)
        or _is_told_back(a, b, told)
    )
    return max(score, 0.0) if sure else score


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


def _is_done_to_one(a: Look, b: Look, told: Signs) -> bool:
    """ "Jailed Salma Trabelsi", "convicted her" on the day told: done once to whom both name."""
    if told.elsewhere or told.two_places or told.others or told.unlike or told.together:
        return False
    whom = a.traits.recipients.people & b.traits.recipients.people
    return bool(
        whom
        and told.same_day
        and a.is_told
        and b.is_told
        and a.report.event_type == b.report.event_type != ""
        and not (a.about or a.mutual)
    )


def _is_its_toll(a: Look, b: Look, told: Signs) -> bool:
    """ "A drone struck a market and killed 40": an act and whom it harmed, of one place and day.

    In one sentence that says when, or told by two articles in much the same words; or two names of
    what struck one thing there ("a bomb at the station", "blew himself up in the station").
    """
    mine, yours = a.traits, b.traits
    one, two = a.report, b.report
    if not (a.has_toll and b.has_toll) or told.unlike or told.others:
        return False
    if one.modality != two.modality or one.place_id is None or one.place_id != two.place_id:
        return False
    if not told.together and told.same_day and told.same_town and strike_one_thing(a, b):
        return bool(a.is_told and b.is_told and not told.miscounted)
    if not (a.is_harm or b.is_harm):
        return False
    if not told.together:
        return bool(told.same_day and told.words >= _MUCH and (told.same_town or told.objects))
    same_sentence = (mine.words, mine.named, mine.numbers) == (
        yours.words, yours.named, yours.numbers
    )  # fmt: skip
    return bool(same_sentence and told.same_day and a.is_told and b.is_told)


def _is_told_back(a: Look, b: Look, told: Signs) -> bool:
    """ "Gunmen attacked a ferry. Two sailors were shot dead in the raid": the article's own word
    for the act stands beside whom it harmed."""
    if not (told.together and told.same_day) or told.others or told.other_country:
        return False
    if told.elsewhere or told.two_places or told.other_day:
        return False
    return has_harm_of(a, b) or has_harm_of(b, a)


def signs(a: Look, b: Look) -> Signs | None:
    """What speaks for and against one event behind two reports; None where it cannot be one."""
    gap = days_between(a.days, b.days)
    if gap > REACH or a.is_negated != b.is_negated or len(a.anchors & b.anchors) < ANCHORS:
        return None
    one, two = a.report, b.report
    if in_two_countries(a, b):
        return None
    if acts_abroad(a, b) or acts_abroad(b, a):
        return None
    acts = a.acts & b.acts
    if not (acts or a.family == b.family != ""):
        return None
    mine, yours = a.traits, b.traits
    first, second = sides(a, b, mutual=a.mutual or "fight" in acts)
    named = (first == NAMED) + (second == NAMED)
    others = (first == OTHER) + (second == OTHER)
    if others == 2 or (others and a.strict):
        return None
    if a.mutual and b.mutual and a.strict and meet_others(mine, yours):
        return None
    if other_target(a, b, first):
        return None
    town = bool(mine.towns & yours.towns or mine.regions & yours.regions)
    of_one_country = one.country_code is not None and one.country_code == two.country_code
    names, story = overlap(mine.names, yours.names), overlap(mine.story, yours.story)
    shared = mine.numbers & yours.numbers
    numbers = min(2, len(shared))
    same_day = a.precise is not None and a.precise == b.precise
    if (
        not (named or town or names or of_one_country)
        and story < _ANYWHERE
        and not (numbers > 1 and same_day)
    ):
        return None  # police and protesters of anywhere
    may_be_new_toll = a.has_toll and b.has_toll and town and same_day
    if is_routine(a, b, may_be_new_toll=may_be_new_toll):
        return None
    described = (first == DESCRIBED) + (second == DESCRIBED)
    words, objects = overlap(mine.words, yours.words), overlap(mine.objects, yours.objects)
    exact = any(map(is_exact, shared))
    here = named + 0.7 * (described + town) + 0.5 * (numbers + exact) + 2 * max(words, objects)
    sided = a.has_parties and b.has_parties
    together = one.article_id == two.article_id
    if sided and together and here < _HERE_TOGETHER:
        return None
    same_word = a.stem == b.stem
    same_type = bool(one.event_type) and one.event_type == two.event_type
    apart = not town and are_elsewhere(mine, yours)
    other_object = a.about and bool(mine.objects and yours.objects) and not objects
    other_numbers = bool(mine.numbers and yours.numbers) and not numbers and not may_be_new_toll
    return Signs(
        story_names=names,
        story_words=story,
        strangers=not names and len(mine.names) > 1 and len(yours.names) > 1,
        words=words,
        objects=objects,
        other_object=other_object,
        other_object_of_one_story=other_object and story > _STORY_TOO,
        names_of_one_text_only=min(2, lone(mine, yours), lone(yours, mine)),
        numbers=numbers,
        other_numbers=other_numbers,
        named=named,
        both_named=named == 2,
        described=described,
        otherwise_described=otherwise(mine.initiators, yours.initiators, first)
        + otherwise(mine.recipients, yours.recipients, second),
        others=others,
        unlike=(first == UNLIKE) + (second == UNLIKE),
        both_have_sides=sided,
        nothing_in_common=sided and here < _HERE,
        same_people=len(mine.counts & yours.counts),
        miscounted=miscounted(mine, yours),
        same_word=same_word,
        other_act=not acts,
        other_act_of_one_type=not acts and same_type,
        other_act_town_and_day=not acts and same_type and town and same_day,
        other_act_sides_and_day=not acts and same_type and named == 2 and same_day,
        other_type=bool(one.event_type and two.event_type) and not same_type,
        other_family=bool(a.family and b.family) and a.family != b.family,
        same_day=same_day,
        next_day=gap > 0,
        silence=min(_SILENT, silence(a, b)),
        same_town=town,
        same_country=of_one_country,
        elsewhere=apart,
        two_places=not (apart or town) and in_two_places(a, b),
        together=together,
        together_other_word=together and not same_word,
        together_words=together * words,
        other_day=are_days_apart(a, b),
        harm_there_and_then=is_harm_there_and_then(a, b, acts, town, same_day),
        other_people=(first != NAMED and other_people(mine.initiators, yours.initiators))
        or (second != NAMED and other_people(mine.recipients, yours.recipients)),
        state_or_body=state_or_body(mine.initiators, yours.initiators),
        other_places=other_places(mine, yours),
        other_country=bool(one.country_code and two.country_code) and not of_one_country,
        elsewhere_but_named=apart and is_named_there(mine, yours),
    )
