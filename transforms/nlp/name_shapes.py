"""Names by their shape: people, places, units and bodies that the model missed or mistyped."""

from __future__ import annotations

import re
from collections.abc import Iterator

from transforms.nlp.entity_lexicon import lexicon
from transforms.nlp.name_spans import NameSpan, Taken, fits, held
from transforms.nlp.name_words import (
    ADMIN,
    AREAS,
    CALENDAR,
    FEATURES,
    LOCATIVE,
    NOT_NAMES,
    NUMBERED,
    ORG_HEADS,
    PARTICLES,
    SHIPS,
    SHORT,
    SITES,
    SUFFIXES,
    UNITS,
    WORKS,
)
from transforms.nlp.parse import Parse

_ORDINAL = re.compile(r"\d+(st|nd|rd|th)", re.I)
_ACTOR_DEPS = {"nsubj", "nsubjpass", "dobj", "dative"}
_QUOTES = {'"', "“", "”", "'", "‘", "’", "("}
_PLACE_LABELS = {"GPE", "LOC", "FAC"}
_NAMED = {"PROPN", "NOUN", "ADJ", "X"}


def _proper(parse: Parse, token: int, sent: int) -> bool:
    """A capitalised word of that sentence that can be part of a name."""
    return (
        token < len(parse)
        and parse.words[token][:1].isupper()
        and parse.sent_of[token] == sent
        and parse.pos[token] in _NAMED
        and parse.lower[token] not in CALENDAR
    )


def _glued(parse: Parse, token: int) -> bool:
    """Is `token` a hyphen without spaces around it, before a part of the name?"""
    return (
        0 < token < len(parse) - 1
        and parse.words[token] == "-"
        and parse.starts[token] == parse.ends[token - 1]
        and parse.starts[token + 1] == parse.ends[token]
        and parse.lower[token + 1] not in SUFFIXES
    )


def person_end(parse: Parse, start: int, end: int) -> int:
    """Where the person's name [start, end) ends: with "bin X", "al-X", "-yy", a further surname."""
    lex, lower, sent, size = lexicon(), parse.lower, parse.sent_of[start], len(parse)
    while end < size and parse.sent_of[end] == sent:
        if _glued(parse, end):
            end += 2
        elif (
            lower[end] in PARTICLES
            and end + 1 < size
            and (
                (_glued(parse, end + 1) and parse.words[end + 2 : end + 3] != [])
                or (_proper(parse, end + 1, sent) and parse.words[end][:1].islower())
            )
        ):
            end += 3 if _glued(parse, end + 1) else 2
        elif (
            _proper(parse, end, sent)
            and parse.pos[end] == "PROPN"
            and parse.heads[end - 1] == end
            and not parse.words[end].isupper()
            and lower[end] not in lex.title_heads
            and lower[end] not in ORG_HEADS
            and lower[end] not in SITES
            and lower[end] not in WORKS
            and lower[end] not in lex.nouns
            and parse.words[end] not in lex.forms
        ):
            end += 1
        else:
            break
    return min(end, size)


def people(parse: Parse, taken: Taken) -> Iterator[NameSpan]:
    """Given name and surname, "Kim Do-hyun", "Abu X al-Y", a given name alone."""
    lex, words, lower = lexicon(), parse.words, parse.lower
    given, families, index = lex.given, lex.families, 0
    while index < len(words):
        word, here = words[index], taken[index]
        after = index + 1
        if word not in given and not (word in families and _glued(parse, index + 2)):
            index += 1
            continue
        if here is not None and (here.known is not None or here.start < index):
            index = after
            continue
        if index and (words[index - 1] in FEATURES or parse.pos[index - 1] == "PROPN"):
            before = lower[index - 1]
            if before not in lex.title_heads and before not in lex.honorifics and (
                words[index - 1] in FEATURES or before not in lex.title_parts
            ):  # fmt: skip
                index = after
                continue
        end = _person_run(parse, index)
        if end == after:
            if (
                here is not None
                and here.end == after
                and here.label in {"GPE", "LOC", "ORG", "FAC"}
                and here.method == "model"
                and word in lex.given_alone
                and not (index and lower[index - 1] in LOCATIVE)
                and not _before_place(taken, words, after)
            ):
                yield NameSpan(index, after, "PERSON", "given-name", 0.65)
            index = after
            continue
        span = NameSpan(index, end, "PERSON", "given-name", 0.75)
        if index and lower[index - 1] in LOCATIVE and here is not None and here.label == "GPE":
            index = end
            continue
        if fits(taken, span) and not any(
            s.label == "PERSON" and s.end == end and s.start == index
            for s in held(taken, index, end)
        ):
            yield span
        index = end


