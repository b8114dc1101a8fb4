"""What an act is set in that makes it no fact: a game, a book, a drill, a supposition."""

from __future__ import annotations

from transforms.nlp.events.unreal_rows import (
    NO_EVENT,
    PRESENT,
    STEPS,
    finite,
    is_present,
    lemma,
    rows,
)
from transforms.nlp.parsing.parse import Parse

_CARRY = 3  # sentences of a paragraph for which a frame holds on


def _frame(parse: Parse, number: int) -> tuple[int, str] | None:
    """The noun that frames a sentence from its beginning, and its effect."""
    sent, frames = parse.sents[number], rows("frame")
    first = sent.start
    while first < sent.end and parse.pos[first] in ("PUNCT", "CCONJ"):
        first += 1
    for token in range(first + 1, min(first + 6, sent.end)):
        if parse.lower[token] == ",":
            break
        slots = frames.get(lemma(parse, token))
        if any(
            rows("mark").get(parse.lower[c], {}).get("") == NO_EVENT for c in parse.children[token]
        ):
            slots = {"in": "possible", "during": "possible"}  # "in a hypothetical war"
        of = any(parse.lower[c] == "of" for c in parse.children[token])  # "in a series of raids"
        if slots and parse.lower[first] in slots and parse.heads[token] == first and not of:
            return token, slots[parse.lower[first]]
    return None


def framed(parse: Parse, token: int) -> str | None:
    number = parse.sent_of[token]
    held = _frame(parse, number)
    if held is not None and held[0] != token:
        bare = _bare_group(parse, token) or _is_played(parse, token)
        return held[1] if bare or is_present(parse, token) else None
    if not is_present(parse, token):
        return None
    here = parse.sents[number]
    for before in range(number - 1, max(-1, number - 1 - _CARRY), -1):
        if parse.sents[before].paragraph != here.paragraph:
            return None
        held = _frame(parse, before)
        first = parse.sents[before].start
        if held is not None and parse.lower[first] == "in":
            return held[1]
        if parse.heads[first] == first and (slots := rows("picture").get(parse.lower[first])):
            return slots[""]  # "Picture the morning after. A tanker is burning."
    return None


def told_of_a_drill(parse: Parse, token: int) -> str | None:
    """ "Masked men herded pupils into the hall. The drill ended after an hour.": what was played.

    Nothing told a drill before; one that ends or is told to be something is no drill that real
    shots cut short.
    """
    here = parse.sents[parse.sent_of[token]]
    told = rows("anaphor")
    for sent in parse.sents[here.ordinal + 1 : here.ordinal + 1 + _CARRY]:
        if sent.paragraph != here.paragraph:
            return None
        for noun in range(sent.start, sent.end):
            verbs = told.get(lemma(parse, noun))
            if verbs is not None and _says_what_it_was(parse, noun):
                return next(iter(verbs.values()))
            if (
                verbs is not None
                and parse.deps[noun] in ("nsubj", "nsubjpass")
                and lemma(parse, parse.heads[noun]) in verbs
                and any(parse.lower[c] in ("the", "this") for c in parse.children[noun])
            ):
                known = any(lemma(parse, t) == lemma(parse, noun) for t in range(sent.start))
                return None if known else verbs[lemma(parse, parse.heads[noun])]
    return None


def _says_what_it_was(parse: Parse, noun: int) -> bool:
    """ "It was only an exercise"."""
    verb = parse.heads[noun]
    return (
        parse.deps[noun] == "attr"
        and lemma(parse, verb) == "be"
        and not any(parse.deps[c] == "neg" for c in parse.children[verb])
        and any(
            parse.deps[c] == "nsubj" and parse.lower[c] in ("it", "this", "that", "all")
            for c in parse.children[verb]
        )
    )


def _bare_group(parse: Parse, token: int) -> bool:
    """ "officers who shot protesters": whoever they may be."""
    head = parse.heads[token]
    if parse.deps[token] != "relcl" or parse.tags[head] != "NNS":
        return False
    return not any(
        parse.deps[c] in ("det", "poss", "nummod", "amod") and c < head
        for c in parse.children[head]
    )


def in_drill(parse: Parse, token: int) -> str | None:
    """ "volunteers stormed the airport in a drill"."""
    if not _is_played(parse, token):
        return None
    if any(_is_so_called(parse, c) for c in parse.children[token]):
        return NO_EVENT
    here = parse.sents[parse.sent_of[token]]
    for sent in parse.sents[max(0, here.ordinal - _CARRY) : here.ordinal + _CARRY]:
        for noun in range(sent.start, sent.end):
            effect = rows("frame").get(lemma(parse, noun), {}).get("during")
            if effect is not None and sent.paragraph == here.paragraph:
                return effect  # "4,000 soldiers are taking part in Exercise Amber Shield"
    objects = [c for c in parse.children[token] if parse.deps[c] == "dobj"]
    for prep in (c for one in (token, *objects) for c in parse.children[one]):
        for noun in parse.children[prep] if parse.deps[prep] == "prep" else ():
            effect = rows("frame").get(lemma(parse, noun), {}).get(parse.lower[prep])
            if effect is not None:
                return effect
    return None


def _is_played(parse: Parse, token: int) -> bool:
    """ "during the drill, actors took hostages", 'the "red" force seized a bridge'."""
    players = rows("player")
    for child in parse.children[token]:
        if parse.deps[child] == "nsubj" and _is_so_called(parse, child):
            return True
        slots = players.get(lemma(parse, child), {}) if parse.deps[child] == "nsubj" else {}
        if "" in slots or any(parse.lower[c] in slots for c in parse.children[child]):
            return True
    return False


def _is_so_called(parse: Parse, subject: int) -> bool:
    """The country of '"Russia" vetoed a resolution'."""
    marks = ('"', "“", "”")
    return (
        subject > 0
        and parse.words[subject - 1] in marks
        and parse.words[subject + 1 : subject + 2] != []
        and parse.words[subject + 1] in marks
        and any(s <= subject < e and label == "GPE" for s, e, label in parse.ents)
    )


def told_of_a_work(parse: Parse, token: int) -> str | None:
    tellers = rows("teller")
    at = token
    for _ in range(STEPS):
        for child in parse.children[at]:
            if child == token or parse.deps[child] != "nsubj":
                continue
            if parse.pos[child] not in ("NOUN", "PROPN"):
                continue
            row = tellers.get(lemma(parse, child), {})
            if "acting" in row:
                if at != token and parse.tags[token] == "VBG":
                    return row["acting"]  # "the drill began with commandos seizing a lighthouse"
                if "" not in row:
                    continue
            of = any(parse.lower[c] == "of" for c in parse.children[child])
            if row and not of and parse.tags[finite(parse, at)] in PRESENT:
                return row[""]
        if parse.heads[at] == at:
            return None
        at = parse.heads[at]
    return None
