"""Acts of a time without a date: a war, a reign, a career; and what goes on to tell of them.

"During the war their clans burned the gardens" is not of the day the article tells of, nor is the
next sentence of the paragraph, until one tells a day of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from transforms.lexicons.loader import word_set
from transforms.nlp.annotations import TimeMention
from transforms.nlp.dates.background import tense
from transforms.nlp.dates.lives import is_of_an_age
from transforms.nlp.parsing.parse import VERBAL, Parse, Sentence

_ERAS = word_set("words/dates.tsv", "eras.nouns")
_ACTING = word_set("words/dates.tsv", "eras.acting")
_IN = word_set("words/dates.tsv", "eras.in")
_TELL = word_set("words/dates.tsv", "eras.tell")
_SCHOOLED = word_set("words/dates.tsv", "eras.schooled")
_ENTERED = word_set("words/dates.tsv", "eras.entered")
_NO_OFFICE = word_set("words/dates.tsv", "eras.no_office")
_BEFORE_CHRIST = word_set("words/dates.tsv", "eras.before_christ")
_MARKED = word_set("words/dates.tsv", "eras.marked")
_PERSONS = frozenset(["he", "she"])
_SUBJECTS = ("nsubj", "nsubjpass")
_UP = frozenset(["conj", "dobj", "pobj", "prep", "xcomp", "nsubj", "nsubjpass", "advcl", "relcl"])
_PAST = ("past", "past perfect")
_TOLD = (*_PAST, "no tense")
_DAYS = ("DATE", "TIME")
_YEAR = re.compile(r"\d{1,4}")


def is_of_an_era(parse: Parse, trigger: int, times: Sequence[TimeMention]) -> bool:
    """Whether an act is of a time without a date, by its own words or those before it.

    Only what is told in the past: "Israel is striking Gaza in the war".
    """
    if parse.pos[trigger] in VERBAL and tense(parse, trigger) in ("present", "modal"):
        return False
    if is_of_an_age(parse, trigger) or _since_then(parse, trigger):
        return True
    here = parse.sents[parse.sent_of[trigger]]
    if _tells_of_one(parse, here) or any(_is_set_in_one(parse, v) for v in _verbs(parse, trigger)):
        return True
    return _goes_on(parse, trigger, here, times)


def _verbs(parse: Parse, trigger: int) -> list[int]:
    """The verbs over an act that share its time."""
    up, found = trigger, list[int]()
    for _ in range(6):
        if parse.pos[up] in VERBAL:
            found.append(up)
        if parse.deps[up] not in _UP or parse.heads[up] == up:
            break
        up = parse.heads[up]
    return found


def _goes_on(parse: Parse, trigger: int, here: Sentence, times: Sequence[TimeMention]) -> bool:
    """Whether the paragraph told of such a time last."""
    if parse.pos[trigger] in VERBAL and tense(parse, trigger) not in _TOLD:
        return False
    dated = {
        parse.sent_of[time.start]
        for time in times
        if time.timex_type in _DAYS and time.date_start is not None
    }
    if here.ordinal in dated:
        return False
    for before in reversed(parse.sents[: here.ordinal]):
        if before.paragraph != here.paragraph or before.ordinal in dated:
            return False
        if _tells_of_one(parse, before) or _marks_one(parse, before):
            return True
    return False


def _marks_one(parse: Parse, sent: Sentence) -> bool:
    """ "The post office issues a stamp for the 80th anniversary": what follows is long ago."""
    inside = range(sent.start, sent.end)
    return any(parse.lemmas[t].lower() in _MARKED for t in inside) and any(
        parse.heads[t] == t and (tense(parse, t) == "present" or parse.tags[t] == "NNS")
        for t in inside
    )


def _tells_of_one(parse: Parse, sent: Sentence) -> bool:
    """Whether a whole sentence is of such a time, by its main verbs."""
    if any(
        parse.lower[t] in _BEFORE_CHRIST and _YEAR.fullmatch(parse.lower[t - 1])
        for t in range(sent.start + 1, sent.end)
    ):
        return True
    roots = [t for t in range(sent.start, sent.end) if parse.heads[t] == t]
    for root in roots:
        past = parse.pos[root] in VERBAL and tense(parse, root) in _PAST
        if _recounts(parse, root) or (
            past
            and (
                _is_set_in_one(parse, root)
                or is_of_an_age(parse, root)
                or _is_of_a_career(parse, root, sent)
            )
        ):
            return True
    return False


def _is_set_in_one(parse: Parse, verb: int) -> bool:
    """ "during the war", "under the dictatorship"; "the war began when police fired"."""
    for child in parse.children[verb]:
        if parse.deps[child] in _SUBJECTS and parse.lemmas[child].lower() in _ACTING:
            return not any(parse.lower[c] == "a" for c in parse.children[child])
        if parse.deps[child] == "prep" and parse.lower[child] in _IN:
            for noun in parse.children[child]:
                named = parse.deps[noun] == "pobj" and parse.lemmas[noun].lower() in _ERAS
                if named and any(
                    parse.deps[c] in ("det", "poss", "compound", "amod", "nmod")
                    and parse.lower[c] not in ("a", "an", "this")
                    for c in parse.children[noun]
                ):
                    return True
    return False


def _recounts(parse: Parse, verb: int) -> bool:
    """ "The wing tells how aircraft bombed the town"."""
    if parse.lemmas[verb].lower() not in _TELL:
        return False
    return any(
        parse.deps[c] == "ccomp" and any(parse.lower[d] == "how" for d in parse.children[c])
        for c in parse.children[verb]
    )


def _is_of_a_career(parse: Parse, verb: int, sent: Sentence) -> bool:
    """ "Trained in Algiers, he commanded a company", "As a curate, Luis hid students"."""
    first = sent.start
    if parse.lower[first] == "before" and any(
        parse.lemmas[c].lower() in _ENTERED and parse.deps[c] == "pcomp"
        for c in parse.children[first]
    ):
        return True  # "Before entering politics, the minister boxed and was arrested"
    if not any(parse.deps[c] in _SUBJECTS and _is_person(parse, c) for c in parse.children[verb]):
        return False
    for child in parse.children[verb]:
        if child > verb or child > sent.start + 1:
            continue
        if parse.deps[child] in ("advcl", "amod", "acl") and parse.tags[child] == "VBN":
            return parse.lemmas[child].lower() in _SCHOOLED
        if parse.deps[child] == "prep" and parse.lower[child] == "as":
            return any(
                parse.deps[noun] == "pobj"
                and parse.pos[noun] == "NOUN"
                and parse.lower[noun] not in _NO_OFFICE
                and any(parse.lower[c] in ("a", "an") for c in parse.children[noun])
                for noun in parse.children[child]
            )
    return False


def _is_person(parse: Parse, token: int) -> bool:
    if parse.lower[token] in _PERSONS:
        return True
    return any(start <= token < end and label == "PERSON" for start, end, label in parse.ents)


def _since_then(parse: Parse, trigger: int) -> bool:
    """ "Thousands have been killed since": from then on, whenever that was."""
    return any(
        parse.lower[child] == "since"
        and parse.deps[child] in ("advmod", "prep")
        and not any(parse.deps[c] in ("pobj", "pcomp") for c in parse.children[child])
        for child in parse.children[trigger]
    )