def _before_place(taken: Taken, words: list[str], end: int) -> bool:
    """ "Alvin, Texas"."""
    if words[end : end + 1] != [","] or end + 1 >= len(words):
        return False
    span = taken[end + 1]
    return span is not None and span.label in {"GPE", "LOC"}


def _person_run(parse: Parse, start: int) -> int:
    """End of the person's name that begins at `start`, `start` + 1 when nothing joins it."""
    lex, words, lower, sent = lexicon(), parse.words, parse.lower, parse.sent_of[start]
    end, size = start + 1, len(parse)
    while end < size and end - start < 7 and parse.sent_of[end] == sent:
        word = words[end]
        if word in _QUOTES and end + 3 < size and words[end + 2] in _QUOTES | {")"}:
            if not (_proper(parse, end + 1, sent) and _proper(parse, end + 3, sent)):
                break
            end += 3
        elif _glued(parse, end):
            end += 2
        elif (lower[end] in PARTICLES and end + 1 < size and (
            _glued(parse, end + 1) or _proper(parse, end + 1, sent)
        )) or (len(word) == 2 and word[1] == "." and word[0].isupper()) or (
            _proper(parse, end, sent)
            and lower[end] not in ORG_HEADS
            and lower[end] not in SITES
            and lower[end] not in WORKS
            and lower[end] not in lex.title_heads
            and lower[end] not in lex.nouns
            and not (word in lex.forms and word not in lex.surnames and end - start > 1)
            and not (word.isupper() and len(word) > 1 and not words[start].isupper())
        ):  # fmt: skip
            end += 1
        else:
            break
    while end > start + 1 and (
        not words[end - 1][:1].isalpha() or lower[end - 1] in PARTICLES
    ):  # fmt: skip
        end -= 1
    if end < size and parse.sent_of[end] == sent:
        upper = words[end][:1].isupper()
        if words[end] == "&" or lower[end] in AREAS or lower[end] in ADMIN or (
            upper and (lower[end] in ORG_HEADS or lower[end] in SITES or lower[end] in WORKS)
        ):  # fmt: skip
            return start + 1  # "Morgan Stanley Group", "John Lewis Avenue"
    return end


def places(parse: Parse, taken: Taken) -> Iterator[NameSpan]:
    """ "the town of X", "X, a village", "Mount X", "Mosul Dam", "near X"."""
    words, lower, size = parse.words, parse.lower, len(parse)
    index = 0
    while index < size:
        span = None
        if words[index] in FEATURES:
            span = _feature(parse, index)
        elif lower[index] in AREAS and index + 2 < size and lower[index + 1] == "of":
            begin = index + 2 + (lower[index + 2] == "the")
            span = _area(parse, taken, begin)
        elif lower[index] in SITES and words[index][:1].isupper():
            span = _site(parse, index)
        elif lower[index] in AREAS and index > 2 and lower[index - 1] in {"a", "an", "the"}:
            before = taken[index - 3] if words[index - 2] == "," else None
            if before is not None and before.end == index - 2 and before.label in {"PERSON", "ORG"}:
                span = NameSpan(before.start, before.end, "GPE", "apposition", 0.7)
        elif lower[index] in {"near", "outside", "around", "towards", "toward"}:
            span = _area(parse, taken, index + 1)
        if span is not None and fits(taken, span):
            same = taken[span.start]
            if same is None or same.end != span.end or same.label not in _PLACE_LABELS:
                yield span
            index = span.end
        else:
            index += 1


