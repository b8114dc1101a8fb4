"""The model's NER, cut to what is a name: edges, titles, ships, works, two names run into one."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import replace

from transforms.lexicons.loader import word_set
from transforms.nlp.names.actors import fold, lexicon
from transforms.nlp.names.people import person_end
from transforms.nlp.names.spans import NameSpan, is_glued
from transforms.nlp.names.words import (
    ARABIC_ARTICLES,
    CALENDAR,
    DEEDS,
    LOCATIVE,
    NOT_NAMES,
    NUMBERED,
    ORG_HEADS,
    SHIPS,
    SITES,
    SUFFIXES,
    UNITS,
    WORKS,
)
from transforms.nlp.parsing.parse import VERBAL, Parse

_KEPT = {"PERSON", "ORG", "GPE", "LOC", "NORP", "FAC"}
_SURNAMES = word_set("words/names.tsv", "model.surnames")  # of the words for works
_DASHES = {"-", "--", "–", "—"}
_NUMBERED = frozenset(word.lower() for word in NUMBERED)
_UNITS = UNITS | _NUMBERED
_TRAILING = {"of", "for", "in", "and"}
_LONGEST = 5  # words of a body's name that is told by what stands before it
_MORE_NAMES = 2  # words that may follow what the reader took for the whole name
_EDGE = {"the", "a", "an", "'s", "’s", "'", "’", '"', "“", "”", ",", ".", "-", "–", "—", "(", ")"}


def model_names(parse: Parse) -> Iterator[NameSpan]:
    """The model's names that are names, in text order."""
    behind = {start for start, _, _ in parse.ents}
    inside = {token for start, end, _ in parse.ents for token in range(start, end)}
    ents = [
        piece
        for start, end, label in parse.ents
        if label in _KEPT and not (end - start == 1 and _with_article(parse, end + 1) == start)
        for part in parse.by_sentence(start, end)
        for piece in _at_dashes(parse, *part, label)
    ]
    for start, end, label in _whole_people(parse, list(_whole_bodies(parse, ents))):
        for piece in _split(parse, start, end, label):
            if not _is_actor_noun(parse, *piece):
                span = _clean(parse, piece)
                if span is not None and span.label == "ORG":
                    span = _described(parse, _whole_body(parse, span, behind), inside)
                if span is not None:
                    yield _whole(parse, span, behind) if span.label == "PERSON" else span


def _at_dashes(parse: Parse, start: int, end: int, label: str) -> list[tuple[int, int, str]]:
    """A dateline apart from the name it runs into: "LIMA - Peru"."""
    for token in range(start + 1, end - 1):
        if not parse.words[token - 1].isupper():
            break
        if parse.words[token] in _DASHES and parse.starts[token] > parse.ends[token - 1]:
            return [(start, token, _opened(parse, start, token, label)), (token + 1, end, label)]
    return [(start, end, _opened(parse, start, end, label))]


def _opened(parse: Parse, start: int, end: int, label: str) -> str:
    """The label of a place where capitals open a sentence before a dash: "GENEVA - The Red Cross".

    Bodies that the lexicon knows keep theirs ("NATO - which …").
    """
    if parse.sents[parse.sent_of[start]].start != start or end + 1 >= len(parse):
        return label
    apart = parse.words[end] in _DASHES and parse.starts[end] > parse.ends[end - 1]
    if not apart or not all(word.isupper() for word in parse.words[start:end]):
        return label
    known = lexicon().by_form.get(fold(parse.span_text(start, end)))
    return label if known is not None and known.label == label == "ORG" else "GPE"


