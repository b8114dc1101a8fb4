"""What an article only looks back on: acts that its day of publication says nothing of."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from transforms.lexicons.loader import word_set
from transforms.nlp.annotations import TimeMention
from transforms.nlp.dates.calendar import Period, shift
from transforms.nlp.dates.clauses import chain_of, governors, head_of_time, steps_to
from transforms.nlp.dates.words import tenses, unit_of
from transforms.nlp.parsing.parse import VERBAL, Parse

_HAD = frozenset(["had", "'d", "’d"])
_HELD = word_set("words/dates.tsv", "background.held")
_ARRESTS = word_set("words/dates.tsv", "background.arrests")
_PRESENT = ("VBZ", "VBP")
_LENGTH = re.compile(r"^P(\d+)([DWMY])$")
_OF_A_CASE = frozenset(["for", "of", "over", "in"])
_AUXILIARY = ("aux", "auxpass")
_DONE = ("dobj", "nsubj", "nsubjpass")
_DAYS, _STALE = ("DATE", "TIME"), 31  # days after which an earlier sentence tells a past of its own


def looks_back(parse: Parse, trigger: int) -> bool:
    """Whether the words say that an act lies before what the article tells.

    A noun of an earlier day ("since the summit", "the last talks") or of a case ("convicted of the
    killing", "apologised for the raid"); a verb in the past perfect that no speech verb shifts
    back ("said that troops had attacked" may be today's), or beside an adverb of bygone days.
    """
    if parse.pos[trigger] not in VERBAL:
        return _noun_looks_back(parse, trigger)
    if _of_a_culprit(parse, trigger) or _counted_back(parse, trigger) is not None:
        return True
    if any(parse.deps[c] == "aux" and parse.lower[c] == "having" for c in parse.children[trigger]):
        return True  # "accuses Paris of having armed them"
    finite = _finite(parse, trigger)
    for verb in {trigger, finite}:
        for child in parse.children[verb]:
            if parse.deps[child] == "advmod" and parse.lower[child] in tenses()["bygone"]:
                return not _is_present(parse, finite)
    if not any(parse.lower[c] in _HAD and parse.deps[c] == "aux" for c in parse.children[finite]):
        return False
    return next(governors(parse, trigger), None) is None


def _noun_looks_back(parse: Parse, noun: int) -> bool:
    for child in parse.children[noun]:
        if parse.deps[child] == "amod" and parse.lower[child] in tenses()["earlier"]:
            return True
    if parse.deps[noun] == "pobj" and parse.lower[parse.heads[noun]] == "since":
        return True
    return is_of_a_case(parse, noun)


def is_of_a_case(parse: Parse, noun: int) -> bool:
    """ "jailed on Monday for the killing", "arrested three men over a raid": an act of before."""
    head = parse.heads[noun]
    if parse.deps[noun] != "pobj" or parse.pos[noun] in VERBAL:
        return False
    above = parse.heads[head]  # the parser may hang it on "the general" that was convicted
    deed = {parse.lemmas[above].lower()}
    if parse.deps[above] in ("dobj", "nsubjpass"):
        deed.add(parse.lemmas[parse.heads[above]].lower())
    if parse.lower[head] in ("for", "over") and not deed.isdisjoint(_ARRESTS):
        return True  # "arrested three men for the killing of a leader"
    return parse.lower[head] in _OF_A_CASE and not deed.isdisjoint(tenses()["case"])


def is_answered(parse: Parse, noun: int) -> bool:
    """Whether a verb only answers an act, or counts what it cost: its day is not the act's own.

    "Condemned the raid on Tuesday", "those killed in the raid rose to 12 on Tuesday".
    """
    if parse.pos[noun] in VERBAL:
        return False
    token, dep = parse.heads[noun], parse.deps[noun]
    if dep == "pobj":
        token, dep = parse.heads[token], "dobj"
    if dep == "dobj" and parse.lemmas[token].lower() in tenses()["react"]:
        return parse.pos[token] in VERBAL
    token = noun
    for _ in range(6):
        head = parse.heads[token]
        if parse.deps[token] == "nsubj":
            return token != noun and parse.lemmas[head].lower() in tenses()["mount"]
        if parse.deps[token] not in ("pobj", "prep", "acl") or head == token:
            return False
        token = head
    return False


def _of_a_culprit(parse: Parse, verb: int) -> bool:
    """ "sentenced the man who killed four", "convicted a man charged with arson"."""
    while parse.deps[verb] == "conj" and parse.heads[verb] != verb:
        verb = parse.heads[verb]
    noun = parse.heads[verb]
    if parse.deps[verb] not in ("relcl", "acl") or parse.deps[noun] not in ("dobj", "nsubjpass"):
        return False
    return parse.lemmas[parse.heads[noun]].lower() in tenses()["case"]


def _counted_back(parse: Parse, verb: int) -> int | None:
    """The "after" of "comes a week after ten people were killed": told by its distance."""
    if parse.deps[verb] != "advcl":
        return None
    for child in parse.children[verb]:
        if parse.deps[child] == "mark" and child and parse.lower[child] == "after":
            return child if parse.lower[child - 1] in unit_of() else None
    return None


def counted_from(
    parse: Parse, trigger: int, times: Sequence[TimeMention], told: dt.date
) -> tuple[int, Period] | None:
    """ "a week after ten people were killed": what lies that long before the day `told`."""
    mark = _counted_back(parse, trigger)
    if mark is None:
        return None
    for number, time in enumerate(times):
        if time.end == mark and (length := _LENGTH.match(time.timex_value)):
            return number, shift(told, length[2], -int(length[1]))
    return None


def _finite(parse: Parse, verb: int) -> int:
    """The verb whose tense is that of `verb`: itself, or what it is joined to or governed by."""
    for _ in range(4):
        if any(parse.deps[c] in _AUXILIARY for c in parse.children[verb]):
            return verb
        head = parse.heads[verb]
        if head == verb or parse.deps[verb] not in ("conj", "xcomp"):
            return verb
        if parse.pos[head] not in VERBAL:
            return verb
        if parse.tags[verb] in ("VBD", *_PRESENT) and not _shares_had(parse, verb):
            return verb
        verb = head
    return verb


def _shares_had(parse: Parse, verb: int) -> bool:
    """ "had seized her clinic and threatened the staff": of one tense, however it is tagged."""
    if (
        parse.deps[verb] != "conj"
        or parse.tags[verb] != "VBD"
        or any(parse.deps[c] in ("nsubj", "nsubjpass") for c in parse.children[verb])
    ):
        return False
    above = parse.children[parse.heads[verb]]
    return any(parse.lower[c] in _HAD and parse.deps[c] == "aux" for c in above)


def _is_present(parse: Parse, verb: int) -> bool:
    if parse.tags[verb] in _PRESENT:
        return True
    return any(
        parse.tags[c] in _PRESENT and parse.lower[c] not in _HELD
        for c in parse.children[verb]
        if parse.deps[c] in _AUXILIARY
    )


def tense(parse: Parse, trigger: int) -> str:
    """How the clause of a word is told: "noun" for a noun, else the tense of its finite verb."""
    if parse.pos[trigger] not in VERBAL:
        return "noun"
    verb = _finite(parse, trigger)
    helped = [c for c in parse.children[verb] if parse.deps[c] in _AUXILIARY]
    if any(parse.tags[c] == "MD" for c in helped):
        return "modal"
    if having := [c for c in helped if parse.lower[c] in _HELD]:
        return "past perfect" if parse.lower[having[0]] in _HAD else "perfect"
    tags = {parse.tags[c] for c in helped} or {parse.tags[verb]}
    if "VBD" in tags:
        return "past"
    return "present" if not tags.isdisjoint(_PRESENT) else "no tense"


def is_of_now(parse: Parse, trigger: int) -> bool:
    """Whether a clause speaks of the day it is written on: "welcomes the accord", "is massing"."""
    return parse.pos[trigger] in VERBAL and _is_present(parse, _finite(parse, trigger))


def is_beside_the_past(
    parse: Parse, trigger: int, times: Sequence[TimeMention], published: dt.date | None
) -> bool:
    """Whether the sentence tells a date over a month before publication, and no present.

    "Soldiers beat him in a camp that was closed in 2017" says nothing of today; but the first
    sentence of an article does.
    """
    sent = parse.sents[parse.sent_of[trigger]]
    if published is None or not sent.ordinal or is_of_now(parse, trigger):
        return False
    return any(
        time.date_end is not None
        and time.timex_type in _DAYS
        and (published - time.date_end).days > _STALE
        for time in times
        if sent.start <= time.start < sent.end
    )


def time_of_when(parse: Parse, trigger: int, times: Sequence[TimeMention]) -> int | None:
    """ "until 2013, when the army banned the party": the expression that a clause runs on from."""
    clause = trigger
    for _ in range(3):
        if parse.deps[clause] in ("relcl", "advcl"):
            break
        if parse.deps[clause] not in ("conj", "xcomp") or parse.heads[clause] == clause:
            return None
        clause = parse.heads[clause]
    for child in parse.children[clause]:
        if parse.lower[child] != "when" or child > trigger:
            continue
        before = child - 1 if child and parse.lower[child - 1] == "," else child
        for number, time in enumerate(times):
            if time.end == before and time.date_start is not None and time.timex_type in _DAYS:
                return number
    return None


def time_of_outcome(parse: Parse, trigger: int, times: Sequence[TimeMention]) -> int | None:
    """ "were killed after a bomb exploded on Friday": the day of the clause that an act ends."""
    if parse.pos[trigger] not in VERBAL:
        return None
    for clause in parse.children[trigger]:
        if parse.deps[clause] != "advcl" or parse.pos[clause] not in VERBAL:
            continue
        marks = {parse.lower[c] for c in parse.children[clause] if parse.deps[c] == "mark"}
        marks |= {parse.lower[c] for c in parse.children[clause] if parse.deps[c] == "advmod"}
        if marks.isdisjoint(("after", "when", "as")) or any(
            parse.lower[c] in _HELD for c in parse.children[clause]
        ):
            continue
        for number, time in enumerate(times):
            if time.start > clause + 30:
                break
            if (
                time.date_start is not None
                and time.timex_type in _DAYS
                and (time.date_precision == "day" or "when" in marks)
                and parse.sent_of[time.start] == parse.sent_of[clause]
                and steps_to(parse, clause, time) <= 2
            ):
                return number
    return None


def dated_before(
    parse: Parse, trigger: int, times: Sequence[TimeMention], newest: int
) -> int | None:
    """ "a raid in May 2010 … the raid": the date that a noun had in an earlier sentence.

    Only one that ends more than a month before `newest`, and no two that differ.
    """
    if parse.pos[trigger] != "NOUN":
        return None
    lemma, sent = parse.lemmas[trigger], parse.sents[parse.sent_of[trigger]]
    found: int | None = None
    for number, time in enumerate(times):
        if time.start >= sent.start:
            if time.start < sent.end and time.timex_type in _DAYS:
                return None  # its own sentence tells a time
            break
        last = time.date_end
        if last is None or time.timex_type != "DATE" or newest - last.toordinal() <= _STALE:
            continue
        for token in chain_of(parse, head_of_time(parse, time))[:3]:
            if parse.lemmas[token] == lemma and parse.pos[token] == "NOUN":
                if found is not None and times[found].date_start != time.date_start:
                    return None
                found = number
    return found


def bygone_scene(
    parse: Parse, trigger: int, times: Sequence[TimeMention], newest: int
) -> int | None:
    """The month or year, told before in the paragraph, of which a simple past goes on telling.

    Only one that ends more than a month before `newest` (the ordinal of publication) and hangs on
    the main verb, in the past, of the nearest sentence with a date.
    """
    act = parse.heads[trigger] if parse.deps[trigger] in _DONE else trigger  # "called a strike"
    finite = _finite(parse, act)
    if parse.pos[act] not in VERBAL or _is_present(parse, finite):
        return None
    if any(parse.lower[c] in _HELD for c in parse.children[finite]):
        return None
    if any(True for _ in governors(parse, act)):
        return None
    here = parse.sents[parse.sent_of[trigger]]
    found, of_sentence = None, -1
    for number, time in enumerate(times):
        where = parse.sents[parse.sent_of[time.start]]
        if where.ordinal >= here.ordinal:
            if where.ordinal == here.ordinal and time.timex_type != "DURATION":
                return None  # the sentence tells a time of its own
            break
        if where.paragraph != here.paragraph or time.date_end is None:
            continue
        if time.timex_type != "DATE" or time.date_precision == "unknown":
            continue
        chain = chain_of(parse, head_of_time(parse, time))
        main = chain[-1]
        if len(chain) > 3 or parse.tags[main] not in ("VBD", "VBN"):
            continue
        if any(parse.lower[t] in ("since", "until", "by", "before") for t in chain):
            continue
        if where.ordinal != of_sentence:
            found, of_sentence = number, where.ordinal
    if found is None:
        return None
    last = times[found].date_end
    return found if last is not None and newest - last.toordinal() > _STALE else None