def _area(parse: Parse, taken: Taken, start: int) -> NameSpan | None:
    """The capitalised run at `start` as a place, when it is no known name and no body."""
    if start >= len(parse):
        return None
    sent, end = parse.sent_of[start], start
    while end - start < 5 and (
        _proper(parse, end, sent)
        or (end > start and _glued(parse, end))
        or (end < len(parse) and parse.lower[end] in PARTICLES and _glued(parse, end + 1))
    ):
        end += 1
    if end == start or not parse.words[end - 1][:1].isupper():
        return None
    lex, last = lexicon(), parse.lower[end - 1]
    if last in ORG_HEADS or last in lex.nouns or last in WORKS or parse.words[start] in lex.given:
        return None
    if any(s.label in {"GPE", "LOC", "FAC", "NORP"} for s in held(taken, start, end)):
        return None
    if end < len(parse) and parse.tags[end] == "POS":
        return None
    return NameSpan(start, end, "GPE", "pattern", 0.7)


def _feature(parse: Parse, start: int) -> NameSpan | None:
    """ "Mount Sinjar", "Deir az-Zor", "Tel Tamer"."""
    sent, end, lex = parse.sent_of[start], start + 1, lexicon()
    if start and parse.pos[start - 1] == "PROPN" and parse.sent_of[start - 1] == sent:
        return None
    while end - start < 4 and end < len(parse) and (
        _glued(parse, end)
        or parse.lower[end] in {"al", "el", "az", "ez", "as", "ash", "ad", "ed"}
        or _proper(parse, end, sent)
    ):  # fmt: skip
        end += 1
    if end == start + 1 or not parse.words[end - 1][:1].isupper():
        return None
    last = parse.lower[end - 1]
    if last in ORG_HEADS or last in lex.nouns or last in WORKS or last in lex.title_heads:
        return None
    if parse.words[start] in {"North", "South", "East", "West"} and end - start > 2:
        return None
    label = "LOC" if parse.words[start] in {"Mount", "Mt.", "Lake", "Lakes", "Cape"} else "GPE"
    if parse.words[start] in {"Camp", "Fort"}:
        label = "FAC"
    return NameSpan(start, end, label, "pattern", 0.7)


def _site(parse: Parse, last: int) -> NameSpan | None:
    """ "Hamrin Mountains": capitalised words before a site's noun."""
    sent, start, lex = parse.sent_of[last], last, lexicon()
    while start > 0 and last - start < 4 and (
        _proper(parse, start - 1, sent) or _glued(parse, start - 1)
    ) and parse.lower[start - 1] not in lex.title_heads:  # fmt: skip
        start -= 1
    if _proper(parse, last + 1, sent) or start == last:
        return None
    if parse.lower[start] in LOCATIVE:
        start += 1
    if (
        start == last
        or parse.words[start] in SHIPS
        or any(w in lex.nouns for w in parse.lower[start:last])
    ):
        return None
    label = "GPE" if parse.lower[last] in ADMIN else "FAC"
    return NameSpan(start, last + 1, label, "pattern", 0.7)


def units(parse: Parse, taken: Taken) -> Iterator[NameSpan]:
    """ "3rd Battalion", "507th Air Refueling Wing", "Task Force 50", "CJTF-OIR"."""
    words, lower, size = parse.words, parse.lower, len(parse)
    for index in range(size):
        word = words[index]
        first = word[0]
        if first.isdigit():
            if not _ORDINAL.fullmatch(word):
                continue
            last, step, sent = index, index + 1, parse.sent_of[index]
            while step < size and step - index < 6 and words[step][:1].isupper():
                if parse.sent_of[step] != sent:
                    break
                step += 1
                if lower[step - 1] in UNITS:
                    last = step
            span = NameSpan(index, last, "ORG", "unit", 0.75)
            if last > index and fits(taken, span):
                yield span
        elif word in NUMBERED and index + 1 < size and words[index + 1].isdigit():
            start = index - (index > 0 and words[index - 1] == "Task")
            span = NameSpan(start, index + 2, "ORG", "unit", 0.7)
            if fits(taken, span):
                yield span
        elif (
            len(word) > 1
            and word.isupper()
            and word.isalpha()
            and _glued(parse, index + 1)
            and words[index + 2].isupper()
            and words[index + 2].isalpha()
            and len(words[index + 2]) > 1
        ):
            span = NameSpan(index, index + 3, "ORG", "acronym", 0.65)
            if fits(taken, span) and held(taken, index, index + 3):
                yield span