def _whole_bodies(parse: Parse, ents: list[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """Names of bodies read in two: "Army of" and "Victorious Sect", "Board of Antiquities and"
    and "Heritage", "Combined" and "Joint Command"."""
    held: tuple[int, int, str] | None = None
    for ent in sorted(ents):
        if held is not None and _goes_on(parse, held, ent):
            held = held[0], ent[1], "ORG"
            continue
        if held is not None:
            yield held
        held = ent
    if held is not None:
        yield held


def _goes_on(parse: Parse, ent: tuple[int, int, str], after: tuple[int, int, str]) -> bool:
    """Is `after` the rest of the body's name `ent`?"""
    start, end, label = ent
    if label != "ORG" or parse.sent_of[start] != parse.sent_of[after[0]]:
        return False
    last = parse.lower[end - 1]
    if last == "the" and end - 1 > start:
        last = parse.lower[end - 2]
    if last in {"of", "for"} or (last == "and" and {"of", "for"} & set(parse.lower[start:end])):
        gap = parse.lower[end : after[0]]
        links = [t for t in range(start, end) if parse.lower[t] in {"of", "for"}]
        head = links[0] - 1
        offices, word = lexicon().title_heads, parse.lower[head]
        people = parse.tags[head] in {"NNS", "NNPS"} or word in offices or word[:-1] in offices
        bodies = after[2] in {"ORG", "GPE", "LOC"} and gap in ([], ["the"])
        whole = parse.lower[head] == "republic" or (
            len(links) > 1 and parse.words[after[0]] in lexicon().forms
        )  # "Ministry of Foreign Affairs" of "Norway"
        return bodies and not people and head >= start and not whole
    known = lexicon().by_form
    return (
        after[0] == end
        and after[2] == "ORG"
        and start <= parse.head_of(start, end) < end
        and end <= parse.heads[parse.head_of(start, end)] < after[1]
        and parse.deps[parse.head_of(start, end)] in {"compound", "amod", "nmod"}
        and fold(parse.span_text(start, end)) not in known
        and fold(parse.span_text(*after[:2])) not in known
    )


def _whole_people(parse: Parse, ents: list[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """Names, a given name that is also a country's, or one that was cut off, joined to the rest:
    "Israel" and "Adesanya", "Ngo" and "Xuan Lich"."""
    at = {start: (start, end, label) for start, end, label in ents}
    taken = set[int]()
    for start, end, label in sorted(ents):
        if start in taken:
            continue
        behind = at.get(end)
        if end - start == 1 and behind is not None and _begins(parse, start, label, behind):
            taken.add(end)
            yield start, behind[1], "PERSON"
        else:
            yield start, end, label


def _begins(parse: Parse, token: int, label: str, behind: tuple[int, int, str]) -> bool:
    """Does a word that was read alone begin the name of the person `behind` it?"""
    start, end, kind = behind
    if kind != "PERSON" or parse.sent_of[token] != parse.sent_of[start]:
        return False
    word, lex = parse.words[token], lexicon()
    if label in {"GPE", "LOC"}:
        return end - start == 1 and word in lex.given
    return label == "PERSON" and (word in lex.given or word in lex.families)


def _whole_body(parse: Parse, span: NameSpan, behind: set[int]) -> NameSpan:
    """With the capitalised noun that tells what it is: "Interior" of "Peru's Interior Ministry"."""
    end = span.end
    if end in behind or end >= len(parse) or parse.sent_of[end] != parse.sent_of[span.start]:
        return span
    noun = lexicon().nouns.get(parse.lower[end])
    if noun is None or noun.kind != "government" or not parse.words[end].istitle():
        return span
    joined = parse.heads[end - 1] == end and parse.pos[end] == "PROPN"
    return replace(span, end=end + 1) if joined else span


def _described(parse: Parse, span: NameSpan, inside: Container[int]) -> NameSpan:
    """With the capitals that tell which body it is: "Supreme" Court, Court "of Appeal".

    `inside` are the tokens of names, which are other ones.
    """
    start, end, forms = span.start, span.end, lexicon().forms
    sentence = parse.sents[parse.sent_of[start]]
    if parse.lower[end - 1] not in ORG_HEADS:
        return span

    def is_free(token: int) -> bool:
        word = parse.words[token]
        known = any(len(form) == 1 for form, _ in forms.get(word, ()))  # "Chinese" Court
        return word.istitle() and token not in inside and not known

    while (
        end - start < _LONGEST
        and start - 1 > sentence.start
        and is_free(start - 1)
        and parse.tags[start - 1] in {"NNP", "NNPS", "JJ"}
        and start <= parse.heads[start - 1] < end
        and parse.lower[start - 1] not in lexicon().title_heads
    ):
        start -= 1
    of, noun = span.end, span.end + 1
    if (
        noun < sentence.end
        and parse.lower[of] == "of"
        and parse.heads[of] == of - 1
        and is_free(noun)
        and parse.heads[noun] == of
    ):
        end = noun + 1
    return span if (start, end) == (span.start, span.end) else replace(span, start=start, end=end)


def _is_actor_noun(parse: Parse, start: int, end: int, label: str) -> bool:
    """ "Police", "Rebels" at the head of a sentence: a common noun in a capital."""
    if end - start > 1 or label not in {"ORG", "NORP"} or parse.lower[start] not in lexicon().nouns:
        return False
    first = parse.sents[parse.sent_of[start]].start
    return start == first or parse.words[start - 1] in _DASHES or parse.words[start].islower()


def _whole(parse: Parse, span: NameSpan, begins: set[int]) -> NameSpan:
    """A person's name with the capitals that follow it: "Le Thi" of "Le Thi Thu Hang"."""
    end, sentence = span.end, parse.sents[parse.sent_of[span.start]]
    while (
        end < sentence.end
        and end not in begins
        and end - span.end < _MORE_NAMES
        and parse.pos[end] == "PROPN"
        and parse.words[end][0].isupper()
        and parse.lower[end] not in lexicon().title_heads
    ):
        end += 1
    return span if end == span.end else NameSpan(span.start, end, "PERSON", "model", 0.7)


def _split(parse: Parse, start: int, end: int, label: str) -> list[tuple[int, int, str]]:
    """ "Middle East Tobias Ellwood" is a place and a person, "14th Brigade and Task Force 61" two
    units, "European Union's Regional Initiative" a body and what it has."""
    lex = lexicon()
    for token in range(start + 1, end - 1):
        if (
            parse.lower[token] == "and"
            and parse.lower[token - 1] in _UNITS
            and not _UNITS.isdisjoint(parse.lower[token + 1 : end])
        ):
            numbered = parse.lower[end - 1] in _NUMBERED and end < len(parse)
            last = end + (numbered and parse.words[end].isdigit())
            return [(start, token, label), (token + 1, last, label)]
    for token in range(start + 1, end - 1):
        if label == "ORG" and parse.tags[token] == "POS":
            owner = lex.by_form.get(fold(parse.span_text(start, token)))
            if owner is not None and owner.kind != "person":
                return [(start, token, owner.label), (token + 1, end, label)]
    if end - start > 2 and label != "NORP":
        for pieces, place in lex.labels.get(parse.words[start], ()):
            size = len(pieces)
            if tuple(parse.words[start : start + size]) == pieces:
                rest = start + size
                if end - rest > 1 and parse.words[rest] in lex.given:
                    return [(start, rest, place), (rest, end, "PERSON")]
                if label == "PERSON" and size > 1 and rest < end:
                    return [(rest, end, label)]
                break
    return [(start, end, label)]


def loud_sentences(parse: Parse) -> set[int]:
    """Sentences in capitals throughout: the model reads them as one long name."""
    found = set()
    for sentence in parse.sents:
        words = [w for w in parse.words[sentence.start : sentence.end] if w[0].isalpha()]
        if len(words) > 3 and all(word.isupper() for word in words):
            found.add(sentence.ordinal)
    return found


def _clean(parse: Parse, ent: tuple[int, int, str]) -> NameSpan | None:
    start, end, label = ent
    lower, lex = parse.lower, lexicon()
    while start < end and lower[start] in _EDGE:
        start += 1
    while end > start and (lower[end - 1] in _EDGE or parse.tags[end - 1] == "POS"):
        end -= 1
    while (
        start < end
        and parse.words[start].islower()
        and not parse.words[start][0].isdigit()
        and not (lower[start] in ARABIC_ARTICLES and is_glued(parse, start + 1))
    ):
        start += 1  # "of the 14th Brigade and": a name neither begins nor ends with small words
    while end > start and parse.words[end - 1].islower():
        end -= 1
    if end - start > 2 and lower[end - 1] in SUFFIXES and parse.words[end - 2] == "-":
        end -= 2  # "U.S.-led"
    if start < end - 1 and lower[start] in LOCATIVE:
        start, label = start + 1, "GPE"
    while (
        label in {"ORG", "FAC", "GPE", "LOC"}
        and end - start > 1
        and (lower[end - 1] in lex.title_heads or lower[end - 1] in lex.honorifics)
        and lower[end - 2] not in {"of", "for", "and", "&", "-"}
        and parse.pos[min(end + (lower[end : end + 1] == ["."]), len(lower) - 1)] == "PROPN"
    ):
        end -= 1  # "Navy Capt" + ". Jeff Davis"
    while end - start > 1 and (lower[end - 1] in _TRAILING or _is_verb(parse, end - 1)):
        end -= 1  # "Ministry of Foreign Affairs of", "Foreign Ministry condemned"
    if start >= end or not any(word[:1].isupper() for word in parse.words[start:end]):
        return None
    if end - start == 1 and "-" in lower[start] and lower[start].rpartition("-")[2] in SUFFIXES:
        return None  # "U.S.-led" as one token
    if _is_no_name(parse, start, end, label):
        return None
    if label == "PERSON":
        while end - start > 1 and (
            lower[start] in lex.title_heads
            or lower[start] in lex.honorifics
            or lower[start] in lex.title_parts
        ):
            start += 1
        end = person_end(parse, start, end)
    if end - start > 1 and label in {"ORG", "PERSON"} and lower[end - 1] in SITES:
        label = label if lower[start] in ORG_HEADS else "FAC"
    return NameSpan(_with_article(parse, start), end, label, "model", 0.7)


def _with_article(parse: Parse, start: int) -> int:
    """Where a name begins whose article stands before a hyphen: "al-Zarqawi", "As-Suwayda"."""
    if not 1 < start < len(parse) or parse.words[start - 1] != "-":
        return start
    glued = all(parse.ends[token - 1] == parse.starts[token] for token in (start - 1, start))
    return start - 2 if glued and parse.lower[start - 2] in ARABIC_ARTICLES else start


def _is_verb(parse: Parse, token: int) -> bool:
    return parse.pos[token] in VERBAL and parse.words[token].islower()


def _is_no_name(parse: Parse, start: int, end: int, label: str) -> bool:
    """Calendar words, ships, operations, laws and books, whatever the model calls them."""
    words, lower = parse.words, parse.lower
    if end - start == 1 and (lower[start] in NOT_NAMES or lower[start] in CALENDAR):
        return True
    if label in {"ORG", "GPE", "LOC"} and _is_title(parse, start, end):
        return True
    if words[start] in SHIPS or (start and words[start - 1] in SHIPS):
        return True
    if start and words[start - 1] in DEEDS:
        return True
    if words[start] in DEEDS or label == "NORP":
        return words[start] in DEEDS
    if label == "PERSON" and (words[start] in lexicon().given or lower[end - 1] in _SURNAMES):
        return False
    return end - start > 1 and lower[end - 1] in WORKS


def _is_title(parse: Parse, start: int, end: int) -> bool:
    """ "Defence" before "Minister", "State" in "Secretary of State": part of an office."""
    lex, lower = lexicon(), parse.lower
    if any(
        lower[t] not in lex.title_parts and lower[t] not in lex.title_heads
        for t in range(start, end)
    ):
        return False
    if end < len(lower) and lower[end] in lex.title_heads and parse.words[end][0].isupper():
        return True
    return (
        start > 1
        and lower[start - 1] in {"of", "for"}
        and lower[start - 2] in {"secretary", "minister", "ministers", "secretaries"}
    )
