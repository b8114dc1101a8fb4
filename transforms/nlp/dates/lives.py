"""Acts of a life told in one sentence: between two years, or of an age that has no year."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.lexicons.loader import word_set
from transforms.nlp.annotations import TimeMention
from transforms.nlp.dates.clauses import chain_of, head_of_time
from transforms.nlp.parsing.parse import VERBAL, Parse

_AGES = word_set("words/dates.tsv", "lives.ages")
_OF_AGE = word_set("words/dates.tsv", "lives.of_age")
_YOUNG = word_set("words/dates.tsv", "lives.young")
_PERSONS = frozenset(["he", "she", "who"])
_OWNERS = frozenset(["his", "her", "their"])
_YOUNGEST, _OLDEST = 6, 60
_CLIMB = 6  # heads from an act up to what says the age


def between_years(
    parse: Parse, trigger: int, times: Sequence[TimeMention]
) -> tuple[int, int] | None:
    """ "joined in 1980, fought rebels and was arrested in 1992": the years around the fight.

    A year ahead of its verb goes on for the verbs behind it, but not in the life of one person:
    "in 2019 troops entered Gao, burned it and left in 2021" tells one scene.
    """
    if parse.tags[trigger] not in ("VBD", "VBN"):
        return None
    verbs = _coordinated(parse, trigger)
    if len(verbs) < 2:
        return None
    years: dict[int, int] = {}
    sent = parse.sents[parse.sent_of[trigger]]
    for number, time in enumerate(times):
        if not sent.start <= time.start < sent.end or time.date_precision != "year":
            continue
        chain = chain_of(parse, head_of_time(parse, time))
        owner = next((token for token in chain if token in verbs), None)
        if owner is None or any(parse.pos[t] == "VERB" for t in chain[: chain.index(owner)]):
            continue
        years.setdefault(owner, number)
    before = [verb for verb in years if verb < trigger]
    behind = [verb for verb in years if verb > trigger]
    if trigger in years or not before or not behind:
        return None
    first, last = years[max(before)], years[min(behind)]
    if times[first].start < max(before) and not _of_a_person(parse, verbs[0]):
        return None
    begun, ended = times[first].date_start, times[last].date_start
    return (first, last) if begun and ended and begun < ended else None


def _coordinated(parse: Parse, verb: int) -> list[int]:
    if parse.tags[verb] == "VBD" and parse.deps[verb] == "amod":
        verb = parse.heads[parse.heads[verb]]  # ", fought rebels" misread as rebels who fought
    while parse.deps[verb] == "conj":
        verb = parse.heads[verb]
    verbs = [verb]
    for one in verbs:
        verbs += [c for c in parse.children[one] if parse.deps[c] == "conj"]
    return verbs


def _of_a_person(parse: Parse, verb: int) -> bool:
    return any(
        parse.deps[c] in ("nsubj", "nsubjpass") and parse.lower[c] in _PERSONS
        for c in parse.children[verb]
    )


def is_of_an_age(parse: Parse, trigger: int) -> bool:
    """ "In her youth she robbed banks", "as a student he fought", "took up arms at 19"."""
    up, verbs = trigger, list[int]()
    for _ in range(_CLIMB):
        if parse.pos[up] in VERBAL:
            verbs.append(up)
            if any(_when_of_age(parse, c) for c in parse.children[up]):
                return True
        if parse.deps[up] not in ("conj", "dobj", "pobj", "prep", "xcomp"):
            break
        up = parse.heads[up]
    return any(
        _is_age(parse, child)
        for verb in verbs
        for child in parse.children[verb]
        if parse.deps[child] == "prep"
    )


def _when_of_age(parse: Parse, clause: int) -> bool:
    """ "was abducted when she was four", "when he was a boy"."""
    if parse.deps[clause] != "advcl" or parse.lemmas[clause].lower() != "be":
        return False
    below = parse.children[clause]
    told = {parse.lower[c] for c in below}
    return (
        "when" in told
        and not told.isdisjoint((*_PERSONS, "i", "they"))
        and any(
            parse.deps[c] in ("attr", "acomp")
            and (
                parse.tags[c] == "CD"
                or parse.lower[c] in _OF_AGE
                or parse.lower[c] in _YOUNG
                or any(parse.lower[d] == "old" for d in parse.children[c])
            )
            for c in below
        )
    )


def _is_age(parse: Parse, prep: int) -> bool:
    for noun in parse.children[prep]:
        if parse.deps[noun] != "pobj":
            continue
        mine = {parse.lower[c] for c in parse.children[noun]}
        if parse.lower[prep] == "in" and parse.lower[noun] in _AGES:
            return not mine.isdisjoint(_OWNERS)
        if parse.lower[prep] == "as" and parse.lower[noun] in _OF_AGE:
            return "a" in mine
        if parse.lower[prep] == "as" and not mine.isdisjoint(_YOUNG):
            return "a" in mine
        if parse.lower[prep] == "at" and parse.lower[noun].isdigit():
            behind = parse.lower[noun + 1] if noun + 1 < len(parse.lower) else ""
            whole = _YOUNGEST <= int(parse.lower[noun]) <= _OLDEST
            return whole and behind in (",", ".", "and")
    return False