def organisations(parse: Parse, taken: Taken) -> Iterator[NameSpan]:
    """ "Ministry of Foreign Affairs", "Foreign Ministry": capitalised words with an office head."""
    words, lower, pos = parse.words, parse.lower, parse.pos
    for index, word in enumerate(lower):
        if word not in ORG_HEADS or not words[index][0].isupper() or taken[index] is not None:
            continue
        start, end = index, index + 1
        while (
            start > 0
            and words[start - 1][:1].isupper()
            and pos[start - 1] in {"PROPN", "ADJ"}
            and (taken[start - 1] is None)
            and parse.sent_of[start - 1] == parse.sent_of[index]
        ):
            start -= 1
        if end + 1 < len(words) and lower[end] in {"of", "for"}:
            last = end + 1
            while (
                last < len(words)
                and (words[last][:1].isupper() or (lower[last] in {"and", "the"} and last > end))
                and taken[last] is None
            ):
                last += 1
            while last > end and lower[last - 1] in {"and", "the", "of", "for"}:
                last -= 1
            end = max(end, last)
        if end - start > 1:
            yield NameSpan(start, end, "ORG", "pattern", 0.75)


def short_forms(parse: Parse, taken: Taken) -> Iterator[NameSpan]:
    """ "the Coalition", "16 Coalition aircraft": a capitalised body noun amid a sentence."""
    for index, word in enumerate(parse.words):
        if word not in SHORT or taken[index] is not None or not index:
            continue
        if parse.sent_of[index - 1] != parse.sent_of[index]:
            continue
        after = index + 1 < len(parse) and parse.words[index + 1][:1].isupper()
        if not after and taken[index - 1] is None and not parse.words[index - 1][:1].isupper():
            yield NameSpan(index, index + 1, "ORG", "short-form", 0.6)


def titled(parse: Parse, taken: Taken) -> Iterator[NameSpan]:
    """A capitalised proper name right after a title is a person, whatever the model said."""
    lex, words, lower = lexicon(), parse.words, parse.lower
    for index in range(len(words) - 1):
        word = lower[index]
        if word not in lex.title_heads and word not in lex.honorifics:
            continue
        start = end = index + 1
        while (
            end < len(words)
            and end - start < 4
            and parse.pos[end] == "PROPN"
            and words[end][:1].isupper()
            and lower[end] not in lex.title_parts
            and lower[end] not in lex.title_heads
            and lower[end] not in ORG_HEADS
        ):
            end += 1
        span = taken[start] if start < len(words) else None
        if end == start or (span is not None and (span.known is not None or span.end > end)):
            continue
        if span is not None and span.label == "PERSON":
            continue
        if words[index][0].isupper() or word in lex.honorifics:
            yield NameSpan(start, end, "PERSON", "title", 0.8)


def proper_runs(parse: Parse, taken: Taken) -> Iterator[NameSpan]:
    """Runs of proper nouns that act or are acted on, which neither model nor lexicon named."""
    lex, index = lexicon(), 0
    while index < len(parse):
        start = index
        while (
            index < len(parse)
            and parse.pos[index] == "PROPN"
            and taken[index] is None
            and parse.words[index][:1].isupper()
            and parse.sent_of[index] == parse.sent_of[start]
        ):
            index += 1
        if index == start:
            index += 1
            continue
        while start < index - 1 and parse.lower[start] in LOCATIVE:
            start += 1
        head = parse.head_of(start, index)
        word = parse.lower[index - 1]
        if (
            parse.deps[head] in _ACTOR_DEPS
            and word not in lex.nouns
            and word not in lex.title_heads
            and word not in CALENDAR
            and word not in NOT_NAMES
            and parse.lower[start] not in WORKS
            and word not in WORKS
        ):
            yield NameSpan(start, index, "ORG", "proper-noun", 0.4)
