"""Names by their shape: places, units and bodies that the model missed or mistyped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from transforms.nlp.names.actors import lexicon
from transforms.nlp.names.spans import NameSpan, Taken, fits, held, is_glued, is_proper
from transforms.nlp.names.words import (
    ADMIN,
    ARABIC_ARTICLES,
    AREAS,
    CALENDAR,
    DIRECTIONS,
    FEATURES,
    LOCATIVE,
    NAMESAKES,
    NOT_NAMES,
    NUMBERED,
    ORG_HEADS,
    PARTICLES,
    SHIPS,
    SHORT,
    SITES,
    UNITS,
    WORKS,
)
from transforms.nlp.parsing.parse import Parse

_ORDINAL = re.compile(r"\d+(st|nd|rd|th)", re.I)
_ACTOR_DEPS = {"nsubj", "nsubjpass", "dobj", "dative"}
_PLACE_LABELS = {"GPE", "LOC", "FAC"}
_SMALL = 4  # letters of a small word inside a name


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


def namesake_run(parse: Parse, hit: NameSpan) -> NameSpan | None:
    """The place that is named after a capital or country: "in New Damascus", "in Little Accra"."""
    before = hit.start - 1
    if hit.known is None or hit.known.kind not in {"capital", "country"} or before < 1:
        return None
    word = parse.lower[before]
    if word not in NAMESAKES and (hit.known.kind == "country" or not _is_whole(parse, before, hit)):
        return None
    if not is_proper(parse, before, parse.sent_of[hit.start]) or parse.words[before].isupper():
        return None
    if parse.lower[before - 1] not in LOCATIVE:
        return None
    return NameSpan(before, hit.end, "GPE", "pattern", 0.7)


def whole_places(parse: Parse, taken: Taken) -> Iterator[NameSpan]:
    """The whole name of an unknown place of whose words the model saw the last: "Ban Sorakhet"."""
    for span in held(taken, 0, len(parse)):
        if span.label not in _PLACE_LABELS or span.known is not None or span.method != "model":
            continue
        low = span.start
        while low > 1 and taken[low - 1] is None and _is_whole(parse, low - 1, span):
            low -= 1
        if parse.pos[low - 1] == "DET":
            continue  # "outside the Petit Cambodge": no town
        if low < span.start and low > parse.sents[parse.sent_of[span.start]].start:
            yield NameSpan(low, span.end, span.label, span.method, span.confidence)


def _is_whole(parse: Parse, token: int, span: NameSpan) -> bool:
    """Does a proper noun before a place belong to its name?"""
    lex, word = lexicon(), parse.lower[token]
    return (
        parse.pos[token] == "PROPN"
        and is_proper(parse, token, parse.sent_of[span.start])
        and parse.words[token].isalpha()
        and not parse.words[token].isupper()
        and parse.deps[token] in {"compound", "amod"}
        and parse.heads[token] in range(token + 1, span.end)
        and word not in LOCATIVE
        and word not in NOT_NAMES
        and word not in DIRECTIONS
        and word not in lex.nouns
        and word not in lex.title_heads
        and word not in lex.title_parts
        and word not in lex.honorifics
    )


def hyphened(parse: Parse, spans: list[NameSpan]) -> list[NameSpan]:
    """Names with those that a small word between hyphens joins made one: "Qala-i-Zarbast"."""
    found: list[NameSpan] = []
    for span in spans:
        last = found[-1] if found else None
        if last is not None and _is_joined(parse, last, span):
            found[-1] = NameSpan(last.start, span.end, last.label, last.method, last.confidence)
        else:
            found.append(span)
    return found


def _is_joined(parse: Parse, one: NameSpan, other: NameSpan) -> bool:
    inner = range(one.start + 1, other.start)
    small = any(parse.words[t].islower() and len(parse.words[t]) <= _SMALL for t in inner)
    glued = all(parse.starts[t] == parse.ends[t - 1] for t in (*inner, other.start))
    return small and glued and one.known is None and other.known is None


def _area(parse: Parse, taken: Taken, start: int) -> NameSpan | None:
    """The capitalised run at `start` as a place, when it is no known name and no body."""
    if start >= len(parse):
        return None
    sent, end = parse.sent_of[start], start
    while end - start < 5 and (
        is_proper(parse, end, sent)
        or (end > start and is_glued(parse, end))
        or (end < len(parse) and parse.lower[end] in PARTICLES and is_glued(parse, end + 1))
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
    proper = start > 0 and parse.pos[start - 1] == "PROPN" and parse.sent_of[start - 1] == sent
    if proper and parse.lower[start - 1] not in LOCATIVE:  # not "Near" at the head of a sentence
        return None
    while end - start < 4 and end < len(parse) and (
        is_glued(parse, end)
        or parse.lower[end] in ARABIC_ARTICLES
        or is_proper(parse, end, sent)
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
        is_proper(parse, start - 1, sent) or is_glued(parse, start - 1)
    ) and parse.lower[start - 1] not in lex.title_heads:  # fmt: skip
        start -= 1
    if is_proper(parse, last + 1, sent) or start == last:
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


def ships(parse: Parse) -> dict[int, tuple[str, ...]]:
    """Token of a ship's prefix → the name behind it: "USS Cole", "FS Charles de Gaulle"."""
    found: dict[int, tuple[str, ...]] = {}
    for index, word in enumerate(parse.words):
        if word not in SHIPS:
            continue
        end, sent = index + 1, parse.sent_of[index]
        while is_proper(parse, end, sent) or (
            end > index + 1 and parse.lower[end : end + 1] == ["de"]
        ):
            end += 1
        if end > index + 1:
            found[index] = tuple(parse.words[index + 1 : end])
    return found


def is_ship(parse: Parse, span: NameSpan, vessels: Mapping[int, tuple[str, ...]]) -> bool:
    """Is it a ship's name, here or where its prefix is left out, or the number of its hull?"""
    words, start = parse.words, span.start
    if words[start] in SHIPS and start in vessels:
        return True
    for prefix, name in vessels.items():
        end = prefix + 1 + len(name)
        if prefix < start < end:
            return True
        if start == end + 1 and words[end] == "(" and span.end - start == 1:
            return words[start].isupper() and words[start + 1 : start + 2] != [")"]
        if span.known is None and tuple(words[start : span.end]) == name:
            told = start > 0 and parse.lower[start - 1] == "the"
            if told or span.label != "PERSON":
                return True
    return False


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
            and is_glued(parse, index + 1)
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
            and lower[start - 1] not in {"the", "a", "an"}
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
