"""Names of people by their shape: given name and surname, what joins on, a title before."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import replace

from transforms.nlp.names.actors import lexicon
from transforms.nlp.names.spans import NameSpan, Taken, fits, held, is_glued, is_proper
from transforms.nlp.names.words import (
    ADMIN,
    AREAS,
    FEATURES,
    LOCATIVE,
    ORG_HEADS,
    PARTICLES,
    SITES,
    WORKS,
)
from transforms.nlp.parsing.parse import Parse

_QUOTES = {'"', "“", "”", "'", "‘", "’", "("}


def person_end(parse: Parse, start: int, end: int) -> int:
    """Where the person's name [start, end) ends: with "bin X", "al-X", "-yy", a further surname."""
    lex, lower, sent, size = lexicon(), parse.lower, parse.sent_of[start], len(parse)
    while end < size and parse.sent_of[end] == sent:
        if is_glued(parse, end):
            if parse.words[end + 1] in lex.forms or parse.words[end + 1] in lex.labels:
                break  # "Trump-Wisconsin"
            end += 2
        elif (
            lower[end] in PARTICLES
            and end + 1 < size
            and (
                (is_glued(parse, end + 1) and parse.words[end + 2 : end + 3] != [])
                or (is_proper(parse, end + 1, sent) and parse.words[end][:1].islower())
            )
        ):
            end += 3 if is_glued(parse, end + 1) else 2
        elif (
            is_proper(parse, end, sent)
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
        if word not in given and not (word in families and is_glued(parse, index + 2)):
            index += 1
            continue
        if parse.pos[index] != "PROPN" and here is None:
            index = after  # "Said" and "Mark" that are no names
            continue
        if here is not None and (here.known is not None or here.start < index):
            index = after
            continue
        own = here is not None and here.start == index and here.end > after
        if index and not own and (words[index - 1] in FEATURES or parse.pos[index - 1] == "PROPN"):
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


def _person_run(parse: Parse, start: int) -> int:
    """End of the person's name that begins at `start`, `start` + 1 when nothing joins it."""
    lex, words, lower, sent = lexicon(), parse.words, parse.lower, parse.sent_of[start]
    end, size = start + 1, len(parse)
    while end < size and end - start < 7 and parse.sent_of[end] == sent:
        word = words[end]
        if word in _QUOTES and end + 3 < size and words[end + 2] in _QUOTES | {")"}:
            if not (is_proper(parse, end + 1, sent) and is_proper(parse, end + 3, sent)):
                break
            end += 3
        elif is_glued(parse, end):
            end += 2
        elif (lower[end] in PARTICLES and end + 1 < size and (
            is_glued(parse, end + 1) or is_proper(parse, end + 1, sent)
        )) or (len(word) == 2 and word[1] == "." and word[0].isupper()) or (
            is_proper(parse, end, sent)
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


def _before_place(taken: Taken, words: list[str], end: int) -> bool:
    """ "Alvin, Texas"."""
    if words[end : end + 1] != [","] or end + 1 >= len(words):
        return False
    span = taken[end + 1]
    return span is not None and span.label in {"GPE", "LOC"}


def without_courtesy(parse: Parse, span: NameSpan) -> NameSpan | None:
    """The person's name without "Sir" or "Dr" before it, None for courtesy before another name.

    Whatever found it: the reader, a list, or a name that stands elsewhere in the article.
    """
    if span.label != "PERSON" or span.known is not None:
        return span
    courtesy, start = lexicon().honorifics, span.start
    while start < span.end and parse.lower[start] in courtesy:
        start += 1
    if start == span.start:
        return span
    if start < span.end:
        return replace(span, start=start)
    return None if is_proper(parse, start, parse.sent_of[span.start]) else span


def office_alone(parse: Parse, span: NameSpan, families: Container[str]) -> bool:
    """Is it nobody's name but an office: "Foreign Secretary", "US Secretary of State", "Col"?

    `families` are surnames of the article: "King" is one where Stephen King stands in it.
    """
    lex, lower = lexicon(), parse.lower[span.start : span.end]
    if span.known is not None or span.label == "NORP":
        return False
    if len(lower) > 1 and parse.words[span.start] in lex.forms:
        lower = lower[1:]
    titles = lex.title_heads.keys() | lex.title_parts | lex.honorifics | {"of", "for"}
    head = lower[next((n for n, word in enumerate(lower) if word in {"of", "for"}), len(lower)) - 1]
    if head not in lex.title_heads or not titles.issuperset(lower):
        return False
    if len(lower) > 1:
        return True
    if span.label == "PERSON":
        return parse.words[span.end - 1] not in families
    after = span.end + (parse.words[span.end : span.end + 1] == ["."])
    return after < len(parse) and is_proper(parse, after, parse.sent_of[span.start])


def titled(parse: Parse, taken: Taken) -> Iterator[NameSpan]:
    """A capitalised proper name right after a title is a person, whatever the model said."""
    lex, words, lower = lexicon(), parse.words, parse.lower
    for index in range(len(words) - 1):
        word = lower[index]
        if word not in lex.title_heads and word not in lex.honorifics:
            continue
        start = index + 1
        while start < len(words) and lower[start] in lex.honorifics:
            start += 1  # "Prime Minister Sir X"
        end = start
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
        if lower[start] in WORKS:
            continue  # "Executive Order 13582"
        if words[index][0].isupper() or word in lex.honorifics:
            yield NameSpan(start, end, "PERSON", "title", 0.8)
