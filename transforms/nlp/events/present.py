"""Deeds told in the simple present: a plot, a rule, a custom; news tells its own in the past.

"Soldiers burn the village" behind the first sentence is what a film shows, what a law has done or
what goes on every day: of 1,364 reports told as fact of real articles three were of this form, one
of them an act of a day. A headline, a clause with a day or year of its own and a state that lasts
("nine are held in Minsk") are told so as well, and stay.
"""

from __future__ import annotations

import re

from transforms.nlp.dates.words import words
from transforms.nlp.events.unreal_rows import (
    NO_EVENT,
    PRESENT,
    finite,
    is_misread_present,
    lemma,
    rows,
)
from transforms.nlp.parsing.parse import VERBAL, Parse, Sentence
from transforms.plover import having

_DEEDS = having("deed")
_YEAR = re.compile(r"1[0-9]\d\d|20\d\d")
_SUBJECTS = ("nsubj", "nsubjpass")
_LONG = 3  # sentences of what is only explained
_MARKS = (['"'], ["“"], ["‘"])
_ENDS = ".!?…\"”'’)"


def is_told_at_large(parse: Parse, token: int, event_type: str) -> bool:
    """Whether a deed behind the first sentence is told in the present and of no day."""
    sent = parse.sents[parse.sent_of[token]]
    verb = told_by(parse, token)
    if verb is None or not _is_simple_present(parse, verb) or _has_day(parse, sent):
        return False
    if event_type in _DEEDS and _of_anybody_in_passive(parse, verb):
        return True
    if (event_type not in _DEEDS or not sent.ordinal) and not (
        _is_of_the_unnamed(parse, verb) and _explains(parse, sent.paragraph)
    ):
        return False
    return not (_is_headline(parse, sent) or _lasts(parse, verb))


def is_set_in_a_work(parse: Parse, token: int) -> bool:
    """ "A bomb kills the king in this new drama", 'In "The Salt Road", a caravan is ambushed'."""
    verb = told_by(parse, token)
    if verb is None or not _is_simple_present(parse, verb):
        return False
    sent = parse.sents[parse.sent_of[token]]
    if parse.lower[sent.start] == "in" and parse.words[sent.start + 1 : sent.end][:1] in _MARKS:
        return True
    works = rows("frame")
    return any(
        works.get(lemma(parse, at), {}).get("in") == NO_EVENT
        and any(parse.lower[c] in ("this", "the", "his", "her") for c in parse.children[at])
        and parse.deps[at] == "pobj"
        and parse.lower[parse.heads[at]] in ("in", "of")
        for at in range(verb, sent.end)
    )


def _of_anybody_in_passive(parse: Parse, verb: int) -> bool:
    """ "thieves are beaten": a headline would leave the "are" out."""
    return (
        parse.tags[verb] == "VBN"
        and any(
            parse.deps[c] == "nsubjpass" and parse.tags[c] == "NNS" and not parse.children[c]
            for c in parse.children[verb]
        )
        and lemma(parse, verb) not in rows("state")
    )


def _is_of_the_unnamed(parse: Parse, verb: int) -> bool:
    """Whether somebody without a name acts: "the president asks another party"."""
    subjects = [c for c in parse.children[verb] if parse.deps[c] in _SUBJECTS]
    if not subjects and parse.deps[verb] in ("xcomp", "conj"):
        return _is_of_the_unnamed(parse, parse.heads[verb])
    return any(
        parse.pos[c] == "NOUN" and parse.words[c].islower()
        and not any(parse.pos[d] == "PROPN" for d in parse.children[c])
        for c in subjects
    )  # fmt: skip


def _explains(parse: Parse, paragraph: int) -> bool:
    """Whether a paragraph of three sentences and more tells all in the present."""
    told = 0
    for sent in parse.sents:
        if sent.paragraph != paragraph:
            continue
        inside = range(sent.start, sent.end)
        tags = {parse.tags[token] for token in inside}
        if "VBD" in tags or _has_day(parse, sent):
            return False
        if any(_is_progress(parse, t) for t in inside if parse.heads[t] == t):
            return False
        told += not tags.isdisjoint((*PRESENT, "MD"))
    return told >= _LONG


def _is_progress(parse: Parse, verb: int) -> bool:
    """ "is shelling", "has shelled": of the day it is written on."""
    return any(
        parse.deps[c] == "aux" and lemma(parse, c) in ("be", "have") for c in parse.children[verb]
    )


def told_by(parse: Parse, token: int) -> int | None:
    """The verb that tells of `token`: itself, or that of which it is subject or object."""
    if parse.pos[token] in VERBAL:
        told = parse.tags[token] not in ("VB", "VBD", "MD") or is_misread_present(parse, token)
        return token if told else None
    if parse.deps[token] == "ROOT" and parse.tags[token] == "NNS":
        return token  # "A bomb rips through a courthouse", read as rips of a bomb
    while parse.deps[token] == "conj" and parse.heads[token] != token:
        token = parse.heads[token]
    head = parse.heads[token]
    if parse.deps[token] == "pobj":
        head = parse.heads[head]
    light = lemma(parse, head) in ("go", *rows("light")) and parse.pos[head] in VERBAL
    return head if light and parse.deps[token] in ("dobj", "nsubjpass", "pobj") else None


def _is_simple_present(parse: Parse, verb: int) -> bool:
    tensed = finite(parse, verb)
    if is_misread_present(parse, verb) or parse.tags[tensed] == "NNS":
        return True
    if parse.tags[tensed] not in PRESENT:
        return False
    main = parse.heads[tensed] if parse.deps[tensed] in ("aux", "auxpass") else tensed
    if parse.deps[tensed] == "aux" or parse.deps[verb] == "amod":
        return False  # "is shelling", "has shelled", "does not shell"
    return not any(parse.lower[c] in ("being", "been") for c in parse.children[main])


def _lasts(parse: Parse, verb: int) -> bool:
    """ "Two activists are held in Evin": a state, where it is of certain people or things."""
    if parse.tags[verb] != "VBN" or lemma(parse, verb) not in rows("state"):
        return False
    for subject in parse.children[verb]:
        if parse.deps[subject] in _SUBJECTS:
            bare = parse.tags[subject] in ("NNS", "PRP")
            return not bare or any(
                parse.deps[c] in ("det", "poss", "nummod") for c in parse.children[subject]
            )
    return False


def _is_headline(parse: Parse, sent: Sentence) -> bool:
    """A line without a stop, or one that leaves its articles out: "Russia shells Kharkiv"."""
    text = parse.text[sent.start_char : sent.end_char].rstrip()
    if text[-1:] not in _ENDS:
        return True
    inside = range(sent.start, sent.end)
    return any(parse.pos[t] == "PROPN" for t in inside) and not any(
        parse.tags[t] in ("DT", "PRP$", "PRP", "WDT", "WP") for t in inside
    )


def _has_day(parse: Parse, sent: Sentence) -> bool:
    return any(
        word in words()["weekday"]
        or words()["deictic"].get(word, "-").lstrip("-")[:1].isdigit()
        or _YEAR.fullmatch(word)
        or (word in words()["month"] and parse.pos[at] == "PROPN")
        for at, word in enumerate(parse.lower[sent.start : sent.end], sent.start)
    )
